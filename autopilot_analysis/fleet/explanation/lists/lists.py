"""Lists of the service as a whole: what they show beyond their rows, as findings and as an explanation."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from autopilot_analysis import wording
from autopilot_analysis.findings import find_in_service
from autopilot_analysis.findings.service.item_states import CAME_TO, with_outcomes
from autopilot_analysis.fleet.dataset.loading import candidates_of
from autopilot_analysis.fleet.explanation.explain import explain
from autopilot_analysis.fleet.explanation.explanation import Explanation
from autopilot_analysis.fleet.explanation.groups.few import LEAST_HITS_OF_FEW
from autopilot_analysis.fleet.explanation.lists.across import across_items
from autopilot_analysis.fleet.explanation.lists.counts import (
    COMPARED,
    are_compared,
    are_counted,
    outstanding_apps,
    outstanding_items,
)
from autopilot_analysis.fleet.explanation.lists.differences import (
    Difference,
    day_of_rise,
    one_behind_all,
    same_devices,
    what_differs,
)
from autopilot_analysis.fleet.explanation.lists.questions import (
    Question,
    questions_of_enrollments,
    questions_of_inventory,
    questions_of_items,
)
from autopilot_analysis.fleet.explanation.lists.registered import states_in_need
from autopilot_analysis.fleet.explanation.lists.sign_in_days import days_of_sign_ins
from autopilot_analysis.tables import Findings, Tables
from autopilot_analysis.tables.items import APP, SCRIPT
from autopilot_analysis.wording import several

NOTHING = "No group, no day and no single account stands out in its rows: what differs could be chance."

AS_COMPARED = (
    "Compared were {}; what its columns do not name, such as the network or the site of a device, was not."
)

NO_GROUPS = (
    "No day and no single account stands out in its rows; no groups of devices were compared, since no "
    "column names any: a list of the devices beside it (Devices, managedDevices) says which model and build "
    "they are."
)

NOTHING_OF_ITEMS = (
    f"No {APP} or {SCRIPT} stands out among the others, and no group, no day and no single account in its "
    "rows: what differs could be chance."
)

NOT_COMPARED = (
    f"Its {several(APP)} or {several(SCRIPT)}, or the devices of each, are too few to compare one with "
    "another."
)

NO_APP = f"No {APP} stands out in its counts: what differs could be chance."

TOO_FEW = f"Too few to compare: at least {LEAST_HITS_OF_FEW} failures of one kind are needed."

NOT_KNOWN = "Nothing was compared: the rows have no states, or states that are not understood here."


def find_in_lists(tables: Tables) -> Findings:
    """Return what lists of the service say went wrong, and behind each failure what its rows share.

    Args:
        tables: What `read_tables` returned, of an export that tells of no deployment.

    Example:
        >>> from autopilot_analysis.tables import Tables
        >>> find_in_lists(Tables.of({})).findings.height
        0
    """
    beside: dict[tuple[str, ...], list[Mapping[str, object]]] = {}
    for one in compare_lists(tables.frames(), candidates_of(tables.audit_changes)):
        beside.setdefault(one.subject, []).append(one.finding)
    return find_in_service(tables, beside)


def compare_lists(
    frames: Mapping[str, pl.DataFrame], candidates: pl.DataFrame | None = None
) -> list[Difference]:
    """Return what comparing the rows of lists shows, question by question, what failed most first.

    Args:
        frames: The tables `item_statuses`, `item_counts`, `enrollment_failures`, `identities` and `sign_ins`.
        candidates: What else happened, columns `at` and `what`.
    """
    items = questions_of_items(frames["item_statuses"], frames["identities"])
    reasons = questions_of_enrollments(frames["enrollment_failures"], frames["identities"])
    found: list[Difference] = []
    for one in items:
        found += what_differs(one, len(items))
    found = across_items(items, found)
    found += outstanding_items(frames["item_statuses"])
    for one in reasons:
        found += [*day_of_rise(one, len(reasons), candidates), *what_differs(one, len(reasons))]
        found += one_behind_all(one)
    states = questions_of_inventory(frames["identities"])
    found += same_devices(states, [each for one in states for each in what_differs(one, len(states))])
    found += (one.shared for one in states_in_need(frames["identities"]) if one.shared)
    found += days_of_sign_ins(frames["sign_ins"], candidates)
    return [*found, *outstanding_apps(frames["item_counts"])]


def nothing_in(frames: Mapping[str, pl.DataFrame]) -> str:
    """Return what to say where nothing stands out: too few failures is another answer than no difference.

    Args:
        frames: As for `compare_lists`.
    """
    statuses = frames["item_statuses"]
    if asked := questions_of_items(statuses, frames["identities"]):
        if are_compared(statuses):
            return f"{NOTHING_OF_ITEMS} {_as_compared(asked)}".strip()
        of_reports = statuses.filter(pl.col("report").is_in(COMPARED))
        several = of_reports.select("item", "name").n_unique() > 1
        return f"{_nothing_of(asked)} {NOT_COMPARED}" if several else _nothing_of(asked)
    asked = questions_of_enrollments(frames["enrollment_failures"], frames["identities"])
    if asked := asked or questions_of_inventory(frames["identities"]):
        return _nothing_of(asked)
    if are_counted(frames["item_counts"]):
        return NO_APP
    return NOT_KNOWN if with_outcomes(statuses)[CAME_TO].null_count() else TOO_FEW


def _nothing_of(asked: list[Question]) -> str:
    """Return what to say of questions of which nothing came: what was not compared is not called chance."""
    return f"{NOTHING} {compared}" if (compared := _as_compared(asked)) else NO_GROUPS


def _as_compared(asked: list[Question]) -> str:
    """Return by which columns devices were compared, and that others were not; empty without any."""
    names = dict.fromkeys(wording.words(name) for one in asked for name in one.compared_by)
    return AS_COMPARED.format(", ".join(names)) if names else ""


def explain_lists(frames: Mapping[str, pl.DataFrame], candidates: pl.DataFrame | None = None) -> Explanation:
    """Return what comparing lists shows in the shape of `explain`; what failed stands in each `where`.

    Args:
        frames: As for `compare_lists`.
        candidates: What else happened.
    """
    found = compare_lists(frames, candidates)
    nothing = explain(pl.DataFrame(schema={"outcome": pl.String}))
    contrasts = [one.contrast for one in found if one.contrast is not None]
    changes = [one.change for one in found if one.change is not None]
    return Explanation(
        pl.concat([nothing.contrasts, *contrasts], how="diagonal_relaxed"),
        pl.concat([nothing.changes, *changes], how="diagonal_relaxed"),
    )
