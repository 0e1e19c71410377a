"""Room 1: what was handed in, down to its members."""
