"""Programs of the Intune agent that Windows ends alike, whichever app they are of."""

from __future__ import annotations

import polars as pl

from autopilot_analysis.codes import code_of
from autopilot_analysis.findings.looking import exit_code
from autopilot_analysis.findings.rule import all_proofs, no_proof, proof, rule
from autopilot_analysis.tables import Tables, Trace
from autopilot_analysis.tables.items import CALLED, SCRIPT
from autopilot_analysis.tables.story import APPS
from autopilot_analysis.trace.installs.agent.messages import find_messages
from autopilot_analysis.wording import one_of

OF_WINDOWS = ["0xC0000142", "0xC000026B", "0xC0000017", "0xC000009A"]
"""Statuses that hang on Windows or the session: no DLL comes up, the session ends, memory is short.

What crashes, or lacks a DLL, may do so in several packages that are each at fault.
"""
WORDS = ["Powershell ExitCode: ", "Powershell execution is done, ", "Powershell exit code is "]
"""Literals of the messages that tell how a script ended."""
ALIKE = 2
"""So many programs that have nothing to do with each other, and end with one status, are not at fault."""


@rule("PROGRAMS-END-ALIKE", needs="install=failed; line")
def programs_end_alike(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Installers of several apps, or one and a script, that ended with the same status of Windows."""
    tries = trace.installs.filter(
        pl.col("kind").is_in(APPS), pl.col("outcome") == "failed", pl.col("exit_code").is_not_null()
    )
    ended = code_of(pl.col("exit_code"), "result")
    apps = tries.with_columns(code=ended).filter(pl.col("code").is_in(OF_WINDOWS))
    if apps.is_empty():
        return no_proof()
    scripts = _scripts(tables).join(apps, on=["device", "code"], how="semi")
    each = [
        apps.select("device", "code", program=CALLED),
        scripts.select("device", "code", program=pl.lit("script")),
    ]
    alike = pl.concat(each).group_by("device", "code").agg(n=pl.col("program").n_unique())
    alike = alike.filter(pl.col("n") >= ALIKE)
    own = apps.join(alike, on=["device", "code"], how="semi", maintain_order="left").with_columns(
        at=pl.coalesce("ended_at", "started_at"), item=CALLED
    )
    beside = own.select("device", "attempt", "code", "item").unique(["device", "code"], maintain_order=True)
    met = scripts.unique(["device", "code"], maintain_order=True).join(
        beside, on=["device", "code"], maintain_order="left"
    )
    installers = proof(own, pl.format("installer of {}: {}", "item", exit_code()))
    return all_proofs([installers, proof(met, pl.format(f"{one_of(SCRIPT)}: {{}}", exit_code()))])


def _scripts(tables: Tables) -> pl.DataFrame:
    """Return how scripts of the agent ended by a status of Windows, as the logs tell it."""
    lines = find_messages(tables.log_lines.filter(pl.col("message").str.contains_any(WORDS)))
    ended = lines.with_columns(code=code_of(pl.col("exit_code"), "result"))
    return ended.filter(pl.col("code").is_in(OF_WINDOWS)).sort("order")
