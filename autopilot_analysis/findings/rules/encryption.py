"""Drive encryption that the management service asks for and that Windows does not begin."""

from __future__ import annotations

import polars as pl

from autopilot_analysis import wording
from autopilot_analysis.findings.looking import events_of
from autopilot_analysis.findings.rule import all_proofs, no_proof, proof, rule
from autopilot_analysis.tables import Tables, Trace

FAILED = ["bitlocker:851", "bitlocker:853", "bitlocker:854"]
"""Silent encryption was not begun: by the firmware, by what stands below the code, without WinRE."""
BEGUN = ["bitlocker:768"]
"""Encryption of a volume was begun."""


@rule("BITLOCKER-NOT-BEGUN", needs=f"event={','.join(FAILED)}")
def not_begun(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Devices on which silent encryption was tried in vain and not begun since, by reason, and how often."""
    begun = events_of(tables, BEGUN).group_by("device").agg(begun_at=pl.col("at").max())
    failed = events_of(tables, FAILED).filter(pl.col("at").is_not_null()).sort("at")
    since = failed.join(begun, on="device", how="left", maintain_order="left").filter(
        (pl.col("at") > pl.col("begun_at")).fill_null(value=True)
    )
    found = [no_proof()]
    for _, own in since.group_by("device", "event_id", "code", maintain_order=True):
        often = f", {wording.times(own.height, own['at'][0], own['at'][-1])}" if own.height > 1 else ""
        found.append(proof(own, item=pl.lit(f"event {own['event_id'][0]}{often}")))
    return all_proofs(found)
