"""Message shapes of the Intune Management Extension, found in logs by literal first and pattern second."""

from __future__ import annotations

from functools import cache

import polars as pl

from autopilot_analysis.facts import read_facts
from autopilot_analysis.tables import CLOCKS

GUID = "[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}"

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
    "error",
)
"""What a pattern may take out of a message; every one is a text column of `find_messages`."""

_COLUMNS = ("device", "member", "record", "thread", "at", "written_at", "clock")

STEM = r"(?i)_?([^/\\ ]+?)(?:-\d{8}-\d{6}|-\d{1,3})?\.(?:log|lo_|txt)$"
"""File name of a log less its path, the directive before it, its ending and the marks of rotation."""


@cache
def patterns() -> pl.DataFrame:
    """Return the known message shapes, one row each, `{guid}` spelt out (facts/ime_patterns.csv).

    Patterns are read by a linear-time engine, ignore case, and a dot matches line ends too. An empty group at
    the end of each tells a match that takes nothing out from none.
    """
    spelt = pl.col("pattern").str.replace_all("{guid}", GUID, literal=True)
    return read_facts("ime_patterns").with_columns(
        pattern=pl.concat_str(pl.lit("(?is)(?:"), spelt, pl.lit(")(?P<matched>)"))
    )


def find_messages(log_lines: pl.DataFrame) -> pl.DataFrame:
    """Return one row for each known message shape in each record, in the order of `log_lines`.

    Args:
        log_lines: Records of any logs, the columns of tables.LogLine; other logs than the extension's cost
            one look for literals.

    Returns:
        Columns device, member, stem (the file name less path and rotation), record, thread, at, written_at,
        clock, order (position in `log_lines`), pattern, role, signals, reason, and every name of `CAPTURES`.
        A record that shows two shapes gives two rows.
    """
    rows, distinct = _distinct(log_lines)
    known = patterns()
    literals = known["literal"].unique().to_list()
    near = distinct.filter(pl.col("message").str.contains_any(literals))
    pairs = (
        near.lazy()
        .select(literal=pl.col("message").str.extract_many(literals, overlapping=True))
        .with_row_index("row")
        .explode("literal")
        .unique()
        .group_by("literal")
        .agg("row")
        .collect()
    )
    shown = dict(zip(pairs["literal"].to_list(), pairs["row"], strict=True))
    found = [
        _capture(near[shown[row["literal"]]], row)
        for row in known.sort("id").iter_rows(named=True)
        if row["literal"] in shown
    ]
    captured = pl.concat([_texts(), *pl.collect_all(found)], how="diagonal")
    return _once(_placed(rows, captured))


def _distinct(log_lines: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the records, each with the hash of its text, and the different texts with theirs.

    An agent says the same again and again: three of five records repeat another's text.
    """
    texts = log_lines["message"].hash().alias("text")
    rows = log_lines.lazy().select(_COLUMNS).with_row_index("order").with_columns(texts).collect()
    distinct = pl.DataFrame([log_lines["message"], texts]).filter(texts.is_first_distinct())
    return rows, distinct


def _placed(rows: pl.DataFrame, captured: pl.DataFrame) -> pl.DataFrame:
    """Return a row for each record and shape its text shows, the columns of `_empty`."""
    texts = rows.select("order", "text").join(captured, on="text", maintain_order="left_right")
    where = rows.select(_COLUMNS)[texts["order"]]
    stems = where["member"].unique().to_frame().with_columns(stem=pl.col("member").str.extract(STEM))
    facts = patterns().select(pl.col(name).alias(alias) for name, alias in _FACTS.items())
    return (
        pl.concat([where, texts], how="horizontal")
        .join(stems, on="member", how="left", maintain_order="left")
        .join(facts, on="pattern", how="left", maintain_order="left")
        .select(
            pl.col(name).fill_null(pl.col("member")) if name == "stem" else pl.col(name).cast(kind)
            for name, kind in _empty().schema.items()
        )
    )


def _once(found: pl.DataFrame) -> pl.DataFrame:
    """Return the rows less those of a second copy of the same log, as when a cabinet lies beside its logs."""
    copies = found.group_by("device", "stem").agg(pl.col("member").n_unique())
    if not (copies["member"] > 1).any():
        return found
    written = pl.coalesce(pl.col("written_at").cast(pl.String), "member")
    same = ["device", "stem", "record", "thread", "written", "pattern"]
    return found.with_columns(written=written).unique(same, keep="first", maintain_order=True).drop("written")


def _capture(near: pl.DataFrame, known: dict[str, str]) -> pl.LazyFrame:
    """Return the texts of `near` that show one shape, with what it takes out, not yet computed."""
    groups = pl.col("message").str.extract_groups(known["pattern"])
    told = near.lazy().select("text", pattern=pl.lit(known["id"]), groups=groups).unnest("groups")
    return told.filter(pl.col("matched").is_not_null()).drop("matched")


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
        "clock": pl.Enum(CLOCKS),
        "order": pl.Int64,
        **dict.fromkeys(_FACTS.values(), pl.String),
        **dict.fromkeys(CAPTURES, pl.String),
    }
    return pl.DataFrame(schema=schema)


def _texts() -> pl.DataFrame:
    """Return the frame of what texts show, without rows."""
    schema: dict[str, type[pl.DataType]] = {"text": pl.UInt64, "pattern": pl.String}
    return pl.DataFrame(schema=schema | dict.fromkeys(CAPTURES, pl.String))
