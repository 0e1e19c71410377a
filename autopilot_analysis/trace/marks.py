"""Rows -> marks: which event, log line or registry value proves what about progress (facts/stages.csv)."""

from __future__ import annotations

from datetime import timedelta
from functools import cache

import dataframely as dy
import polars as pl

from autopilot_analysis.clock.provenance import DECLARED, NOT_KNOWN
from autopilot_analysis.codes import code_of
from autopilot_analysis.facts import one_each, read_facts
from autopilot_analysis.facts.marks import CONFIGURATION_FILE_USED, LEFT_ENTRA, PROFILE_AVAILABLE
from autopilot_analysis.facts.quotes import kinds
from autopilot_analysis.readers.texts.reported.quotes import SECTION
from autopilot_analysis.tables import STAGES, Mark, Tables
from autopilot_analysis.tables.story import OF_THE_DEVICE, PHASES
from autopilot_analysis.tables.typed import checked, empty, once_where_empty
from autopilot_analysis.trace.screens.marks import QUOTE, find_trace_marks

PAGE_CODE = r'\\"errorCode\\":\s*(-?\d+)'
OVERALL_CODE = r'"OverallResult":\s*"?(0x[89A-Fa-f][0-9A-Fa-f]{7}|-\d+|[2-4]\d{9})'
SIGN_IN_CODE = r'"CDJUIError","Value":"([0-9A-Fa-f]{8})"'
AUTOPILOT = "microsoft-windows-moderndeployment-diagnostics-provider"
NUMBER_READ, TEXT_READ = 101, 103
"""Events of a setting of the profile that was found: a number, a text."""
SETTING = r'"CloudAssigned\w+".*:\s*"?[^"\s}]'
PROFILE_FILE = r"(?i)(?:^|[\\/ ]|provisioning_autopilot_)autopilotconfigurationfile\.json$"
"""The one name under which Windows finds a profile file, also with its path in it, as collectors name it."""
CATEGORY_STATE = r'"categoryState"\s*:\s*"(\w+)"'
"""How the status page's own JSON says how a category stands, before its parts or behind them."""
NOT_STARTED = "notStarted"
"""The state of a category that was not begun."""
LONGEST_STATE = 40
"""So long is such a state at most."""
PAGE_FAILED = "esp_fail"
"""The edge of a mark by which the status page ends in failure."""
WORKLOADS_DONE = "workloads_done"
"""The edge of a mark by which all workloads of device preparation ended well, at the last of their ends."""
WORKLOAD_OPEN = r'"WorkloadState":\s*"?(?:0|[3-9])\b'
"""Of a workload that was neither completed (1) nor skipped (2)."""
WORKLOAD_END = r'"EndTime":\s*"\\{0,2}/Date\(\d{12,}'
"""When a workload ended, in milliseconds since 1970."""
PREPARATION = OF_THE_DEVICE[0]
PHASES_NAMED = {
    PREPARATION: r"BootstrapStatus: DevicePreparation\.",
    "device_setup": r"(?i)\bdevice ?setup",
    "account_setup": r"(?i)\b(?:account|user) ?setup",
}
"""How a record of the page names the part that it is in."""
OF_THE_DEVICE_S_TIME = "DeviceConfigurationTimeOut"
"""How the page names the end of its time before account setup: in device setup, unless another is named."""
ONE_FAILURE = timedelta(minutes=1)
"""So near two records of a page that failed, or its message and its code, tell of one failure."""
OF_A_MARK = [
    "device",
    "at",
    "clock",
    "mark",
    "stage",
    "code",
    "detail",
    "member",
    "record",
    "edge",
    "terminal",
    "begins",
    "not_in",
]


@cache
def _facts(kind: str) -> pl.DataFrame:
    return (
        one_each(read_facts("stages"), "provider")
        .filter(pl.col("kind") == kind)
        .with_columns(stage=pl.col("stage").cast(pl.Enum(STAGES)))
    )


def _page_code() -> pl.Expr:
    """The errorCode that a page of OOBE writes into its JSON, its overall result, or its error without 0x."""
    data = pl.col("data")
    number = pl.coalesce(
        data.str.extract(PAGE_CODE),
        data.str.extract(OVERALL_CODE),
        pl.lit("0x") + data.str.extract(SIGN_IN_CODE),
    )
    return code_of(number, "failure")


@once_where_empty
def _from_events(events: pl.DataFrame) -> pl.DataFrame:
    facts = _facts("event").with_columns(pl.col("event_id").cast(pl.Int64))
    rows = events.with_columns(
        provider=pl.col("provider").str.to_lowercase(), in_channel=pl.col("channel").str.to_lowercase()
    ).filter(pl.col("provider").is_in(facts["provider"].unique().implode()))
    by_id = rows.join(facts.filter(pl.col("event_id").is_not_null()), on=["provider", "event_id"])
    by_text = rows.join(facts.filter(pl.col("event_id").is_null()).drop("event_id"), on="provider").select(
        by_id.columns
    )
    channel, pattern = pl.col("channel_right"), pl.col("pattern")
    fits = pl.concat([by_id, by_text]).filter(
        channel.is_null() | pl.col("in_channel").str.contains(channel),
        pattern.is_null() | pl.col("data").fill_null("").str.contains(pattern),
    )
    quoted = pl.col("data").str.slice(0, QUOTE)
    return fits.with_columns(detail=quoted, code=pl.coalesce("code", _page_code())).select(OF_A_MARK)


@once_where_empty
def _from_lines(lines: pl.DataFrame) -> pl.DataFrame:
    facts = _facts("log")
    words = facts["provider"].unique().to_list()
    telling = lines.filter(pl.col("message").str.contains_any(words))
    found = [
        telling.filter(pl.col("message").str.contains(fact["provider"], literal=True)).with_columns(
            pl.lit(fact[name], dtype=pl.String).alias(name)
            for name in ("mark", "stage", "edge", "terminal", "begins", "not_in")
        )
        for fact in (facts if telling.height else facts.head(1)).iter_rows(named=True)
    ]
    return (
        pl.concat(found)
        .with_columns(
            detail=pl.col("message").str.slice(0, QUOTE),
            code=pl.lit(None, dtype=pl.String),
            stage=pl.col("stage").cast(pl.Enum(STAGES)),
        )
        .select(OF_A_MARK)
    )


@once_where_empty
def _from_registry(values: pl.DataFrame) -> pl.DataFrame:
    facts = _facts("registry").rename({"name": "low_name", "provider": "in_key"}).drop("event_id", "channel")
    named = pl.col("name").str.contains_any(facts["low_name"].to_list(), ascii_case_insensitive=True)
    rows = values.filter(named).with_columns(
        low_key=pl.col("key").str.to_lowercase(),
        low_name=pl.col("name").str.to_lowercase().str.split(".").list.tail(2).list.join("."),
    )
    fits = rows.join(facts, on="low_name").filter(
        pl.col("low_key").str.contains(pl.col("in_key")),
        pl.col("pattern").is_null() | pl.col("value").str.contains(pl.col("pattern")),
        (pl.col("edge") != WORKLOADS_DONE) | ~pl.col("value").str.contains(WORKLOAD_OPEN),
    )
    ended = pl.col("value").str.extract_all(WORKLOAD_END).list.eval(pl.element().str.extract(r"(\d+)"))
    last = pl.from_epoch(ended.list.eval(pl.element().cast(pl.Int64)).list.max(), "ms")
    dated = pl.when(pl.col("edge") == WORKLOADS_DONE).then(last.dt.cast_time_unit("us"))
    placed = fits.with_columns(at=dated.dt.replace_time_zone("UTC"))
    clock = pl.when(pl.col("at").is_null()).then(pl.lit(NOT_KNOWN)).otherwise(pl.lit(DECLARED))
    return placed.with_columns(
        clock=clock.cast(empty(Mark).schema["clock"]),
        code=code_of(pl.col("value").str.extract(r"(0x[0-9A-Fa-f]{8})")),
        detail=pl.concat_str(_late_state(), "value").str.slice(0, QUOTE),
    ).select(OF_A_MARK)


def _late_state() -> pl.Expr:
    """Return the state of a category of the page where it stands behind what is quoted of its record."""
    behind = pl.col("value").str.slice(QUOTE - LONGEST_STATE).str.extract(CATEGORY_STATE, 0)
    return pl.concat_str(behind, pl.lit(", ")).fill_null("")


def _fitting(marks: pl.DataFrame, devices: pl.DataFrame) -> pl.DataFrame:
    """Leave marks that mean nothing in their device's scenario as notes: they close no stage there."""
    known = devices.select("device", known=pl.col("scenario").cast(pl.String))
    foreign = pl.col("not_in").str.split(" ").list.contains(pl.col("known")).fill_null(value=False)
    return (
        marks.join(known, on="device", how="left")
        .with_columns(
            edge=pl.when(foreign).then(pl.lit("note")).otherwise("edge"),
            terminal=pl.when(~foreign).then("terminal"),
        )
        .drop("not_in", "known")
    )


def _without_leaving(found: pl.DataFrame) -> pl.DataFrame:
    """Name the discovery that precedes an unjoin for what it is: the same record 100 precedes a join."""
    requests = pl.col("mark").is_in(["join_began", "join_prepared", LEFT_ENTRA])
    following = (
        pl.when(requests).then("mark").backward_fill().shift(-1).over("device", "member", order_by="record")
    )
    leaves = (pl.col("mark") == "join_began") & (following == LEFT_ENTRA).fill_null(value=False)
    return found.with_columns(
        mark=pl.when(leaves).then(pl.lit("leaving_began")).otherwise("mark"),
        edge=pl.when(leaves).then(pl.lit("note")).otherwise("edge"),
        begins=pl.when(~leaves).then("begins"),
    )


def _without_look_ups(found: pl.DataFrame, tables: Tables) -> pl.DataFrame:
    """Name event 310 a look-up of the path where nothing shows that a profile file was there.

    Windows writes it at each start, with a file or without one; a setting that was read, a profile in the
    state machine or the file itself shows that there was one.
    """
    data = pl.col("data").fill_null("")
    read = tables.events.filter(
        pl.col("provider").str.to_lowercase() == AUTOPILOT,
        pl.col("event_id").is_in([NUMBER_READ, TEXT_READ]),
        data.str.contains(SETTING),
    )
    lying = tables.members.filter(pl.col("member").str.contains(PROFILE_FILE))
    came = found.filter(pl.col("mark") == PROFILE_AVAILABLE)
    shown = pl.concat([rows.select("device") for rows in (read, lying, came)]).unique()
    named = found.join(
        shown.with_columns(shown=pl.lit(value=True)), on="device", how="left", maintain_order="left"
    )
    alone = (pl.col("mark") == CONFIGURATION_FILE_USED) & pl.col("shown").is_null()
    return named.with_columns(
        mark=pl.when(alone).then(pl.lit("configuration_file_sought")).otherwise("mark"),
        edge=pl.when(alone).then(pl.lit("note")).otherwise("edge"),
        begins=pl.when(~alone).then("begins"),
    ).drop("shown")


def _written_down(tables: Tables) -> pl.DataFrame:
    """Return device and stage of the phases of the page that somebody wrote down as failed."""
    of_kind = {kind.kind: kind.phase for kind in kinds() if kind.phase}
    lines = tables.properties.filter(pl.col("section") == SECTION, pl.col("name").is_in([*of_kind]))
    return lines.select("device", stage=pl.col("name").replace_strict(of_kind, return_dtype=pl.Enum(STAGES)))


def _failed_in_registry(found: pl.DataFrame) -> pl.DataFrame:
    """Return device and stage of the parts whose category failed, where no record dates a phase's start."""
    phase = pl.col("stage").is_in(PHASES)
    dated = found.filter(phase, pl.col("edge") == "start", pl.col("at").is_not_null())
    failed = pl.col("detail").str.extract(CATEGORY_STATE) == "failed"
    states = found.filter(pl.col("edge") == "category", pl.col("stage").is_in([*PHASES_NAMED]), failed)
    return states.join(dated, on="device", how="anti").select("device", "stage")


def _failed_in_preparation(found: pl.DataFrame) -> pl.DataFrame:
    """Return the devices whose preparation failed by the registry, which knows of no phase that was begun."""
    waits = pl.col("detail").str.extract(CATEGORY_STATE).eq_missing(NOT_STARTED)
    begun = found.filter(pl.col("edge") == "category", pl.col("stage").is_in(PHASES), ~waits)
    failed = _failed_in_registry(found).filter(pl.col("stage") == PREPARATION)
    return failed.join(begun, on="device", how="anti")


def _failed_behind_device_setup(found: pl.DataFrame) -> pl.DataFrame:
    """Return the devices whose account setup failed by the registry, which has device setup as done."""
    state = pl.col("detail").str.extract(CATEGORY_STATE)
    states = found.filter(pl.col("edge") == "category")
    failed = states.filter(pl.col("stage") == "account_setup", state == "failed")
    done = states.filter(pl.col("stage") == "device_setup", state == "succeeded")
    return failed.join(done, on="device", how="semi").select("device", "stage")


def _only_one(rows: pl.DataFrame, name: str) -> pl.DataFrame:
    """Return the stage of the devices that have one alone, under a name."""
    return rows.unique().filter(pl.len().over("device") == 1).rename({"stage": name})


def _with_phase(found: pl.DataFrame, tables: Tables) -> pl.DataFrame:
    """Give a failure of the status page its phase: as its own record, a person or the registry names it."""
    failed = pl.col("edge") == PAGE_FAILED
    if not found.select(failed.any()).item():
        return found
    named = pl.concat_list(
        pl.when(pl.col("detail").str.contains(pattern)).then(pl.lit(stage))
        for stage, pattern in PHASES_NAMED.items()
    ).list.drop_nulls()
    own = pl.when(named.list.len() == 1).then(named.list.first()).cast(pl.Enum(STAGES))
    late = pl.when(pl.col("detail").str.contains(OF_THE_DEVICE_S_TIME, literal=True))
    of_time = late.then(pl.lit("device_setup", pl.Enum(STAGES)))
    last = pl.col("at") == pl.col("at").filter(failed).max().over("device")
    left = pl.when(last).then("left")
    unnamed = pl.when(named.list.len() == 0).then(pl.coalesce("beside", left, "prepared", of_time))
    known = {
        "left": _failed_behind_device_setup(found),
        "prepared": _failed_in_preparation(found),
        "written": _written_down(tables),
        "stored": _failed_in_registry(found).filter(pl.col("stage").is_in(PHASES)),
    }
    both = _named_beside(found, found.filter(failed, own.is_not_null()).select("device", "at", beside=own))
    for name, rows in known.items():
        both = both.join(_only_one(rows, name), on="device", how="left", maintain_order="left")
    phase = pl.coalesce("stage", own, unnamed, "written", "stored")
    return both.with_columns(stage=pl.when(failed).then(phase).otherwise("stage")).drop("beside", *known)


def _named_beside(found: pl.DataFrame, named: pl.DataFrame) -> pl.DataFrame:
    """Return marks with `beside`: the phase that a failure of the page names right before or behind each."""
    if named.is_empty():
        return found.with_columns(beside=pl.lit(None, pl.Enum(STAGES)))
    marks, dated = found.with_row_index("place"), pl.col("at").is_not_null()
    near = marks.filter(dated).select("place", "device", "at").sort("at")
    near = near.join_asof(
        named.filter(dated).sort("at"),
        on="at",
        by="device",
        strategy="nearest",
        tolerance=ONE_FAILURE,
        check_sortedness=False,
    )
    both = marks.join(near.select("place", "beside"), on="place", how="left", maintain_order="left")
    return both.drop("place")


def find_marks(tables: Tables) -> pl.DataFrame:
    """Return every mark in the tables, with its edge, in order of time and record.

    Args:
        tables: What `read_tables` returned.

    Returns:
        The columns of `Mark` and three more for the stage runs: edge (what the mark does to its stage),
        terminal (the attempt is over after it) and begins (it can be the first of an attempt).
    """
    marks = pl.concat(
        [
            _from_events(tables.events),
            find_trace_marks(tables.events).select(OF_A_MARK),
            _from_lines(tables.log_lines),
            _from_registry(tables.registry_values),
        ]
    )
    found = _without_look_ups(_without_leaving(_fitting(marks, tables.devices)), tables)
    return _with_phase(found, tables).sort(
        "device", "at", "member", "record", nulls_last=True, maintain_order=True
    )


def as_marks(found: pl.DataFrame) -> dy.DataFrame[Mark]:
    """Return the frame of `find_marks` as the table `marks`."""
    return checked(found, Mark)
