"""Room 2: one file a format; bytes in, rows and gaps out."""

from __future__ import annotations

from autopilot_analysis.readers.read import read_tables

__all__ = ["read_tables"]
