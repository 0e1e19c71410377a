"""Numbers of a fleet: frame in, frame out, each with its n and an interval."""
