"""Line-of-business MSI packages from the event log of device management, each download and install a try."""

from __future__ import annotations

import polars as pl

from autopilot_analysis.trace.installs_rows import no_rows, to_rows

PROVIDER = "microsoft-windows-devicemanagement-enterprise-diagnostics-provider"

DOWNLOAD, DOWNLOADED, DOWNLOAD_FAILED, DOWNLOAD_REFUSED = 1905, 1906, 1907, 1908
INSTALL, INSTALLED, INSTALL_FAILED = 1920, 1922, 1924
"""Event ids, the channel's own (Microsoft: MDM diagnostics, events of the Admin channel)."""

_ALL = [DOWNLOAD, DOWNLOADED, DOWNLOAD_FAILED, DOWNLOAD_REFUSED, INSTALL, INSTALLED, INSTALL_FAILED]
_PRODUCT = r"(\{?[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\}?)"


def read_installs_from_events(events: pl.DataFrame) -> pl.DataFrame:
    """Return every try at an MSI package that the event log shows, in the columns of tables.Install.

    Args:
        events: The columns of tables.Event.
    """
    rows = events.filter(
        pl.col("event_id").is_in(_ALL), pl.col("provider").str.to_lowercase() == PROVIDER
    ).with_columns(item=_product(), file=pl.col("data").str.extract(r"(?i)([^/\\\"]+\.msi)"))
    rows = rows.filter(pl.col("item").is_not_null()).sort("device", "member", "record")
    if rows.is_empty():
        return no_rows()
    keys = ["device", "item"]
    before, now = pl.col("event_id").shift().over(keys), pl.col("event_id")
    ends = [DOWNLOAD_FAILED, DOWNLOAD_REFUSED, INSTALLED, INSTALL_FAILED]
    opens = (
        before.is_null() | before.is_in(ends) | (now == DOWNLOAD) | ((now == INSTALL) & (before == INSTALL))
    )
    numbered = rows.with_columns(try_number=opens.cast(pl.Int64).cum_sum().over(keys))
    return to_rows(_tries(numbered))


def _product() -> pl.Expr:
    return pl.col("data").str.extract(_PRODUCT).str.to_lowercase()


def _tries(numbered: pl.DataFrame) -> pl.DataFrame:
    """Return one row a try."""

    def when(*ids: int) -> pl.Expr:
        return pl.col("at").filter(pl.col("event_id").is_in(ids)).first()

    tries = numbered.group_by("device", "item", "try_number", maintain_order=True).agg(
        pl.col("member", "record", "clock").first(),
        name=pl.col("file").drop_nulls().last(),
        download_started_at=when(DOWNLOAD),
        download_ended_at=when(DOWNLOADED),
        started_at=when(INSTALL),
        ended_at=when(INSTALLED, INSTALL_FAILED, DOWNLOAD_FAILED, DOWNLOAD_REFUSED),
        code=pl.col("code")
        .filter(pl.col("event_id").is_in([INSTALL_FAILED, DOWNLOAD_FAILED, DOWNLOAD_REFUSED]))
        .last(),
        last=pl.col("event_id").last(),
    )
    failed = pl.col("last").is_in([DOWNLOAD_FAILED, DOWNLOAD_REFUSED])
    return tries.with_columns(
        kind=pl.lit("msi"),
        outcome=pl.when(pl.col("last") == INSTALLED)
        .then(pl.lit("succeeded"))
        .when(failed | (pl.col("last") == INSTALL_FAILED))
        .then(pl.lit("failed"))
        .otherwise(pl.lit("unfinished")),
        reason=pl.when(failed).then(pl.lit("content download failed")),
        exit_code=_exit(),
    )


def _exit() -> pl.Expr:
    """Return the installer's own exit code where the result code wraps one (0x8007…)."""
    low = pl.col("code").str.extract("^0x8007([0-9A-F]{4})$").str.to_integer(base=16, strict=False)
    return low.cast(pl.Int64)
