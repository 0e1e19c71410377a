"""What objects that PowerShell showed say of themselves, in a line."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

import polars as pl

from autopilot_analysis import quoting, wording
from autopilot_analysis.facts.listed_objects import UNCLAIMED, Kind, kinds
from autopilot_analysis.facts.source_names import LISTED_OBJECTS

SOURCES = (LISTED_OBJECTS, "network_answers")
"""Sources whose properties are such objects."""
_ANSWER = re.compile(r"^(True|False) \(.*\)$", re.DOTALL)
"""An answer with the line that gave it."""
MOST_OBJECTS = 4
"""So many objects are described; the others are counted."""
MOST_NAMES = 3
"""So many properties of an object of no known kind are named."""


def object_words(facts: pl.DataFrame) -> str:
    """Return what objects of a file are and say; of those of no known kind what they are called.

    Args:
        facts: The properties of one file.
    """
    objects = facts.filter(pl.col("section") != "").partition_by("section", maintain_order=True)
    described = [_known(each) for each in objects if not _unclaimed(each)]
    strangers = [each for each in objects if _unclaimed(each)]
    parts = described[:MOST_OBJECTS]
    if len(described) > MOST_OBJECTS:
        parts.append(f"and {wording.count(len(described) - MOST_OBJECTS, 'more object')}")
    if strangers:
        parts.append(_strange(strangers))
    return f"Shown in PowerShell: {'; '.join(parts)}" if parts else ""


def _unclaimed(facts: pl.DataFrame) -> bool:
    return str(facts["section"][0]).startswith(UNCLAIMED)


def _strange(objects: list[pl.DataFrame]) -> str:
    names = objects[0]["name"].to_list()
    count = wording.count(len(objects), "object")
    return f"{count} of no known kind ({quoting.first_of(names, MOST_NAMES)})"


def _known(facts: pl.DataFrame) -> str:
    section = str(facts["section"][0])
    kind = next((kind for kind in kinds() if section.startswith(kind.name)), None)
    values: Mapping[str, str] = dict(facts.select("name", "value").iter_rows())
    shown = ", ".join(_values_shown(kind, values)) if kind else ""
    return f"{section} ({shown})" if shown else section


def _values_shown(kind: Kind, values: Mapping[str, str]) -> Iterator[str]:
    """Yield the properties that say the most, as they are written."""
    for name in kind.shown:
        if value := values.get(name):
            answer = _ANSWER.match(value)
            yield f"{name.lstrip('-')} {answer[1] if answer else value}"
