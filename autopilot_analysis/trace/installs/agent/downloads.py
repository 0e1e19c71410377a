"""How each download went, apart from the installer after it: its source, its speed, and where it stood still.

The agent prints the bytes it has every few seconds. Where they do not grow for `STALL` the download has
stalled; the time until the agent gave up counts too, for no byte came then either. Until agent 1.99 a line of
telemetry says where bytes came from; what came through Connected Cache is part of the bytes by HTTP there.
"""

from __future__ import annotations

from datetime import timedelta

import polars as pl

from autopilot_analysis.codes import code_of
from autopilot_analysis.tables.outcomes import CACHED
from autopilot_analysis.trace.installs.agent.app_stream import DOWNLOAD, DOWNLOADED, INSTALL
from autopilot_analysis.trace.installs.rows import reason_of

STALL = timedelta(minutes=2)
"""So long without a new byte is no pause between two pieces any more."""

_TRY = ["device", "item", "number_of_try"]
COUNTED, FILE_SIZE = "TotalBytesDownloaded", "FileSize"
FROM_PEERS, FROM_HTTP, FROM_CACHE = "BytesFromPeers", "BytesFromHttp", "BytesFromCacheServer"
"""What the agent calls the bytes of a download in its own telemetry."""
_TELEMETRY = {
    "counted": COUNTED,
    "file_size": FILE_SIZE,
    "peer_bytes": FROM_PEERS,
    "http_bytes": FROM_HTTP,
    "cache_bytes": FROM_CACHE,
}
_LASTED = r'"+DownloadDuration"+: ?"+(\d+):(\d+):(\d+(?:\.\d+)?)'


def read_downloads(within: pl.LazyFrame) -> pl.DataFrame:
    """Return one row for each try that downloaded, in the download columns of tables.Install.

    Args:
        within: Messages of `app_stream.number_tries` that belong to the pass their try ran in.

    Returns:
        Columns device, item, number_of_try, downloaded_bytes, download_size, peer_bytes, cache_bytes,
        cdn_bytes, download_rate (bytes a second), stalls, stalled, download_outcome, download_code; and via
        (as the agent writes it), telemetry (the line whole) and standing (the time without a byte in which it
        was left).
    """
    measured = _sources(within).join(_growth(within), on=_TRY, how="left", maintain_order="left")
    span = pl.coalesce("lasted", pl.when(pl.col("done_from") < pl.col("done_at")).then(_span()))
    whole_rate = pl.col("downloaded_bytes") / span.dt.total_microseconds() * 1_000_000
    rate = pl.when(pl.col("download_outcome") == "succeeded").then(whole_rate).otherwise("grown_rate")
    return measured.with_columns(
        download_rate=pl.when(rate.is_finite()).then(rate),
        stalls=pl.when(pl.col("download_outcome") != CACHED).then("stalls"),
    ).drop("lasted", "done_from", "done_at", "grown_rate")


def _span() -> pl.Expr:
    return pl.col("done_at") - pl.col("done_from")


def _number(name: str) -> pl.Expr:
    """Return one number of the last line of telemetry."""
    found = pl.col("payload").filter(pl.col("role") == "telemetry").last().str.extract(rf'"+{name}"+: ?(\d+)')
    return found.cast(pl.Int64, strict=False)


def _lasted() -> pl.Expr:
    """Return how long the telemetry says the download took."""
    line = pl.col("payload").filter(pl.col("role") == "telemetry").last()
    hours, minutes, seconds = (
        line.str.extract(_LASTED, group).cast(pl.Float64, strict=False) for group in (1, 2, 3)
    )
    return pl.duration(seconds=hours * 3600 + minutes * 60 + seconds, time_unit="us")


def _given_up() -> pl.Expr:
    """A message that says the download did not come to its end."""
    refused = (pl.col("role") == "verdict") & (pl.col("why") == reason_of("ContentDownloadFailed"))
    bad = (pl.col("role") == "download_result") & (pl.col("means") == "failed")
    return _lost() | (refused | bad).fill_null(value=False)


def _lost() -> pl.Expr:
    """A message by which the download itself ends, before the agent passes its verdict on the app."""
    lost = (pl.col("role") == "error") & pl.col("signals").str.starts_with("download_")
    return lost.fill_null(value=False)


def _sources(within: pl.LazyFrame) -> pl.DataFrame:
    """Return what each try's messages say of its bytes, their source and their end."""
    place, role, moment = pl.col("place"), pl.col("role"), pl.col("moment")
    bytes_logged = _bytes().filter(place <= DOWNLOADED).max()
    complete = (_bytes() == _total()) & (_total() > 0)
    arrived = ((place == DOWNLOADED) & (role != "job_done") | (place == DOWNLOAD) & complete).fill_null(False)
    loaded = place.is_in([DOWNLOAD, DOWNLOADED])
    own = pl.col("code").filter((role == "download_code") | _lost()).drop_nulls().last()
    code = pl.coalesce(own, pl.col("code").filter(_given_up()).drop_nulls().last())
    spelt_numbers = {name: _number(spelt) for name, spelt in _TELEMETRY.items()}
    payload = pl.col("payload").filter(role == "telemetry").last()
    via = pl.col("via").drop_nulls().last()
    tries = within.group_by(_TRY, maintain_order=True).agg(
        **spelt_numbers,
        lasted=_lasted(),
        bytes_logged=bytes_logged,
        size_logged=_total().max(),
        via=via,
        telemetry=payload,
        cached=(role == "cached").any(),
        lost=_given_up().any(),
        arrived=(arrived | (place == INSTALL)).any(),
        loaded=loaded.any(),
        done_from=moment.filter(loaded).first(),
        done_at=moment.filter(arrived).first(),
        download_code=code_of(code, "failure"),
    )
    outcome = (
        pl.when("lost")
        .then(pl.lit("failed"))
        .when(pl.col("cached") & (pl.col("bytes_logged").fill_null(0) == 0))
        .then(pl.lit(CACHED))
        .when(~pl.col("loaded"))
        .then(None)
        .when("arrived")
        .then(pl.lit("succeeded"))
        .otherwise(pl.lit("unfinished"))
    )
    return tries.collect().select(
        *_TRY,
        "lasted",
        "via",
        "telemetry",
        "peer_bytes",
        "cache_bytes",
        "download_code",
        "done_from",
        "done_at",
        downloaded_bytes=pl.coalesce("counted", "bytes_logged"),
        download_size=pl.coalesce("file_size", "size_logged"),
        cdn_bytes=pl.max_horizontal(pl.col("http_bytes") - pl.col("cache_bytes").fill_null(0), 0)
        * pl.when(pl.col("http_bytes").is_not_null()).then(1),
        download_outcome=outcome,
    )


def _bytes() -> pl.Expr:
    return pl.col("bytes").str.replace_all(",", "", literal=True).cast(pl.Int64, strict=False)


def _total() -> pl.Expr:
    return pl.col("total").cast(pl.Int64, strict=False)


def _growth(within: pl.LazyFrame) -> pl.DataFrame:
    """Return how each try's bytes grew: its stalls, their length together, and its rate by counted bytes."""
    sizes = within.filter(pl.col("place") == DOWNLOAD, _total() > 0).select(
        *_TRY, "moment", got=_bytes(), total=_total()
    )
    ends = within.filter(_given_up()).group_by(_TRY).agg(left_at=pl.col("moment").first())
    new = (pl.col("got") != pl.col("got").shift()).over(_TRY).fill_null(value=True)
    still = (
        sizes.with_columns(step=new.cast(pl.Int64).cum_sum().over(_TRY))
        .group_by(*_TRY, "step", maintain_order=True)
        .agg(pl.col("got", "total").last(), since=pl.col("moment").first(), until=pl.col("moment").last())
        .join(ends, on=_TRY, how="left", maintain_order="left")
        .collect()
    )
    last = pl.col("step") == pl.col("step").max().over(_TRY)
    until = pl.when(last).then(pl.max_horizontal("until", "left_at")).otherwise("until")
    waited = until - pl.col("since")
    stood = pl.when((waited >= STALL) & (pl.col("got") < pl.col("total"))).then(waited)
    grown = pl.col("got").last() - pl.col("got").first()
    seconds = (pl.col("until").last() - pl.col("since").first()).dt.total_microseconds() / 1_000_000
    return (
        still.with_columns(stood=stood)
        .group_by(_TRY, maintain_order=True)
        .agg(
            stalls=pl.col("stood").count().cast(pl.Int64),
            stalled=pl.when(pl.col("stood").count() > 0).then(pl.col("stood").sum()),
            standing=pl.col("stood").last(),
            grown_rate=grown / seconds,
        )
    )
