"""What Windows Update failed with, by its own text log."""

from __future__ import annotations

import polars as pl

from autopilot_analysis.codes import code_of
from autopilot_analysis.findings.join_fields import PLACE
from autopilot_analysis.findings.rule import no_proof, proof, rule
from autopilot_analysis.tables import Tables, Trace
from autopilot_analysis.tables.verdict import ERROR, INFO, WARNING

SOURCE = "update_log"
CODE = (
    r"(?i)(?:\*FAILED\* \[|exit code = (?:0x)?|\bhr ?= ?(?:0x)?|"
    r"\b(?:error|failed with|failed:?|returned) (?:code )?:?(?:0x))(8[0-9a-f]{7})\b"
)
"""Where a line names the result of what failed."""
ENDED = r"(?i)^FATAL:|exit code = |\bskipping scan\b|\berror occurred while downloading\b"
"""What ends a search, a download or an installation."""
SERVICE = r"(?i)\bservice exit\b"
"""The end of the service itself, which is the end of no such operation."""
ASKED = r"(?i)\bsend(?:request\w*)?\b|\bWinHttp:|\bweb service call\b|\bSyncUpdates|\bDownloadFile"
"""A request to a server, which counts where no end of an operation is seen."""
WELL = r"(?i)exit code = 0x(?:0{8}|00?24[0-9a-f]{4})\b|\bupdates found = \d|^\W*found \d+ updates and \d"
"""An operation that ended well."""
KINDS = {
    "search": r"(?i)search|\bscan\b|finding updates|discovery|detect|self-?update|IsUpdateReq|updates found",
    "download": r"(?i)download",
    "install": r"(?i)install",
}
ADDRESS = r"(?i)\bhttps?://\w"
ALOUD = [WARNING, ERROR]
LEAST_WARNINGS = 3
"""So many warnings of one code are a failure of requests; a single one is usual."""


@rule("UPDATE-FAILED-BY-ITS-LOG", needs=f"line; source={SOURCE}")
def update_failed(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Failures of Windows Update by the code with which an operation ended last, and none well after it.

    Where no such end is seen, the code that requests to a server failed with the most often. What the service
    notes of itself when it starts is no failure. Of a device that was deployed only `info` is made.
    """
    logs = tables.members.filter(pl.col("source") == SOURCE).select(PLACE)
    if logs.is_empty():
        return no_proof()
    text = pl.col("message")
    kind = pl.coalesce(pl.when(text.str.contains(sign)).then(pl.lit(name)) for name, sign in KINDS.items())
    lines = tables.log_lines.join(logs, on=PLACE, maintain_order="left").with_columns(kind=kind)
    named = pl.concat_str(pl.lit("0x"), text.str.extract(CODE))
    failed = _not_mended(
        lines.filter(pl.col("severity").is_in(ALOUD), ~text.str.contains(SERVICE))
        .with_columns(code=code_of(named, "text"))
        .drop_nulls("code"),
        lines.filter(text.str.contains(WELL), ~text.str.contains(SERVICE)),
    )
    ended = failed.filter(text.str.contains(ENDED)).unique("device", keep="last", maintain_order=True)
    asked = _most_often(failed.filter(text.str.contains(ASKED))).join(ended, on="device", how="anti")
    causes = pl.concat([found.select("device", "code") for found in (ended, asked)])
    gone_on = trace.attempts.select("device").unique().with_columns(severity=pl.lit(INFO))
    met = failed.drop("severity").join(causes, on=["device", "code"], how="semi", maintain_order="left")
    shown = pl.concat([met, _addresses(failed.drop("severity"), met)])
    return proof(shown.join(gone_on, on="device", how="left", maintain_order="left"), text)


def _not_mended(failed: pl.DataFrame, well: pl.DataFrame) -> pl.DataFrame:
    """Return the failures behind which no operation of their kind ended well; an unnamed kind is any."""
    ends = well.select(*PLACE, "record", "kind").rename({"record": "well_at", "kind": "well_kind"})
    alike = pl.col("kind").is_null() | pl.col("well_kind").is_null() | (pl.col("kind") == pl.col("well_kind"))
    mended = failed.join(ends, on=PLACE).filter(pl.col("well_at") > pl.col("record"), alike)
    return failed.join(mended, on=[*PLACE, "record"], how="anti", maintain_order="left")


def _most_often(failed: pl.DataFrame) -> pl.DataFrame:
    """Return, for each device, the code that its requests failed with the most often, the first of equals."""
    counted = failed.group_by("device", "code", maintain_order=True).agg(n=pl.len())
    enough = counted.filter(pl.col("n") >= LEAST_WARNINGS).sort("n", descending=True, maintain_order=True)
    return enough.unique("device", keep="first", maintain_order=True)


def _addresses(failed: pl.DataFrame, met: pl.DataFrame) -> pl.DataFrame:
    """Return the first request whose address is named, where no line of the failure itself names one."""
    address = pl.col("message").str.contains(ADDRESS)
    first = failed.filter(address).unique("device", keep="first", maintain_order=True)
    shown = first.join(met, on="device", how="semi").join(met.filter(address), on="device", how="anti")
    return shown.with_columns(code=pl.lit(None, pl.String))
