"""Finds what names a person, a device or an organisation: by its column, its label or its shape."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

import polars as pl

from autopilot_analysis.facts import read_facts
from autopilot_analysis.privacy.labels import (
    enrolments,
    from_labels,
    from_pairs,
    from_rows,
    from_tails,
    from_telemetry,
    named_fields,
    named_versions,
)
from autopilot_analysis.privacy.shapes import from_shapes, matches
from autopilot_analysis.privacy.switches import from_switches
from autopilot_analysis.privacy.unfold import JSON, unfold
from autopilot_analysis.privacy.words import generic, is_public_host, well_known_sid
from autopilot_analysis.tables import SCHEMAS
from autopilot_analysis.tables.personal import KINDS, Kind, kind_of

FULL_NAME = re.compile(r"[^\W\d_]{2,30}[._][^\W\d_]{2,30}")
"""A mail name of two words is somebody's name, which may stand with a blank elsewhere."""
LONGEST_IDENTIFIER = 20_000
"""No identifier is longer, in characters; a hardware hash has about 4,000."""


def find_identifiers(frames: Mapping[str, pl.DataFrame]) -> dict[str, str]:
    """Return every identifier found in the frames, each once whatever its letter case, and its kind.

    Args:
        frames: Frames under their table's names; frames of other names are read for text only.
    """
    found = _Found()
    for kind, original in _from_columns(frames):
        found.keep(kind, original, certain=True)
    split = _texts(frames)
    texts = split.both()
    labelled = [*from_rows(frames), *from_labels(split.plain), *from_labels(split.windows, certain=True)]
    labelled += [*from_tails(split.plain), *from_pairs(texts), *from_telemetry(texts), *from_switches(texts)]
    for kind, original in (
        *labelled,
        *enrolments(frames),
        *named_fields(frames),
        *from_shapes(texts, named_versions(frames)),
    ):
        found.keep(kind, original)
    for kind, original in list(_from_domains(texts, found.tenants())):
        found.keep(kind, original)
    return dict(found.by_text.values())


def personal_columns(table: str) -> dict[str, Kind]:
    """Return the columns of a table whose whole value is one identifier, and of what kind.

    Args:
        table: A name of SCHEMAS; a frame of any other name has none.
    """
    schema = SCHEMAS.get(table)
    columns = schema.columns() if schema is not None else {}
    kinds = {name: kind_of(column) for name, column in columns.items()}
    return {name: kind for name, kind in kinds.items() if kind and kind != "text"}


def own_word(kind: str, original: str) -> bool:
    """Whether the key of a device is the plain word its export was called by, such as "ime" or "logs".

    It is hidden where it stands as the key of a device. In texts the same word means something else.
    """
    return kind == "device" and original.islower() and re.sub(r"[-_ .]", "", original).isalpha()


class _Found:
    """Identifiers, each once, as first written; compound ones with their parts."""

    def __init__(self) -> None:
        self.by_text: dict[str, tuple[str, str]] = {}

    def keep(self, kind: str, original: str, *, certain: bool = False) -> None:
        """Add one, unless it names nobody; a value from a column of its own is certain to name somebody."""
        original = original.strip().strip("\"'").strip()
        known = self.by_text.get(original.lower())
        if (
            len(original) < 2
            or len(original) > LONGEST_IDENTIFIER
            or (known and not own_word(*reversed(known)))
        ):
            return
        if generic(original, kind=kind, certain=certain) or well_known_sid(original):
            return
        if kind == "user" and original.endswith("$"):  # the account of a computer
            self.keep("host", original[:-1].rpartition("\\")[2])
            return
        if kind == "user" and "@" in original:
            local, _, domain = original.rpartition("@")
            self.keep("user", local)
            if FULL_NAME.fullmatch(local):
                self.keep("user", re.sub(r"[._]", " ", local))
            if not is_public_host(domain):
                self.keep("tenant", domain)
        elif kind in ("user", "host", "tenant") and "\\" in original:
            domain, _, name = original.replace("\\\\", "\\").rpartition("\\")
            self.keep("tenant" if kind == "user" else "host", domain.strip("\\"))
            self.keep(kind, name)
            return
        elif kind in ("host", "tenant") and is_public_host(original):
            return
        self.by_text[original.lower()] = (original, kind)

    def tenants(self) -> list[str]:
        """Return the domains of organisations."""
        names = [original for original, kind in self.by_text.values() if kind == "tenant"]
        return [name for name in names if re.fullmatch(r"[\w-]+(?:\.[\w-]+)+", name)]


def _from_columns(frames: Mapping[str, pl.DataFrame]) -> Iterator[tuple[str, str]]:
    columns = [
        (kind, frame[name])
        for table, frame in frames.items()
        for name, kind in personal_columns(table).items()
        if name in frame.columns
    ]
    for kind, column in sorted(columns, key=lambda pair: KINDS.index(pair[0])):
        for original in column.drop_nulls().unique(maintain_order=True).to_list():
            sid = original.upper().startswith("S-1-")
            yield ("sid" if sid else kind), original


def _texts(frames: Mapping[str, pl.DataFrame]) -> _Texts:
    """Return every distinct text of every frame, and what is wrapped in it."""
    named, other = [], []
    for frame in frames.values():
        columns = [name for name in frame.columns if frame.schema[name] == pl.String]
        if {"provider", "data"} <= set(columns):
            means = frame.select(pl.col("provider").is_null() | names_by_label()).to_series()
            named.append(frame.filter(~means)["data"].unique().rename("text"))
            other.append(frame.filter(means)["data"].unique().rename("text"))
            columns.remove("data")
        other += [frame[name].unique().rename("text") for name in columns]
    return _Texts(_unfolded(other), _unfolded(named))


class _Texts(NamedTuple):
    """Texts by what a label in them means."""

    plain: pl.Series
    """Where every label means what it says."""
    windows: pl.Series
    """Data of events whose provider calls other things a device, a machine or a user too."""

    def both(self) -> pl.Series:
        """Return all of them, each once."""
        return pl.concat([self.plain, self.windows]).unique()


def _unfolded(parts: list[pl.Series]) -> pl.Series:
    """Return texts and what is wrapped in them; JSON only with its escapes undone."""
    texts = pl.concat(parts or [pl.Series("text", [], pl.String)]).drop_nulls().unique()
    views = unfold(texts)["text"]
    escaped = texts.filter(texts.str.contains(JSON) & texts.str.contains(r'\\["\\/nrt]'))
    return views.filter(~views.is_in(escaped.implode())).unique()


def names_by_label() -> pl.Expr:
    """Return whether a provider's events mean somebody by a label such as "device name"."""
    listed = [re.escape(name) for name in read_facts("naming_providers")["provider"]]
    provider = pl.col("provider")
    return ~provider.str.contains(r"(?i)^(?:Microsoft-)?Windows-|^Service Control Manager$|^Disk$") | (
        provider.str.contains(rf"(?i)^(?:{'|'.join(listed)})")
    )


def _from_domains(texts: pl.Series, domains: list[str]) -> Iterator[tuple[str, str]]:
    """Yield hosts under the organisation's own domains, and the organisation's name within them."""
    for domain in domains:
        yield "tenant", domain.split(".")[0]
    for start in range(0, len(domains), 200):
        names = "|".join(re.escape(domain) for domain in domains[start : start + 200])
        yield from (
            ("host", match)
            for match in matches(
                texts, rf"(?i)\b[a-z0-9][a-z0-9-]{{0,62}}(?:\.[a-z0-9-]{{1,63}}){{0,3}}\.(?:{names})\b"
            )
        )
