"""What `tpmtool` and `Get-Tpm` say of a TPM that cannot do what a deployment may ask of it."""

from __future__ import annotations

import polars as pl

from autopilot_analysis.facts import read_facts
from autopilot_analysis.facts.tpm_tool import ATTESTS, line_of
from autopilot_analysis.findings.looking import NO_CONNECTION, failed_runs, properties
from autopilot_analysis.findings.rule import proof, rule
from autopilot_analysis.tables import Tables, Trace
from autopilot_analysis.tables.verdict import INFO

HYPHEN = r"^-\s*"
"""With what the tool begins each line about the TPM."""
ABSENT = "present"
"""Where there is no TPM, what else is said of it says no more."""
ATTESTING = (ATTESTS, "can attest")
"""What one of an old version cannot do."""
OF_A_KEY = "aik_text"
"""The source of what `certreq -enrollaik` printed."""
EMPTY = r"^\{\s*\}$"
"""A list without members, as PowerShell shows it."""
VERSION = r"^(?:-\s*tpm version|tpmhli version)$"
TOO_OLD = r"^\s*(1\.\d)"
"""Attestation came with TPM 2.0."""


@rule("TPM-ANSWERS", needs="property=-tpm present")
def tool_amiss(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Devices whose TPM is absent, not ready, locked or vulnerable, by Windows' own words.

    Where a deployment went well it took no such TPM. That one of version 1.2 cannot attest is another
    finding; that one whose key could not be certified is not ready to attest follows from that.
    """
    facts = read_facts("tpm_tool").select(pl.col("line").str.to_lowercase(), "words", "amiss", "rule")
    lines = properties(tables, HYPHEN, r"\w").with_columns(
        line=pl.col("name").str.to_lowercase().str.replace(HYPHEN, "")
    )
    known = lines.join(facts, on="line", maintain_order="left")
    amiss = known.filter(pl.col("value").str.to_lowercase() == pl.col("amiss"))
    of_presence = pl.col("line") == line_of(ABSENT)
    amiss = amiss.filter(~of_presence.any().over("device", "member") | of_presence)
    attesting = pl.lit([line_of(name) for name in ATTESTING])
    old = properties(tables, VERSION, TOO_OLD).select("device", line=attesting).explode("line")
    unasked = _unreached(tables).select("device", line=pl.lit(line_of(ATTESTS)))
    amiss = amiss.join(pl.concat([old, unasked]), on=["device", "line"], how="anti")
    words = pl.col("words").unique(maintain_order=True).str.join("; ")
    items = amiss.group_by("device", "rule", maintain_order=True).agg(item=words)
    named = amiss.join(items, on=["device", "rule"], maintain_order="left")
    return proof(light_where_well(named, trace))


@rule("TPM-KEY-UNREACHED", needs=f"source={OF_A_KEY} | property=code")
def key_unreached(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Tries to certify the TPM's attestation key that reached no service, where no attempt failed by it."""
    failed = failed_runs(trace, ["device_preparation"]).select("device")
    rows = _unreached(tables).join(failed, on="device", how="anti", maintain_order="left")
    return proof(light_where_well(rows, trace))


@rule("TPM-CERTIFICATE-ABSENT", needs="property=manufacturercertificates")
def certificate_absent(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Devices whose endorsement key is there and has no certificate, in the TPM or downloaded.

    Nothing is said where the attestation key was certified all the same, or a deployment went well.
    """
    kept = properties(tables, r"^manufacturercertificates$", EMPTY)
    unless = [
        properties(tables, r"^additionalcertificates$", r"\w"),
        properties(tables, r"^ispresent$", r"(?i)^false$"),
        properties(tables, r"^enrollstatus\(1\)$"),
    ]
    others = pl.concat([rows.select("device", "member") for rows in unless]).unique()
    return proof(light_where_well(kept.join(others, on=["device", "member"], how="anti"), trace))


def texts_of_a_key(tables: Tables) -> pl.DataFrame:
    """Return device and member of each text of a try to certify the attestation key."""
    own = tables.members.filter(pl.col("source") == OF_A_KEY).select("device", "member")
    beside = properties(tables, r"^enrollstatus\(").select("device", "member")
    return pl.concat([own, beside]).unique(maintain_order=True)


def _unreached(tables: Tables) -> pl.DataFrame:
    """Return the first error of the connection in each text of a try to certify a key, under its code."""
    codes = properties(tables, "^code$", NO_CONNECTION).with_columns(code="value")
    first = codes.unique(["device", "member"], keep="first", maintain_order=True)
    return first.join(texts_of_a_key(tables), on=["device", "member"], how="semi", maintain_order="left")


@rule("TPM-TOO-OLD", needs="property=-tpm version,tpmhli version")
def too_old(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Devices whose TPM is of version 1.2, which attests to nobody."""
    of_version = properties(tables, VERSION, TOO_OLD)
    of_version = of_version.with_columns(item=pl.format("version {}", pl.col("value").str.extract(TOO_OLD)))
    return proof(light_where_well(of_version, trace))


def light_where_well(rows: pl.DataFrame, trace: Trace) -> pl.DataFrame:
    """Make what is told no more than a note where a deployment of the device went well."""
    well = trace.attempts.filter(pl.col("outcome") == "succeeded").select("device").unique()
    light = well.with_columns(severity=pl.lit(INFO))
    return rows.join(light, on="device", how="left", maintain_order="left")
