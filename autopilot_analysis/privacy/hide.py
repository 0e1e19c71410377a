"""Frames in, the same frames under pseudonyms out, and the table that leads back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, NamedTuple, Protocol, TypeVar, cast

import polars as pl

from autopilot_analysis.privacy.discover import find_identifiers
from autopilot_analysis.privacy.pseudonyms import Pseudonyms
from autopilot_analysis.privacy.rewrite import rewrite


class _Frames(Protocol):
    def frames(self) -> dict[str, pl.DataFrame]: ...


Tabled = TypeVar("Tabled", bound="Mapping[str, pl.DataFrame] | _Frames")


class Hidden(NamedTuple):
    """What `pseudonymise` gives back."""

    frames: Any
    """What was handed in, of the same type, under pseudonyms."""
    mapping: pl.DataFrame
    """kind, original (as first written), pseudonym; it stays with the analyst."""


def pseudonymise(tables: Tabled, pseudonyms: Pseudonyms) -> Hidden:
    """Return the tables with a pseudonym wherever somebody or something is named, and the way back.

    Identifiers are learned from columns that hold one each, from values under telling labels such as
    "SerialNumber", and by shape (mail addresses, SIDs, network addresses, profile folders, hashes, keys);
    each is then replaced in every text of every table, in plain and encoded spellings. Well-known
    values stay.

    Args:
        tables: Frames under their tables' names, or `Tables`, `Trace`, `Findings`. To keep one person one
            pseudonym over several of these, hand them in together, or use the same key.
        pseudonyms: The key's names.
    """
    frames = cast("dict[str, pl.DataFrame]", dict(tables) if isinstance(tables, Mapping) else tables.frames())
    found = find_identifiers(frames)
    names = {original: pseudonyms.name(kind, original) for original, kind in found.items()}
    hidden = rewrite(frames, names)
    mapping = pl.DataFrame(
        [(kind, original, names[original]) for original, kind in found.items()],
        schema={"kind": pl.String, "original": pl.String, "pseudonym": pl.String},
        orient="row",
    ).sort("kind", "original")
    if isinstance(tables, Mapping):
        return Hidden(hidden, mapping)
    return Hidden(replace(cast("Any", tables), **hidden), mapping)
