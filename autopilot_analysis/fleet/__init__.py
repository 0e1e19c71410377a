"""Room 5, many devices: frame in, frame out, numbers only; polars and pandas alike.

Every share stands beside its n, k and interval, every duration beside the number still unfinished, and every
search over many groups controls false discovery. A group that differs is correlated with what happened to
it, not shown to be its cause.
"""

from __future__ import annotations

from autopilot_analysis.fleet.dataset.dataset import Dataset, open_dataset
from autopilot_analysis.fleet.dataset.ingest import IngestSummary, ingest
from autopilot_analysis.fleet.dataset.loading import Fleet, load_deployments
from autopilot_analysis.fleet.dataset.story import Story, load_story
from autopilot_analysis.fleet.deployments.build import build_deployments
from autopilot_analysis.fleet.deployments.identities import join_identities
from autopilot_analysis.fleet.explanation.days.changes import measure_changes
from autopilot_analysis.fleet.explanation.days.daily import measure_daily
from autopilot_analysis.fleet.explanation.explain import Explanation, explain
from autopilot_analysis.fleet.explanation.fleet_answer import answer_fleet
from autopilot_analysis.fleet.explanation.fleet_findings import find_in_fleet
from autopilot_analysis.fleet.explanation.groups.contrasts import measure_contrasts
from autopilot_analysis.fleet.explanation.lists.lists import explain_lists, find_in_lists
from autopilot_analysis.fleet.explanation.selecting import select_group
from autopilot_analysis.fleet.measures.durations import measure_durations
from autopilot_analysis.fleet.measures.items import measure_items
from autopilot_analysis.fleet.measures.journeys import measure_first_time_right, measure_journeys
from autopilot_analysis.fleet.measures.nearest import measure_nearest
from autopilot_analysis.fleet.measures.rates import measure_failure_rates, measure_failures, measure_rates
from autopilot_analysis.fleet.measures.signatures import measure_signatures
from autopilot_analysis.fleet.measures.survival import compare_survival, measure_incidence, measure_survival
from autopilot_analysis.fleet.measures.time_attribution import measure_time_attribution
from autopilot_analysis.fleet.measures.together import measure_combinations, measure_together
from autopilot_analysis.fleet.measures.what_if import measure_what_if
from autopilot_analysis.fleet.postmortem.comparison import Comparison, compare_captures
from autopilot_analysis.fleet.postmortem.incident import Incident, study_incident
from autopilot_analysis.fleet.postmortem.side_by_side import SideBySide, lay_side_by_side

__all__ = [
    "Comparison",
    "Dataset",
    "Explanation",
    "Fleet",
    "Incident",
    "IngestSummary",
    "SideBySide",
    "Story",
    "answer_fleet",
    "build_deployments",
    "compare_captures",
    "compare_survival",
    "explain",
    "explain_lists",
    "find_in_fleet",
    "find_in_lists",
    "ingest",
    "join_identities",
    "lay_side_by_side",
    "load_deployments",
    "load_story",
    "measure_changes",
    "measure_combinations",
    "measure_contrasts",
    "measure_daily",
    "measure_durations",
    "measure_failure_rates",
    "measure_failures",
    "measure_first_time_right",
    "measure_incidence",
    "measure_items",
    "measure_journeys",
    "measure_nearest",
    "measure_rates",
    "measure_signatures",
    "measure_survival",
    "measure_time_attribution",
    "measure_together",
    "measure_what_if",
    "open_dataset",
    "select_group",
    "study_incident",
]
