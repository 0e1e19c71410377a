"""Formats that a timeline is written in for other tools, known before anything heavy is imported."""

from __future__ import annotations

TIMELINE_ENDINGS = {"timesketch": ".jsonl", "perfetto": ".json", "csv": ".csv"}
"""Each format's ending, which the tool that reads it insists on."""
