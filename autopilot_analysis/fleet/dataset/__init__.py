"""The store: many exports in, every table as Parquet, opened lazily."""
