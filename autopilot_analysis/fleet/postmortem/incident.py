"""One incident as a document: summary, impact, timeline, reasons, remedies, and the records it rests on."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import polars.selectors as cs

from autopilot_analysis import quoting, wording
from autopilot_analysis.errors import UnknownName
from autopilot_analysis.findings import Answer, Line, Part, Section
from autopilot_analysis.findings.answers.device_answer import zones_of
from autopilot_analysis.fleet.dataset.story import load_story
from autopilot_analysis.fleet.explanation.answer.one_attempt import is_alone
from autopilot_analysis.fleet.explanation.days.daily import measure_daily
from autopilot_analysis.fleet.postmortem.case import Case, pick_case
from autopilot_analysis.fleet.postmortem.causes import MOST_CAUSES
from autopilot_analysis.fleet.postmortem.citations import (
    cite_records,
    list_done,
    list_remedies,
    write_manifest,
)
from autopilot_analysis.fleet.postmortem.comparison import Comparison, compare_stories, nothing_compared
from autopilot_analysis.fleet.postmortem.heading import tell_heading
from autopilot_analysis.fleet.postmortem.impact import IN_WORDS, measure_impact
from autopilot_analysis.fleet.postmortem.paragraphs import Prose
from autopilot_analysis.fleet.postmortem.prose import CAUSE, CAUSES, FIRST, tell_summary
from autopilot_analysis.fleet.postmortem.reasons import cited_device, weigh_reasons
from autopilot_analysis.fleet.postmortem.ruled_out import list_ruled_out
from autopilot_analysis.fleet.postmortem.unseen import list_unseen
from autopilot_analysis.tables import STAGES, Findings, Trace
from autopilot_analysis.trace import build_storyline

LEAD = timedelta(days=28)
"""How much of the time before the incident its figure shows."""

LONGEST_BY_DAY = timedelta(days=62)
LEAST_A_DAY = 3
"""Attempts a day below which a day's share is none or all: weeks are drawn."""
LEAST_SERIES = 30
"""Fewer attempts make no series."""

MOST_CITED = 3
"""Records named in the head of the document; the appendix has them all."""
FIRST_TOLD = (Part.HAPPENED, CAUSE, CAUSES, FIRST, Part.PROOF)
"""Parts of the head that stand above all others: who has ten minutes reads no further."""
TO_FILL_IN = ("owner", "due")
"""Columns beside what is to be done that are empty, for people."""
MOST_STEPS = 60
TIMELINE: dict[str, pl.DataType] = {
    "at": pl.Datetime("us", "UTC"),
    "what": pl.String(),
    "detail": pl.String(),
    "device": pl.String(),
    "member": pl.String(),
    "record": pl.Int64(),
}


@dataclass(frozen=True)
class Incident:
    """Every part of a postmortem, as a frame or as prose."""

    case: Case
    heading: Prose
    summary: Prose
    impact: pl.DataFrame
    timeline: pl.DataFrame
    daily: pl.DataFrame
    """The group's attempts a day, or a week when the time is long; empty when too few for a series."""
    changes: pl.DataFrame
    trace: Trace
    """Of the device whose capture is followed; empty without captures."""
    findings: Findings
    reasons: pl.DataFrame
    ruled_out: pl.DataFrame
    unseen: pl.DataFrame
    done: pl.DataFrame
    remedies: pl.DataFrame
    comparison: Comparison
    cited: pl.DataFrame
    manifest: pl.DataFrame

    def table(self, name: str) -> pl.DataFrame:
        """Return one of the tables as a document shows it: to the second, without columns that nothing fills.

        Args:
            name: An attribute such as impact, numbers, timeline, groups, reasons, ruled_out or unseen.

        Raises:
            UnknownName: No table is called so.
        """
        frames = [key for key, value in vars(self).items() if isinstance(value, pl.DataFrame)]
        known = [*frames, "numbers", "groups", "screens"]
        if name not in known:
            raise UnknownName.among("table of an incident", name, known)
        frame: pl.DataFrame = getattr(self, name)
        if name == "impact":
            shares = pl.col("unit") == "share"
            frame = frame.clear() if is_alone(self.case.judged) else frame  # the head tells the one attempt
            measured = frame.filter(pl.col("value").is_not_null(), ~shares | (pl.col("n") > 1))
            interval = pl.when(~shares | (pl.col("n") >= wording.LEAST_SHARE)).then("interval")
            return measured.select("what", value=IN_WORDS, n="n", interval=interval)
        if name == "remedies":
            frame = frame.with_columns(pl.lit("").alias(name) for name in TO_FILL_IN)
        filled = [column.name for column in frame if column.null_count() < frame.height or not frame.height]
        return frame.select(filled).with_columns(cs.datetime().dt.truncate("1s"), cs.enum().cast(pl.String))

    @property
    def answer(self) -> Answer:
        """The head of the document: title, period, severity, status, summary, and the records cited."""
        cited = self.cited if "member" in self.cited.columns else self.cited.clear()
        most = max(MOST_CITED, min(self.case.proven.height, MOST_CAUSES))
        if self.case.proven.height > 1:  # one record of each cause
            cited = cited.unique("what", keep="first", maintain_order=True)
        texts = _texts(self.case)
        proofs = tuple(_cited(row, texts) for row in cited.head(most).iter_rows(named=True))
        head = dict(self.heading.paragraphs)
        verdict = "; ".join(head.pop(name) for name in ("Severity", "Status") if name in head)
        parts = (*self.summary.paragraphs, *head.items())
        notes = ((name or "Note", [line for line in text.split("\n") if line]) for name, text in parts)
        sections = [Section(name, tuple(map(Line, lines))) for name, lines in notes if lines]
        sections += [Section(Part.PROOF, proofs)] if proofs else []
        alone = is_alone(self.case.judged)
        well = alone and (self.case.judged["outcome"] == "succeeded").all()
        outcome = "failed" if self.case.hits.height else "succeeded" if well else "unknown"
        title = self.heading.title
        ordered = sorted(sections, key=lambda section: section.label not in FIRST_TOLD)
        zones = zones_of(self.case.story.tables)
        return Answer(title, verdict, outcome, tuple(ordered), title=title, zones=zones, alone=alone)

    @property
    def groups(self) -> pl.DataFrame:
        """The numbers of `contrasts`, each group in words."""
        words = [wording.group(json.loads(where)) for where in self.contrasts["where"]]
        numbers = self.contrasts.drop("where", "conditions", "p", "support", "score")
        return numbers.select(pl.Series("group", words, dtype=pl.String), pl.all())

    @property
    def contrasts(self) -> pl.DataFrame:
        """The groups that differ from the rest, the best explanation first."""
        return self.case.explanation.contrasts

    @property
    def screens(self) -> pl.DataFrame:
        """The pages of OOBE that the user of the followed device saw; those that ran unseen are left out."""
        return self.trace.screens.drop_nulls("visible_at").select(
            "title", "visible_at", "ended_at", "error", "error_waited", "choices", "member", "record"
        )

    @property
    def numbers(self) -> pl.DataFrame:
        """What the figure of the timeline shows, as numbers: days of the group, else stages of the device."""
        if self.daily.height:
            return self.daily.select("at", "n", "k", "value", "low", "high", "level", "outside")
        return self.trace.stage_runs.select(
            "device", "attempt", "stage", "started_at", "ended_at", "waited", "outcome", "code"
        )


def study_incident(
    export: str | Path,
    *,
    title: str = "",
    since: str = "",
    until: str = "",
    group: str = "",
    finding: str = "",
    before: str | Path = "",
    author: str = "",
    audience: str = "",
    names: str | Path = "",
    privacy: bool = False,
) -> Incident:
    """Return one incident, ready to be written down: of a fleet, of a few captures, or of one.

    Args:
        export: An export or a dataset.
        title: Of the document; made from the group when empty.
        since: First day of the incident; the day its level moved when empty.
        until: Last day, counted in.
        group: Conditions such as `model=Slate 12, build=26100.6584`; the first contrast when empty.
        finding: Rule to follow; the first cause when empty.
        before: An earlier capture of the same device, to compare with; empty means none.
        author: Who answers for the document.
        audience: Whom it is for.
        names: A name book for ids of apps, scripts and policies; empty for none.
        privacy: Put stable pseudonyms in place of names, serials, tenants and addresses.

    Raises:
        NotAnExport: A path holds nothing this package can open.
        BadInput: A day or the group cannot be read.
        UnknownName: No such column, or no such finding in this export.

    Example:
        >>> incident = study_incident("data/mdm-enrollment-refused.cab")
        >>> incident.case.rule, incident.impact["k"][0]
        ('MDM-ENROLLMENT-REFUSED', 4)
    """
    case = pick_case(
        export, since=since, until=until, group=group, finding=finding, names=names, privacy=privacy
    )
    impact, remedies = measure_impact(case), list_remedies(case)
    followed = cited_device(case)
    mine = pl.col("device") == (followed or "")
    trace = Trace.of({name: frame.filter(mine) for name, frame in case.story.trace.frames().items()})
    findings = Findings.of({name: frame.filter(mine) for name, frame in case.story.findings.frames().items()})
    changes = case.explanation.changes
    return Incident(
        case=case,
        heading=tell_heading(case, title=title, author=author, audience=audience),
        summary=tell_summary(case, impact, remedies),
        impact=impact,
        timeline=_timeline(case, trace),
        daily=_daily(case),
        changes=changes.filter(pl.col("at") == case.change["at"]) if case.change else changes.clear(),
        trace=trace,
        findings=findings,
        reasons=weigh_reasons(case),
        ruled_out=list_ruled_out(case),
        unseen=list_unseen(case),
        done=list_done(case),
        remedies=remedies,
        comparison=_compared(case, before, names=names, privacy=privacy),
        cited=cite_records(case, export),
        manifest=write_manifest(
            case,
            export,
            privacy=privacy,
            since=since,
            until=until,
            before="" if privacy or not before else Path(before).name,
        ),
    )


def _texts(case: Case) -> dict[tuple[str, str, int | None], str]:
    """Return what each proof says: the record's own words, else the title of what it proves."""
    titles = dict(case.story.findings.findings.select("rule", "title").iter_rows())
    titles |= dict(case.causes.select("rule", "title").iter_rows())
    rows = case.proofs.select("device", "member", "record", "quote", "rule").iter_rows()
    return {
        (device, member, record): quoting.fields(quote) if quote else titles.get(rule, rule)
        for device, member, record, quote, rule in rows
    }


def _cited(row: dict[str, Any], texts: dict[tuple[str, str, int | None], str]) -> Line:
    """Return a record that is cited: what it says, or whose attempt it tells of and how that ended."""
    text = texts.get((row["device"], row["member"], row.get("record")), row["what"])
    return Line(text, "proof", _place(row), device=row["device"] or "")


def _place(row: dict[str, Any]) -> str:
    return wording.place_of(row["member"], row.get("record"))


def _compared(case: Case, before: str | Path, *, names: str | Path, privacy: bool) -> Comparison:
    if not str(before).strip():
        return nothing_compared()
    return compare_stories(load_story(before, names=names, privacy=privacy), case.story)


def _window(case: Case) -> pl.DataFrame:
    """Return the group's attempts from `LEAD` before the incident to half as long after it."""
    shown = case.group.drop_nulls("started_at")
    if case.since:
        shown = shown.filter(pl.col("started_at") >= case.since - LEAD)
    if case.until:
        shown = shown.filter(pl.col("started_at") < case.until + LEAD / 2)
    return shown


def _daily(case: Case) -> pl.DataFrame:
    """Return the series of the group around the incident."""
    shown = _window(case)
    first, last = shown["started_at"].min(), shown["started_at"].max()
    spread = last - first if isinstance(first, datetime) and isinstance(last, datetime) else timedelta()
    sparse = shown.height < LEAST_A_DAY * spread / timedelta(days=1)
    long = sparse or spread > LONGEST_BY_DAY
    own = shown if shown.height >= LEAST_SERIES else shown.clear()
    changes = case.explanation.changes
    cut = changes.filter(pl.col("at") == case.change["at"]) if case.change else changes.clear()
    return measure_daily(
        own,
        measure="failed" if case.outcome == "failed" else "total",
        period="week" if long else "day",
        changes=cut,
    )


def _timeline(case: Case, trace: Trace) -> pl.DataFrame:
    """Return what happened in order: first and last attempts, changes, the worst day, a device's steps."""
    rows = [*_bounds(case), *_moved(case)]
    milestones = pl.DataFrame(
        rows,
        schema={"at": pl.Datetime("us", "UTC"), "what": pl.String, "detail": pl.String, "device": pl.String},
        orient="row",
    )
    steps = build_storyline(trace).head(MOST_STEPS)
    short = pl.when(~pl.col("detail").str.starts_with("{")).then("detail")
    stages = {name: wording.words(name) for name in STAGES}
    text = pl.concat_str(
        [pl.col("stage").cast(pl.String).replace(stages), "code", short],
        separator=", ",
        ignore_nulls=True,
    )
    device = steps.select(
        "at",
        pl.col("what").map_elements(wording.words, return_dtype=pl.String),
        text.alias("detail"),
        "device",
        "member",
        "record",
    )
    both = pl.concat([milestones, device], how="diagonal").select(*TIMELINE).cast(TIMELINE)  # type: ignore[arg-type]  # a schema
    return both.sort("at", nulls_last=True, maintain_order=True).with_columns(pl.col("at").dt.truncate("1s"))


def _bounds(case: Case) -> list[tuple[datetime, str, str | None, str | None]]:
    """Return the first and last attempts that were seen, and those that were hit."""
    rows: list[tuple[datetime, str, str | None, str | None]] = []
    if case.group.height == 1:  # its steps stand below, one by one
        return rows
    group = f" of {wording.group(case.where)}" if case.where else ""
    for frame, first, last in (
        (case.group, f"first attempt seen{group}", f"last attempt seen{group}"),
        (case.hits, "first attempt hit", "last attempt hit"),
    ):
        dated = frame.drop_nulls("started_at").sort("started_at", "deployment")
        for place, what in ((0, first), (-1, last)) if dated.height else ():
            row = dated.row(place, named=True)
            parts = [row["outcome"], row["failed_stage"] or ""]
            detail = ", ".join(filter(None, (*map(wording.words, parts), row["code"])))
            rows.append((row["started_at"], what, detail, row["device"]))
    return rows


def _moved(case: Case) -> list[tuple[datetime, str, str | None, str | None]]:
    """Return the days on which the level moved, the worst day, and what administrators changed near."""
    rows: list[tuple[datetime, str, str | None, str | None]] = []
    change = case.change
    if change:
        what = "the group appeared" if change["kind"] == "appeared" else "its level moved"
        rows.append((change["at"], what, wording.levels(change), None))
        if change["until"]:
            rows.append((change["until"], "its level went back", None, None))
    days = case.hits.drop_nulls("started_at").group_by(at=pl.col("started_at").dt.truncate("1d")).len()
    if days.height > 1:
        worst = days.sort("len", "at", descending=[True, False]).row(0, named=True)
        rows.append(
            (worst["at"], "the day with most attempts hit", wording.count(worst["len"], "attempt"), None)
        )
    near = case.fleet.candidates
    if case.since:
        near = near.filter(pl.col("at") >= case.since - LEAD / 2)
    rows += [
        (at, "changed by an administrator", what, None)
        for at, what in near.select("at", "what").head(MOST_STEPS).iter_rows()
    ]
    return rows
