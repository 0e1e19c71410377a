"""Who else was installing: the tries that ran while another one failed, named beside it."""

from __future__ import annotations

import json

import polars as pl

from autopilot_analysis.facts import read_facts

_INSTALLERS = ["win32", "winget", "msi", "office", "modern"]
BUSY = [1618]
"""Exit codes of Windows Installer for "another installation is already in progress"."""


def name_rivals(installs: pl.DataFrame) -> pl.DataFrame:
    """Say of each failed try which other installations ran at the same time.

    Their names come into `detail` as `beside`. Where the exit code is Windows Installer's own for a busy
    installer the reason names them; where a code means nothing known here and no reason stands, the reason
    says only that they ran.

    Args:
        installs: Rows of tables.Install with their names.

    Returns:
        The same rows in the same order.
    """
    rows = installs.with_row_index("_row")
    beside = _beside(rows)
    named = pl.col("_beside").list.join(", ")
    known = read_facts("install_states").filter(pl.col("scale") == "exit_code")["value"]
    busy = pl.col("exit_code").is_in(BUSY)
    unknown = ~pl.col("exit_code").cast(pl.String).is_in(known.implode()) & pl.col("reason").is_null()
    reason = (
        pl.when(busy & named.is_not_null())
        .then(pl.concat_str(pl.lit("another installation was in progress: "), named))
        .when(unknown & named.is_not_null())
        .then(pl.concat_str(pl.lit("ended while another installation ran: "), named))
        .otherwise("reason")
    )
    return (
        rows.join(beside, on="_row", how="left", maintain_order="left")
        .with_columns(reason=reason, detail=pl.coalesce("_detail", "detail"))
        .drop("_row", "_beside", "_detail")
    )


def _beside(rows: pl.DataFrame) -> pl.DataFrame:
    """Return, under the row of each failed try, the others whose span meets its own, and its details."""
    ran = rows.filter(
        pl.col("kind").cast(pl.String).is_in(_INSTALLERS),
        pl.col("started_at").is_not_null(),
        pl.col("ended_at").is_not_null(),
    )
    failed = ran.filter(pl.col("outcome").cast(pl.String) == "failed", pl.col("exit_code") != 0)
    others = ran.select(
        "device", other="item", called=pl.coalesce("name", "item"), since="started_at", until="ended_at"
    )
    found = (
        failed.join(others, on="device")
        .filter(
            pl.col("item") != pl.col("other"),
            pl.col("started_at") < pl.col("until"),
            pl.col("ended_at") > pl.col("since"),
        )
        .sort("_row", "since", "called")
        .group_by("_row", maintain_order=True)
        .agg(pl.col("detail").first(), _beside=pl.col("called").unique(maintain_order=True))
    )
    details = [_with_beside(detail, names) for _, detail, names in found.iter_rows()]  # failed tries: few
    return found.select("_row", "_beside", _detail=pl.Series(details, dtype=pl.String))


def _with_beside(detail: str | None, names: list[str]) -> str:
    """Return the details of a try, a JSON object or nothing, with the names of the others."""
    return json.dumps({**json.loads(detail or "{}"), "beside": names}, ensure_ascii=False)
