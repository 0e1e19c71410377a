"""Two captures of one device, before and after the fix: which findings went or came, what became faster."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import polars as pl

from autopilot_analysis.findings import conclude, rules_not_run
from autopilot_analysis.fleet.dataset.story import Story, load_story
from autopilot_analysis.fleet.postmortem.paragraphs import Prose
from autopilot_analysis.tables import STAGES
from autopilot_analysis.tables.verdict import CONTEXT

FINDINGS: dict[str, pl.DataType] = {
    "state": pl.String(),
    "rule": pl.String(),
    "severity": pl.String(),
    "role": pl.String(),
    "title": pl.String(),
    "records_before": pl.Int64(),
    "records_after": pl.Int64(),
    "note": pl.String(),
}
TIMINGS: dict[str, pl.DataType] = {
    "stage": pl.String(),
    "outcome_before": pl.String(),
    "outcome_after": pl.String(),
    "waited_before": pl.Duration("us"),
    "waited_after": pl.Duration("us"),
    "change": pl.Duration("us"),
}
WENT, CAME, STAYED, NOT_ASKED = "went", "came", "stayed", "not asked"
STATES = [WENT, CAME, STAYED, NOT_ASKED]
"""What became of a finding between two captures."""
OLD = "only records from before the first capture was made: its log still holds them"
UNASKED = "its sources are not in the later capture: that it is gone is not known"


@dataclass(frozen=True)
class Comparison:
    """What changed between two captures; all frames empty when there was nothing to compare."""

    findings: pl.DataFrame
    """`state` (one of STATES), the finding, its records before and after, and a note."""
    timings: pl.DataFrame
    """The last attempt of each capture, stage by stage: outcomes, durations, and their difference."""
    verdicts: pl.DataFrame
    """The verdict on the device in each capture."""
    summary: Prose

    @property
    def tables(self) -> list[pl.DataFrame]:
        """The verdicts, findings and timings, those that hold something."""
        return [frame for frame in (self.verdicts, self.findings, self.timings) if frame.height]

    @property
    def parts(self) -> list[Prose | pl.DataFrame]:
        """The summary and the tables; nothing when there was nothing to compare."""
        return [self.summary, *self.tables] if self.tables else []


def compare_captures(
    before: str | Path, after: str | Path, *, device: str = "", privacy: bool = False
) -> Comparison:
    """Return what changed on one device between two captures.

    A finding whose records in the later capture are all older than the earlier capture went, when another
    attempt was made since: logs keep what was. A finding that the later capture has no source for is
    `NOT_ASKED`, which is not gone.

    Args:
        before: The earlier capture; empty when there is none.
        after: The later capture.
        device: Which device, when a capture holds several; the first they share when empty.
        privacy: Put stable pseudonyms in place of names, serials, tenants and addresses.

    Raises:
        NotAnExport: A path holds nothing this package can open.
        UnknownName: A capture does not hold the device that was asked for.

    Example:
        >>> compared = compare_captures("data/mdm-enrollment-refused.cab", "data/user-driven-success.cab")
        >>> compared.findings["state"][0]
        'went'
    """
    if not str(before).strip():
        return nothing_compared()
    return compare_stories(
        load_story(before, device=device, privacy=privacy), load_story(after, device=device, privacy=privacy)
    )


def nothing_compared() -> Comparison:
    """Return the comparison that nobody asked for."""
    empty = pl.DataFrame(schema=FINDINGS), pl.DataFrame(schema=TIMINGS)
    verdicts = pl.DataFrame(
        schema={"capture": pl.String, "device": pl.String, "verdict": pl.String, "cause": pl.String}
    )
    return Comparison(*empty, verdicts, Prose((("", "No earlier capture of the same device was given."),)))


def compare_stories(before: Story, after: Story) -> Comparison:
    """Return what changed on one device between two captures that were read already.

    Args:
        before: The earlier one.
        after: The later one.
    """
    first, second = _common(before, after)
    if first is None or second is None:
        return nothing_compared()
    findings = _findings(before, after, first, second)
    timings = _timings(before, after, first, second)
    verdicts = pl.concat([_verdict("before", before, first), _verdict("after", after, second)])
    return Comparison(findings, timings, verdicts, _summary(findings, timings, verdicts, first, second))


def _common(before: Story, after: Story) -> tuple[str | None, str | None]:
    """Return the device as each capture calls it: the first they share; else each one's first."""
    one, other = (story.tables.devices.select("device", "serial") for story in (before, after))
    shared = other.filter(pl.col("device").is_in(one["device"].implode()))
    if shared.height:
        return shared["device"][0], shared["device"][0]
    same = other.drop_nulls("serial").join(one.drop_nulls("serial"), on="serial", suffix="_before")
    if same.height:
        return same["device_before"][0], same["device"][0]
    return (one["device"][0] if one.height else None), (other["device"][0] if other.height else None)


def _last_record(story: Story, device: str) -> datetime | None:
    """Return when the capture was made, as far as it tells: when it says so, else its last mark."""
    made = story.tables.devices.filter(pl.col("device") == device)["collected_at"].max()
    last = made or story.trace.marks.filter(pl.col("device") == device)["at"].max()
    return last if isinstance(last, datetime) else None


def _findings(before: Story, after: Story, first: str, second: str) -> pl.DataFrame:
    made = _last_record(before, first)
    begun = after.trace.attempts.filter(pl.col("device") == second)["started_at"].max()
    if not (made and isinstance(begun, datetime) and begun > made):
        made = None  # nothing was tried since: what the logs still hold is as true as before
    one, other = _counted(before, first, None), _counted(after, second, made)
    texts = pl.concat([_words(after, second), _words(before, first)]).unique(
        "rule", keep="first", maintain_order=True
    )
    both = texts.join(
        one.select("rule", records_before="records"), on="rule", how="left", maintain_order="left"
    )
    both = both.join(
        other.select("rule", "new", records_after="records"), on="rule", how="left", maintain_order="left"
    )
    silent = rules_not_run(after.tables).filter(pl.col("device") == second)["rule"]
    was, new, again = (
        pl.col("records_before").is_not_null(),
        pl.col("new") > 0,
        pl.col("records_after").is_not_null(),
    )
    unasked = ~again & pl.col("rule").is_in(silent.implode())
    state = (
        pl.when(was & unasked)
        .then(pl.lit(NOT_ASKED))
        .when(was & ~new.fill_null(value=False))
        .then(pl.lit(WENT))
        .when(was)
        .then(pl.lit(STAYED))
        .otherwise(pl.lit(CAME))
    )
    note = pl.when(unasked).then(pl.lit(UNASKED)).when(again & ~new).then(pl.lit(OLD))
    counts = pl.col("records_before", "records_after").fill_null(0).cast(pl.Int64)
    compared = both.with_columns(state=state, note=note).with_columns(counts)
    order = pl.col("state").cast(pl.Enum(STATES))
    return compared.sort(order, maintain_order=True).select(*FINDINGS).cast(FINDINGS)  # type: ignore[arg-type]  # a schema


def _words(story: Story, device: str) -> pl.DataFrame:
    found = story.findings.findings.filter(pl.col("device") == device)
    return found.select("rule", pl.col("severity", "role").cast(pl.String), "title").unique(
        "rule", keep="first", maintain_order=True
    )


def _counted(story: Story, device: str, made: datetime | None) -> pl.DataFrame:
    """Return how many records prove each rule, and how many of them are newer than the earlier capture."""
    proofs = story.findings.evidence.filter(pl.col("device") == device)
    newer = pl.col("at").is_null() | (pl.col("at") > made) if made else pl.lit(value=True)
    return proofs.group_by("rule", maintain_order=True).agg(records=pl.len(), new=newer.sum().cast(pl.Int64))


def _timings(before: Story, after: Story, first: str, second: str) -> pl.DataFrame:
    one, other = _last_attempt(before, first), _last_attempt(after, second)
    joined = pl.DataFrame({"stage": STAGES}).join(one, on="stage", how="left", maintain_order="left")
    joined = joined.join(other, on="stage", how="left", suffix="_after", maintain_order="left")
    named = joined.rename({"outcome": "outcome_before", "waited": "waited_before"})
    present = named.filter(pl.col("outcome_before").is_not_null() | pl.col("outcome_after").is_not_null())
    return present.with_columns(change=pl.col("waited_after") - pl.col("waited_before")).select(*TIMINGS)


def _last_attempt(story: Story, device: str) -> pl.DataFrame:
    runs = story.trace.stage_runs.filter(pl.col("device") == device)
    last = runs.filter(pl.col("attempt") == pl.col("attempt").max())
    return last.select(pl.col("stage", "outcome").cast(pl.String), "waited").unique(
        "stage", keep="last", maintain_order=True
    )


def _verdict(capture: str, story: Story, device: str) -> pl.DataFrame:
    answers = conclude(*story).filter(pl.col("device") == device)
    return answers.select(pl.lit(capture).alias("capture"), "device", "verdict", "cause")


def _summary(
    findings: pl.DataFrame, timings: pl.DataFrame, verdicts: pl.DataFrame, first: str, second: str
) -> Prose:
    lines = [("Before", str(verdicts["verdict"][0])), ("After", str(verdicts["verdict"][1]))]
    causes = findings.filter(pl.col("role") != CONTEXT)
    for state, verb in (
        (WENT, "Gone"),
        (STAYED, "Still there"),
        (CAME, "New"),
        (NOT_ASKED, "Not known to be gone"),
    ):
        titles = causes.filter(pl.col("state") == state)["title"]
        if titles.len():
            lines.append((verb, "; ".join(titles)))
    known = timings.drop_nulls("change")
    if known.height:
        spans = [known[name].dt.total_seconds().sum() / 60 for name in ("waited_before", "waited_after")]
        lines.append(
            (
                "Time",
                f"the {known.height} stages timed in both took {spans[0]:.1f} minutes, then {spans[1]:.1f}",
            )
        )
    if first != second:
        lines.append(("Take care", f"the captures name different devices: {first} and {second}"))
    return Prose(tuple(lines))
