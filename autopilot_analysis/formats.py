"""Formats that tables and timelines are written in, known before anything heavy is imported.

The first of each is written where none is asked for.
"""

from __future__ import annotations

PARQUET, CSV, NDJSON = "parquet", "csv", "ndjson"
TIMESKETCH, PERFETTO = "timesketch", "perfetto"

TABLE_FORMATS = {PARQUET: "Parquet", CSV: "CSV", NDJSON: "NDJSON"}
"""Forms of a table, as the file's ending has them, and what each is called."""
TABLE_NAMES = tuple(TABLE_FORMATS.values())
TIMELINE_ENDINGS = {TIMESKETCH: ".jsonl", PERFETTO: ".json", CSV: ".csv"}
"""Each format's ending, which the tool that reads it insists on."""
