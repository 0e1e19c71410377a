"""Drive encryption that began with another method than a policy wants which came later."""

from __future__ import annotations

import polars as pl

from autopilot_analysis import wording
from autopilot_analysis.facts import read_facts
from autopilot_analysis.findings.looking import events_of
from autopilot_analysis.findings.rule import all_proofs, proof, rule
from autopilot_analysis.tables import Tables, Trace
from autopilot_analysis.tables.verdict import INFO

BEGUN = "bitlocker:768"
"""Encryption was started on a drive, with the number of its algorithm."""
TEXT, NUMBER = "dm:814", "dm:813"
"""A policy came whose value is a text, or a number."""
SYSTEM_DRIVE = "C:"
OF_TEXT = r"EncryptionMethodWithXtsOsDropDown_Name(?:&quot;|\W)+value(?:&quot;|\W)+(\d+)"
"""Where the policy of all drives says what it wants for the system's."""
POLICIES = {TEXT: "encryptionmethodbydrivetype", NUMBER: "encryptionmethod"}
AREA = "bitlocker"


@rule("BITLOCKER-OTHER-METHOD", needs=f"event={BEGUN}; event={TEXT},{NUMBER}")
def other_method(tables: Tables, trace: Trace) -> pl.DataFrame:
    """System drives whose encryption was last begun otherwise than the policy wants that came after.

    It stops no deployment: beside one that failed it is no more than `info`.
    """
    known = read_facts("encryption_methods").select("policy", "algorithm", "method")
    begun = _begun(tables).join(known.drop("policy"), on="algorithm")
    wanted = _wanted(tables).join(known.drop("algorithm"), on="policy")
    both = begun.select("device", "method", begun_at="at").join(
        wanted.select("device", wanted="method", came_at="at"), on="device"
    )
    late = both.filter(pl.col("came_at") > pl.col("begun_at"), pl.col("method") != pl.col("wanted"))
    after = pl.Series([wording.span(one) for one in late["came_at"] - late["begun_at"]], dtype=pl.String)
    words = "{} with {}, and the policy that wants {} came {} later"
    item = pl.format(words, pl.lit(SYSTEM_DRIVE), "method", "wanted", after)
    last = trace.attempts.sort("attempt").group_by("device").agg(failed=pl.col("outcome").last() == "failed")
    quiet = pl.when("failed").then(pl.lit(INFO))
    items = late.select("device", item=item).join(last, on="device", how="left").with_columns(severity=quiet)
    return all_proofs([proof(rows.join(items, on="device"), item=pl.col("item")) for rows in (begun, wanted)])


def _begun(tables: Tables) -> pl.DataFrame:
    """Return when encryption of each device's system drive was last begun, with its algorithm's number."""
    number = pl.col("data").str.json_path_match("$.AlgorithmType")
    drive = pl.col("data").str.json_path_match("$.VolumeMountPoint") == SYSTEM_DRIVE
    events = events_of(tables, [BEGUN]).filter(drive).drop_nulls("at").sort("at")
    last = events.group_by("device", maintain_order=True).last()
    return last.with_columns(algorithm=_decimal(number)).drop("code")


def _wanted(tables: Tables) -> pl.DataFrame:
    """Return when what the policy now wants for each device's system drive first came, with its number."""
    name, area = (pl.col("data").str.json_path_match(f"$.Message{n}").str.to_lowercase() for n in (1, 2))
    asked = pl.col("key").replace_strict(POLICIES, default=None)
    events = events_of(tables, list(POLICIES)).filter(area == AREA, name == asked)
    number = _decimal(pl.col("data").str.json_path_match("$.HexInt1"))
    policy = pl.when(pl.col("key") == TEXT).then(pl.col("data").str.extract(OF_TEXT)).otherwise(number)
    dated = events.with_columns(policy=policy).drop_nulls(["policy", "at"]).sort("at")
    now = dated.group_by("device", maintain_order=True).agg(pl.col("policy").last())
    same = dated.join(now, on=["device", "policy"], maintain_order="left")
    return same.group_by("device", maintain_order=True).first().drop("code")


def _decimal(number: pl.Expr) -> pl.Expr:
    """Return a number as decimal text, however a record spells it."""
    hexadecimal = number.str.extract("^0[xX]([0-9A-Fa-f]+)$").str.to_integer(base=16, strict=False)
    return pl.coalesce(hexadecimal.cast(pl.String), number)
