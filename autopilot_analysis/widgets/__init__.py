"""Widgets over the verbs and figures, for JupyterLab and Voilà: they choose and show, and measure nothing."""

from __future__ import annotations

from autopilot_analysis.widgets.contrasts import explore_contrasts
from autopilot_analysis.widgets.devices import explore_devices
from autopilot_analysis.widgets.failures import explore_failures
from autopilot_analysis.widgets.form import fill_form
from autopilot_analysis.widgets.picker import pick_export
from autopilot_analysis.widgets.timeline import explore_timeline
from autopilot_analysis.widgets.timings import explore_timings

__all__ = [
    "explore_contrasts",
    "explore_devices",
    "explore_failures",
    "explore_timeline",
    "explore_timings",
    "fill_form",
    "pick_export",
]
