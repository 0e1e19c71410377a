"""Room 6: frame -> Axes; no title, no statistics, no file."""

from __future__ import annotations

from autopilot_analysis.figures.coverage import draw_coverage
from autopilot_analysis.figures.trace import draw_trace

__all__ = ["draw_coverage", "draw_trace"]
