"""Tables, trace and findings in; one frame out, a row for each thing that happened, in order of time."""

from __future__ import annotations

import dataframely as dy
import polars as pl

from autopilot_analysis.clock.provenance import NOT_KNOWN
from autopilot_analysis.tables import CLOCKS, Findings, Tables, Trace
from autopilot_analysis.tables.timeline import LANES, LEVELS, NO_FINDINGS, OCCURRENCES, Occurrence
from autopilot_analysis.tables.typed import checked
from autopilot_analysis.timeline.records import event_rows, line_rows
from autopilot_analysis.timeline.story import (
    attempt_rows,
    evidence_rows,
    finding_rows,
    install_rows,
    mark_rows,
    screen_rows,
    stage_rows,
    step_rows,
)

PLACE = ["device", "member", "record"]
ORDER = {"lane": LANES, "kind": OCCURRENCES, "level": LEVELS}


def build_timeline(
    tables: Tables, trace: Trace | None = None, findings: Findings | None = None
) -> dy.DataFrame[Occurrence]:
    """Return everything the devices did, one row a thing, in order of time; undated rows come last.

    Args:
        tables: What `read_tables` returned.
        trace: What `build_trace` returned; None leaves out attempts, stages, installs and the like.
        findings: What `find` returned; each row then names the findings that it proves.

    Returns:
        Records of event logs and text logs, and what they add up to. No record is dropped: what has no
        instant stands at the end.

    Example:
        >>> from autopilot_analysis import build_timeline, build_trace, find, open_export, read_tables
        >>> tables = read_tables(open_export("data/mdm-enrollment-refused.cab"))
        >>> trace = build_trace(tables)
        >>> timeline = build_timeline(tables, trace, find(tables, trace))
        >>> timeline.filter(timeline["kind"] == "attempt")["title"][0]
        'Attempt 1 · user-driven · failed in MDM enrolment · 0x80180014'
    """
    rows = [event_rows(tables.events), line_rows(tables.log_lines)]
    rows += [] if trace is None else _of_trace(trace)
    line = _each_once(pl.concat(map(_typed, rows), how="diagonal"))
    if findings is not None:
        line = _with_findings(line, findings)
    return _numbered(line)


def _of_trace(trace: Trace) -> list[pl.DataFrame]:
    frames = trace.frames()
    makers = {
        "marks": mark_rows,
        "steps": step_rows,
        "stage_runs": stage_rows,
        "attempts": attempt_rows,
        "installs": install_rows,
        "screens": screen_rows,
    }
    return [make(frames[name]) for name, make in makers.items() if name in frames]


def _typed(rows: pl.DataFrame) -> pl.DataFrame:
    """Give the columns of a part the types they have in the whole."""
    texts = ("track", "outcome", "title", "text", "code", "provider", "channel", "member")
    enums = {name: pl.Enum(values) for name, values in ORDER.items()}
    return rows.with_columns(
        *(pl.col(name).cast(kind) for name, kind in enums.items() if name in rows.columns),
        *(pl.col(name).cast(pl.String) for name in texts if name in rows.columns),
    )


def _each_once(line: pl.DataFrame) -> pl.DataFrame:
    """Leave an event that is a mark or a step to its channel, so that its lane shows it once.

    A mark is as much noise as its event.
    """
    event = pl.col("kind") == "event"
    shown = line.filter(pl.col("kind").is_in(["mark", "step"])).select(PLACE).unique()
    noise = line.filter(event & pl.col("dim")).select(PLACE).unique()
    flags = line.join(
        shown.with_columns(shown=True), on=PLACE, how="left", nulls_equal=True, maintain_order="left"
    ).join(noise.with_columns(noise=True), on=PLACE, how="left", nulls_equal=True, maintain_order="left")
    again = event & pl.col("shown").fill_null(value=False)
    return flags.with_columns(
        lane=pl.when(again).then(pl.lit("records", dtype=pl.Enum(LANES))).otherwise("lane"),
        track=pl.when(again).then(pl.coalesce("channel", "member")).otherwise("track"),
        dim=pl.col("dim").fill_null(value=False) | ((pl.col("kind") == "mark") & pl.col("noise")),
    ).drop("shown", "noise")


def _with_findings(line: pl.DataFrame, findings: Findings) -> pl.DataFrame:
    """Add the findings and what proves them, and let each row name the findings it belongs to."""
    evidence = findings.evidence
    found = _typed(finding_rows(findings.findings, evidence))
    whole = pl.concat([line, found, _typed(evidence_rows(evidence, line))], how="diagonal")
    proven = evidence.group_by(PLACE).agg(proves=pl.col("finding").unique().sort())
    joined = whole.join(proven, on=PLACE, how="left", nulls_equal=True, maintain_order="left")
    own = pl.concat_list(pl.col("own_finding").cast(pl.Int64))
    return joined.with_columns(
        findings=pl.when(pl.col("own_finding").is_not_null())
        .then(own)
        .otherwise(pl.col("proves").cast(pl.List(pl.Int64)))
    )


def _with_clock_of_record(line: pl.DataFrame) -> pl.DataFrame:
    """Add how the instant is known of a record written at it: what records add up to is known as they are."""
    known = (
        line.filter(pl.col("clock").is_not_null(), pl.col("at").is_not_null())
        .unique(["device", "at"], keep="first", maintain_order=True)
        .select("device", "at", clock_of_record="clock")
    )
    return line.join(known, on=["device", "at"], how="left", maintain_order="left")


def _numbered(line: pl.DataFrame) -> dy.DataFrame[Occurrence]:
    """Sort by time, number the rows, and fill what a part had nothing to say about."""
    known = set(line.columns)
    missing = [
        pl.lit(None, dtype=column.dtype).alias(name)
        for name, column in Occurrence.columns().items()
        if name not in known and name != "id"
    ]
    proof = pl.col("findings").list.len() > 0
    clock = pl.coalesce("clock", "clock_of_record", pl.lit(NOT_KNOWN, dtype=pl.Enum(list(CLOCKS))))
    filled = (
        _with_clock_of_record(line.with_columns(missing))
        .with_columns(
            pl.col("title", "track", "text").fill_null(""),
            clock=clock,
            open=pl.col("open").fill_null(value=False),
            findings=pl.col("findings").fill_null(NO_FINDINGS),
        )
        .with_columns(dim=pl.col("dim").fill_null(value=False) & ~proof)
    )
    ordered = filled.sort(
        "at", "device", "lane", "kind", "member", "record", nulls_last=True, maintain_order=True
    )
    numbered = ordered.with_columns(id=pl.int_range(1, pl.len() + 1, dtype=pl.Int64))
    return checked(numbered, Occurrence)
