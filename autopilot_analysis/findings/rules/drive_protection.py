"""What `Get-BitLockerVolume` says of the drive of Windows, and `Get-MpComputerStatus` of Defender."""

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


@rule("BITLOCKER-NOT-ENCRYPTED", needs="property=volumestatus")
def not_encrypted(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Drives of Windows of which nothing is encrypted."""
    windows = properties(tables, "^volumetype$", "(?i)^operatingsystem").select(VOLUME).unique()
    plain = properties(tables, "^volumestatus$", "(?i)^fullydecrypted").join(windows, on=VOLUME, how="semi")
    return proof(plain.with_columns(item=pl.col("section").str.extract(r"(\S+)$")))


@rule("DEFENDER-OFF", needs="property=amrunningmode")
def defender_off(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Devices on which Defender does not run, or runs by itself without protecting in real time.

    In a passive mode another antivirus protects, as it is meant to be.
    """
    idle = properties(tables, "^amrunningmode$", "(?i)^not running")
    alone = properties(tables, "^amrunningmode$", "(?i)^normal").select(VOLUME)
    open_now = properties(tables, "^(?:antivirusenabled|realtimeprotectionenabled)$", "(?i)^false")
    beside = pl.concat([idle.select(VOLUME), alone]).unique()
    rows = pl.concat([idle, open_now.join(beside, on=VOLUME, how="semi")])
    words = {"amrunningmode": "it is not running", "antivirusenabled": "antivirus off"}
    item = pl.col("name").str.to_lowercase().replace_strict(words, default="real-time protection off")
    items = rows.with_columns(item=item).group_by(VOLUME, maintain_order=True)
    named = items.agg(pl.col("item").unique(maintain_order=True).str.join(", "))
    return proof(rows.join(named, on=VOLUME, how="left", maintain_order="left"))
