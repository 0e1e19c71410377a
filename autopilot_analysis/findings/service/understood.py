"""What lists of the service say of states in words, or under headers, that are not understood here.

Where there is any, nobody can say that nothing went wrong.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache

import polars as pl

from autopilot_analysis import quoting, wording
from autopilot_analysis.export.sources import OF_THE_SERVICE
from autopilot_analysis.facts import read_facts
from autopilot_analysis.facts.own_words import plain
from autopilot_analysis.findings.service.item_states import CAME_TO, with_outcomes
from autopilot_analysis.tables import Tables

MOST_VALUES = 8
"""A column with more values than this holds names or texts, no states."""
MOST_NAMED = 4
"""Columns and words that are named one by one."""
STATES_OF_DEVICES = (
    "profile_state",
    "enrollment_state",
    "remediation_state",
    "userless_state",
    "compliance_state",
    "management_state",
)
"""Columns of `identities` that say how a device stands."""


def not_understood(tables: Tables) -> tuple[str, ...]:
    """Return in words which columns and words of lists may tell of something that went wrong.

    Args:
        tables: What `read_tables` returned.
    """
    found = [*_headers(tables), *_words_of_items(tables.item_statuses), *_words_of_devices(tables.identities)]
    more = [f"and {wording.count(len(found) - MOST_NAMED, 'more column')}"] if len(found) > MOST_NAMED else []
    return (*found[:MOST_NAMED], *more)


def _headers(tables: Tables) -> Iterator[str]:
    """Yield each column that nobody here knows and whose header speaks of a state, with what stands in it."""
    lists = tables.members.filter(pl.col("source").is_in(OF_THE_SERVICE))["member"]
    cells = tables.properties.filter(pl.col("section") == "", pl.col("member").is_in(lists.implode()))
    for name in cells["name"].unique(maintain_order=True):
        if _speaks_of_a_state(name):
            values = cells.filter(pl.col("name") == name)["value"]
            yield f"{name}: {_counted(values)}" if values.n_unique() <= MOST_VALUES else name


def _words_of_items(statuses: pl.DataFrame) -> Iterator[str]:
    """Yield the words for states of apps, scripts and policies that nobody here knows."""
    strange = with_outcomes(statuses).filter(pl.col(CAME_TO).is_null(), pl.col("state").is_not_null())
    if strange.height:
        yield f"state: {_counted(strange['state'])}"


def _words_of_devices(identities: pl.DataFrame) -> Iterator[str]:
    """Yield the words for states of devices that nobody here knows, column by column."""
    for column in STATES_OF_DEVICES:
        states = identities[column].drop_nulls()
        known = [state for state in states.unique() if plain(state) in _known_of_devices()]
        if (strange := states.filter(~states.is_in(known))).len():
            yield f"{wording.words(column)}: {_counted(strange)}"


def _counted(values: pl.Series) -> str:
    """Return how often each value stands there, the most frequent first."""
    counts: Mapping[str, int] = dict(values.value_counts().iter_rows())
    ordered = sorted(counts.items(), key=lambda one: (-one[1], one[0]))
    return quoting.first_of([f"{number:,} {value}" for value, number in ordered], MOST_NAMED)


def _speaks_of_a_state(header: str) -> bool:
    """Tell whether a header has a word that means a state, a result or an error in a language known here."""
    return _parts().search(header.lower()) is not None


@cache
def _parts() -> re.Pattern[str]:
    return re.compile("|".join(map(re.escape, read_facts("state_headers")["part"])))


@cache
def _known_of_devices() -> frozenset[str]:
    """Return every word for a state of a device that the facts know, in plain spelling."""
    enums = read_facts("enums")["name"]
    facts = [read_facts(name)["value"] for name in ("registration_states", "inventory_states")]
    portal = read_facts("device_state_words")["word"]
    return frozenset(plain(word) for word in pl.concat([enums, *facts, portal]).drop_nulls())
