"""What lists of the service show beyond each row: groups that fail more, days of a rise, one user for all."""
