"""The rendered message of a listed event -> the fields that its provider had written, as far as they show.

A message is in the language of whoever saved the list, so most of it is text for people. What is the same in
every language is taken: a result code where there is one only that no field holds (words of Windows for one
stand in `facts/result_words.csv`, in brackets, of some providers behind any colon, of an event with an exit
code behind its first), the words and numbers of `facts/event_messages.csv`, and the values in brackets where
the message begins as `facts/event_layouts.csv` says: there they stand in the order of the provider's
manifest. All else stays null.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import msgspec

from autopilot_analysis.codes import code_of
from autopilot_analysis.facts import one_each, read_facts
from autopilot_analysis.facts.event_lists import RENDERED
from autopilot_analysis.facts.result_words import code_at_start, code_in_words

MESSAGE_KEPT = 65_536
"""Characters of a message that are kept; Windows writes at most half as many."""
SEARCHED = 4096
"""Characters of a message that are searched for fields."""
MOST_VALUES = 256

EXIT_CODE = "ExitCode"
"""The field whose value stands behind the first colon of a message, in any language."""

ERROR_IN_WORDS = frozenset({"microsoft-windows-bitlocker-api"})
"""Providers, in lower case, whose messages show their result behind a colon without brackets."""

_CODE = re.compile(r"\b0x(?:0{8}|[fF]{8})?([89a-fA-F][0-9a-fA-F]{7})\b")
_BRACKETS = re.compile(r"\(((?:[^()]|\([^()]*\))*)\)")
_RESULT = re.compile(r": \(([^()]{1,300})\)")
"""Where messages show a result, in any language; Windows puts one that it knows into words."""
_HEX = re.compile(r"\b0x[0-9a-fA-F]{1,16}\b")


class _Layout(msgspec.Struct, frozen=True):
    """The fields of one event in the order of its manifest, and how its English message begins."""

    fields: tuple[str, ...]
    begins: str


def fields_of(
    provider: str | None,
    event_id: int | None,
    message: str | None,
    values: Sequence[Any] | None = None,
    more: Mapping[str, str] | None = None,
) -> str | None:
    """Return the fields of an event as one JSON object, None where nothing shows.

    Args:
        provider: Its full name.
        event_id: Its number.
        message: As rendered.
        values: What the provider wrote, in its order, where the list holds that.
        more: What else the list shows of it.
    """
    kind = ((provider or "").lower(), event_id)
    if values:
        fields = _named(values[:MOST_VALUES], _layouts().get(kind))
    else:
        fields = _read(kind, (message or "").strip()[:MESSAGE_KEPT])
    fields = {**fields, **(more or {})}
    return json.dumps(fields, ensure_ascii=False, separators=(",", ":")) if fields else None


def _named(values: Sequence[Any], layout: _Layout | None) -> dict[str, Any]:
    """Name values by the manifest; under the name Data, as a list, where it is not known or does not fit."""
    if layout is None or len(layout.fields) != len(values):
        return {"Data": list(values)}
    return dict(zip(layout.fields, values, strict=True))


def _read(kind: tuple[str, int | None], message: str) -> dict[str, Any]:
    layout = _layouts().get(kind)
    fields = _bracketed(message, layout)
    if fields is not None:
        return fields
    if layout is not None and layout.begins:
        message = _own_paragraph(message)
    found: dict[str, Any] = {}
    for field, pattern, values in _patterns().get(kind, ()):
        hit = pattern.search(message[:SEARCHED])
        if hit and (not values or hit[1] in values):
            found[field] = values[hit[1]] if values else hit[1]
    others = {code_of(value) for value in found.values() if isinstance(value, str) and _HEX.fullmatch(value)}
    codes = {code_of(f"0x{digits}") for digits in _CODE.findall(message)} - others
    if not codes:
        codes = {code for words in _RESULT.findall(message[:SEARCHED]) if (code := code_in_words(words))}
        if kind[0] in ERROR_IN_WORDS:
            parts = message[:SEARCHED].split(": ")[1:]
            codes |= {code for part in parts if (code := code_at_start(part))}
        if layout is not None and EXIT_CODE in layout.fields:
            codes |= {code} if (code := code_at_start(message.partition(":")[2])) else set()
    if len(codes) == 1:
        found.setdefault("HRESULT", codes.pop())
    whole = not message or (layout is not None and found.keys() >= set(layout.fields))
    return found if whole else {**found, RENDERED: message}


def _bracketed(message: str, layout: _Layout | None) -> dict[str, Any] | None:
    """Return the values in brackets under the names of the manifest, None where their order is not sure.

    A number that the message puts into words has no digits to show: such a message is kept whole. Where more
    follows than the layout holds, as the words of a mail may, the message is its first paragraph.
    """
    if layout is None or not layout.begins or not message.startswith(layout.begins):
        return None
    paragraphs = (message[:SEARCHED], message[:SEARCHED].partition("\n\n")[0])
    found = (_BRACKETS.findall(text) for text in paragraphs)
    values = next((values for values in found if len(values) == len(layout.fields)), None)
    if values is None:
        return None
    fields: dict[str, Any] = {}
    whole = True
    for name, value in zip(layout.fields, values, strict=True):
        number = _HEX.search(value)
        if not name.startswith(("Hex", "HRESULT")):
            fields[name] = value
        elif number:
            fields[name] = number[0]
        else:
            whole = False
            fields |= {name: code} if (code := code_in_words(value)) else {}
    return fields if whole else {**fields, RENDERED: message}


def _own_paragraph(message: str) -> str:
    """Return a message of one paragraph without what a mail goes on with behind its last sentence."""
    first, _, _ = message.partition("\n\n")
    return first if first.rstrip().endswith((".", ")", "!")) else message


@cache
def _layouts() -> Mapping[tuple[str, int | None], _Layout]:
    return {
        (row["provider"].lower(), int(row["event_id"])): _Layout(
            tuple(row["fields"].split()), row["begins"] or ""
        )
        for row in one_each(read_facts("event_layouts"), "provider").iter_rows(named=True)
    }


@cache
def _patterns() -> Mapping[tuple[str, int | None], list[tuple[str, re.Pattern[str], dict[str, int]]]]:
    known: dict[tuple[str, int | None], list[tuple[str, re.Pattern[str], dict[str, int]]]] = {}
    for row in one_each(read_facts("event_messages"), "event_id").iter_rows(named=True):
        pairs = (pair.rpartition("=") for pair in (row["values"] or "").split())
        values = {word: int(number) for word, _, number in pairs}
        own = known.setdefault((row["provider"].lower(), int(row["event_id"])), [])
        pattern = row["pattern"].replace("<VALUE>", "|".join(map(re.escape, values)))
        own.append((row["field"], re.compile(pattern), values))
    return known
