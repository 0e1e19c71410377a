"""What the device wrote -> an instant in UTC with its provenance, or unknown.

Windows corrects a wrong clock during OOBE, sometimes by hours; what was recorded before the correction lies
on the wrong side of it. Event logs are therefore ordered by record id, and `find_steps` and `correct` place
the records before a step on the corrected clock. Text logs hold local time without an offset; `place_lines`
finds the offset from instants the log itself states, else from pairs with events, else from the device's
zone, else leaves the instant unknown.
"""

from autopilot_analysis.clock.correction import correct
from autopilot_analysis.clock.list_twins import without_twins
from autopilot_analysis.clock.local_lists import part_listed, place_listed
from autopilot_analysis.clock.local_logs import best_instant, place_lines
from autopilot_analysis.clock.signs import recorded_steps
from autopilot_analysis.clock.steps import MOST_STEPS, find_steps, keep_steps
from autopilot_analysis.clock.zones import zone_name

__all__ = [
    "MOST_STEPS",
    "best_instant",
    "correct",
    "find_steps",
    "keep_steps",
    "part_listed",
    "place_lines",
    "place_listed",
    "recorded_steps",
    "without_twins",
    "zone_name",
]
