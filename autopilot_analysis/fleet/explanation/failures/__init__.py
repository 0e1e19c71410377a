"""What failed in a fleet: kinds of failure, each service's own codes, and the lines that say why."""
