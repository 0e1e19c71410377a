"""Room 6: frame -> Axes; no title, no statistics, no file."""

from __future__ import annotations

from autopilot_analysis.figures.coverage import draw_coverage
from autopilot_analysis.figures.critical_path import draw_critical_path
from autopilot_analysis.figures.downloads import draw_downloads
from autopilot_analysis.figures.installs import draw_installs
from autopilot_analysis.figures.trace import draw_trace

__all__ = ["draw_coverage", "draw_critical_path", "draw_downloads", "draw_installs", "draw_trace"]
