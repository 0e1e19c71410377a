"""An offline profile that was copied into Windows before Windows was generalized, which deletes it."""

from __future__ import annotations

import polars as pl

from autopilot_analysis.facts.marks import CONFIGURATION_FILE_USED, PROFILE_AVAILABLE
from autopilot_analysis.findings.looking import marks_in
from autopilot_analysis.findings.rule import all_proofs, no_proof, proof, rule
from autopilot_analysis.tables import Tables, Trace

FILE = "autopilotconfigurationfile.json"
COPIED = r"(?i)\\provisioning\\autopilot\b"
"""Where Windows looks for it: a command that names both puts it there."""
GENERALIZED = r"(?i)sysprep(?:\.exe)?\W.*[/-]generalize|(?:executing|processing|completed) '?generalize"
"""What a task sequence and sysprep itself write of it."""
CAME = [CONFIGURATION_FILE_USED, PROFILE_AVAILABLE]


@rule("CONFIGURATION-FILE-GENERALIZED")
def deleted_by_sysprep(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Offline profiles whose last copy came before sysprep /generalize, on devices that got none since.

    Logs of setup and of a task sequence name no zone: both are read on the clock that wrote them.
    """
    named = pl.col("message").str.contains_any([FILE], ascii_case_insensitive=True)
    lines = tables.log_lines.drop("severity")
    copies = lines.filter(named, pl.col("message").str.contains(COPIED))
    if copies.is_empty():
        return no_proof()
    runs = lines.filter(pl.col("message").str.contains(GENERALIZED))
    copied = copies.group_by("device").agg(copied_at=pl.col("written_at").max())
    later = runs.join(copied, on="device").filter(pl.col("written_at") > pl.col("copied_at"))
    came = marks_in(trace, CAME).select("device")
    lost = later.join(came, on="device", how="anti")
    quote = pl.col("message")
    return all_proofs([proof(copies.join(lost, on="device", how="semi"), quote), proof(lost, quote)])
