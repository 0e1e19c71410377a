"""Message shapes of the Intune Management Extension, found in logs by literal first and pattern second."""

from __future__ import annotations

from functools import cache

import polars as pl

from autopilot_analysis.facts import read_facts
from autopilot_analysis.facts.guids import GUID
from autopilot_analysis.tables import CLOCKS

CAPTURES = (
    "id",
    "name",
    "state",
    "before",
    "exit_code",
    "code",
    "bytes",
    "total",
    "via",
    "user",
    "version",
    "number",
    "job",
    "phase",
    "payload",
    "session",
    "error",
)
"""What a pattern may take out of a message; every one is a text column of `find_messages`."""

_COLUMNS = ("device", "member", "record", "thread", "at", "written_at", "clock", "component")

STEM = r"(?i)_?([^/\\ ]+?)(?:-\d{8}-\d{6}|-\d{1,3})?\.(?:log|lo_|txt)$"
"""File name of a log less its path, the directive before it, its ending and the marks of rotation."""


_ASCII = {r"\w": "[0-9A-Za-z_]", r"\d": "[0-9]", r"\s": r"[\t-\r ]", "{guid}": GUID}
"""What the table's shorthands mean here: the agent's own words and numbers are ASCII."""


@cache
def patterns() -> pl.DataFrame:
    """Return the known message shapes, one row each, shorthands spelt out (facts/ime_patterns.csv).

    Patterns are read by a linear-time engine, ignore case, and a dot matches line ends too. An empty group at
    the end of each tells a match that takes nothing out from none.
    """
    spelt = pl.col("pattern")
    for short, meant in _ASCII.items():
        spelt = spelt.str.replace_all(short, meant, literal=True)
    return (
        read_facts("ime_patterns")
        .sort("id")
        .with_columns(pattern=pl.concat_str(pl.lit("(?is)(?:"), spelt, pl.lit(")(?P<matched>)")))
    )


def find_messages(log_lines: pl.DataFrame) -> pl.DataFrame:
    """Return one row for each known message shape in each record, in the order of `log_lines`.

    Every different text is looked at once: for all literals in one pass, then, where it has one, for the
    shapes that hold it.

    Args:
        log_lines: Records of any logs, the columns of tables.LogLine; other logs than the extension's cost
            one look for literals.

    Returns:
        Columns device, member, stem (which log of the agent it is, however its file is called; of another
        log the file name less path and rotation), record, thread, at, written_at, clock, order (position in
        `log_lines`), pattern, role, signals, reason, and every name of `CAPTURES`.
        A record that shows two shapes gives two rows.
    """
    if log_lines.is_empty():
        return _empty()
    texts = log_lines["message"].hash().alias("text")
    distinct = pl.DataFrame([log_lines["message"], texts]).filter(texts.is_first_distinct())
    literals = patterns()["literal"].unique().to_list()
    holding = {literal: distinct[rows] for literal, rows in _shown(distinct["message"], literals).items()}
    if not holding:
        return _empty()
    found = [
        _capture(holding[known["literal"]], number, known["pattern"])
        for number, known in enumerate(patterns().iter_rows(named=True))
        if known["literal"] in holding
    ]
    captured = pl.concat([_texts(), *pl.collect_all(found)], how="diagonal")
    return _once(_placed(log_lines, texts, captured))


def _shown(messages: pl.Series, literals: list[str]) -> dict[str, pl.Series]:
    """Return for each literal the positions of the messages that hold it, ascending and once each."""
    held = messages.str.extract_many(literals, overlapping=True).rename("literal")
    pairs = pl.DataFrame({"row": pl.int_range(len(held), dtype=pl.UInt32, eager=True), "literal": held})
    once = pl.col("row").filter((pl.col("row") != pl.col("row").shift()).fill_null(True))
    hits = pairs.explode("literal").drop_nulls("literal")
    grouped = hits.group_by("literal", maintain_order=True).agg(once)
    return dict(zip(grouped["literal"].to_list(), grouped["row"], strict=True))


def _placed(log_lines: pl.DataFrame, texts: pl.Series, captured: pl.DataFrame) -> pl.DataFrame:
    """Return a row for each record and shape its text shows, the columns of `_empty`."""
    rows = texts.to_frame().with_row_index("order")
    matched = rows.join(captured, on="text", maintain_order="left_right")
    where = log_lines.select(_COLUMNS)[matched["order"]]
    members = where["member"].unique()
    stems = dict(zip(members, members.str.extract(STEM).fill_null(members), strict=True))
    own = pl.col("component").str.to_lowercase().is_in(_own_names())
    stem = (
        pl.when(own)
        .then("component")
        .otherwise(pl.col("member").replace_strict(stems, return_dtype=pl.String))
    )
    facts = patterns().select(pl.col(name).alias(alias) for name, alias in _FACTS.items())[matched["shape"]]
    return (
        pl.concat([where, matched, facts], how="horizontal")
        .with_columns(stem=stem)
        .select(pl.col(name).cast(kind) for name, kind in _empty().schema.items())
    )


@cache
def _own_names() -> tuple[str, ...]:
    """Return the names of the agent's own logs, in lower case, as each record gives its own."""
    return tuple(sorted(set(patterns()["log"].str.to_lowercase()) - {"any"}))


def _once(found: pl.DataFrame) -> pl.DataFrame:
    """Return the rows less those of a second copy of the same log, as when a cabinet lies beside its logs."""
    copies = found.group_by("device", "stem").agg(pl.col("member").n_unique())
    if not (copies["member"] > 1).any():
        return found
    written = pl.coalesce(pl.col("written_at").cast(pl.String), "member")
    same = ["device", "stem", "record", "thread", "written", "pattern"]
    return found.with_columns(written=written).unique(same, keep="first", maintain_order=True).drop("written")


def _capture(near: pl.DataFrame, number: int, pattern: str) -> pl.LazyFrame:
    """Return the texts of `near` that show one shape, with what it takes out, not yet computed."""
    shape = pl.lit(number, pl.UInt32).alias("shape")
    if pattern.count("(?P<") == 1:
        return near.lazy().filter(pl.col("message").str.contains(pattern)).select("text", shape)
    groups = pl.col("message").str.extract_groups(pattern).alias("groups")
    parsed = near.lazy().select("text", shape, groups).unnest("groups")
    return parsed.filter(pl.col("matched").is_not_null()).drop("matched")


_FACTS = {"id": "pattern", "role": "role", "signals": "signals", "reason": "reason"}


def _empty() -> pl.DataFrame:
    """Return the frame of `find_messages` without rows."""
    schema: dict[str, pl.DataType | type[pl.DataType]] = {
        "device": pl.String,
        "member": pl.String,
        "stem": pl.String,
        "record": pl.Int64,
        "thread": pl.Int64,
        "at": pl.Datetime("us", "UTC"),
        "written_at": pl.Datetime("us"),
        "clock": pl.Enum(list(CLOCKS)),
        "order": pl.Int64,
        **dict.fromkeys(_FACTS.values(), pl.String),
        **dict.fromkeys(CAPTURES, pl.String),
    }
    return pl.DataFrame(schema=schema)


def _texts() -> pl.DataFrame:
    """Return the frame of what texts show, without rows."""
    schema: dict[str, type[pl.DataType]] = {"text": pl.UInt64, "shape": pl.UInt32}
    return pl.DataFrame(schema=schema | dict.fromkeys(CAPTURES, pl.String))
