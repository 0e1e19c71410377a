"""What lists of the service say of a device whose own files lie beside them, joined to its answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import polars as pl

from autopilot_analysis import wording
from autopilot_analysis.export.sources import OF_THE_SERVICE
from autopilot_analysis.facts import read_facts
from autopilot_analysis.findings.answers.answer import Answer, Line, Part, Section
from autopilot_analysis.findings.answers.lists.lists_answer import answer_on_lists
from autopilot_analysis.findings.service.answer import SUBJECT
from autopilot_analysis.findings.service.lists import find_in_service
from autopilot_analysis.tables import Finding, Findings, Tables
from autopilot_analysis.tables.typed import checked
from autopilot_analysis.tables.verdict import CONTEXT, INFO

KEYS = ("device", "serial", "intune_device_id", "entra_device_id", "name", "computer")
"""Columns by which a row of a list names a device."""
OF_BOTH = ("serial", "name", "intune_device_id", "entra_device_id")
"""Of these, those by which a device's own files may name it too."""
LISTS = ("identities", "enrollment_failures", "item_statuses", "sign_ins")
"""Tables of the service's lists whose rows are each of one device."""
JOINED = (Part.HAPPENED, Part.WHY, Part.TO_DO, Part.PROOF)
"""Parts of an answer that the lists add to."""
UNPROVEN = "Nothing in the device's own files shows that it is the device of the list."
"""Said where files and list have no kind of name or id in common, and the list names one device alone."""


def with_lists(one: Answer, tables: Tables, findings: Findings) -> Answer:
    """Return the answer on a device with what lists of the service say of it.

    Rows of other devices say nothing of this one. A list that names one device alone is taken for its list
    where nothing in both can be compared.

    Args:
        one: The answer from the device's own files.
        tables: What `read_tables` returned.
        findings: What `find` returned, of the device's own files.
    """
    if all(getattr(tables, name).is_empty() for name in LISTS):
        return one
    own = tables.devices.filter(pl.col("device") == one.key)
    if own.is_empty() or not tables.members["source"].is_in(OF_THE_SERVICE).any():
        return one
    known = {name: value.lower() for name, value in own.select(OF_BOTH).row(0, named=True).items() if value}
    alone = tables.devices.height == 1 and _incomparable(tables, known)
    listed = _one_device(tables) if alone else _rows_of(tables, set(known.values()), known.get("serial"))
    found = _loud(find_in_service(listed)) if listed is not None else None
    if found is None or listed is None:
        return one
    return _joined(
        one, answer_on_lists(listed, found), unproven=alone, leads=_explains(found, findings, one.key)
    )


def _explains(listed: Findings, findings: Findings, device: str) -> bool:
    """Tell whether what the lists say is the reason of what the device's own files say first."""
    own = findings.findings.filter(pl.col("device") == device, pl.col("severity") != INFO).head(1)
    pairs = read_facts("lists_explain").join(own, on="rule", how="semi")
    return bool(pairs["list_rule"].is_in(listed.findings["rule"].implode()).any())


def _incomparable(tables: Tables, known: Mapping[str, str]) -> bool:
    """Tell whether no row of the lists has a name or an id of a kind that the device's own files know too."""
    columns = {*known, *(["computer"] if "name" in known else [])}
    frames = [getattr(tables, name) for name in LISTS]
    return all(
        frame[name].null_count() == frame.height for frame in frames for name in columns & {*frame.columns}
    )


def _one_device(tables: Tables) -> Tables | None:
    """Return the lists as they are where they name no more than one device."""
    named: set[str] = set()
    for name in LISTS:
        named |= set(getattr(tables, name)["device"].drop_nulls())
    return _only(tables, {}) if len(named) == 1 else None


def _rows_of(tables: Tables, keys: set[str], serial: str | None) -> Tables | None:
    """Return the lists with the rows alone that name the device by one of its keys."""
    identities = _named(tables.identities, keys)
    if serial is not None:
        identities = identities.filter(
            pl.col("serial").str.to_lowercase().eq_missing(serial.lower()) | pl.col("serial").is_null()
        )
    keys = keys | {value.lower() for value in identities["device"]}
    others = {name: _named(getattr(tables, name), keys) for name in LISTS if name != "identities"}
    frames = {"identities": identities, **others}
    return _only(tables, frames) if any(frame.height for frame in frames.values()) else None


def _named(rows: pl.DataFrame, keys: set[str]) -> pl.DataFrame:
    columns = [pl.col(name).str.to_lowercase().is_in(list(keys)) for name in KEYS if name in rows.columns]
    return rows.filter(pl.any_horizontal(columns).fill_null(value=False)) if rows.height else rows


def _only(tables: Tables, frames: dict[str, pl.DataFrame]) -> Tables:
    """Return tables that hold lists of single devices and no record of a device; items of no deployment."""
    kept = {name: frames.get(name, getattr(tables, name)) for name in LISTS}
    kept["item_statuses"] = kept["item_statuses"].filter(pl.col("deployment").is_null())
    return Tables.of({"members": tables.members, **kept})


def _loud(found: Findings) -> Findings | None:
    """Return what failed or wants attention, None where nothing does."""
    loud = found.findings.filter(pl.col("role") != CONTEXT, pl.col("severity") != INFO)
    if loud.is_empty():
        return None
    return replace(found, findings=checked(loud, Finding))


def _joined(one: Answer, listed: Answer, *, unproven: bool, leads: bool) -> Answer:
    """Return both answers as one: what the device's own files tell leads, unless the lists tell why.

    Args:
        one: The answer from the device's own files.
        listed: The answer on the lists.
        unproven: Whether nothing shows that both are of one device.
        leads: Whether the lists tell the reason of what the device's own files tell.
    """
    silent = one.outcome == "unknown" and one.verdict.startswith("Outcome unknown")
    first, second = (listed, one) if leads or silent else (one, listed)
    between = f"; {SUBJECT.lower()}: " if second is listed else "; "
    behind = "" if silent else f"{between}{wording.clause(second.verdict)}"
    verdict = f"{first.verdict}{behind}"
    parts = {section.label: section.lines for section in one.sections}
    theirs = {section.label: section.lines for section in listed.sections if section.label in JOINED}
    if unproven:
        theirs[Part.WHY] = (*theirs.get(Part.WHY, ()), Line(UNPROVEN))
    for label in JOINED:
        mine, more = parts.get(label, ()), theirs.get(label, ())
        if label == Part.TO_DO and (silent or mine == (Line(wording.NO_REMEDY),)):
            mine = ()
        both = (*mine, *more) if first is one else (*more, *mine)
        parts[label] = without_beginnings(both) if label == Part.TO_DO else both
    order = [str(part) for part in Part]
    labels = sorted((label for label in parts if parts[label]), key=lambda label: order.index(str(label)))
    sections = tuple(Section(label, parts[label]) for label in labels)
    return replace(
        one,
        verdict=verdict,
        sections=sections,
        outcome=listed.outcome if silent else one.outcome,
        gives_way=(behind, *one.gives_way),
    )


def without_beginnings(lines: Sequence[Line]) -> tuple[Line, ...]:
    """Return remedies without those that another begins with: the longer one asks for all of it.

    Args:
        lines: What is to be done, in the order in which it is shown.
    """
    once: dict[str, Line] = {}
    for line in lines:
        once.setdefault(line.text.rstrip("."), line)
    repeated = {text for text in once for other in once if other != text and other.startswith(text)}
    return tuple(line for text, line in once.items() if text not in repeated)
