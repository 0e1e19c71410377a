"""Room 7: frame -> Axes; no title, no statistics, no file."""

from __future__ import annotations

from autopilot_analysis.figures.attribution import draw_time_attribution
from autopilot_analysis.figures.calendar import draw_calendar
from autopilot_analysis.figures.contrasts import draw_contrasts
from autopilot_analysis.figures.control_chart import draw_control_chart
from autopilot_analysis.figures.coverage import draw_coverage
from autopilot_analysis.figures.critical_path import draw_critical_path
from autopilot_analysis.figures.downloads import draw_downloads
from autopilot_analysis.figures.durations import draw_durations
from autopilot_analysis.figures.heat_map import draw_heat_map
from autopilot_analysis.figures.incident import draw_incident
from autopilot_analysis.figures.installs import draw_installs
from autopilot_analysis.figures.journeys import draw_journeys
from autopilot_analysis.figures.pareto import draw_pareto
from autopilot_analysis.figures.scatter import draw_scatter
from autopilot_analysis.figures.screens import draw_screens
from autopilot_analysis.figures.side_by_side import draw_side_by_side
from autopilot_analysis.figures.survival import draw_survival
from autopilot_analysis.figures.swimlanes import draw_swimlanes
from autopilot_analysis.figures.timeline import draw_timeline
from autopilot_analysis.figures.timings import draw_timings
from autopilot_analysis.figures.together import draw_together
from autopilot_analysis.figures.trace import draw_trace

__all__ = [
    "draw_calendar",
    "draw_contrasts",
    "draw_control_chart",
    "draw_coverage",
    "draw_critical_path",
    "draw_downloads",
    "draw_durations",
    "draw_heat_map",
    "draw_incident",
    "draw_installs",
    "draw_journeys",
    "draw_pareto",
    "draw_scatter",
    "draw_screens",
    "draw_side_by_side",
    "draw_survival",
    "draw_swimlanes",
    "draw_time_attribution",
    "draw_timeline",
    "draw_timings",
    "draw_together",
    "draw_trace",
]
