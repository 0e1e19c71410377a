"""What event logs show of installs: packages here; certificates, networks, policies, modern apps beside."""

from __future__ import annotations

import polars as pl

from autopilot_analysis.facts.guids import BRACED
from autopilot_analysis.readers.event_log.event_fields import DEVICE_MANAGEMENT
from autopilot_analysis.tables.typed import once_where_empty
from autopilot_analysis.trace.installs.certificates import FAILED as CERTIFICATE_FAILED
from autopilot_analysis.trace.installs.certificates import PFX, STEPS, read_certificates
from autopilot_analysis.trace.installs.modern import ASKED, CAUSE, DONE, FAILED, read_modern
from autopilot_analysis.trace.installs.modern import PROVIDER as APPX
from autopilot_analysis.trace.installs.networks import ADDED as NODE_ADDED
from autopilot_analysis.trace.installs.networks import NOT_SET, read_networks
from autopilot_analysis.trace.installs.networks import SET as NODE_SET
from autopilot_analysis.trace.installs.policies import REFUSED, RESTARTS, SET, read_policies
from autopilot_analysis.trace.installs.rows import no_rows, reason_of, to_rows

DOWNLOAD, DOWNLOADED, DOWNLOAD_FAILED, DOWNLOAD_REFUSED = 1905, 1906, 1907, 1908
INSTALL, INSTALLED, INSTALL_FAILED = 1920, 1922, 1924
"""Event ids, the channel's own (Microsoft: MDM diagnostics, events of the Admin channel)."""

_ALL = [DOWNLOAD, DOWNLOADED, DOWNLOAD_FAILED, DOWNLOAD_REFUSED, INSTALL, INSTALLED, INSTALL_FAILED]
_PRODUCT = f"({BRACED})"


@once_where_empty
def read_installs_from_events(events: pl.DataFrame, expected: pl.DataFrame | None = None) -> pl.DataFrame:
    """Return every try that the event logs show, in the columns of tables.Install.

    Args:
        events: The columns of tables.Event.
        expected: Columns device, item, kind: what the registry says the status page expects; it names
            certificates that events leave unnamed and picks the apps that matter.
    """
    single = once(events)
    if expected is None:
        expected = pl.DataFrame(schema={"device": pl.String, "item": pl.String, "kind": pl.String})
    if single.is_empty():
        return no_rows()
    rows = [
        read_packages_from_events(single),
        read_certificates(single, expected),
        read_networks(single, expected),
        read_policies(single),
        read_modern(single, expected),
    ]
    whole = pl.concat(rows)
    first = pl.coalesce("download_started_at", "started_at", "ended_at")
    return (
        whole.with_columns(first=first)
        .sort("device", "item", "first", "record", nulls_last=True, maintain_order=True)
        .with_columns(try_number=pl.int_range(pl.len()).over("device", "item") + 1)
        .drop("first")
    )


def read_packages_from_events(events: pl.DataFrame) -> pl.DataFrame:
    """Return every download and install of a line-of-business MSI package, in the columns of tables.Install.

    Args:
        events: The columns of tables.Event.
    """
    ours = events.filter(
        pl.col("event_id").is_in(_ALL), pl.col("provider").str.to_lowercase() == DEVICE_MANAGEMENT
    )
    if ours.is_empty():
        return no_rows()
    rows = ours.with_columns(item=_product(), file=_file())
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


def once(events: pl.DataFrame) -> pl.DataFrame:
    """Return the events that tell of installs, less those of a second copy of the same log."""
    ids = [*_ALL, *STEPS, *CERTIFICATE_FAILED, PFX, REFUSED, RESTARTS, *SET, ASKED, DONE, CAUSE, FAILED]
    ids += [NODE_ADDED, NODE_SET, NOT_SET]
    ours = events.filter(
        pl.col("event_id").is_in(ids), pl.col("provider").str.to_lowercase().is_in([DEVICE_MANAGEMENT, APPX])
    )
    same = ["device", "provider", "event_id", "record", "recorded_at", "at"]
    return ours.unique(same, keep="first", maintain_order=True)


def _product() -> pl.Expr:
    return pl.col("data").str.extract(_PRODUCT).str.to_lowercase()


def _file() -> pl.Expr:
    """Return the name of the package's file; the one under which device management keeps it names nothing."""
    file = pl.col("data").str.extract(r"(?i)([^/\\\"]+\.msi)")
    return pl.when(~file.str.contains(rf"^{BRACED}\.msi$")).then(file)


def _tries(numbered: pl.DataFrame) -> pl.DataFrame:
    """Return one row a try."""

    def when(*ids: int) -> pl.Expr:
        return pl.col("at").filter(pl.col("event_id").is_in(ids)).first()

    failures = [INSTALL_FAILED, DOWNLOAD_FAILED, DOWNLOAD_REFUSED]
    code = pl.col("code").filter(pl.col("event_id").is_in(failures)).last()
    tries = numbered.group_by("device", "item", "try_number", maintain_order=True).agg(
        pl.col("member", "record", "clock").first(),
        name=pl.col("file").drop_nulls().last(),
        download_started_at=when(DOWNLOAD),
        download_ended_at=when(DOWNLOADED),
        started_at=when(INSTALL),
        ended_at=when(INSTALLED, *failures),
        code=code,
        last=pl.col("event_id").last(),
    )
    failed = pl.col("last").is_in([DOWNLOAD_FAILED, DOWNLOAD_REFUSED])
    outcome = (
        pl.when(pl.col("last") == INSTALLED)
        .then(pl.lit("succeeded"))
        .when(failed | (pl.col("last") == INSTALL_FAILED))
        .then(pl.lit("failed"))
        .otherwise(pl.lit("unfinished"))
    )
    return tries.with_columns(
        kind=pl.lit("msi"),
        outcome=outcome,
        reason=pl.when(failed).then(pl.lit(reason_of("ContentDownloadFailed"))),
        exit_code=pl.when(pl.col("last") == INSTALL_FAILED).then(_exit()),
    )


def _exit() -> pl.Expr:
    """Return the installer's own exit code where the result code of an installation wraps one (0x8007…)."""
    low = pl.col("code").str.extract("^0x8007([0-9A-F]{4})$").str.to_integer(base=16, strict=False)
    return low.cast(pl.Int64)
