"""Lists of the service as a whole: what they show beyond their rows, as findings and as an explanation."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from autopilot_analysis import wording
from autopilot_analysis.findings import find_in_service
from autopilot_analysis.findings.service.devices import registered_in_need
from autopilot_analysis.findings.service.inventory import managed_in_need
from autopilot_analysis.findings.service.item_states import CAME_TO, with_outcomes
from autopilot_analysis.findings.service.sign_ins import refused
from autopilot_analysis.fleet.dataset.loading import candidates_of
from autopilot_analysis.fleet.explanation.explain import explain
from autopilot_analysis.fleet.explanation.explanation import Explanation
from autopilot_analysis.fleet.explanation.groups.few import LEAST_HITS_OF_FEW
from autopilot_analysis.fleet.explanation.lists.across import across_items
from autopilot_analysis.fleet.explanation.lists.companions import companions_asked, with_companions
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
    questions_of_imports,
    questions_of_inventory,
    questions_of_items,
)
from autopilot_analysis.fleet.explanation.lists.registered import needs_compared_by, states_in_need
from autopilot_analysis.fleet.explanation.lists.sign_in_days import are_dated, days_of_sign_ins
from autopilot_analysis.fleet.explanation.sentences import COULD_BE_CHANCE, NAMES_NO_DEVICE
from autopilot_analysis.tables import Findings, Tables
from autopilot_analysis.tables.items import APP, SCRIPT
from autopilot_analysis.wording import several

GROUP, ONE_DAY, ONE_ACCOUNT = "group", "day", "single account"
"""What may stand out among the rows of a list, where it was compared."""

NONE_STANDS_OUT = "No {} stands out in its rows"
NOTHING = f"{NONE_STANDS_OUT}: {COULD_BE_CHANCE}."

AS_COMPARED = (
    "Compared were {}; what its columns do not name, such as the network or the site of a device, was not."
)

NOTHING_BUT_GROUPS = f"{NONE_STANDS_OUT}."

NO_GROUPS = (
    "No groups of devices were compared, since no column names any: a list of the devices beside it "
    "(Devices, managedDevices) says which model and build they are."
)

NOTHING_OF_ITEMS = f"No {APP} or {SCRIPT} stands out among the others: what parts them could be chance."

NOT_COMPARED = (
    f"Its {several(APP)} or {several(SCRIPT)}, or the devices of each, are too few to compare one with "
    "another."
)

NO_APP = f"No {APP} stands out in its counts: {COULD_BE_CHANCE}."

TOO_FEW = f"Too few to compare: at least {LEAST_HITS_OF_FEW} failures of one kind are needed."

OTHER_POLICIES = "the other policies of a device"

FEW_COUNTED = (
    f"Nothing was compared: the list {NAMES_NO_DEVICE}, and too few {several(APP)} are counted "
    "on enough devices to compare one with another."
)

NOT_ASKED = "Nothing was compared: what goes with states such as these is not asked here."

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
    beside = companions_asked(items, frames["item_statuses"])
    asked = len(items) + len(beside)
    for one in items:
        found += what_differs(one, asked)
    found = across_items(items, found)
    found += with_companions(items, beside, asked)
    found += outstanding_items(frames["item_statuses"])
    for one in reasons:
        found += [*day_of_rise(one, len(reasons), candidates), *what_differs(one, len(reasons))]
        found += one_behind_all(one)
    imports = questions_of_imports(frames["identities"])
    for one in imports:
        found += what_differs(one, len(imports))
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
    statuses, identities = frames["item_statuses"], frames["identities"]
    items = questions_of_items(statuses, identities)
    asked = [
        *items,
        *questions_of_enrollments(frames["enrollment_failures"], identities),
        *questions_of_imports(identities),
        *questions_of_inventory(identities),
    ]
    more = [*needs_compared_by(identities), *([OTHER_POLICIES] if companions_asked(items, statuses) else [])]
    nothing = _nothing_of(asked, more, dated=are_dated(frames["sign_ins"]))
    if items and nothing:
        if are_compared(statuses):
            return f"{NOTHING_OF_ITEMS} {nothing}"
        of_reports = statuses.filter(pl.col("report").is_in(COMPARED))
        return f"{nothing} {NOT_COMPARED}" if of_reports.select("item", "name").n_unique() > 1 else nothing
    if nothing:
        return nothing
    counts = frames["item_counts"]
    if are_counted(counts):
        return NO_APP
    if with_outcomes(statuses)[CAME_TO].null_count():
        return NOT_KNOWN
    if any(counts[name].fill_null(0).ge(LEAST_HITS_OF_FEW).any() for name in ("failed", "conflict")):
        return FEW_COUNTED
    in_need = [*registered_in_need(identities), *managed_in_need(identities)]
    refusals = refused(frames["sign_ins"]).height
    most = max([refusals, *(len(one["devices"]) for one in in_need)])
    return NOT_ASKED if most >= LEAST_HITS_OF_FEW else TOO_FEW


def _nothing_of(asked: list[Question], more: list[str], *, dated: bool) -> str:
    """Return what to say of questions of which nothing came: what was not compared is not called chance.

    Args:
        asked: The questions.
        more: What was compared beside their columns, in words.
        dated: Whether days of other rows were compared.

    Returns:
        Nothing, where nothing was compared at all.
    """
    names = dict.fromkeys([*(wording.words(name) for one in asked for name in one.compared_by), *more])
    parts = {
        GROUP: bool(names),
        ONE_DAY: dated or any(one.days > 1 for one in asked),
        ONE_ACCOUNT: any(one.of_accounts for one in asked),
    }
    known = [f"no {part}" for part, compared in parts.items() if compared]
    things = " and ".join(filter(None, (", ".join(known[:-1]), *known[-1:]))).removeprefix("no ")
    if names:
        return f"{NOTHING.format(things)} {AS_COMPARED.format(', '.join(names))}"
    if not asked:
        return NOTHING.format(things) if things else ""
    return f"{NOTHING_BUT_GROUPS.format(things)} {NO_GROUPS}" if things else NO_GROUPS


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
