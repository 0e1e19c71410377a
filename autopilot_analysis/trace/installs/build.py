"""Every try at every item: the agent's logs first, events beside them, the registry to finish it."""

from __future__ import annotations

from datetime import timedelta

import polars as pl

from autopilot_analysis.clock.offsets import BETWEEN_ZONES, FURTHEST
from autopilot_analysis.clock.provenance import ANCHORED, DECLARED, NOT_KNOWN
from autopilot_analysis.tables import Tables
from autopilot_analysis.tables.typed import once_where_empty
from autopilot_analysis.trace.installs.agent.exceptions import explain_content
from autopilot_analysis.trace.installs.agent.tries import read_installs_from_log
from autopilot_analysis.trace.installs.events import read_installs_from_events
from autopilot_analysis.trace.installs.installers.blocks import read_blocks
from autopilot_analysis.trace.installs.installers.crashes import read_crashes
from autopilot_analysis.trace.installs.installers.runs import read_runs
from autopilot_analysis.trace.installs.installers.tying import explain_tries
from autopilot_analysis.trace.installs.naming import name_items
from autopilot_analysis.trace.installs.others import read_others
from autopilot_analysis.trace.installs.overlap import name_rivals
from autopilot_analysis.trace.installs.registry.tries import read_registry_claims
from autopilot_analysis.trace.installs.rows import no_rows, to_rows

_KEYS = ["device", "item"]
_OPEN = ["unfinished", "unknown", "never_started"]
_LEDGER = "ProvisioningProgress"
"""Where device preparation keeps each of its items, with instants and without the kind of most."""
LEDGER_OFF = timedelta(minutes=1)
"""So far apart at most stand a run's begin or end in the log of the agent and there, zones aside."""
_OF_ANY = ["name", "phase", "version", "required_at", "started_at", "ended_at", "error"]
"""What the first place says that says it."""
_PLACES = [
    "Win32Apps",
    _LEDGER,
    "Policies",
    "Scripts",
    "EnterpriseDesktopAppManagement",
    "OfficeCSP",
    "EnrollmentStatusTracking",
    "StatusServiceReports",
    "ESPTrackingInfo",
    "EspTrackingWin32Apps",
    "FirstSync",
    "GRS",
]
"""Registry places, the one nearest to the installer first."""


def build_installs(tables: Tables) -> pl.DataFrame:
    """Return every try at every app, script, policy, certificate and network profile.

    A try that a log or an event shows keeps what it showed; the registry, which knows only the state at
    collection, fills what no log saw: the end of a try that was left open, items without any log line, and
    whether the status page waits for an item. Retries stay rows of their own.

    Args:
        tables: What `read_tables` returned.

    Returns:
        The columns of tables.Install, `attempt` null; ordered by device and time.
    """
    claims = best_claims(read_registry_claims(tables.registry_values))
    tries = pl.concat(
        [read_installs_from_log(tables.log_lines), read_installs_from_events(tables.events, claims)]
    )
    if tries.is_empty() and claims.is_empty():
        return no_rows()
    whole = pl.concat([_finished(tries, claims), _only_claimed(tries, claims)])
    waited = pl.coalesce(pl.col("ended_at") - pl.col("started_at"), _written_span())
    first = pl.coalesce("download_started_at", "started_at", "required_at", "ended_at")
    of_events = [*read_blocks(tables.events), *read_crashes(tables.events)]
    runs = [*read_runs(tables.log_lines, tables.members), *of_events]
    explained = explain_content(explain_tries(name_items(whole, tables.properties), runs), tables.log_lines)
    named = name_rivals(explained, read_others(tables.events))
    return (
        named.with_columns(waited=pl.when(waited >= pl.duration()).then(waited))
        .with_columns(first=first)
        .sort("device", "first", "member", "record", "item", "try_number", nulls_last=True)
        .drop("first")
    )


def _written_span() -> pl.Expr:
    """Return how long a try took by what its own log wrote, where no instant is known."""
    return _written("ended_written") - _written("started_written")


def _written(name: str) -> pl.Expr:
    """Return a time as the log of a try wrote it, without a zone."""
    return pl.col("detail").str.json_path_match(f"$.{name}").str.to_datetime(time_unit="us", strict=False)


@once_where_empty
def best_claims(claims: pl.DataFrame) -> pl.DataFrame:
    """Return one claim an item: the outcome of the nearest place, with whatever the others add."""
    rank = pl.col("place").replace_strict(
        {place: at for at, place in enumerate(_PLACES)}, return_dtype=pl.Int64
    )
    came = (pl.col("outcome") == "succeeded").any().over(_KEYS)
    stale = came & (pl.col("kind") == "office") & pl.col("outcome").is_in(_OPEN)  # left from an earlier run
    has_outcome = pl.col("outcome").is_not_null() & ~stale.fill_null(value=False)
    ordered = claims.with_columns(rank=rank, has_outcome=has_outcome).sort("rank", maintain_order=True)
    of_nearest = pl.col("outcome", "reason", "code", "exit_code", "place", "written", "member", "record")
    guessed = (pl.col("place") == _LEDGER) & (pl.col("kind") == "win32")
    best = ordered.group_by(_KEYS, maintain_order=True).agg(
        pl.col(_OF_ANY).drop_nulls().first(),
        of_nearest.sort_by(~pl.col("has_outcome"), maintain_order=True).first(),
        pl.col("kind").sort_by(guessed, maintain_order=True).first(),
        blocking=pl.col("blocking").any(),
    )
    return _with_exit(best).with_columns(
        blocking=pl.when("blocking").then(True), outcome=pl.col("outcome").fill_null("never_started")
    )


def _with_exit(claims: pl.DataFrame) -> pl.DataFrame:
    """Take the number that a script failed with for its exit code, which is no result of Windows."""
    number = pl.col("code").str.extract("^0x0000([0-9A-Fa-f]{4})$").str.to_integer(base=16, strict=False)
    ended = (pl.col("kind") == "script") & number.is_not_null()
    return claims.with_columns(
        exit_code=pl.when(ended).then(pl.coalesce("exit_code", number)).otherwise("exit_code"),
        code=pl.when(~ended.fill_null(value=False)).then("code"),
    )


def _finished(tries: pl.DataFrame, claims: pl.DataFrame) -> pl.DataFrame:
    """Return the tries that were seen, the last one of each item finished by what the registry says."""
    facts = claims.select(
        *_KEYS,
        claimed="outcome",
        claimed_code="code",
        claimed_exit="exit_code",
        claimed_name="name",
        claimed_phase="phase",
        claimed_block="blocking",
        claimed_why="reason",
        claimed_required="required_at",
        claimed_version="version",
        claimed_start="started_at",
        claimed_end="ended_at",
        place="place",
    )
    rows = tries.join(facts, on=_KEYS, how="left", maintain_order="left")
    last = pl.col("try_number") == pl.col("try_number").max().over(_KEYS)
    rows = _dated_by_ledger(rows, last)
    fills = last & pl.col("outcome").is_in(_OPEN) & ~pl.col("claimed").is_in(_OPEN)
    why = pl.coalesce("claimed_why", pl.concat_str(pl.lit("as the registry says, "), "place"))
    end = {
        "outcome": pl.col("claimed"),
        "code": pl.coalesce("code", "claimed_code"),
        "exit_code": pl.coalesce("exit_code", "claimed_exit"),
        "reason": why,
    }
    required = pl.when(pl.col("try_number") == 1).then("claimed_required")
    return to_rows(
        rows.with_columns(
            *(pl.when(fills).then(claimed).otherwise(name).alias(name) for name, claimed in end.items()),
            name=pl.coalesce("name", "claimed_name"),
            version=pl.coalesce("version", "claimed_version"),
            phase=pl.coalesce(pl.col("phase").cast(pl.String), "claimed_phase"),
            blocking=pl.coalesce("blocking", "claimed_block"),
            required_at=pl.coalesce("required_at", required),
        )
    )


def _dated_by_ledger(rows: pl.DataFrame, last: pl.Expr) -> pl.DataFrame:
    """Give a try whose log names no zone its instants, where device preparation wrote the same run in UTC.

    Begin and end have to lie off by one and the same offset of a zone.
    """
    off = {
        end: (
            pl.col(f"claimed_{end}") - _written(f"{name}_written").dt.replace_time_zone("UTC")
        ).dt.total_seconds()
        for end, name in (("start", "started"), ("end", "ended"))
    }
    quarter = int(BETWEEN_ZONES.total_seconds())
    zone = (off["end"] / quarter).round().cast(pl.Int64) * quarter
    near = pl.all_horizontal((each - zone).abs() <= LEDGER_OFF.total_seconds() for each in off.values())
    same = last & (pl.col("place") == _LEDGER) & (pl.col("outcome") == pl.col("claimed"))
    undated = pl.col("started_at").is_null() & pl.col("ended_at").is_null()
    fits = (same & undated & near & (zone.abs() <= FURTHEST.total_seconds())).fill_null(value=False)
    moved = {
        name: (_written(written) + pl.duration(seconds=zone)).dt.replace_time_zone("UTC")
        for name, written in (("started_at", "started_written"), ("ended_at", "ended_written"))
    }
    return rows.with_columns(
        *(pl.when(fits).then(at).otherwise(name).alias(name) for name, at in moved.items()),
        clock=pl.when(fits).then(pl.lit(ANCHORED)).otherwise(pl.col("clock").cast(pl.String)),
    )


def _only_claimed(tries: pl.DataFrame, claims: pl.DataFrame) -> pl.DataFrame:
    """Return a row for each item that only the registry knows."""
    rest = claims.join(tries.select(_KEYS).unique(), on=_KEYS, how="anti", maintain_order="left")
    dated = pl.any_horizontal(pl.col("required_at", "started_at", "ended_at").is_not_null())
    place = pl.concat_str(pl.lit('{"registry": "'), "place", pl.lit('"}'))
    printed = pl.struct(registry="place", error="error").struct.json_encode()
    return to_rows(
        rest.with_columns(
            try_number=pl.lit(1, pl.Int64),
            clock=pl.when(dated).then(pl.lit(DECLARED)).otherwise(pl.lit(NOT_KNOWN)),
            detail=pl.when(pl.col("error").is_null()).then(place).otherwise(printed),
        )
    )
