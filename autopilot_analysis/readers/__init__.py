"""Room 2: one file a format; bytes in, rows and gaps out."""
