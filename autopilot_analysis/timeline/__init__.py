"""Room 5: everything a device did on one wall-clock line: one frame, its search, its exports."""

from __future__ import annotations

from autopilot_analysis.timeline.frame import build_timeline
from autopilot_analysis.timeline.search import records_around, search_records, search_timeline
from autopilot_analysis.timeline.writing import FORMATS, write_timeline

__all__ = [
    "FORMATS",
    "build_timeline",
    "records_around",
    "search_records",
    "search_timeline",
    "write_timeline",
]
