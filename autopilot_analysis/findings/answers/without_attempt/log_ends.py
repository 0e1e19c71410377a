"""Good ends that a log states itself, for a verdict that would else count unknown errors."""

from __future__ import annotations

import polars as pl

from autopilot_analysis.facts import read_facts
from autopilot_analysis.tables import Tables


def good_end(tables: Tables, device: str, errors: pl.DataFrame) -> str | None:
    """Return the last good end that a log states by facts/good_log_ends.csv, later than every error.

    Args:
        tables: What `read_tables` returned.
        device: Its key.
        errors: What `unexplained` returned for it.

    Returns:
        An end that is one of many in its log (`alone`) counts only where nothing else in it failed.
        None where no log states such an end, a later line denies it, or an error is not from before it.
    """
    own = tables.log_lines.filter(pl.col("device") == device)
    if own.is_empty():
        return None
    members = tables.members.filter(pl.col("device") == device)
    best: tuple[int, str] | None = None
    for fact in read_facts("good_log_ends").iter_rows(named=True):
        for member in members.filter(pl.col("source") == fact["source"])["member"]:
            lines = own.filter(pl.col("member") == member).sort("record")
            end = lines.filter(pl.col("message").str.contains(fact["pattern"]))["record"].max()
            denied = lines.filter(pl.col("message").str.contains(fact["against"]))["record"].max()
            if fact["alone"] and (errors.height or denied is not None):
                continue
            if not isinstance(end, int) or (isinstance(denied, int) and denied > end):
                continue
            before = errors.filter(pl.col("member") == member, pl.col("record") < end)
            if before.height == errors.height and (best is None or end > best[0]):
                best = (end, fact["words"])
    return best[1] if best else None
