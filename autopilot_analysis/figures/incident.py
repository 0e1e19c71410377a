"""One incident over time: the group's level day after day, or the stages of the one device there is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from autopilot_analysis.figures.control_chart import draw_control_chart
from autopilot_analysis.figures.style import say_nothing
from autopilot_analysis.figures.trace import draw_trace
from autopilot_analysis.fleet.frames import takes

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from autopilot_analysis.fleet.postmortem.incident import Incident


@takes("study_incident", "daily", "changes")
def draw_incident(incident: Incident, ax: Axes | None = None) -> Axes:
    """Draw what an incident looks like over time.

    Args:
        incident: Answer of `study_incident`.
        ax: Where to draw; a new figure when not given.

    Returns:
        The Axes: the control chart of the group when it has attempts enough for one, else the trace of the
        device whose capture is followed. `incident.numbers` holds what is drawn.
    """
    if incident.daily.height:
        return draw_control_chart(incident.daily, incident.changes, ax)
    if incident.trace.attempts.height:
        return draw_trace(incident.trace, incident.findings, ax)
    return say_nothing(ax, "too few attempts to draw, and no capture of a device")
