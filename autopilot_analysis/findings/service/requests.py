"""Requests that the service refused, as the screen of a script shows them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

import polars as pl

from autopilot_analysis import wording
from autopilot_analysis.facts import read_facts
from autopilot_analysis.facts.refused_calls import permissions_of
from autopilot_analysis.facts.refused_imports import RETRIES
from autopilot_analysis.findings.service.devices import IMPORTED
from autopilot_analysis.findings.service.texts import SILENT
from autopilot_analysis.readers.service.import_screen import BY_HAND, IMPORT, PERMISSIONS, REFUSED
from autopilot_analysis.tables import Tables
from autopilot_analysis.tables.verdict import CAUSE, CONSEQUENCE, HIGH

TITLE, IMPORTS = "The service refused a request", "The service refused an import of devices"
GIVEN_UP = "The tool gave an import of devices up"
FORBIDDEN = "403"
"""The status by which a permission is missing."""
WRITES = r"(?i)(?:POST|PATCH|PUT|DELETE)\s"
DATE = "%a, %d %b %Y %H:%M:%S GMT"


def refused_requests(tables: Tables) -> Iterator[dict[str, Any]]:
    """Return one finding for each refused request, with what its status and message mean.

    Args:
        tables: What `read_tables` returned.
    """
    beside = _imports_beside(tables.identities)
    rows = tables.properties.filter(pl.col("section").str.starts_with(REFUSED))
    for _, lines in rows.group_by("member", "section", maintain_order=True):
        answers = dict(lines.select("name", "value").iter_rows())
        known, title = _known(answers), _title(answers)
        words = answers.get("message") or answers.get("code")
        meaning = f"{known['meaning']}{_missing(answers)}.{_ruled_out(answers)}" if known else SILENT
        yield {
            "device": "fleet",
            "rule": "FLEET-REQUEST-REFUSED",
            "severity": known.get("severity") or HIGH,
            "role": CAUSE if known else CONSEQUENCE,
            "confidence": 1.0,
            "at": _instant(answers.get("date")),
            "code": None,
            "title": f"{title} ({_called(answers)}){f': {words}' if words not in (None, RETRIES) else ''}",
            "meaning": f"{meaning}{beside}",
            "remedy": known.get("remedy"),
            "page": known.get("page"),
            "item": answers.get("status"),
            "quotes": ["; ".join(f"{name} {value}" for name, value in answers.items())],
        }


def _imports_beside(identities: pl.DataFrame) -> str:
    """Return what became of the imports that are told of beside a refusal, in words."""
    imports = identities.filter(pl.col("report") == IMPORTED)
    if imports.is_empty():
        return ""
    states = imports.group_by(pl.col("profile_state").fill_null("without a state"), maintain_order=True).len()
    counted = ", ".join(f"{number:,} {state}" for state, number in states.iter_rows())
    return f" {wording.count(imports.height, 'import')} beside it: {counted}."


def _known(answers: Mapping[str, str | None]) -> dict[str, str]:
    """Return the row of facts/request_refusals.csv that fits, the one that asks for words first."""
    asked = (answers.get("code"), answers.get("message"), _asked_for(answers), _of_import(answers))
    words = " ".join(filter(None, asked))
    for row in read_facts("request_refusals").iter_rows(named=True):
        found = re.search(row["says"] or "", words)
        if found and (answers.get("status") or "").startswith(row["status"] or ""):
            return {name: _filled(text, found) for name, text in row.items()}
    return {}


def _asked_for(answers: Mapping[str, str | None]) -> str:
    """Return the sentence about the permission that the address of a request asks for, "" if not known."""
    request = answers.get("request") or ""
    permissions = permissions_of(request)
    if permissions is None:
        return ""
    reading, writing = permissions
    return f"asks for {writing if re.match(WRITES, request) else reading}"


def _of_import(answers: Mapping[str, str | None]) -> str:
    """Return that an import in plain words was refused, and whether the same devices go in by hand."""
    if IMPORT not in answers:
        return ""
    return "import of devices, works by hand" if BY_HAND in answers else "import of devices"


def _ruled_out(answers: Mapping[str, str | None]) -> str:
    """Return what is not the reason where the same devices go in by hand."""
    if BY_HAND not in answers:
        return ""
    rights = "" if answers.get("status") == FORBIDDEN else " and the rights of whoever imports"
    return f" By hand the same devices go in, as the text says: their hashes{rights} are not the reason."


def _missing(answers: Mapping[str, str | None]) -> str:
    """Return what is to be said where a text names permissions, and not the one that was needed."""
    needed = permissions_of(answers.get("request") or "")
    named = answers.get(PERMISSIONS)
    if answers.get("status") != FORBIDDEN or not needed or not named or set(needed) & set(named.split(", ")):
        return ""
    return ", which is not among those that the text names"


def _title(answers: Mapping[str, str | None]) -> str:
    """Return what was refused, or that a tool gave an import up."""
    if IMPORT not in answers:
        return TITLE
    return GIVEN_UP if answers.get("code") == RETRIES else IMPORTS


def _called(answers: Mapping[str, str | None]) -> str:
    """Return how a refusal is called: its HTTP status, else its own code."""
    status = answers.get("status")
    return f"HTTP {status}" if status else answers.get("code") or "without a status"


def _filled(text: str | None, found: re.Match[str]) -> str:
    """Return a text of the facts with what the message names: `{name}` for a group of its pattern."""
    for name, value in found.groupdict().items():
        text = (text or "").replace(f"{{{name}}}", " ".join(value.split()).rstrip(" .,"))
    return text or ""


def _instant(date: str | None) -> datetime | None:
    try:
        return datetime.strptime(date or "", DATE).replace(tzinfo=UTC)
    except ValueError:
        return None
