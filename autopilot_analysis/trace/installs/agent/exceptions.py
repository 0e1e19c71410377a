"""What the agent itself met while an app's content came or was unpacked: the exception in its own log."""

from __future__ import annotations

import polars as pl

from autopilot_analysis.trace.installs.installers.causes import one_line

THROWN = r"\b(?:[A-Za-z]\w*\.)+([A-Z]\w*(?:Exception|Error): [^\n]*)"
"""An exception of .NET and its message, behind the name of its namespace."""
WITHIN = " ---> "
"""Stands before the exception inside another one, which is nearer to the reason."""
OF_APPS = "[Win32App"
"""Literal of the agent's lines about apps."""
CONTENT = "^0x87D300"
"""Codes of the agent about an app's content."""
_KEYS = ["device", "item"]


def explain_content(installs: pl.DataFrame, lines: pl.DataFrame) -> pl.DataFrame:
    """Add to each last try that ended with its content the last exception that the agent wrote about it.

    An exception is about an app where its line names the app, or where it stands between lines that do and
    names no other.

    Args:
        installs: Rows of tables.Install.
        lines: The table `log_lines`.

    Returns:
        The same rows in the same order; cause, cause_member and cause_record filled where an exception
        explains a try of which nothing else does.
    """
    rows = installs.with_row_index("_row")
    failed = rows.filter(
        pl.col("outcome").cast(pl.String) == "failed",
        pl.col("exit_code").is_null(),
        pl.col("cause").is_null(),
        pl.col("code").str.contains(CONTENT),
    )
    last = failed.group_by(_KEYS, maintain_order=True).last().select(*_KEYS, "_row")
    of_apps = lines.filter(pl.col("message").str.contains(OF_APPS, literal=True))
    if last.is_empty() or of_apps.is_empty():
        return installs
    thrown = of_apps.with_columns(thrown=_innermost()).drop_nulls("thrown")
    found = _about(last, thrown, of_apps, installs["item"].unique().to_list())
    joined = rows.join(found, on="_row", how="left", maintain_order="left")
    filled = [pl.coalesce(name, f"_{name}").alias(name) for name in ("cause", "cause_member", "cause_record")]
    return joined.with_columns(filled).select(installs.columns)


def _innermost() -> pl.Expr:
    """Return the exception that a line names innermost, without its namespace."""
    first = pl.col("message").str.split("\n").list.first()
    inner = pl.col("message").str.split(WITHIN).list.last().str.extract(THROWN)
    return pl.coalesce(inner, first.str.extract(THROWN))


def _about(last: pl.DataFrame, thrown: pl.DataFrame, lines: pl.DataFrame, items: list[str]) -> pl.DataFrame:
    """Return the last exception about each app, under the row of its try."""
    found = []
    for device, item, row in last.iter_rows():
        others = pl.lit([one for one in items if one != item], pl.List(pl.String))
        own = lines.filter(pl.col("device") == device, pl.col("message").str.contains(item, literal=True))
        spans = own.group_by("member").agg(first=pl.col("record").min(), last=pl.col("record").max())
        met = (
            thrown.filter(pl.col("device") == device)
            .join(spans, on="member")
            .filter(pl.col("record").is_between("first", "last"), ~pl.col("message").str.contains_any(others))
        )
        found += [
            (row, one_line(text), member, record)
            for text, member, record in met.sort("record")
            .tail(1)
            .select("thrown", "member", "record")
            .iter_rows()
        ]
    schema = {"_row": pl.UInt32, "_cause": pl.String, "_cause_member": pl.String, "_cause_record": pl.Int64}
    return pl.DataFrame(found, schema=schema, orient="row")
