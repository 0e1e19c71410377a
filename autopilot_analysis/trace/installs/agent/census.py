"""Lines that no pattern knows, counted by shape: the next change of wording shows here first."""

from __future__ import annotations

import polars as pl

from autopilot_analysis.clock import best_instant
from autopilot_analysis.facts.guids import GUID
from autopilot_analysis.trace.installs.agent.messages import STEM, find_messages, patterns

_LONGEST = 600
"""Characters of a message that its shape is taken from."""

_MASKS = (
    (r"https?://[^\s\"',;]+", "<url>"),
    (r"\{\s*\"[^\r\n]*\}", "<json>"),
    (GUID, "<guid>"),
    (r"\bS-1-[0-9-]+", "<sid>"),
    (r"(?i)(?:[a-z]:|HKEY_[A-Z_]+|SOFTWARE)\\[^\s\"'|,;]*", "<path>"),
    (r"(?i)\b0x[0-9a-f]+\b", "<hex>"),
    (
        r"\b\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}[ T]+\d{1,2}:\d{2}(?::\d{2})?(?:[.,]\d+)?Z?(?: ?[AP]M)?",
        "<datetime>",
    ),
    (r"\b\d+(?:\.\d+){2,3}\b", "<version>"),
    (r"\b[0-9A-Fa-f+/]{24,}={0,2}", "<blob>"),
    (r"\b\d+", "<n>"),
    (r"\s+", " "),
)
"""What varies from line to line, and its mask, in the order they are laid over a message."""


def count_unknown_messages(log_lines: pl.DataFrame) -> pl.DataFrame:
    """Return the shapes of the extension's messages that no known pattern matches, most frequent first.

    Args:
        log_lines: Records of any logs, the columns of tables.LogLine. Logs in which no record has a known
            shape, and whose name is none of the agent's, are another program's and are left out.

    Returns:
        Columns device, version (of the agent that ran when it was written, null when none was told yet), stem
        (log file name less rotation), shape, n, member, record and example of the first.
    """
    known = find_messages(log_lines)
    own = _own_logs(log_lines, known)
    moment = best_instant()
    rows = log_lines.lazy().select("device", "member", "record", "message", moment=moment)
    unknown = (
        rows.with_row_index("order")
        .join(own.lazy(), on=["device", "member"])
        .join(known.lazy().select(pl.col("order").cast(pl.get_index_type())), on="order", how="anti")
        .collect()
    )
    shapes = (
        _with_version(unknown, known)
        .group_by("device", "version", "stem", "message")
        .agg(pl.len().alias("n"), pl.col("member", "record").sort_by("record").first())
    )
    return (
        shapes.with_columns(shape=_shape())
        .group_by("device", "version", "stem", "shape")
        .agg(
            pl.col("n").sum(),
            pl.col("member", "record").sort_by("record").first(),
            example=pl.col("message").first().str.slice(0, _LONGEST),
        )
        .sort("n", "stem", "shape", "version", descending=[True, False, False, False])
    )


def _with_version(unknown: pl.DataFrame, known: pl.DataFrame) -> pl.DataFrame:
    """Add the version of the agent that last said it before each line."""
    versions = known.filter(pl.col("pattern") == "agent_version").select(
        "device", "version", moment=best_instant()
    )
    dated = unknown.filter(pl.col("moment").is_not_null()).sort("moment", maintain_order=True)
    named = dated.join_asof(
        versions.drop_nulls("moment").sort("moment"), on="moment", by="device", check_sortedness=False
    )
    undated = unknown.filter(pl.col("moment").is_null()).with_columns(version=pl.lit(None, pl.String))
    return pl.concat([named, undated.select(named.columns)])


def _own_logs(log_lines: pl.DataFrame, known: pl.DataFrame) -> pl.DataFrame:
    """Return device, member and stem of the agent's logs: known by a message, or by their name alone."""
    names = patterns()["log"].str.to_lowercase().unique()
    members = log_lines.select("device", "member").unique()
    named = members.with_columns(stem=pl.col("member").str.extract(STEM)).filter(
        pl.col("stem").str.to_lowercase().is_in(names.implode())
    )
    return pl.concat([known.select("device", "member", "stem"), named]).unique(["device", "member"])


def _shape() -> pl.Expr:
    """Return the message with everything that varies masked."""
    shape = pl.col("message").str.slice(0, _LONGEST)
    for pattern, mask in _MASKS:
        shape = shape.str.replace_all(pattern, mask)
    return shape.str.strip_chars()
