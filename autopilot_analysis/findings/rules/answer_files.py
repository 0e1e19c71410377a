"""An answer file that takes the place of OOBE, on a device of which nothing shows that Autopilot began."""

from __future__ import annotations

import polars as pl

from autopilot_analysis.facts import read_facts
from autopilot_analysis.findings.looking import properties
from autopilot_analysis.findings.rule import all_proofs, no_proof, proof, rule
from autopilot_analysis.findings.rules.beginning import (
    ANSWER_FILE,
    CAME,
    SIGN_IN,
    answered_by_file,
    never_deployed,
    without_place,
)
from autopilot_analysis.findings.rules.setup import SOURCE
from autopilot_analysis.tables import Tables, Trace
from autopilot_analysis.tables.verdict import CRITICAL

SHELL = "Shell Unattend"
"""The part of setup that carries out what an answer file says of accounts and sign-ins."""


def _carried_out(tables: Tables) -> pl.DataFrame:
    """Return lines of setup in which an answer file makes accounts or signs one in, with setting."""
    logs = tables.members.filter(pl.col("source") == SOURCE).select("device", "member")
    lines = tables.log_lines.filter(pl.col("component") == SHELL).join(logs, on=["device", "member"])
    known = read_facts("answer_file_settings").drop_nulls("log_line").select("setting", "log_line")
    frames = [
        lines.filter(pl.col("message").str.contains(words)).with_columns(name=pl.lit(setting))
        for setting, words in known.iter_rows()
    ]
    return pl.concat(frames)


@rule("ANSWER-FILE-INSTEAD", needs=f"source={ANSWER_FILE} | line; source={SOURCE}")
def answer_file_instead(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Devices that no record shows in a deployment, and whose OOBE an answer file answers or has answered.

    A setting that hides a page counts beside one that leaves OOBE out, makes an account or signs one in.
    """
    begun = trace.attempts.filter(pl.col("outcome") != "unfinished").select("device")
    joined = properties(tables, "^azureadjoined$", "(?i)^yes$").select("device")
    came = trace.marks.filter(pl.col("mark").is_in(CAME)).select("device")
    fresh = never_deployed(tables, trace).filter(pl.col("registered").is_null())
    fresh = fresh.join(pl.concat([begun, came, joined]), on="device", how="anti").select("device")
    if fresh.is_empty():
        return no_proof()
    lines = _carried_out(tables).join(fresh, on="device", how="semi")
    settings = answered_by_file(tables, SIGN_IN).drop("item").join(fresh, on="device", how="semi")
    alone = read_facts("answer_file_settings").filter(pl.col("alone") == "yes")["setting"].implode()
    enough = settings.filter(pl.col("name").is_in(alone)).select("device")
    settings = settings.join(enough, on="device", how="semi")
    both = pl.concat([settings.select("device", "name"), lines.select("device", "name")])
    if both.is_empty():
        return no_proof()
    short = without_place("name").unique(maintain_order=True)
    items = both.group_by("device", maintain_order=True).agg(item=short.str.join(", "))
    shown = lines.select("device").unique().with_columns(severity=pl.lit(CRITICAL))
    weighed = items.join(shown, on="device", how="left")
    frames = [
        proof(settings.join(weighed, on="device", maintain_order="left"), item=pl.col("item")),
        proof(
            lines.drop("severity").join(weighed, on="device", maintain_order="left"),
            pl.col("message"),
            pl.col("item"),
        ),
    ]
    return all_proofs(frames)
