"""Records of an installer's log: a line that begins like one, with the further lines that belong to it."""

from __future__ import annotations

import polars as pl

from autopilot_analysis.clock.provenance import DECLARED, NOT_KNOWN
from autopilot_analysis.facts.error_records import error_records
from autopilot_analysis.readers.long_lines import shorten_lines
from autopilot_analysis.readers.reading import LOG_LINE, Unread
from autopilot_analysis.readers.text import decode, split_lines

"""The columns of `log_lines` that a reader fills."""


def split_records(content: bytes, head: str) -> tuple[pl.DataFrame, tuple[Unread, ...]]:
    """Return the records of a text log, and a gap for lines that were cut.

    Args:
        content: The whole file, in any encoding `decode` knows.
        head: Pattern of a line that begins a record; blank lines begin none.

    Returns:
        Columns record (number of the first line), message (all lines); records before the first head are
        left out.
    """
    content, unread = shorten_lines(content)
    lines = pl.DataFrame({"line": split_lines(decode(content))}, schema={"line": pl.String})
    begins = pl.col("line").str.contains(head)
    records = (
        lines.with_row_index("record", offset=1)
        .with_columns(entry=begins.cum_sum())
        .filter(pl.col("entry") > 0, pl.col("line").str.strip_chars() != "")
        .group_by("entry", maintain_order=True)
        .agg(pl.col("record").first().cast(pl.Int64), message=pl.col("line").str.join("\n"))
    )
    return records.drop("entry"), unread


def with_errors_folded(records: pl.DataFrame) -> pl.DataFrame:
    """Return records of a line each with the block of each error of PowerShell as one.

    Args:
        records: Columns record, message, as `split_records` returns them.
    """
    texts = records["message"].to_list()
    of: dict[int, int] = {}
    for record in error_records(texts):
        of |= dict.fromkeys(record, record.start)
    entry = pl.Series("entry", [of.get(line, line) for line in range(len(texts))], pl.Int64)
    blocks = records.with_columns(entry).group_by("entry", maintain_order=True)
    return blocks.agg(pl.col("record").first(), pl.col("message").str.join("\n")).drop("entry")


def to_lines(records: pl.DataFrame) -> pl.DataFrame:
    """Return records with exactly the columns of `log_lines` that a reader fills, absent ones null."""
    clock = pl.lit(NOT_KNOWN).alias("clock")
    if "at" in records.columns:
        clock = pl.when(pl.col("at").is_not_null()).then(pl.lit(DECLARED)).otherwise(clock).alias("clock")
    full = records.with_columns(clock)
    return full.select(
        (pl.col(name).cast(kind) if name in full.columns else pl.lit(None, kind).alias(name))
        for name, kind in LOG_LINE.items()
    )
