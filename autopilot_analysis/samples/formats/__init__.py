"""Writers of the real formats, knowing nothing of devices."""
