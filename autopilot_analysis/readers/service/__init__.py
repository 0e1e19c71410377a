"""What the service exports: Graph pages, report CSVs, Log Analytics."""
