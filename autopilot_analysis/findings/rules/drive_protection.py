"""What `Get-BitLockerVolume` says of the drive of Windows."""

from __future__ import annotations

import polars as pl

from autopilot_analysis.findings.looking import properties
from autopilot_analysis.findings.rule import proof, rule
from autopilot_analysis.tables import Tables, Trace

VOLUME = ["device", "member", "section"]
SAYS = r"^(?:volumestatus|protectionstatus|keyprotector)$"
RECOVERY = "(?i)recovery"
CUT = r"\.\.\.|\u2026"
"""Behind the fourth protector a list is cut: what it does not show may be there."""


@rule("BITLOCKER-PROTECTION-OFF", needs="property=protectionstatus")
def protection_off(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Drives of Windows that are encrypted whole while their protection is off."""
    whole = properties(tables, "^volumestatus$", "(?i)^fullyencrypted").select(VOLUME)
    windows = properties(tables, "^volumetype$", "(?i)^operatingsystem").select(VOLUME)
    off = properties(tables, "^protectionstatus$", "(?i)^off").select(VOLUME).unique()
    off = off.join(whole, on=VOLUME, how="semi").join(windows, on=VOLUME, how="semi")
    shown = pl.col("value").fill_null("").str.contains(f"{RECOVERY}|{CUT}")
    without = properties(tables, "^keyprotector$").filter(~shown)
    without = without.select(*VOLUME, without=pl.lit(", without a recovery password")).unique()
    drive = pl.col("section").str.extract(r"(\S+)$")
    named = off.join(without, on=VOLUME, how="left").with_columns(
        item=pl.concat_str(drive, pl.col("without").fill_null(""))
    )
    rows = properties(tables, SAYS, r"\w")
    return proof(rows.join(named, on=VOLUME, maintain_order="left"))
