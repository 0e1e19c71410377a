"""Identifiers that the name beside them gives away: labels, columns of telemetry, fields, registry keys."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache

import polars as pl

from autopilot_analysis.facts import one_each, read_facts
from autopilot_analysis.facts.guids import GUID
from autopilot_analysis.facts.own_words import plain as letters_of
from autopilot_analysis.privacy.plausible import identifiers_in
from autopilot_analysis.privacy.shapes import matches
from autopilot_analysis.privacy.unfold import unfold

LABELLED = 160
"""How long a value behind a label may be, in characters."""

TELEMETRY = r'"Colmetadata"\s?:\s?"[^"\\]+"(?:\s?,\s?"Col\d+"\s?:\s?"(?:[^"\\]|\\.)*")+'
"""A row of the agent's telemetry: the names of its columns in one field, their values in Col1, Col2 …"""

CELL = re.compile(r'"Col(\d{1,3})"\s?:\s?"((?:[^"\\]|\\.)*+)"')
VALUE = re.compile(
    r"(?:value=|>|[:=]|->|\sis\s{1,3}[:=]?|' to value '|(?<!\s)[^\S\n]*+\n\s*+(?:-{3,}\s*+\n)?)"
    r"[\s\\\"'\[{(]*+([^\s\"'\[{(].*)\Z",
    re.IGNORECASE | re.DOTALL,
)
"""What stands between a label and its value, and the value with what closes it."""
CLOSING = "\\\"<'.:"
"""What may stand behind a value and is none of it."""
ENROLMENT = rf"(?i)\\Enrollments\\(?:Context\\|Status\\)?\{{?({GUID})"
OWNED = ("upn", "aadtenantid", "dmpcertthumbprint")
"""Values that only the enrolment of a person or an organisation has; Windows brings others along."""


@cache
def tails() -> dict[str, str]:
    """Return what longer names end in that identify, letters and digits only, and the kind of each."""
    facts = read_facts("identifier_tails")
    return {name.replace(" ", ""): kind for name, kind in zip(facts["tail"], facts["kind"], strict=True)}


@cache
def identifiers() -> pl.DataFrame:
    """Return the labels that identify, of a field of dsregcmd every spelling: label, kind, ambiguous."""
    return in_every_spelling(read_facts("identifiers"), read_facts("dsregcmd_fields"))


def in_every_spelling(facts: pl.DataFrame, fields: pl.DataFrame) -> pl.DataFrame:
    """Return labels, and a further one for each other spelling of a field that one of them is.

    Args:
        facts: Rows with label (words in lower case), kind and ambiguous.
        fields: Rows with field and also, as facts/dsregcmd_fields.csv has them.
    """
    facts = facts.select("label", "kind", "ambiguous")
    kinds = {letters_of(label): (kind, ambiguous) for label, kind, ambiguous in facts.iter_rows()}
    others = one_each(fields.select("field", "also").drop_nulls("also"), "also")
    known = [
        (re.sub(r"(?<=[a-z])(?=[A-Z])", " ", also).lower(), *kinds[letters_of(field)])
        for field, also in others.iter_rows()
        if letters_of(field) in kinds
    ]
    return pl.concat([facts, pl.DataFrame(known, schema=facts.schema, orient="row")])


@cache
def labels() -> dict[str, str]:
    """Return the names of values that identify, letters and digits only, and the kind of each."""
    facts = identifiers()
    return {
        re.sub(r"[^a-z0-9]", "", name): kind for name, kind in zip(facts["label"], facts["kind"], strict=True)
    }


def from_rows(frames: Mapping[str, pl.DataFrame]) -> Iterator[tuple[str, str]]:
    """Yield values of name and value tables whose name says what they are.

    Args:
        frames: Frames under their tables' names.
    """
    for frame in frames.values():
        if not {"name", "value"} <= set(frame.columns) or frame.schema["value"] != pl.String:
            continue
        plain = pl.col("name").str.to_lowercase().str.replace_all(r"[^a-z0-9]", "")
        tail = plain.str.extract(rf"({'|'.join(tails())})$").replace_strict(tails(), default=None)
        kind = pl.coalesce(plain.replace_strict(labels(), default=None), tail)
        if "key" in frame.columns:
            for key, name, meant in read_facts("named_values").select("key", "name", "kind").rows():
                held = pl.col("key").str.contains(rf"(?i){key}") & (plain == name)
                kind = pl.when(held).then(pl.lit(meant)).otherwise(kind)
        labelled = frame.select(kind.alias("kind"), "value").drop_nulls().unique()
        readings = unfold(labelled["value"])
        for row, value in readings.rows():
            yield from identifiers_in(labelled["kind"][row], value)


def _spelt(*, certain: bool) -> str:
    """Return a pattern of the labels, longest first.

    Args:
        certain: Only those that mean the same wherever they stand.
    """
    facts = identifiers()
    known = facts.filter(pl.col("ambiguous").is_null()) if certain else facts
    names = (name.replace(" ", "[ _-]?") for name in known["label"])
    return "|".join(sorted(names, key=len, reverse=True))


def from_labels(texts: pl.Series, *, certain: bool = False) -> Iterator[tuple[str, str]]:
    """Yield kind and text of what stands behind a label, in JSON, XML, attributes or prose.

    Args:
        texts: What is read, without nulls.
        certain: Only labels that mean the same wherever they stand.
    """
    names = _spelt(certain=certain)
    start = rf"(?i)(?:\b|_)(?:{names})"
    quoted = rf"{start}\\{{0,2}}\"\s?[:=]\s?\\{{0,2}}\"[^\"\r\n]{{2,{LABELLED}}}"
    given = rf"{start}(?:\(s\))?\s?[:=]\s?\\{{0,2}}\"[^\"\r\n]{{2,{LABELLED}}}"
    tagged = rf"(?i)<(?:\w{{1,20}}:)?(?:{names})>[^<\r\n]{{2,{LABELLED}}}<"
    valued = rf"(?i)\b(?:{names})\"\s{{1,4}}value=\"[^\"\r\n]{{2,{LABELLED}}}\""
    plain = rf"(?i)\b(?:{names})(?:\(s\))?\\{{0,2}}[\"']?\s{{0,12}}"
    plain += r"(?:(?:\bis\s{0,3})?[:=]|->|\bis\b)(?:\s{0,3}|[ \t]{4,40})\\{0,2}"
    plain += rf"['\[{{(]?[^\s\"',;<>\[\]{{}}()|]{{2,{LABELLED}}}"
    assigned = rf"(?i)\b(?:{names})' to value '[^'\r\n]{{2,{LABELLED}}}'"
    below = r"[ \t]*\r?\n[^\s\"',;<>\[\]{}()|-]" + rf"[^\s\"',;<>|]{{1,{LABELLED}}}"
    below = rf"(?im)(?:^(?:{names})|\b(?:{names})[ \t]*\r?\n[ \t]*-{{3,}}){below}"
    label = re.compile(rf"(?:<(?:\w{{1,20}}:)?|_)?({names})", re.IGNORECASE)
    for pattern in (quoted, given, tagged, valued, plain, assigned, below):
        for match in matches(texts, pattern):
            named = label.match(match)
            body = VALUE.search(match, named.end()) if named else None
            prose = (
                body is not None and re.match(r"\s*is\s", body[0]) and not re.search(r"[\d@\\\\]", body[1])
            )
            if named and body and not prose:
                spelt = re.sub(r"[^a-z0-9]", "", named[1].lower())
                yield from identifiers_in(labels()[spelt], body[1].rstrip(CLOSING))


def from_tails(texts: pl.Series) -> Iterator[tuple[str, str]]:
    """Yield values of longer names that end as a name of an identifier does, such as "WorkplaceTenantName".

    Args:
        texts: What is read, without nulls.
    """
    pattern = rf"(?i)\b(?P<name>\w{{1,40}}?(?:{'|'.join(tails())}))"
    pattern += r"(?:\\{0,2}\"\s?:\s?\\{0,2}\"|\s{0,12}[:=]\s{0,3})"
    pattern += rf"(?P<value>[^\s\"',;<>\[\]{{}}()|\\][^\"\r\n,;<>]{{1,{LABELLED}}})"
    taken = re.compile(pattern)
    for match in matches(texts, pattern):
        if found := taken.match(match):
            tail = re.search("|".join(tails()), found["name"].lower())
            if tail:
                yield from identifiers_in(tails()[tail[0]], found["value"].rstrip(CLOSING))


def from_pairs(texts: pl.Series) -> Iterator[tuple[str, str]]:
    """Yield values whose name stands in a field of its own beside them, as traces write settings.

    Args:
        texts: What is read, without nulls.
    """
    names = _spelt(certain=False)
    pair = rf'(?i)"(?:\w{{0,20}}name|message1)"\s?:\s?"({names})"\s?,\s?'
    pair += r'(?:"\w{1,20}"\s?:\s?[\w.-]{1,20}\s?,\s?)?'
    pair += rf'"(?:\w{{0,20}}value|\w{{0,20}}data|message2)"\s?:\s?"([^"\r\n]{{2,{LABELLED}}})"'
    taken = re.compile(pair)
    for match in matches(texts, pair):
        if found := taken.match(match):
            yield from identifiers_in(labels()[re.sub(r"[^a-z0-9]", "", found[1].lower())], found[2])


def from_telemetry(texts: pl.Series) -> Iterator[tuple[str, str]]:
    """Yield what rows of the agent's telemetry hold under their own names of columns.

    Args:
        texts: What is read, without nulls.
    """
    for name, value in named_cells(matches(texts, TELEMETRY)):
        if kind := labels().get(re.sub(r"[^a-z0-9]", "", name.lower())):
            yield from identifiers_in(kind, value)


def named_cells(rows: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield the name and the value of each filled cell of telemetry rows.

    Args:
        rows: Texts that match `TELEMETRY`.
    """
    for row in rows:
        names = row.split('"', 4)[3].split(";")
        for number, value in CELL.findall(row):
            place = int(number) - 1
            if value and 0 <= place < len(names):
                yield names[place], value


def enrolments(frames: Mapping[str, pl.DataFrame]) -> Iterator[tuple[str, str]]:
    """Yield the ids of enrolments that belong to somebody, from the registry keys named after them.

    Args:
        frames: Frames under their tables' names; those with key, name and value are read.
    """
    for frame in frames.values():
        if not {"key", "name", "value"} <= set(frame.columns):
            continue
        owned = frame.filter(pl.col("name").str.to_lowercase().is_in(OWNED) & (pl.col("value") != ""))
        for name in owned["key"].str.extract(ENROLMENT).drop_nulls().unique(maintain_order=True):
            yield "id", name


def named_versions(frames: Mapping[str, pl.DataFrame]) -> Iterator[str]:
    """Yield the values whose name says that they are a version, which may look like an address.

    Args:
        frames: Frames under their tables' names; those with name and value are read.
    """
    for frame in frames.values():
        if {"name", "value"} <= set(frame.columns) and frame.schema["value"] == pl.String:
            named = frame["name"].str.contains(r"(?i)(?:version|firmware|revision|release)$")
            yield from frame.filter(named)["value"].drop_nulls().unique(maintain_order=True)


def named_fields(frames: Mapping[str, pl.DataFrame]) -> Iterator[tuple[str, str]]:
    """Yield kind and value of the fields that name somebody in one event, and nothing in another.

    Args:
        frames: Frames under their tables' names; those with provider, event_id and data are read.
    """
    facts = read_facts("named_fields").with_columns(pl.col("event_id").cast(pl.Int64))
    for frame in frames.values():
        if not {"provider", "event_id", "data"} <= set(frame.columns):
            continue
        events = frame.select("provider", "event_id", "data").unique()
        named = events.join(facts.rename({"event_id": "only"}), on="provider")
        named = named.filter(pl.col("only").is_null() | (pl.col("only") == pl.col("event_id")))
        for field, kind, data in named.select("field", "kind", "data").rows():
            name, _, place = field.partition(".")
            value = _loaded(data).get(name)
            if place and isinstance(value, list) and int(place) < len(value):
                value = value[int(place)]
            if isinstance(value, str) and value:
                yield from identifiers_in(kind, value)


def _loaded(data: str | None) -> dict[str, object]:
    try:
        loaded = json.loads(data or "{}")
    except json.JSONDecodeError:
        return {}
    return loaded if isinstance(loaded, dict) else {}
