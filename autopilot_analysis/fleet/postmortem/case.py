"""One incident picked out of an export: which attempts it holds, which of them it hit, and since when."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import polars as pl

from autopilot_analysis import wording
from autopilot_analysis.errors import BadInput, UnknownName
from autopilot_analysis.export.marker import is_dataset
from autopilot_analysis.fleet.dataset.dataset import open_dataset
from autopilot_analysis.fleet.dataset.loading import Fleet, gather_fleet, load_deployments
from autopilot_analysis.fleet.dataset.story import Story, load_story
from autopilot_analysis.fleet.deployments.build import build_deployments
from autopilot_analysis.fleet.explanation.explain import explain
from autopilot_analysis.fleet.explanation.explanation import Explanation
from autopilot_analysis.fleet.explanation.groups.contrasts import measure_contrasts
from autopilot_analysis.fleet.explanation.selecting import refuse_unknown_values
from autopilot_analysis.fleet.explanation.units import with_hits
from autopilot_analysis.fleet.frames import columns_of, on_most_devices_first, with_columns_of
from autopilot_analysis.fleet.measures.durations import SPANS
from autopilot_analysis.groups import Group, holds
from autopilot_analysis.tables import SEVERITIES, Findings, Tables, Trace
from autopilot_analysis.tables.fleet import CAPTURE
from autopilot_analysis.tables.verdict import CAUSE, INFO


@dataclass(frozen=True)
class Case:
    """What an incident is about; every part of a postmortem is computed from it."""

    fleet: Fleet
    story: Story
    """Tables, trace and findings of the captures that can be cited; empty when there is none."""
    judged: pl.DataFrame
    """Attempts that ended, with `hit` (the incident befell it) and `inside` (it is of the group)."""
    where: dict[str, str]
    outcome: str
    """failed or slow."""
    since: datetime | None
    until: datetime | None
    explanation: Explanation
    contrast: Mapping[str, Any] | None
    change: Mapping[str, Any] | None
    rule: str
    """The finding that is followed; empty when no capture tells of a cause."""

    @property
    def group(self) -> pl.DataFrame:
        """The attempts of the group, at any time."""
        return self.judged.filter("inside")

    @property
    def during(self) -> pl.DataFrame:
        """The attempts of the group during the incident."""
        return self.group.filter(self._within())

    @property
    def before(self) -> pl.DataFrame:
        """The attempts of the group before the incident; empty when nobody knows when it began."""
        return self.group.filter(pl.col("started_at") < self.since) if self.since else self.group.clear()

    @property
    def rest(self) -> pl.DataFrame:
        """The attempts of everyone else in the same time."""
        return self.judged.filter(~pl.col("inside"), self._within())

    @property
    def causes(self) -> pl.DataFrame:
        """The causes that captures prove on devices that were hit.

        Where they prove none there and the incident is of no group: on any device.
        """
        found = self.fleet.findings if self.fleet.findings.height else self.story.findings.findings
        causes = found.filter(pl.col("role") == CAUSE, pl.col("severity") != INFO)
        on_hit = causes.filter(pl.col("device").is_in(self.hits["device"].unique().implode()))
        return on_hit if on_hit.height or self.where or self.change else causes

    @property
    def proven(self) -> pl.DataFrame:
        """The first cause of each device that was hit, that of most devices first: how many, and the first.

        Of a device with several causes the first is the gravest and surest; the others stand in its findings.
        """
        causes = self.causes.filter(pl.col("device").is_in(self.hits["device"].unique().implode()))
        first = causes.unique("device", keep="first", maintain_order=True)
        own = pl.col("title").first().str.replace(wording.COUNTED_ATTEMPTS, "")  # of the first device alone
        counted = first.group_by("rule", "code", "item", maintain_order=True).agg(
            own,
            pl.col("remedy", "page", "device").first(),
            pl.col("severity").cast(pl.Enum(SEVERITIES)).min(),
            devices=pl.len(),
        )
        return on_most_devices_first(counted).drop("severity")

    @property
    def proofs(self) -> pl.DataFrame:
        """The evidence for the finding that is followed, and a record of each other cause that was proved."""
        proofs = self.story.findings.evidence.filter(pl.col("rule") == self.rule)
        causes = self.causes.filter(pl.col("rule") == self.rule)
        if causes.height:
            proofs = proofs.filter(pl.col("device").is_in(causes["device"].implode()))
        others = self.proven.filter(pl.col("rule") != self.rule).select("rule", "device")
        records = self.fleet.evidence.join(others, on=["rule", "device"], how="semi", maintain_order="left")
        each = records.unique(["rule", "device"], keep="first", maintain_order=True)
        return pl.concat([proofs, each.select(proofs.columns)], how="vertical_relaxed")

    @property
    def hits(self) -> pl.DataFrame:
        """The attempts of the group that the incident befell."""
        return self.during.filter("hit")

    def _within(self) -> pl.Expr:
        within = pl.lit(value=True)
        if self.since:
            within &= pl.col("started_at") >= self.since
        if self.until:
            within &= pl.col("started_at") < self.until
        return within.fill_null(value=False)


def pick_case(
    export: str | Path,
    *,
    since: str = "",
    until: str = "",
    group: str = "",
    finding: str = "",
    names: str | Path = "",
    privacy: bool = False,
) -> Case:
    """Return the incident that was asked for, or the one that stands out most.

    Args:
        export: An export or a dataset.
        since: First day; the day on which the group's level moved when empty.
        until: Last day, counted in; the end of a short-lived change when empty.
        group: Conditions such as `model=Slate 12, build=26100.6584`; the first contrast when empty.
        finding: Rule to follow; the first cause when empty.
        names: A name book for ids; empty for none.
        privacy: Put stable pseudonyms in place of names, serials, tenants and addresses.

    Raises:
        NotAnExport: The path holds nothing this package can open.
        BadInput: A day or the group cannot be read, or the first day is later than the last.
        UnknownName: No such column, value of a group, or finding in this export.
    """
    first, last = read_day(since, "since"), read_day(until, "until")
    if first and last and first > last:
        raise BadInput(f"since ({since}) is later than until ({until}); name the first day and then the last")
    last = last + timedelta(days=1) if last else None
    wanted = read_group(group)
    fleet, story = _load(export, names=names, privacy=privacy)
    hit_by = _hit_by(fleet, finding)
    attempts = fleet.deployments
    refuse_unknown_values(attempts, wanted)
    asked = attempts.filter(_between(first, last)) if first or last else attempts
    explained = explain(asked, candidates=fleet.candidates)
    outcome = "failed"
    if explained.contrasts.is_empty() and explained.changes.is_empty() and not wanted and not finding:
        slower = explain(asked, outcome="slow", candidates=fleet.candidates)
        if slower.contrasts.height or slower.changes.height:
            explained, outcome = slower, "slow"
    hit = explained.contrasts.height and not explained.of_all
    where = wanted or (json.loads(explained.contrasts["where"][0]) if hit else {})
    change = _change_of(explained.changes, where)
    began, got_well = _days_of(change)
    begun, ended = first or began, last or got_well
    judged = _judged(attempts, where, outcome, hit_by)
    contrast = _contrast_of(explained.contrasts, where, asked, outcome)
    case = Case(fleet, story, judged, where, outcome, begun, ended, explained, contrast, change, finding)
    case = case if finding else replace(case, rule=_first_cause(case))
    if not is_dataset(export):
        return case
    return replace(case, story=_followed(case, export, names=names, privacy=privacy))


def read_day(text: str, name: str) -> datetime | None:
    """Return a day or an instant as written in ISO 8601, in UTC unless it says otherwise; None when empty.

    Args:
        text: Such as `2026-04-14`.
        name: The parameter, for the error.

    Raises:
        BadInput: It is no day.
    """
    if not text.strip():
        return None
    try:
        found = datetime.fromisoformat(text.strip())
    except ValueError:
        raise BadInput(f"{name} is {text!r}; write a day like 2026-04-14") from None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def read_group(text: str) -> dict[str, str]:
    """Return the conditions of a group, each a column and its value; values may hold commas.

    Args:
        text: Such as `model=Slate 12, build=26100.6584`; empty means no condition.

    Raises:
        BadInput: It has no `column=value`.
    """
    try:
        return dict(Group.parse(text))
    except ValueError as error:
        raise BadInput(f"group: {error}") from None


def _load(export: str | Path, *, names: str | Path, privacy: bool) -> tuple[Fleet, Story]:
    """Return the fleet and, of an export, its story; of a dataset `_followed` tells it."""
    if not is_dataset(export):
        story = load_story(export, names=names, privacy=privacy)
        frames = {**story.tables.frames(), **story.trace.frames(), **story.findings.frames()}
        return gather_fleet({**frames, "deployments": build_deployments(story.tables, story.trace)}), story
    fleet = load_deployments(export, names=names, privacy=privacy)
    return fleet, Story(Tables.of({}), Trace.of({}), Findings.of({}))


def _followed(case: Case, export: str | Path, *, names: str | Path, privacy: bool) -> Story:
    """Return the story of a device of a dataset that shows the followed finding: one that was hit, if any."""
    shown = case.fleet.findings.with_row_index("row").filter(pl.col("rule") == case.rule)
    hit = shown.filter(pl.col("device").is_in(case.hits["device"].unique().implode()))
    if shown.is_empty():
        return case.story
    row = (hit if hit.height else shown)["row"][0]
    stored = open_dataset(export).collect("findings")["findings"]  # the same rows, under their own names
    return load_story(export, device=stored["device"][row], names=names, privacy=privacy)


def _between(first: datetime | None, last: datetime | None) -> pl.Expr:
    within = pl.lit(value=True)
    if first:
        within &= pl.col("started_at") >= first
    if last:
        within &= pl.col("started_at") < last
    return within.fill_null(value=False)


def _judged(
    attempts: pl.DataFrame, where: dict[str, str], outcome: str, hit_by: pl.DataFrame | None
) -> pl.DataFrame:
    """Return the attempts that can be judged, told apart by group and by whether they were hit.

    Raises:
        UnknownName: The group is named by a column that deployments do not have.
    """
    frame = with_columns_of(
        attempts, ("device", "user", "started_at", "ended_at", "observed_until", "code", *SPANS)
    )
    frame = frame.with_columns(outcome=pl.col("outcome").cast(pl.String))
    columns_of(frame, tuple(where))
    frame = frame.with_columns(inside=holds(where))
    if hit_by is not None:
        return frame.join(hit_by, on="deployment", how="left", maintain_order="left").with_columns(
            pl.col("hit").fill_null(value=False)
        )
    return with_hits(frame, outcome).with_columns(hit=pl.col("hit") > 0)


def _hit_by(fleet: Fleet, finding: str) -> pl.DataFrame | None:
    """Return the attempts a finding befell, by key; None when none was asked for."""
    if not finding:
        return None
    rules = set(fleet.findings["rule"])
    if finding not in rules:
        raise UnknownName.among("finding in this export", finding, rules)
    proofs = fleet.evidence.filter(pl.col("rule") == finding)
    captured = fleet.deployments.filter(pl.col("origin").cast(pl.String) == CAPTURE)
    named = proofs.drop_nulls("attempt").select(deployment=pl.format("{}/{}", "device", "attempt")).unique()
    if named.is_empty():
        hit = captured.join(proofs.select("device").unique(), on="device", how="semi")
    else:
        hit = captured.join(named, on="deployment", how="semi")
    return hit.select("deployment", hit=pl.lit(value=True))


def _days_of(change: Mapping[str, Any] | None) -> tuple[datetime | None, datetime | None]:
    """Return when an incident began and ended; a level that fell was there from the beginning."""
    if change is None:
        return None, None
    before, after = change["before"], change["after"]
    if before is not None and after is not None and after < before:
        return None, change["at"]
    return change["at"], change["until"]


def _change_of(changes: pl.DataFrame, where: dict[str, str]) -> Mapping[str, Any] | None:
    """Return the surest change of the group itself; a group without one of its own has none."""
    same = [row for row in changes.iter_rows(named=True) if json.loads(row["where"]) == where]
    return same[0] if same else None


def _contrast_of(
    contrasts: pl.DataFrame, where: dict[str, str], attempts: pl.DataFrame, outcome: str
) -> Mapping[str, Any] | None:
    """Return the contrast of the group; one that the analyst named is looked up among its own columns."""
    if not where:
        return None
    found = contrasts
    if not any(json.loads(text) == where for text in found["where"]):
        found = measure_contrasts(attempts, target=outcome, attributes=list(where), depth=len(where))
    same = [row for row in found.iter_rows(named=True) if json.loads(row["where"]) == where]
    return same[0] if same else None


def _first_cause(case: Case) -> str:
    """Return the cause found on most of the devices that were hit, else on most devices; "" without any."""
    hit = case.hits["device"].unique()
    counted = case.causes.group_by("rule", maintain_order=True).agg(
        on_hit=pl.col("device").filter(pl.col("device").is_in(hit.implode())).n_unique(),
        devices=pl.col("device").n_unique(),
        severity=pl.col("severity").cast(pl.Enum(SEVERITIES)).min(),
        device=pl.col("device").min(),
    )
    best = on_most_devices_first(counted).sort("on_hit", descending=True, maintain_order=True)
    return str(best["rule"][0]) if best.height else ""
