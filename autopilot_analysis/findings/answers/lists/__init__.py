"""What lists of the service say, alone and beside a device's own files."""
