"""Who else was installing: the tries and transactions that ran while another try failed, named beside it."""

from __future__ import annotations

import json
from datetime import timedelta

import polars as pl

from autopilot_analysis.codes import INSTALLER_BUSY
from autopilot_analysis.facts import read_facts
from autopilot_analysis.tables.items import CALLED
from autopilot_analysis.trace.installs.installers.causes import BUSY as BUSY_WORDS
from autopilot_analysis.trace.installs.others import with_owner
from autopilot_analysis.wording import END_OPEN

BUSY_REASON = "another installation was in progress"
"""How the reason of a try begins that Windows Installer refused because of another one."""
_INSTALLERS = ["win32", "winget", "msi", "office", "modern"]
"""Exit codes of Windows Installer for "another installation is already in progress"."""
BUSY_CODE = f"0x8007{INSTALLER_BUSY:04X}"
"""The result code that wraps it."""
BY_MANAGEMENT = "a line-of-business MSI"
"""What an MSI package is called that the management client itself installs."""
OPEN_FOR = timedelta(hours=2)
"""So long an MSI that was begun and of whose end nothing is known may have kept Windows Installer busy."""


def name_rivals(installs: pl.DataFrame, others: pl.DataFrame | None = None) -> pl.DataFrame:
    """Say of each failed try which other installations ran at the same time.

    Their names come into `detail` as `beside`. Where Windows Installer was busy, by its own code, by the code
    that wraps it or by the words of the installer's log, whatever a wrapper gave back, the reason names them;
    where a code means nothing known here and no reason stands, the reason says only that they ran.

    Args:
        installs: Rows of tables.Install with their names.
        others: Result of `others.read_others`: installers that stand for no item; None for none.

    Returns:
        The same rows in the same order.
    """
    if not (installs["outcome"].cast(pl.String) == "failed").any():
        return installs
    rows = installs.with_row_index("_row").with_columns(_busy=_busy())
    named = pl.col("_beside").list.join(", ")
    known = read_facts("install_states").filter(pl.col("scale") == "exit_code")["value"]
    unknown = ~pl.col("exit_code").cast(pl.String).is_in(known.implode()) & _of_no_reason()
    busy, in_progress = pl.col("_busy"), pl.lit(BUSY_REASON)
    beside = pl.concat_str(pl.lit("ended while another installation ran: "), named)
    reason = (
        pl.when(busy & named.is_not_null())
        .then(pl.concat_str(in_progress, pl.lit(": "), named))
        .when(busy & pl.col("cause").is_not_null())
        .then(in_progress)
        .when(unknown & named.is_not_null())
        .then(beside)
        .otherwise("reason")
    )
    return (
        rows.join(_beside(rows, others), on="_row", how="left", maintain_order="left")
        .with_columns(reason=reason, detail=pl.coalesce("_detail", "detail"))
        .drop("_row", "_beside", "_detail", "_busy")
    )


def _busy() -> pl.Expr:
    """Return whether Windows Installer refused a try because it was at work for another."""
    is_named = (
        (pl.col("exit_code") == INSTALLER_BUSY)
        | (pl.col("code") == BUSY_CODE)
        | pl.col("cause").str.contains(BUSY_WORDS)
    )
    return is_named.fill_null(value=False) & (pl.col("outcome").cast(pl.String) == "failed")


def _of_no_reason() -> pl.Expr:
    """Return whether a try has no reason but what its code means to a wrapper."""
    words = read_facts("install_states").filter(pl.col("scale") == "toolkit_exit")["reason"]
    return pl.col("reason").is_null() | pl.col("reason").is_in(words.implode())


def _beside(rows: pl.DataFrame, others: pl.DataFrame | None) -> pl.DataFrame:
    """Return, under the row of each failed try, the others whose span meets its own, and its details."""
    installing = rows.filter(
        pl.col("kind").cast(pl.String).is_in(_INSTALLERS), pl.col("started_at").is_not_null()
    )
    ran = installing.filter(pl.col("ended_at").is_not_null())
    failed = ran.filter(pl.col("outcome").cast(pl.String) == "failed", pl.col("exit_code") != 0)
    tries = failed.select("_row", "device", "item", "detail", "started_at", "ended_at", "_busy")
    found = pl.concat([_tries(tries, ran), _open(tries, installing), _transactions(tries, others)])
    named = (
        found.sort("_row", "since", "called")
        .group_by("_row", maintain_order=True)
        .agg(pl.col("detail").first(), _beside=pl.col("called").unique(maintain_order=True))
    )
    details = [_with_beside(detail, names) for _, detail, names in named.iter_rows()]  # failed tries: few
    return named.select("_row", "_beside", _detail=pl.Series(details, dtype=pl.String))


_FOUND = ["_row", "detail", "since", "called"]


def _tries(failed: pl.DataFrame, ran: pl.DataFrame) -> pl.DataFrame:
    """Return the other tries whose span meets that of a failed one."""
    others = ran.select("device", other="item", called=_called(), since="started_at", until="ended_at")
    return (
        failed.join(others, on="device")
        .filter(
            pl.col("item") != pl.col("other"),
            pl.col("started_at") < pl.col("until"),
            pl.col("ended_at") > pl.col("since"),
        )
        .select(_FOUND)
    )


def _open(failed: pl.DataFrame, installing: pl.DataFrame) -> pl.DataFrame:
    """Return the MSI packages of the management client, begun shortly before a busy try, that never ended."""
    left = installing.filter(pl.col("kind").cast(pl.String) == "msi", pl.col("ended_at").is_null())
    others = left.select(
        "device",
        other="item",
        called=pl.concat_str(_called(), pl.lit(f" ({END_OPEN})")),
        since="started_at",
    )
    before = pl.col("ended_at") - pl.col("since")
    return (
        failed.filter("_busy")
        .join(others, on="device")
        .filter(pl.col("item") != pl.col("other"), before > timedelta(0), before <= OPEN_FOR)
        .select(_FOUND)
    )


def _transactions(failed: pl.DataFrame, others: pl.DataFrame | None) -> pl.DataFrame:
    """Return the installers of no item that ran at the time; one inside the try's span is its own child."""
    if others is None:
        return failed.select("_row", "detail", since="started_at", called="item").clear()
    inside = (pl.col("since") >= pl.col("started_at")) & (pl.col("until") <= pl.col("ended_at"))
    return (
        failed.join(others, on="device")
        .filter(
            pl.col("started_at") < pl.col("until"),
            pl.col("ended_at") > pl.col("since"),
            ~inside,
            ~pl.col("other").str.to_lowercase().str.contains(pl.col("item"), literal=True),
        )
        .select(_FOUND)
    )


def _called() -> pl.Expr:
    """Return what an item is called, with who runs it: whoever is known to, else the management client."""
    name = CALLED
    of_management = pl.when(pl.col("kind").cast(pl.String) == "msi").then(
        pl.format(f"{{}}, {BY_MANAGEMENT}", name)
    )
    owned = with_owner(name, name)
    return pl.when(owned != name).then(owned).otherwise(pl.coalesce(of_management, name))


def _with_beside(detail: str | None, names: list[str]) -> str:
    """Return the details of a try, a JSON object or nothing, with the names of the others."""
    return json.dumps({**json.loads(detail or "{}"), "beside": names}, ensure_ascii=False)
