"""Explores one device at a time: its trace, its decisive records, and what stands around each of them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import ipywidgets as widgets
import polars as pl

from autopilot_analysis.figures import draw_trace
from autopilot_analysis.report.page.frames import spell
from autopilot_analysis.tables import OUTCOMES, Findings, Tables, Trace
from autopilot_analysis.trace import build_storyline
from autopilot_analysis.widgets.explorer import WIDE, Explorer, Options, View, labelled
from autopilot_analysis.widgets.markup import MOST_LISTED, beside, showing
from autopilot_analysis.wording import BETWEEN, heading, place_of, words

AROUND = 5
"""Records shown before and after the chosen one."""

RECORDED = ("events", "log_lines", "registry_values", "settings", "properties")


@dataclass(frozen=True)
class Choice:
    """One device (none when empty), perhaps one attempt, stage and record of it."""

    search: str
    outcome: str
    device: str
    attempt: int | None
    stage: str | None
    record: tuple[str, int] | None


@dataclass(frozen=True)
class Seen:
    """What is explored, and each device with all that can be searched for as one lower-case text."""

    tables: Tables
    trace: Trace
    findings: Findings
    listed: pl.DataFrame


def explore_devices(tables: Tables, trace: Trace, findings: Findings) -> Explorer:
    """Return an explorer of devices: search, choose device, attempt and stage, then read any record.

    Args:
        tables: What `read_tables` returned.
        trace: What `build_trace` made of them.
        findings: What `find` made of both.

    Returns:
        A widget; its `selection` says what is chosen. What it shows first, the trace of the device that went
        worst, a notebook has already: of a saved one only the controls' names stand.

    Example:
        >>> explore_devices(tables, trace, findings)  # doctest: +SKIP
    """
    story = Seen(tables, trace, findings, list_devices(tables, trace))
    controls = {
        "search": labelled(
            "Search", widgets.Text, placeholder="serial, name, outcome or code", continuous_update=False
        ),
        "outcome": labelled("Outcome", options=[("any", ""), *((name, name) for name in OUTCOMES)]),
        "device": labelled("Device", options=[("none", "")], layout=WIDE),
        "attempt": labelled("Attempt", options=[("all", None)]),
        "stage": labelled("Stage", options=[("all", None)]),
        "record": labelled("Record", options=[("none", None)], layout=WIDE),
    }
    offers = {
        name: partial(offer, story)
        for name, offer in (
            ("device", _offer_devices),
            ("attempt", _offer_attempts),
            ("stage", _offer_stages),
            ("record", _offer_records),
        )
    }
    rows = (("search", "outcome"), ("device",), ("attempt", "stage"), ("record",))
    shown = partial(show_device, story)
    return Explorer(Choice, controls, shown, offers=offers, rows=rows, still=False)


def list_devices(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Return each device with its attempts, outcomes, codes, and all of it as one text to search in.

    Args:
        tables: What was read.
        trace: What happened.

    Returns:
        device, serial, name, attempts, outcomes (a list), codes (a list), text; those that did not succeed
        stand first.
    """
    known = tables.devices.select("device", "serial", "name")
    other = trace.attempts.select("device").unique().join(known, on="device", how="anti")
    counted = trace.attempts.group_by("device").agg(
        attempts=pl.len().cast(pl.Int64),
        outcomes=pl.col("outcome").cast(pl.String).unique().sort(),
        codes=pl.col("code").drop_nulls().unique().sort(),
    )
    listed = pl.concat([known, other], how="diagonal").join(counted, on="device", how="left")
    none = pl.lit([], dtype=pl.List(pl.String))
    listed = listed.with_columns(pl.col("attempts").fill_null(0), pl.col("outcomes", "codes").fill_null(none))
    words = ["device", "serial", "name", *(pl.col(c).list.join(" ") for c in ("outcomes", "codes"))]
    text = pl.concat_str(words, separator=" ", ignore_nulls=True).str.to_lowercase()
    stands_out = pl.col("outcomes").list.eval(pl.element().is_in(["failed", "unfinished"])).list.any()
    return listed.with_columns(text=text).sort(~stands_out.fill_null(value=False), "device")


def match_devices(listed: pl.DataFrame, search: str, outcome: str) -> pl.DataFrame:
    """Return the devices that every word of the search is found in.

    Args:
        listed: Answer of `list_devices`.
        search: Words, each sought as it is, in lower or upper case.
        outcome: An outcome that an attempt must have had; empty means any.
    """
    found = listed
    for word in search.lower().split():
        found = found.filter(pl.col("text").str.contains(word, literal=True))
    return found.filter(pl.col("outcomes").list.contains(outcome)) if outcome else found


def narrow(trace: Trace, choice: Choice) -> Trace:
    """Return the trace of the chosen device, attempt and stage only."""
    frames = {name: frame.filter(device=choice.device) for name, frame in trace.frames().items()}
    if choice.attempt is not None:
        frames |= {
            n: frames[n].filter(attempt=choice.attempt) for n in ("stage_runs", "attempts", "installs")
        }
    if choice.stage is not None:
        frames["stage_runs"] = frames["stage_runs"].filter(pl.col("stage") == choice.stage)
    return Trace.of(frames)


def list_records(given: Seen, choice: Choice) -> pl.DataFrame:
    """Return the decisive records and the proofs of findings inside the choice, in order of time.

    Returns:
        at, what, code, member, record.
    """
    story = build_storyline(
        Trace.of({n: f.filter(device=choice.device) for n, f in given.trace.frames().items()})
    )
    proofs = given.findings.evidence.filter(device=choice.device).with_columns(
        what="rule", stage=pl.lit(None, pl.String), code=pl.lit(None, pl.String)
    )
    columns = ["attempt", "at", "what", "stage", "code", "member", "record"]
    both = pl.concat(
        [story.with_columns(pl.col("stage").cast(pl.String)).select(columns), proofs.select(columns)]
    )
    if choice.stage is not None:
        both = both.filter(pl.col("stage") == choice.stage)
    if choice.attempt is not None:
        run = given.trace.attempts.filter(device=choice.device, attempt=choice.attempt)
        since, until = run["started_at"].min(), run["ended_at"].max()
        within = (pl.col("at") >= since).fill_null(value=True) & (pl.col("at") <= until).fill_null(value=True)
        both = both.filter(
            pl.col("attempt").fill_null(choice.attempt) == choice.attempt,
            within | pl.col("attempt").is_not_null(),
        )
    both = both.drop_nulls("record").sort("at", nulls_last=True, maintain_order=True)
    return both.select("at", "what", "code", "member", "record")


def read_record(tables: Tables, device: str, place: tuple[str, int]) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return one record, a fact a row, and its neighbours in the same member.

    Args:
        tables: What was read.
        device: Whose it is.
        place: Member and record.
    """
    member, record = place
    for name in RECORDED:
        rows = tables.frames()[name].filter(device=device, member=member).sort("record")
        found = rows.filter(record=record)
        if found.height:
            facts = found.drop("device").cast(pl.String).unpivot(variable_name="fact").drop_nulls("value")
            first = int((rows["record"] < record).sum())
            near = rows.slice(max(first - AROUND, 0), min(first, AROUND) + found.height + AROUND)
            return facts, near.drop("device", "member", "version", "process_id", "thread_id", strict=False)
    empty = pl.DataFrame(schema={"fact": pl.String, "value": pl.String})
    return empty, pl.DataFrame()


def show_device(story: Seen, choice: Choice) -> View:
    """Return what a choice shows: the trace, what was found, and the record with its neighbours."""
    found = match_devices(story.listed, choice.search, choice.outcome)
    status = showing(min(found.height, MOST_LISTED), found.height, "devices")
    if not choice.device:
        return View(f"{status}; nothing matches, widen the search.")
    trace = narrow(story.trace, choice)
    causes = story.findings.findings.filter(device=choice.device)
    frames = [("Found on this device", causes.select("severity", "role", "title", "meaning", "remedy"))]
    if choice.record is not None:
        facts, near = read_record(story.tables, choice.device, choice.record)
        frames = [(place_of(*choice.record), facts), ("Its neighbours", near), *frames]
    runs = zip(trace.stage_runs["stage"], trace.stage_runs["outcome"], strict=True)
    alt = f"Stages of {choice.device}: " + "; ".join(
        f"{heading(stage)} {words(outcome)}" for stage, outcome in runs
    )
    return View(
        f"{status}. {choice.device}: {causes.height:,} findings.",
        partial(draw_trace, trace, story.findings),
        alt,
        tuple(frames),
    )


def _offer_devices(story: Seen, choice: Choice) -> Options:
    found = match_devices(story.listed, choice.search, choice.outcome).head(MOST_LISTED)
    if found.is_empty():
        return [("none", "")]
    columns = found.select("device", "name", pl.col("outcomes", "codes").list.join(", ")).iter_rows()
    return [(beside(*row), row[0]) for row in columns]


def _offer_attempts(story: Seen, choice: Choice) -> Options:
    runs = story.trace.attempts.filter(device=choice.device).sort("attempt").head(MOST_LISTED)
    options = [
        (BETWEEN.join([str(n), outcome, spell(at)]), n)
        for n, outcome, at in runs.select("attempt", "outcome", "started_at").iter_rows()
    ]
    return [(f"all {runs.height}", None), *options]


def _offer_stages(story: Seen, choice: Choice) -> Options:
    runs = narrow(story.trace, Choice("", "", choice.device, choice.attempt, None, None)).stage_runs
    stages = runs["stage"].unique().sort()
    return [("all", None), *((words(stage), stage) for stage in stages)]


def _offer_records(story: Seen, choice: Choice) -> Options:
    if not choice.device:
        return [("none", None)]
    found = list_records(story, choice)
    first = showing(min(found.height, MOST_LISTED), found.height, "records; choose one to read it")
    options = [
        (beside(spell(at) or "no time", what, code, member.rpartition("/")[2], str(record)), (member, record))
        for at, what, code, member, record in found.head(MOST_LISTED).iter_rows()
    ]
    return [(first, None), *options]
