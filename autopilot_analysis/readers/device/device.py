"""Who the device is: its facts, gathered from whatever member tells them (facts/device_facts.csv)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

import polars as pl

from autopilot_analysis.clock import zone_name
from autopilot_analysis.facts import read_facts
from autopilot_analysis.readers.device.enrollment import ENROLLING, is_enrolled
from autopilot_analysis.readers.device.other_computers import without_other_computers
from autopilot_analysis.readers.device.registration import MARKS, is_registered, profile_state
from autopilot_analysis.readers.device.rows import marked, named
from autopilot_analysis.readers.device.scenario import scenario_signs
from autopilot_analysis.readers.serials import is_no_serial
from autopilot_analysis.tables import schema_of
from autopilot_analysis.tables.capture import KNOWN_BY

PLACES = {"properties": ("section", "name", "value"), "registry_values": ("key", "name", "value")}
AGENT_NAMES = "Populating AccountId and DeviceId"
"""What the Intune agent writes at each start before the ids that the service knows it by."""
AGENT_ID = r"(?i)Device ?Id is ?: ?([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\b"
ANSWERS = {"yes": True, "true": True, "no": False, "false": False}
"""How a text answers a question."""
WRITTEN_TIMES = ("%Y-%m-%dT%H:%M:%S", "%d %B %Y--%H:%M:%S", "%Y-%m-%d %H:%M:%S", "%Y/%m/%d %H:%M:%S")


@cache
def _facts_in(table: str) -> tuple[dict[str, str], ...]:
    return tuple(read_facts("device_facts").filter(pl.col("table") == table).iter_rows(named=True))


def _device_facts(frames: Mapping[str, pl.DataFrame]) -> dict[str, str]:
    """Return the best value of every fact: lowest rank, then first told."""
    best: dict[str, tuple[int, str]] = {}
    for table, columns in PLACES.items():
        if frames[table].is_empty():
            continue
        facts = _facts_in(table)
        rows = named(frames[table], columns, (fact["name"] for fact in facts)).filter(
            pl.col("value").str.strip_chars() != ""
        )
        names = rows["name"].unique().to_list()
        likely = [fact for fact in facts if any(re.search(fact["name"], name) for name in names)]
        found = rows.select(_texts(fact).implode().alias(str(at)) for at, fact in enumerate(likely))
        for fact, texts in zip(likely, found.row(0) if likely else (), strict=True):
            for text in texts:
                bad = fact["field"] == "serial" and is_no_serial(text)
                if not bad and (fact["field"] not in best or int(fact["rank"]) < best[fact["field"]][0]):
                    best[fact["field"]] = (int(fact["rank"]), text)
    return {field: text for field, (_, text) in best.items()}


def _texts(fact: Mapping[str, str]) -> pl.Expr:
    """Return the first texts that tell a fact, of rows of place, name and value."""
    value = pl.col("value")
    text = value.str.extract(fact["pattern"]) if fact["pattern"] else value
    hits = pl.col("name").str.contains(fact["name"])
    if fact["place"]:
        hits &= pl.col("place").str.contains(fact["place"])
    return text.filter(hits).drop_nulls().str.strip_chars().head(5)


def _build(facts: Mapping[str, str]) -> str | None:
    """Build and revision; the product name is no guide (Windows 11 still calls itself Windows 10)."""
    if "current_build" in facts:
        return (
            f"{facts['current_build']}.{facts['revision']}" if "revision" in facts else facts["current_build"]
        )
    parts = facts.get("os_version", "").split(".")
    return ".".join(parts[2:4]) if len(parts) >= 3 else None


def _instant(text: str | None) -> pl.Expr:
    """Read the instant at which something was collected; the tool writes UTC."""
    plain = (text or "").replace("(UTC)", "").rstrip("Z").strip()
    plain = plain.split(", ", 1)[1] if ", " in plain else plain
    literal = pl.lit(plain)
    return pl.coalesce(
        literal.str.to_datetime(form, time_unit="us", strict=False) for form in WRITTEN_TIMES
    ).dt.replace_time_zone("UTC")


def value_of(text: str, kind: pl.DataType) -> bool | int | float | str | None:
    """Return the text of a fact as its column has it: an answer, a number or the text; None where it is none.

    Args:
        text: Of one fact.
        kind: The column's type in `devices`.

    Example:
        >>> value_of("YES", pl.Boolean()), value_of("2 h", pl.Int64()), value_of("2", pl.Int64())
        (True, None, 2)
    """
    if kind == pl.Boolean:
        return ANSWERS.get(text.lower())
    if not kind.is_numeric():
        return text
    number: int | float | None = pl.Series([text]).cast(kind, strict=False)[0]
    return number


def _agent_id(frames: Mapping[str, pl.DataFrame]) -> str | None:
    """Return the Intune id of the device as its agent last wrote it at a start."""
    if "log_lines" not in frames:
        return None
    lines = frames["log_lines"]["message"]
    starts = lines.filter(lines.str.contains(AGENT_NAMES, literal=True))
    ids = starts.str.extract(AGENT_ID).drop_nulls()
    return str(ids[-1]).lower() if len(ids) else None


def identify(frames: Mapping[str, pl.DataFrame], fallback: str) -> pl.DataFrame:
    """Return the row of `devices` that one capture's rows tell of.

    Args:
        frames: The capture's rows of events, registry_values, properties and, where it has any, log_lines.
        fallback: The key to use when neither serial nor ids nor a name are told.

    Returns:
        One row with the columns of `Device`. The key is the first of `KNOWN_BY` that is told, else the id
        that the Intune agent wrote: a device may be renamed on the way.
    """
    facts = _device_facts(without_other_computers(frames))
    agent_id = _agent_id(frames)
    named = frames["events"].select("at", "computer").drop_nulls("computer")
    last_name = named.sort("at", nulls_last=False)["computer"].last() if named.height else None
    name = facts.get("name") or (str(last_name).split(".")[0] if last_name else None)
    signs = scenario_signs(frames)
    scenario = signs[0][1] if signs else None
    marks = marked(frames["events"], [*MARKS, *ENROLLING])
    known = {**facts, "name": name}
    key = next((each for each in (*map(known.get, KNOWN_BY), agent_id) if each), fallback)
    schema = schema_of("devices")
    row = {
        **{column: value_of(text, schema[column]) for column, text in facts.items() if column in schema},
        "device": key,
        "name": name,
        "intune_device_id": facts.get("intune_device_id") or agent_id,
        "build": _build(facts),
        "registered": is_registered(frames, marks, scenario),
        "profile_state": profile_state(frames, marks, facts, scenario),
        "enrolled": is_enrolled(frames["registry_values"], marks),
        "scenario": scenario,
        "time_zone": zone_name(facts.get("windows_zone")),
    }
    frame = pl.DataFrame(
        [{c: row.get(c) for c in schema if c != "collected_at"}],
        schema={c: t for c, t in schema.items() if c != "collected_at"},
    )
    latest = frames["events"]["recorded_at"].max()
    return frame.with_columns(
        collected_at=pl.coalesce(
            _instant(facts.get("collected_text")), pl.lit(latest, dtype=schema["collected_at"])
        )
    ).select(list(schema))
