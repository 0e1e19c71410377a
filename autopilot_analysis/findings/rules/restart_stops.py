"""The agent of Intune stops in setup until the device restarts, and says so again and again."""

from __future__ import annotations

from datetime import timedelta

import polars as pl

from autopilot_analysis.findings.looking import exit_code
from autopilot_analysis.findings.rule import no_proof, proof, rule
from autopilot_analysis.findings.rules.apps import RESTART
from autopilot_analysis.tables import Tables, Trace
from autopilot_analysis.tables.items import CALLED
from autopilot_analysis.wording import IN_MINUTES

STOPPED = "A restart is required to continue processing apps"
BEGAN_AGAIN = "EMS Agent Started"
INSTALLS = "Launch Win32AppInstaller"
HELD = "waiting for restart"
WORDS = [STOPPED, BEGAN_AGAIN, INSTALLS, HELD, "EspPhase"]
"""Words by which lines of the agent are looked up."""
PHASE = r"EspPhase: ?(Device|Account)Setup\b"
OUT_OF_PHASE = "NotInEsp"
LEAST_STOPS = 2
"""So often the agent must say that it stops: once it may have been restarted right after."""
STOOD_FOR = timedelta(minutes=10)
"""So long lies between the first and the last time: a restart that is under way takes less."""


@rule("AGENT-STOPPED-FOR-RESTART", needs="install=waiting")
def stopped_for_restart(tables: Tables, trace: Trace) -> pl.DataFrame:
    """The last stops of the agent for a restart in setup, where neither the agent nor an app began since."""
    known = tables.log_lines.filter(pl.col("message").str.contains_any(WORDS))
    lines = known.drop_nulls("written_at").drop("severity")
    stops = lines.filter(pl.col("message").str.contains(STOPPED, literal=True))
    if stops.is_empty():
        return no_proof()
    began = _last(lines, BEGAN_AGAIN).rename({"written_at": "began_at"})
    since = stops.join(began, on="device", how="left", maintain_order="left").filter(
        (pl.col("written_at") > pl.col("began_at")).fill_null(value=True)
    )
    stood = pl.col("written_at").max().over("device") - pl.col("written_at").min().over("device")
    long = since.filter(stood >= STOOD_FOR, pl.len().over("device") >= LEAST_STOPS)
    went_on = long.join(_last(lines, INSTALLS).rename({"written_at": "installs_at"}), on="device").filter(
        pl.col("installs_at") > pl.col("written_at").max().over("device")
    )
    left = long.join(went_on, on="device", how="anti", maintain_order="left")
    phased = left.join(_phases(lines), on="device", maintain_order="left").drop_nulls("stage")
    asked = trace.installs.filter(RESTART, pl.col("exit_code").is_not_null())
    names = asked.group_by("device").agg(item=pl.format("{} ({})", CALLED, exit_code()).first())
    named = phased.join(names, on="device", how="left", maintain_order="left")
    times = pl.len().over("device")
    minutes = (pl.col("written_at").max() - pl.col("written_at").min()).over("device").dt.total_minutes()
    quote = pl.format(f"{{}} (said {{}} times in {{}}{IN_MINUTES})", "message", times, minutes)
    whole = named.sort("written_at", maintain_order=True).with_columns(quoted=quote)
    place = pl.int_range(pl.len()).over("device")
    ends = whole.filter((place == 0) | (place == pl.len().over("device") - 1))
    return proof(ends, pl.col("quoted"))


def _last(lines: pl.DataFrame, words: str) -> pl.DataFrame:
    """Return when some words were written for the last time."""
    lines = lines.filter(pl.col("message").str.contains(words, literal=True))
    return lines.group_by("device").agg(pl.col("written_at").max())


def _phases(lines: pl.DataFrame) -> pl.DataFrame:
    """Return the phase of setup in which the agent was last, null where it was in none."""
    phased_lines = lines.filter(pl.col("message").str.contains(f"{PHASE}|{OUT_OF_PHASE}"))
    stage = pl.col("message").str.extract(PHASE).str.to_lowercase() + "_setup"
    ordered = phased_lines.sort("written_at", maintain_order=True)
    return ordered.group_by("device", maintain_order=True).agg(stage=stage.last())
