"""One page of Graph JSON, of the Export API or of Log Analytics -> what its objects tell."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

import msgspec
import polars as pl

from autopilot_analysis.facts.own_words import plain
from autopilot_analysis.facts.report_columns import of_one_object
from autopilot_analysis.readers.objects.json_objects import Objects
from autopilot_analysis.readers.objects.powershell_json import Object
from autopilot_analysis.readers.reading import IN_PROPERTIES, Reading, Unread, rows_of
from autopilot_analysis.readers.service.app_events import APP_EVENTS, is_app_event, with_the_end
from autopilot_analysis.readers.service.deployments.deployment_rows import unfinished_rows
from autopilot_analysis.readers.service.fleet_rows import ORIGIN_OF, read_rows
from autopilot_analysis.readers.service.report_columns import (
    CATEGORIES,
    ENTRA_CATEGORIES,
    Report,
    aliases,
    named_table,
    recognise,
    rename,
)
from autopilot_analysis.readers.service.run_ids import SCRIPT_RUNS
from autopilot_analysis.readers.text import whole_text

FLAT = ("autopilotEvents", "windowsAutopilotDeviceIdentities")
"""Resources whose fields are all scalar: polars reads them straight from the bytes."""

IN_PAGES = frozenset(
    {
        *FLAT,
        "importedWindowsAutopilotDeviceIdentities",
        "troubleshootingEvents",
        APP_EVENTS,
        "auditEvents",
        "directoryAudits",
        "signIns",
        "deviceRunStates",
        SCRIPT_RUNS,
        "Entra devices",
        None,
    }
)
"""Resources that come in pages; reports of the Export API and answers of Log Analytics come whole."""

MOST_NAMED = 8
"""Properties by which objects of no known kind are named."""
FIRST_OBJECT = 65_536
"""Bytes within which the first object of a page ends."""

OWNER = "owner"
"""The column of the row, among `unfinished`, that a policy status belongs to."""


class Part(msgspec.Struct, frozen=True):
    """What objects of one kind on one page tell."""

    reading: Reading
    unfinished: pl.DataFrame | None = None
    """Deployments, as `unfinished_rows` returns them: the other pages are needed to finish them."""
    policies: pl.DataFrame | None = None
    """Policy statuses of these deployments, with `OWNER` in place of device and deployment."""
    headers: tuple[Unread, ...] = ()
    """Of what could not be read, the properties nobody knows: every page of an export has the same."""


def flat_page(content: bytes) -> tuple[str, pl.DataFrame, Objects] | None:
    """Read a page of flat objects without building Python objects; None when it is not that simple.

    Args:
        content: UTF-8 bytes of one page.
    """
    first = _first_object(content)
    name = recognise(first, table=named_table(first)) if first else None
    if name not in FLAT or b'"policyStatusDetails"' in content or not first:
        return None
    fields = pl.Struct(dict.fromkeys(first, pl.String))
    schema: dict[str, Any] = {"@odata.nextLink": pl.String, "value": pl.List(fields)}
    try:
        frame = pl.read_json(content, schema=schema)
    except pl.exceptions.PolarsError:
        return None
    if frame.height != 1 or frame["value"].null_count():
        return None
    cells = frame["value"].explode().struct.unnest()
    linked = frame["@odata.nextLink"].is_not_null().any()
    last = not linked and b'"@odata.context"' in content[:FIRST_OBJECT]
    return name, cells, Objects(count=cells.height, next_link=linked, last=last)


def _first_object(content: bytes) -> Object | None:
    """Return the first object of a page, None when there is none or it holds nested objects."""
    value = content.find(b'"value"', 0, FIRST_OBJECT)
    start = content.find(b"{", value, value + 64) if value >= 0 else -1
    if start < 0 or b"[" not in content[value:start]:
        return None
    try:
        found, _ = json.JSONDecoder().raw_decode(
            content[start : start + FIRST_OBJECT].decode(errors="replace")
        )
    except (ValueError, RecursionError):
        return None
    nested = any(isinstance(value, (dict, list)) for value in found.values())
    return None if nested else found


def by_report(rows: Iterable[Object]) -> dict[str | None, list[Object]]:
    """Group objects by what they are; objects with the same properties are recognised once.

    Records that a diagnostic setting sent to storage name their table in `category`.

    Args:
        rows: Objects as decoded.
    """
    kinds: dict[tuple[str | None, ...], str | None] = {}
    among = [name for name in aliases() if name != APP_EVENTS]
    groups: dict[str | None, list[Object]] = {}
    for sent_row in rows:
        row = _as_sent(sent_row)
        sent = CATEGORIES.get(str(row.get("category"))) if isinstance(row.get("properties"), dict) else None
        of_app = is_app_event(row)
        flat = _flat(with_the_end(row) if of_app else row)
        shape = (table := named_table(flat), *flat)
        if shape not in kinds:
            named = recognise((name for name in flat if "@" not in name), among, table)
            kinds[shape] = None if named is not None and _holds_others(row, named) else named
        kind = sent or (APP_EVENTS if of_app else kinds[shape])
        whole = sent or kind == "autopilotEvents" or kind is None
        groups.setdefault(kind, []).append(row if whole else flat)
    return groups


def _holds_others(row: Object, report: str) -> bool:
    """Tell whether an object holds a list of objects that its report does not know, and no property decides.

    Several resources have an id, a device and a user: what fails may stand in the list alone.
    """
    if of_one_object() & row.keys():
        return False
    lists = (name for name, value in row.items() if isinstance(value, list) and _of_objects(value))
    return any(plain(name) not in aliases()[report] for name in lists)


def _of_objects(values: list[Any]) -> bool:
    return any(isinstance(value, dict) for value in values)


def _as_sent(row: Object) -> Object:
    """Return the object that Graph would give, of a record that a diagnostic setting of Entra sent."""
    inner, category = row.get("properties"), str(row.get("category"))
    if not isinstance(inner, dict):
        return row
    of_entra = category in ENTRA_CATEGORIES or (category == "AuditLogs" and "activityDisplayName" in inner)
    return {"time": row.get("time"), **inner} if of_entra else row


def _flat(row: Object) -> Object:
    """Lift the fields of nested objects to dotted names, two levels."""
    return _lifted(_lifted(row))


def _lifted(row: Object) -> Object:
    if not any(isinstance(value, dict) for value in row.values()):
        return row
    flat: Object = {}
    for name, value in row.items():
        inner = value if isinstance(value, dict) else None
        flat |= {name: value} if inner is None else {f"{name}.{key}": each for key, each in inner.items()}
    return flat


def _cells(rows: list[Object]) -> pl.DataFrame:
    """Return objects as a table of text, nested values as JSON."""
    names = dict.fromkeys(name for row in rows for name in row)
    columns = {whole_text(name): [_text(row.get(name)) for row in rows] for name in names}
    return pl.DataFrame(columns, schema=dict.fromkeys(columns, pl.String))


def _text(value: Any) -> str | None:  # any JSON value
    if value is None:
        return None
    if isinstance(value, str):
        return whole_text(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    return (
        whole_text(json.dumps(value, ensure_ascii=False, separators=(",", ":")))
        if isinstance(value, (dict, list))
        else str(value)
    )


def part_of(name: str | None, rows: list[Object]) -> Part:
    """Read objects of one kind on one page; those of no known kind become properties.

    Args:
        name: What `by_report` said they are.
        rows: The objects.
    """
    if name is None:
        cells = _cells([_flat(row) for row in rows])
        return Part(Reading({"properties": properties_of(cells)}, _strange(cells)))
    report = rename(name, _cells([_without(row, "policyStatusDetails") for row in rows]))
    if name not in ORIGIN_OF:
        return Part(_with_strangers(read_rows(report), report), headers=report.unread)
    deployments, unread = unfinished_rows(report, ORIGIN_OF[name])
    reading = _with_strangers(Reading({}, (*report.unread, *unread, *_too_shallow(rows))), report)
    owned = [
        (place, status)
        for place, row in enumerate(rows)
        for status in row.get("policyStatusDetails") or ()
        if isinstance(status, dict)
    ]
    if not owned:
        return Part(reading, deployments, headers=report.unread)
    statuses = read_rows(rename("policyStatusDetails", _cells([status for _, status in owned])))
    owners = pl.Series(OWNER, [place for place, _ in owned], dtype=pl.Int64)
    policies = statuses.rows["policy_statuses"].with_columns(owners)
    reading = Reading(reading.rows, (*reading.unread, *statuses.unread))
    return Part(reading, _with_codes(deployments, policies), policies, report.unread)


def _strange(cells: pl.DataFrame) -> tuple[Unread, ...]:
    """Say that objects are of no kind known here, where there is anything in them."""
    if not cells.width or not cells.height:
        return ()
    named = ", ".join(cells.columns[:MOST_NAMED]) + (" …" if cells.width > MOST_NAMED else "")
    reason = f"objects of no kind known here, with {named}"
    return (Unread(reason, count=cells.height, advice=f"their values {IN_PROPERTIES}"),)


def _too_shallow(rows: list[Object]) -> tuple[Unread, ...]:
    """Say when PowerShell wrote policy statuses as one text each, for want of depth."""
    cut = [row for row in rows if any(isinstance(each, str) for each in row.get("policyStatusDetails") or ())]
    if not cut:
        return ()
    reason = "policy statuses are texts instead of objects: ConvertTo-Json was not asked to go so deep"
    return (Unread(reason, count=len(cut), advice="export again with ConvertTo-Json -Depth 6"),)


def _with_codes(rows: pl.DataFrame, policies: pl.DataFrame) -> pl.DataFrame:
    """Give a failed deployment without a code that of the first tracked app or policy in error."""
    wrong = policies.filter(pl.col("state") == "error", pl.col("tracked").fill_null(value=True))
    first = (
        wrong.drop_nulls("code")
        .sort("at", nulls_last=True, maintain_order=True)
        .unique(OWNER, keep="first")
        .select(OWNER, own_code="code")
    )
    joined = rows.with_columns(pl.int_range(pl.len()).alias(OWNER))
    joined = joined.join(first, on=OWNER, how="left", maintain_order="left")
    own_code = pl.when(pl.col("outcome") == "failed").then(pl.coalesce("code", "own_code")).otherwise("code")
    return joined.with_columns(own_code.alias("code")).drop("own_code", OWNER)


def _without(row: Object, name: str) -> Object:
    return {key: value for key, value in row.items() if key != name}


def keep_unknown(report: Report) -> Reading:
    """Read a recognised table and keep the cells of unknown columns as properties.

    Args:
        report: The table under our column names.
    """
    return _with_strangers(read_rows(report), report)


def _with_strangers(reading: Reading, report: Report) -> Reading:
    if not report.unknown:
        return reading
    return Reading({**reading.rows, "properties": properties_of(report.strangers)}, reading.unread)


def properties_of(cells: pl.DataFrame) -> pl.DataFrame:
    """Return each cell as one property, its row as record.

    Args:
        cells: A table of text.
    """
    # a column may have any name, so those of this frame are set apart until no other is left
    apart = "\0" * (1 + max((len(each) - len(each.lstrip("\0")) for each in cells.columns), default=0))
    row, name, value = f"{apart}row", f"{apart}name", f"{apart}value"
    long = cells.with_row_index(row, offset=1).unpivot(index=row, variable_name=name, value_name=value)
    long = long.rename({row: "record", name: "name", value: "value"}).drop_nulls("value")
    long = long.sort("record", maintain_order=True).with_columns(pl.lit("").alias("section"))
    schema = rows_of("properties", {}).schema
    return long.select(pl.col(column).cast(kind) for column, kind in schema.items())
