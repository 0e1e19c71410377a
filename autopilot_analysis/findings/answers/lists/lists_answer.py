"""The answer on lists of the service: what failed, and beside each reason and remedy what it is of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from autopilot_analysis import wording
from autopilot_analysis.defaults import Option
from autopilot_analysis.facts import read_facts
from autopilot_analysis.facts.addresses import address_of
from autopilot_analysis.findings.answers import to_do
from autopilot_analysis.findings.answers.answer import Answer, Line, Part, Section
from autopilot_analysis.findings.answers.proofs import proof_lines
from autopilot_analysis.findings.service.answer import (
    ONLY_LISTS,
    STRANGE,
    only_attention,
    subject_of,
    unread_sections,
    verdict_of_lists,
)
from autopilot_analysis.findings.service.devices import ENROLMENT_FAILED
from autopilot_analysis.findings.service.enrollment_spans import span_words
from autopilot_analysis.findings.service.inventory import inventory_words
from autopilot_analysis.findings.service.item_states import OF_SEVERAL
from autopilot_analysis.findings.service.lists import ITEM_FAILED, kinds_of_items
from autopilot_analysis.findings.service.sign_ins import sign_in_words
from autopilot_analysis.findings.service.understood import not_understood
from autopilot_analysis.tables import Findings, Tables
from autopilot_analysis.tables.verdict import CONTEXT

MOST_PROVEN = 3
"""So many findings on lists of the service are proven, the first ones."""
MOST_KINDS = 5
"""Of more kinds of failure of apps, scripts and policies these are told one by one, or those that comparing
found something on; the rest is counted in one line."""
OF_A_DAY = "FLEET-DAY"
COMPARED = (OF_A_DAY, "FLEET-GROUP", "FLEET-ONE-ACTOR")
"""Findings of comparing, of which the first line names the first."""
MOST_NAMED = 3
"""So many kinds are named before a reason or a remedy that they share."""


def answer_on_lists(tables: Tables, findings: Findings) -> Answer:
    """Return the answer on lists of the service: each finding, what it means and what to do.

    Args:
        tables: What `read_tables` returned.
        findings: What `find_in_lists` returned, not empty.
    """
    rows = findings.findings.to_dicts()
    shown = sorted(_shown(rows), key=lambda row: not str(row["title"]).startswith(OF_SEVERAL))
    pages = {row["remedy"] or to_do.NO_REMEDY: row["page"] for row in shown}
    titles = [wording.sentence(row["title"]) for row in shown]
    titles += _left(tables, rows, shown)
    titles += [wording.sentence(f"{STRANGE} {text}") for text in not_understood(tables)]
    meant = _with_kinds(shown, [row["meaning"] for row in shown])
    tells = {row["meaning"] for row in shown if not _says_its_kind(row)}
    why = [text for text, meaning in meant if len(meant) == 1 or meaning in tells]
    first = sorted(shown, key=lambda row: row["rule"] != OF_A_DAY)
    todo = _with_kinds(first, [row["remedy"] or to_do.NO_REMEDY for row in first])
    proven = [row for row in shown if row["role"] != CONTEXT][:MOST_PROVEN]
    parts = {
        Part.HAPPENED: tuple(map(Line, titles)),
        Part.HOLDS: tuple(map(Line, _held(tables))),
        Part.WHY: tuple(map(Line, why)),
        Part.TO_DO: tuple(
            Line(text, "remedy", pages[remedy] or "", address_of(pages[remedy])) for text, remedy in todo
        ),
        Part.PROOF: tuple(line for row in proven for line in proof_lines([row], findings.evidence)),
    }
    sections = tuple(
        Section(label, lines)
        for label, lines in parts.items()
        if lines or label not in (Part.HOLDS, Part.WHY)
    )
    outcome = "unknown" if only_attention(findings) else "failed"
    sections += (Section(Part.UNSEEN, (Line(ONLY_LISTS),)), *unread_sections(tables.gaps, tables.members))
    return Answer(subject_of(tables), _verdict(tables, findings), outcome, sections)


def _verdict(tables: Tables, findings: Findings) -> str:
    """Return the first line: what comparing shows, which names what failed, then what else there is."""
    rows = findings.findings.to_dicts()
    compared = [row["role"] == CONTEXT and row["rule"] in COMPARED for row in rows]
    if not any(compared):
        return verdict_of_lists(tables, findings)
    place = compared.index(True)
    first = wording.without_bounds(rows[place]["title"])
    above = rows[place - 1] if place else None
    if above and above["rule"] in set(read_facts("registration_states")["rule"]):
        whose, _, _ = above["title"].partition(": ")  # behind it stand the devices
        first = f"{whose}: {wording.clause(first)}"
    kinds = sum(row["role"] != CONTEXT for row in rows)
    own = [verdict_of_lists(tables, findings)] if kinds > 1 else []
    return "; ".join((first, *own))


def _held(tables: Tables) -> Iterator[str]:
    yield from inventory_words(tables.identities)
    yield from sign_in_words(tables.sign_ins)
    yield from span_words(tables.enrollment_failures)


def _shown(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the findings that are told one by one: of many kinds those that comparing is about."""
    kinds = [place for place, row in enumerate(rows) if row["rule"] == ITEM_FAILED]
    if len(kinds) <= MOST_KINDS:
        return rows
    found = [place for place in kinds if place + 1 < len(rows) and rows[place + 1]["role"] == CONTEXT]
    left = set(kinds) - set(found or kinds[:MOST_KINDS])
    return [row for place, row in enumerate(rows) if place not in left]


def _left(tables: Tables, rows: list[dict[str, Any]], shown: list[dict[str, Any]]) -> Iterator[str]:
    """Yield how many kinds of failure are not told one by one, and on how many devices each is."""
    number = len(rows) - len(shown)
    if not number:
        return
    known = {(row["item"], row["code"]) for row in shown}
    spread = [n for *kind, n in kinds_of_items(tables.item_statuses) if tuple(kind) not in known]
    few, most = (f"{each:,}" for each in (min(spread, default=0), max(spread, default=0)))
    on = f"on {few if few == most else f'{few} to {most}'} {'device' if most == '1' else 'devices'} each"
    others = wording.count(number, "other kind")
    yield f"{others} of failure{f', {on}' if spread else ''} ({Option.ALL} names them)."


def _with_kinds(rows: list[dict[str, Any]], texts: list[str]) -> list[tuple[str, str]]:
    """Return each text once, as a sentence behind the kinds that it is of, and as it is.

    Where there is one text alone it is of all that was told, and names none.
    """
    kinds: dict[str, list[str]] = {}
    for row, text in zip(rows, texts, strict=True):
        kinds.setdefault(text, []).append(_kind(row))
    if len(kinds) == 1:
        return [(wording.sentence(text), text) for text in kinds]
    return [(wording.sentence(f"{_named(names)}: {text}"), text) for text, names in kinds.items()]


def _says_its_kind(row: Mapping[str, Any]) -> bool:
    """Return whether the meaning of a finding is but what it is called: nothing is known of that reason."""
    return wording.sentence(str(row["meaning"])).casefold() == wording.sentence(_kind(row)).casefold()


def _named(names: list[str]) -> str:
    return wording.capital(wording.listed(list(dict.fromkeys(names)), MOST_NAMED))


def _kind(row: Mapping[str, Any]) -> str:
    """Return in a few words what a finding is of: an app with its code, a reason, a state of devices."""
    if row["item"]:
        code = row["code"] if row["rule"] == ITEM_FAILED else None
        return f"{row['item']} ({code})" if code else str(row["item"])
    before, _, behind = str(row["title"]).partition(": ")
    return behind.split("; ")[0] if row["rule"] == ENROLMENT_FAILED else before.split(" (")[0]
