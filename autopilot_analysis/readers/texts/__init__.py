"""Small texts and JSON of a capture, each a list of named properties."""
