"""Room 5, many devices: frame in, frame out, numbers only; polars and pandas alike.

Every share stands beside its n, k and interval, every duration beside the number still unfinished, and every
search over many groups controls false discovery. A group that differs is correlated with what happened to
it, not shown to be its cause.
"""

from __future__ import annotations

from autopilot_analysis.fleet.changes import measure_changes
from autopilot_analysis.fleet.contrasts import measure_contrasts
from autopilot_analysis.fleet.durations import measure_durations
from autopilot_analysis.fleet.explain import Explanation, explain
from autopilot_analysis.fleet.identities import join_identities
from autopilot_analysis.fleet.items import measure_items
from autopilot_analysis.fleet.journeys import measure_first_time_right, measure_journeys
from autopilot_analysis.fleet.rates import measure_failures, measure_rates
from autopilot_analysis.fleet.signatures import measure_signatures
from autopilot_analysis.fleet.survival import compare_survival, measure_incidence, measure_survival
from autopilot_analysis.fleet.time_attribution import measure_time_attribution
from autopilot_analysis.fleet.together import measure_together

__all__ = [
    "Explanation",
    "compare_survival",
    "explain",
    "join_identities",
    "measure_changes",
    "measure_contrasts",
    "measure_durations",
    "measure_failures",
    "measure_first_time_right",
    "measure_incidence",
    "measure_items",
    "measure_journeys",
    "measure_rates",
    "measure_signatures",
    "measure_survival",
    "measure_time_attribution",
    "measure_together",
]
