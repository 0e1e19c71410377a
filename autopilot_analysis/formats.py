"""Formats that tables and timelines are written in, known before anything heavy is imported.

The first of each is written where none is asked for.
"""

from __future__ import annotations

TABLE_FORMATS = ("parquet", "csv", "ndjson")
"""Forms of a table, each with its name as the file's ending."""
TIMELINE_ENDINGS = {"timesketch": ".jsonl", "perfetto": ".json", "csv": ".csv"}
"""Each format's ending, which the tool that reads it insists on."""
