"""What is said of a fleet: groups, days, what to look at, its first line, and one attempt alone."""
