"""What goes wrong in a fleet as findings: what failed and why, groups that differ, days on which it moved."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from itertools import zip_longest
from typing import Any

import dataframely as dy
import polars as pl

from autopilot_analysis import quoting, wording
from autopilot_analysis.export.sources import OF_THE_SERVICE
from autopilot_analysis.findings.service.lists import failed_items
from autopilot_analysis.findings.service.texts import commonest_statement, means, statement_of
from autopilot_analysis.fleet.dataset.loading import Fleet
from autopilot_analysis.fleet.deployments.own_columns import with_own_columns
from autopilot_analysis.fleet.deployments.windows_builds import with_windows_builds
from autopilot_analysis.fleet.explanation.explain import explain_outcomes
from autopilot_analysis.fleet.explanation.failures.failure_kinds import (
    kinds_of,
    meaning_of,
    named,
    of_kind,
    reason_of,
)
from autopilot_analysis.fleet.explanation.failures.own_codes import incident_of, is_over, within_incident
from autopilot_analysis.fleet.explanation.sentences import (
    DOWN,
    OVER,
    change_in_words,
    group_in_words,
    is_outage,
)
from autopilot_analysis.fleet.frames import with_columns_of
from autopilot_analysis.tables import Evidence, Finding, Findings
from autopilot_analysis.tables.fleet import CAPTURE
from autopilot_analysis.tables.items import CALLED
from autopilot_analysis.tables.typed import checked, empty
from autopilot_analysis.tables.verdict import CAUSE, CONSEQUENCE, CONTEXT, HIGH, WARNING
from autopilot_analysis.wording import COLLECT_FROM, NO_WHY

NOT_WAITED_FOR = "the page did not wait for it"
"""What stands beside an item that failed and held no status page up."""
FLEET = "fleet"
"""What a finding is about that more than one device shows."""
LISTED = 5
"""Failed deployments quoted for one kind of failure, the newest first."""
SEVERITY = {"failed": HIGH, "slow": WARNING}
TOGETHER = "What goes together need not cause each other: one device of the group shows the cause."
OPEN = f"{COLLECT_FROM} a device of this group: a report of the service {NO_WHY}"
NOT_WHY = f"a report {NO_WHY}"
"""Why a report alone does not do."""
COLLECT_MORE = f"{COLLECT_FROM} one of these devices"
COLLECT = f"{COLLECT_MORE}: a report of the service {NO_WHY}"


def find_in_fleet(fleet: Fleet, members: pl.DataFrame) -> Findings:
    """Return what goes wrong among deployments that only the service tells of, with what proves it.

    Args:
        fleet: What `load_deployments` returned.
        members: The table `members` of what was read; the files stand in the evidence.

    Returns:
        Findings in this order: kinds of failure whose code says why (causes), groups that differ and days on
        which something moved (context), other kinds of failure (consequences). `device` is the device where
        one alone shows it, else "fleet". Their evidence leads to the file and the row of the deployment that
        is quoted; of a group or a day to the first that failed in it.
    """
    rows = fleet.deployments
    failures = [_failure(rows, kind, fleet.item_statuses) for kind in kinds_of(rows).to_dicts()]
    causes = [one for one in failures if one["role"] == CAUSE]
    others = [one for one in failures if one["role"] != CAUSE]
    found = [{**one, "id": n} for n, one in enumerate([*causes, *_differences(fleet), *others], 1)]
    source = {"member": _source(members), "record": None}
    evidence = [
        {**one, "finding": one["id"], **(place if place and place["member"] else source), "quote": quote}
        for one in found
        for quote, place in zip_longest(one["quotes"], one["places"])
    ]
    return Findings(findings=_typed(found, Finding), evidence=_typed(evidence, Evidence))


def _source(members: pl.DataFrame) -> str:
    """Return the file that tells of deployments, where a row does not say its own; of several the first."""
    paths = members.filter(pl.col("source").is_in(OF_THE_SERVICE))["member"].sort().to_list()
    return paths[0] if len(paths) == 1 else f"{paths[0]} and {wording.count(len(paths) - 1, 'more file')}"


def in_words(deployment: Mapping[str, Any]) -> str:
    """Return a deployment that failed in one sentence.

    Args:
        deployment: A row of `deployments`.
    """
    stage = f" in {wording.words(deployment['failed_stage'])}" if deployment["failed_stage"] else ""
    code = f" with {deployment['code']}" if deployment["code"] else ""
    after = f" after {wording.span(deployment['total'])}" if deployment["total"] is not None else ""
    day = f", {wording.short_day(deployment['started_at'])}" if deployment["started_at"] else ""
    text = statement_of(deployment["failure_text"])
    words = f": {quoting.in_quotes(text)}" if text and text != deployment["code"] else ""
    return f"{name_of(deployment)} failed{stage}{code}{after}{day}{words}."


def name_of(deployment: Mapping[str, Any]) -> str:
    """Return what people call a device: its name, else its serial, else its key.

    Args:
        deployment: A row of `deployments`.
    """
    return str(deployment["name"] or deployment["serial"] or deployment["device"])


def items_in_words(deployments: pl.DataFrame, statuses: pl.DataFrame) -> list[str]:
    """Return the items that failed in these deployments, each with its code; empty where no report names one.

    Those for which the status page did not wait stand last and are marked.

    Args:
        deployments: Those that failed.
        statuses: The table `item_statuses`.
    """
    own = failed_items(statuses).join(deployments, on=["device", "deployment"], how="semi")
    named = own.select("code", name=CALLED, aside=pl.col("tracked").eq_missing(other=False)).drop_nulls(
        "name"
    )
    rows = named.group_by("code", "name", maintain_order=True).agg(pl.col("aside").all())
    ordered = rows.sort("aside", maintain_order=True).iter_rows()
    marked = ((name, [code, NOT_WAITED_FOR if aside else None]) for code, name, aside in ordered)
    beside = ((name, ", ".join(filter(None, words))) for name, words in marked)
    return [f"{name} ({words})" if words else name for name, words in beside]


def _failure(deployments: pl.DataFrame, kind: Mapping[str, Any], statuses: pl.DataFrame) -> dict[str, Any]:
    """Return one kind of failure, by stage and code, as a finding: a cause where its code says why.

    That time ran out, and what nothing is known to mend, says what happened and not why.
    """
    stage, code = kind["failed_stage"], kind["code"]
    alike = of_kind(deployments, kind)
    items = items_in_words(alike, statuses)
    at_items = f", at {', '.join(items[:LISTED])}" if items else ""
    text = commonest_statement(alike["failure_text"])
    known = reason_of(kind)
    names = alike.select(pl.coalesce("name", "serial", "device").unique(maintain_order=True)).to_series()
    where = f"in {wording.words(stage)}" if stage else "in a stage that is not told"
    what = f" ({named(kind)})" if code or kind["reason"] else ""
    counted = f"{kind['k']:,} of the {kind['n']:,} that failed, on {wording.count(kind['devices'], 'device')}"
    return {
        "device": alike["device"][0] if kind["devices"] == 1 else FLEET,
        "rule": "FLEET-FAILURE",
        "severity": SEVERITY["failed"],
        "role": CAUSE if known else CONSEQUENCE,
        "confidence": 0.7 if known else 1.0,
        "stage": stage,
        "at": kind["first_at"],
        "code": code,
        "title": f"Deployments failed {where}{what}: {counted}{at_items}",
        "meaning": means(meaning_of(kind), text),
        "remedy": known.remedy if known else COLLECT_MORE if items or text else COLLECT,
        "page": known.page if known else None,
        "item": ", ".join(
            items[:LISTED] or [*names.head(LISTED), *([quoting.CUT] if len(names) > LISTED else [])]
        ),
        "quotes": [*(f"{each} failed" for each in items[:LISTED])]
        + [in_words(row) for row in alike.head(LISTED).iter_rows(named=True)],
        "places": places_of(alike, 1) * len(items[:LISTED]) + places_of(alike, LISTED),
    }


def _differences(fleet: Fleet) -> Iterator[dict[str, Any]]:
    """Return groups that differ and days on which something moved, as `explain` finds them."""
    for outcome, explanation in explain_outcomes(fleet.deployments, candidates=fleet.candidates).items():
        severity = SEVERITY[outcome]
        for row in explanation.contrasts.iter_rows(named=True):
            places = places_of(first_hit(fleet.deployments, row, outcome), 1)
            yield _difference("FLEET-GROUP", severity, row, group_in_words(row), places)
        for row in explanation.changes.iter_rows(named=True):
            places = places_of(first_hit(fleet.deployments, row, outcome), 1)
            yield _difference("FLEET-DAY", severity, row, change_in_words(row), places)


def first_hit(rows: pl.DataFrame, row: Mapping[str, Any], outcome: str) -> pl.DataFrame:
    """Return the deployments that failed, or took longest, in a group or since a day, the first first.

    Args:
        rows: Deployments, as they were explained.
        row: One of `Explanation.contrasts` or of its changes.
        outcome: What was asked.
    """
    known = with_columns_of(with_own_columns(with_windows_builds(rows)), ("started_at", "outcome", "total"))
    group = [name for name in json.loads(row["where"]) if name not in known.columns]
    if group:
        return known.clear()
    inside = known.filter(within_incident(*incident_of(row)))
    if outcome == "slow":
        return inside.sort("total", descending=True, nulls_last=True, maintain_order=True)
    failed = inside.filter(pl.col("outcome").cast(pl.String) == outcome)
    return failed.sort("started_at", nulls_last=True, maintain_order=True)


def places_of(rows: pl.DataFrame, most: int) -> list[dict[str, Any]]:
    """Return the file and the row of the first deployments; nulls where an older dataset does not say.

    Args:
        rows: Deployments.
        most: How many.
    """
    return with_columns_of(rows, ("member", "record")).head(most).select("member", "record").to_dicts()


def place_of(deployment: Mapping[str, Any]) -> str:
    """Return where a deployment is told of: its file and the row in it; empty where that is not known.

    Args:
        deployment: A row of `deployments`.
    """
    member, record = deployment.get("member"), deployment.get("record")
    if not member:
        return ""
    noun = "record" if str(deployment["origin"]) == CAPTURE else "row"
    return f"{member}, {noun} {record}" if record is not None else str(member)


def _difference(
    rule: str, severity: str, row: Mapping[str, Any], words: str, places: list[dict[str, Any]]
) -> dict[str, Any]:
    return of_fleet(
        rule,
        title=words,
        places=places,
        severity=severity,
        confidence=1 - min(row["q"], 1.0),
        at=row["at"],
        meaning=TOGETHER,
        remedy=_remedy(row),
        item=wording.group(json.loads(row["where"])),
    )


def of_fleet(rule: str, title: str, **stated: Any) -> dict[str, Any]:
    """Return a finding on a fleet: high, context, and with its title as quote where nothing else is given.

    Args:
        rule: The rule that found it.
        title: What was found.
        **stated: Any other column of the table `findings`.
    """
    own = {"device": FLEET, "rule": rule, "severity": HIGH, "role": CONTEXT, "quotes": [title]}
    own["places"] = []
    return {**own, "title": title, **stated}


def _remedy(row: Mapping[str, Any]) -> str:
    """Return what to do about a group or a day: what is over asks for nothing but its devices."""
    if is_over(row):
        group, day = wording.group(json.loads(row["where"])), row["at"] or row["until"]
        return wording.sentence(OVER.format(group, wording.short_moment(day)))
    return DOWN.format("in that time") if is_outage(dict(row)) else OPEN


def _typed(rows: Sequence[Mapping[str, Any]], schema: type[dy.Schema]) -> dy.DataFrame[Any]:
    columns = empty(schema).schema
    return checked(pl.DataFrame([{n: row.get(n) for n in columns} for row in rows], schema=columns), schema)
