"""Which groups differ: combinations of values counted, searched and compared, always or since a day."""
