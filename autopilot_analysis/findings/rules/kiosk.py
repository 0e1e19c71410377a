"""Kiosks that sign in by themselves, and the settings of the device that end that."""

from __future__ import annotations

import polars as pl

from autopilot_analysis.facts import read_facts
from autopilot_analysis.findings.looking import registry
from autopilot_analysis.findings.rule import NEVER, all_proofs, no_proof, proof, rule
from autopilot_analysis.findings.rules.conflicts import candidates, registry_rows
from autopilot_analysis.tables import Tables, Trace
from autopilot_analysis.tables.verdict import HIGH, WARNING

WINLOGON = r"windows nt\\currentversion\\winlogon$"
ACCOUNT = "kioskuser0"
"""The account without a password that Windows makes for a kiosk and signs in by itself."""
PASSWORD_RULES = "PC2"
NOT_ASKED = {"devicepasswordenabled": "1"}
"""The value, of all settings of the lock, that says that no password is asked for: the rest is idle then."""
OFF = "0"


@rule("KIOSK-SIGN-IN-BLOCKED", needs="registry=defaultusername")
def kiosk_sign_in_blocked(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Kiosks whose automatic sign-in settings of the device end; high where it is switched off by now."""
    account = registry(tables, WINLOGON, "^defaultusername$").filter(
        pl.col("value").str.to_lowercase().str.ends_with(ACCOUNT)
    )
    if account.is_empty():
        return no_proof()
    facts = read_facts("policy_conflicts").filter(pl.col("kiosk").is_not_null()).rows(named=True)
    under = candidates(tables, facts).join(account.select("device").unique(), on="device", how="semi")
    met = []
    for fact in facts:
        rows = registry_rows(under, fact)
        if rows is not None:
            kept = _asked(rows) if fact["id"] == PASSWORD_RULES else rows
            met.append(kept.with_columns(words=pl.lit(fact["kiosk"]), off=_is_off()))
    settings = pl.concat(met) if met else account.clear().with_columns(words=pl.lit(""), off=_is_off())
    of_device = settings.group_by("device", maintain_order=True).agg(
        item=pl.col("words").unique(maintain_order=True).str.join(", "),
        severity=pl.when(pl.col("off").any()).then(pl.lit(HIGH)).otherwise(pl.lit(WARNING)),
    )
    proofs = [
        proof(
            rows.with_columns(at=NEVER).join(of_device, on="device", maintain_order="left"),
            item=pl.col("item"),
        )
        for rows in (settings.sort(~pl.col("off"), maintain_order=True).drop("words", "off"), account)
    ]
    return all_proofs(proofs)


def _is_off() -> pl.Expr:
    return (pl.col("name").str.to_lowercase() == "autoadminlogon") & (pl.col("value") == OFF)


def _asked(rows: pl.DataFrame) -> pl.DataFrame:
    """Return the rules for passwords that ask for something, of devices that ask for a password at all."""
    low = pl.col("name").str.to_lowercase()
    idle = pl.any_horizontal((low == name) & (pl.col("value") == value) for name, value in NOT_ASKED.items())
    asking = (low == "devicepasswordenabled") | ~pl.col("value").is_in([OFF, ""])
    return rows.filter(asking).join(rows.filter(idle), on="device", how="anti", maintain_order="left")
