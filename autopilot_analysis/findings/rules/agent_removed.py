"""The Intune agent as a product of Windows Installer: taken off the device again and again."""

from __future__ import annotations

from datetime import timedelta

import polars as pl

from autopilot_analysis import wording
from autopilot_analysis.findings.join_fields import IN_ENTRA, REGISTERED, fields
from autopilot_analysis.findings.looking import events_of
from autopilot_analysis.findings.rule import all_proofs, no_proof, proof, rule
from autopilot_analysis.tables import Tables, Trace
from autopilot_analysis.tables.verdict import INFO

PRODUCT = "Microsoft Intune Management Extension"
INSTALLED, REMOVED = ["installer:1033", "installer:11707"], ["installer:1034", "installer:11724"]
STATUS = "$.Data[3]"
"""Where 1033 and 1034 say how it ended; the sentences of 11707 and 11724 have nothing there."""
UPGRADE = timedelta(minutes=10)
"""A removal behind which the product is installed so soon makes room for another version."""
ONE_REMOVAL = timedelta(minutes=1)
"""Two records so close together tell of one removal."""
AGAIN = 2
"""So many removals are no single clean-up."""


@rule("AGENT-REMOVED", needs=f"event={','.join(REMOVED)}")
def removed_again(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Devices from which the agent was removed again and again, and on what kind of join; once is `info`."""
    gone = _of_agent(tables, REMOVED)
    back = _of_agent(tables, INSTALLED).select("device", back_at="at").sort("back_at")
    soon = gone.join_asof(
        back, left_on="at", right_on="back_at", by="device", strategy="forward", tolerance=UPGRADE,
        check_sortedness=False,
    )  # fmt: skip
    kept_off = soon.filter(pl.col("back_at").is_null())
    apart = (pl.col("at").diff() >= ONE_REMOVAL).fill_null(value=True).over("device")
    registered = set(_only_registered(tables)["device"])
    found = [no_proof()]
    for (device,), own in kept_off.with_columns(apart=apart).group_by("device", maintain_order=True):
        count = int(own["apart"].sum())
        often = wording.times(count, own["at"][0], own["at"][-1])
        where = ", on a device that is registered with Entra and not joined" if device in registered else ""
        quiet = INFO if count < AGAIN else None
        found.append(proof(own.with_columns(severity=pl.lit(quiet)), item=pl.lit(f"{often}{where}")))
    return all_proofs(found)


def _of_agent(tables: Tables, wanted: list[str]) -> pl.DataFrame:
    """Return the dated records of the agent's own product that tell of no error, in order."""
    data = pl.col("data").fill_null("").str
    well = data.json_path_match(STATUS).fill_null("0") == "0"
    return (
        events_of(tables, wanted)
        .filter(data.contains(PRODUCT, literal=True), well)
        .drop_nulls("at")
        .sort("at")
    )


def _only_registered(tables: Tables) -> pl.DataFrame:
    """Return the devices that dsregcmd calls registered for a user, and joined in no way to Entra."""
    user = fields(tables, REGISTERED, "(?i)^yes$").select("device")
    return fields(tables, IN_ENTRA, "(?i)^no$").join(user, on="device", how="semi")
