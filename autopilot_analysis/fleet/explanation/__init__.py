"""Which groups differ and since when, how sure that is, and what could have been seen."""
