"""The language of signs: what facts tables write so that a device's tables can answer it."""
