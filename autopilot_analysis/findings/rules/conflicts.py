"""Policy conflicts: settings that are known to disturb a deployment, and whether they were in force."""

from __future__ import annotations

import re
from datetime import timedelta

import polars as pl

from autopilot_analysis.facts import read_facts
from autopilot_analysis.facts.marks import ESP_TIMED_OUT, REBOOT_REQUIRED_BY_POLICY
from autopilot_analysis.findings.looking import (
    OF_A_SETTING,
    event_keys,
    events_of,
    keyed_events,
    keys_of,
    marks_in,
    once,
    with_value,
)
from autopilot_analysis.findings.rule import NEVER, all_proofs, no_proof, proof, rule
from autopilot_analysis.findings.signs.signs import restarts_in_page
from autopilot_analysis.findings.weighing import weigh
from autopilot_analysis.tables import Tables, Trace
from autopilot_analysis.tables.completing import where_distinct
from autopilot_analysis.tables.verdict import INFO, WARNING

EVENTS = ["dm:813", "dm:814", "dm:809", "dm:810", *keys_of([REBOOT_REQUIRED_BY_POLICY])]
"""Policy set by the server (area and name in its fields), and a restart asked for by a policy (its URI)."""

PAGE_GONE_FOR = timedelta(hours=1)
"""A status page that does not come back for so long, on a device that lives on, is lost."""

SETUP_PASSED = ("device_setup_completed", "account_setup_completed")
"""Marks of a setup that needs its own account no longer."""
HARMS_LATER = ("PC2",)
"""Conflicts that stop the automatic sign-in only where a restart follows, as a rule of passwords does."""
TEMPORARY_ACCOUNT = r"(?i)(?:^|\\)defaultuser\d{0,3}$"
"""The account under which Windows works through setup, and signs in by itself after a restart."""
SIGNS_IN = r"(?i)windows nt\\currentversion\\winlogon$"
"""The key in which Windows keeps whom it signs in by itself."""

_OWN_EVENT = re.compile(r"\^([a-z0-9]+:\d+)\$")


def candidates(tables: Tables, rows: list[dict[str, str | None]]) -> pl.DataFrame:
    """Return the registry values under any conflict's key: a few of thousands.

    Args:
        tables: What `read_tables` returned.
        rows: Of facts/policy_conflicts.csv.
    """
    keys = [
        row["key_pattern"]
        for row in rows
        if row["key_pattern"] and "registry" in (row["evidence_kind"] or "")
    ]
    either = "|".join(f"(?:{key})" for key in keys)
    valued = ~pl.col("name").str.contains(OF_A_SETTING) & (pl.col("name") != "")
    below = where_distinct(tables.registry_values, "key", pl.col("key").str.contains(either))
    return below.filter(valued)


def registry_rows(values: pl.DataFrame, row: dict[str, str | None]) -> pl.DataFrame | None:
    """Return values under the conflict's key, name and value; without a name, any value under the key.

    Args:
        values: What `candidates` returned.
        row: Of facts/policy_conflicts.csv.

    Returns:
        None for a conflict that no value of the registry shows, and where none does.
    """
    if values.is_empty() or not row["key_pattern"] or "registry" not in (row["evidence_kind"] or ""):
        return None
    asked = {"key": row["key_pattern"], "name": row["name_pattern"], "value": row["value_pattern"]}
    met = values.filter(
        pl.col(column).fill_null("").str.contains(pattern) for column, pattern in asked.items() if pattern
    )
    if met.is_empty():
        return None
    return with_value(met).with_columns(at=NEVER)


def _event_rows(tables: Tables, events: pl.DataFrame, row: dict[str, str | None]) -> pl.DataFrame | None:
    """Return events whose fields name the conflict, of the event the conflict names or of EVENTS."""
    if "event" not in (row["evidence_kind"] or "") or not row["key_pattern"]:
        return None
    own = _OWN_EVENT.fullmatch(row["name_pattern"] or "")
    rows = events_of(tables, [own[1].replace("sys:", "user32:")]) if own else events
    if rows.is_empty():
        return None
    fields = pl.col("detail").fill_null("")
    found = rows.filter(fields.str.contains(row["key_pattern"]))
    return found.filter(fields.str.contains(row["value_pattern"])) if own and row["value_pattern"] else found


def _code_rows(tables: Tables, row: dict[str, str | None]) -> pl.DataFrame | None:
    if row["evidence_kind"] != "code" or not row["key_pattern"]:
        return None
    if not event_keys(tables):
        return None
    keyed = keyed_events(tables).filter(pl.col("key").str.contains(str(row["name_pattern"])))
    return keyed.filter(pl.col("code").fill_null("").str.contains(row["key_pattern"]))


def _harmless_otherwise(rows: pl.DataFrame, harms_after: str | None, trace: Trace) -> pl.DataFrame:
    """Keep at info what harms only after a restart, or only makes the page wait, where neither happened."""
    if harms_after is None:
        return rows
    when = restarts_in_page(trace) if harms_after == "restart" else marks_in(trace, [ESP_TIMED_OUT])
    met = when.select("device", "attempt", met=pl.lit(value=True)).unique()
    joined = rows.join(met, on=["device", "attempt"], how="left")
    return joined.with_columns(
        severity=pl.when(pl.col("met").fill_null(value=False)).then("severity").otherwise(pl.lit(INFO))
    )


def _weighing(rows: pl.DataFrame, in_setup: pl.DataFrame) -> pl.DataFrame:
    """Weigh as a warning what stops the automatic sign-in of a device that is in the midst of setup."""
    met = pl.col("device").is_in(in_setup["device"].implode()) & (pl.col("severity") == INFO)
    return rows.with_columns(severity=pl.when(met).then(pl.lit(WARNING)).otherwise("severity"))


@once
def _pages_lost(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Return the attempts whose status page never came back after a restart, though the device lived on."""
    attempt = ["device", "attempt"]
    unfinished = trace.attempts.filter(pl.col("outcome") == "unfinished").select(attempt)
    boots = restarts_in_page(trace).join(unfinished, on=attempt, how="semi")
    last = boots.group_by(attempt).agg(boot_at=pl.col("at").max())
    lived = tables.events.group_by("device").agg(until=pl.col("at").max())
    long = last.join(lived, on="device").filter(pl.col("until") - pl.col("boot_at") >= PAGE_GONE_FOR)
    shown = trace.marks.filter(pl.col("stage").is_not_null()).select("device", shown_at="at")
    pages = pl.concat([shown, trace.screens.select("device", shown_at="at")])
    back = long.join(pages, on="device").filter(pl.col("shown_at") > pl.col("boot_at"))
    return long.join(back, on=attempt, how="anti").select("device", lost="attempt")


def _in_the_way(rows: pl.DataFrame, lost: pl.DataFrame) -> pl.DataFrame:
    """Weigh as a warning what harms a restart, in an attempt whose page a restart took for good."""
    beside = rows.join(lost, on="device", how="left", maintain_order="left")
    met = (pl.col("attempt") == pl.col("lost")).fill_null(pl.col("lost").is_not_null())
    return beside.with_columns(
        severity=pl.when(met).then(pl.lit(WARNING)).otherwise("severity"),
        attempt=pl.when(met).then("lost").otherwise("attempt"),
    ).drop("lost")


@once
def _in_setup(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Return the devices that sign in the account of setup, and of which nothing tells that setup ended."""
    logon = where_distinct(tables.registry_values, "key", pl.col("key").str.contains(SIGNS_IN)).filter(
        pl.col("name").str.to_lowercase().is_in(["defaultusername", "lastusedusername"]),
        pl.col("value").fill_null("").str.contains(TEMPORARY_ACCOUNT),
    )
    if logon.is_empty():
        return logon.select("device")
    passed = trace.marks.filter(pl.col("mark").is_in(SETUP_PASSED)).select("device")
    well = trace.attempts.filter(pl.col("outcome") == "succeeded").select("device")
    return logon.select("device").unique().join(pl.concat([passed, well]), on="device", how="anti")


@rule("CONFLICTS")
def conflicts(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Every conflict of facts/policy_conflicts.csv whose setting, event or code is there."""
    events = events_of(tables, EVENTS)
    frames = []
    columns = ["device", "member", "record", "at", "detail"]
    facts = read_facts("policy_conflicts").rows(named=True)
    below = candidates(tables, facts)
    for row in facts:
        kinds = (registry_rows(below, row), _event_rows(tables, events, row), _code_rows(tables, row))
        rows = [kind.select(columns) for kind in kinds if kind is not None and kind.height]
        if rows:
            heavy = weigh(pl.concat(rows).with_columns(about=pl.lit(row["phase"], dtype=pl.String)), trace)
            heavy = (
                _in_the_way(heavy, _pages_lost(tables, trace)) if row["harms_after"] == "restart" else heavy
            )
            heavy = _harmless_otherwise(heavy, row["harms_after"], trace)
            if row["kiosk"] and row["id"] not in HARMS_LATER:
                heavy = _weighing(heavy, _in_setup(tables, trace))
            frames.append(proof(heavy.with_columns(rule=pl.lit(f"CONFLICT-{row['id']}"))))
    return _once_each(all_proofs(frames)) if frames else no_proof()


def _once_each(found: pl.DataFrame) -> pl.DataFrame:
    """Let a value of the registry prove one conflict, where it weighs most, else the first that names it.

    A record of an event may name several policies, and proves each of them.
    """
    undated = found.filter(pl.col("at").is_null()).sort(pl.col("severity") == INFO, maintain_order=True)
    first = undated.unique(["device", "member", "record"], keep="first", maintain_order=True)
    return all_proofs([first, found.filter(pl.col("at").is_not_null())])
