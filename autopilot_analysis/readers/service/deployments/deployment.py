"""The cells of fleet exports: device key, build, code, state, each a column of text read as a whole."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import polars as pl

from autopilot_analysis.codes import code_of
from autopilot_analysis.facts import read_facts
from autopilot_analysis.facts.guids import EMPTY_ID
from autopilot_analysis.facts.own_words import plain
from autopilot_analysis.facts.state_words import foreign_outcomes
from autopilot_analysis.readers.serials import is_placeholder
from autopilot_analysis.tables.capture import KNOWN_BY

LOCAL_TIME = "local_time"
"""The flag of a row whose times carry no offset."""

_TRUTH = {
    **dict.fromkeys(("true", "1", "yes", "encrypted"), True),
    **dict.fromkeys(("false", "0", "no", "notencrypted", "not encrypted"), False),
}


@cache
def _names(enum: str) -> dict[str, str]:
    rows = read_facts("enums").filter(pl.col("enum") == enum, pl.col("number").is_not_null())
    return dict(rows.select("number", "name").iter_rows())


@cache
def outcomes() -> dict[str, str]:
    """Return the outcome of each state of a deployment, the state in lower case without signs.

    A portal writes it in its own language; of its words those count that say how an attempt stands.
    """
    rows = read_facts("enums").filter(pl.col("enum") == "deployment outcome")
    known = {plain(name): outcome for name, outcome in rows.select("name", "meaning").iter_rows()}
    foreign = {word: one for word, one in foreign_outcomes().items() if one in known.values()}
    return {**foreign, **known}


def failed_states() -> list[str]:
    """Return the states by which the service says that something failed, in lower case without signs."""
    return [state for state, outcome in outcomes().items() if outcome == "failed"]


def states_with(flag: str) -> list[str]:
    """Return the states that give a deployment a flag, in lower case without signs.

    Args:
        flag: A meaning of the rows `deployment flag` of facts/enums.csv.
    """
    rows = read_facts("enums").filter(pl.col("enum") == "deployment flag", pl.col("meaning") == flag)
    return [plain(name) for name in rows["name"]]


def member_names(values: pl.Series, enum: str) -> pl.Series:
    """Return enum members by name: numbers are looked up, names and members nobody knows stay as written.

    Args:
        values: Names or numbers, as text.
        enum: A name of facts/enums.csv.
    """
    return values.replace(_names(enum))


def truths(column: str) -> pl.Expr:
    """Return whether a text says yes or no, null where it says neither.

    Args:
        column: The name of a text column.
    """
    return pl.col(column).str.to_lowercase().replace_strict(_TRUTH, default=None, return_dtype=pl.Boolean)


def device_keys(cells: pl.DataFrame) -> pl.Series:
    """Return the device of each row: the first of `KNOWN_BY` that it holds.

    Args:
        cells: Text columns under our names.
    """
    columns = {name: _text(cells, name) for name in KNOWN_BY}
    serial = pl.when(~is_placeholder(pl.col("serial"))).then(pl.col("serial").str.strip_chars())
    ids = {
        name: pl.when(pl.col(name) != EMPTY_ID).then(pl.col(name))
        for name in ("intune_device_id", "entra_device_id")
    }
    cleaned = {"serial": serial, **ids}
    first = pl.coalesce([cleaned.get(name, pl.col(name)) for name in KNOWN_BY])
    return pl.DataFrame(columns).select(first.alias("device"))["device"]


def _text(cells: pl.DataFrame, name: str) -> pl.Series:
    if name in cells.columns:
        return cells[name]
    return pl.Series(name, [None], dtype=pl.String).new_from_index(0, cells.height)


def builds(versions: pl.Series) -> pl.Series:
    """Return build and revision, like 22631.4037, of a version such as 10.0.22631.4037, else null.

    Args:
        versions: Operating system versions as written.
    """
    return versions.str.extract(r"(?:^|[^\d.])(?:10\.0\.)?(\d{5}(?:\.\d{1,6})?)(?:$|[^\d.])", 1)


def codes(texts: pl.Series) -> pl.Series:
    """Return the result code of each text, like 0x80180014; zero is "no error" and stays null.

    Args:
        texts: Codes or failure texts as written.
    """
    spelt = texts.cast(pl.String)
    return code_of(spelt).replace("0x00000000", None).rename("code")


def of_distinct(texts: pl.Series, read: Callable[[pl.Series], pl.Series]) -> pl.Series:
    """Return what `read` makes of each text, each distinct one read once: a fleet says few things often.

    Args:
        texts: A text column.
        read: A function that reads a column row by row and answers with text.
    """
    distinct = texts.drop_nulls().unique()
    if not distinct.len():
        return texts
    if 2 * distinct.len() > texts.len():
        return read(texts)
    return texts.replace_strict(distinct, read(distinct), default=None, return_dtype=pl.String)
