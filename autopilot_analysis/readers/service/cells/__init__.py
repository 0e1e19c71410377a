"""What one cell of a report holds: a span, an instant, the settings of a policy."""
