"""Apps of which the agent could not find out whether they are there, or whether they apply."""

from __future__ import annotations

import polars as pl

from autopilot_analysis.clock import best_instant
from autopilot_analysis.facts.guids import GUID
from autopilot_analysis.findings.looking import in_attempts
from autopilot_analysis.findings.rule import no_proof, proof, rule
from autopilot_analysis.findings.rules.page_waits import ATTEMPT
from autopilot_analysis.tables import Tables, Trace
from autopilot_analysis.tables.story import PHASES, PRE_PROVISIONING
from autopilot_analysis.trace.installs.agent.untried import NO_ANSWER

VERDICT = (
    rf"(?i)(?:detection|applicability check) for policy with id: ({GUID}) resulted in action status: "
    r"(\w+) and (?:detection|applicability) state: (\w+)"
)
"""What the agent writes when it has asked whether an app is there, or whether it applies."""
TO_ERROR = (
    rf"(?i)esp tracked install status from \w+ to error for application ({GUID})(?: with name: ([^\r\n]+))?"
)
WORDS = ["resulted in action status", "to Error for application"]
APP = ["device", "app"]
OTHERWISE = "ESP-APPS-UNANSWERED"
"""The same of an attempt that is known to be no pre-provisioning, whose certificate is as new as itself."""
LINE = ["device", "member", "record", "at", "written_at", "message"]


@rule("ESP-APPS-NOT-COMPUTED", needs="line; failed=device_setup,account_setup")
def not_computed(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Apps that the page counts as failed after the agent came to no answer about them: one cause for all."""
    lines = tables.log_lines.filter(pl.col("message").str.contains_any(WORDS))
    if lines.is_empty():
        return no_proof()
    parts = pl.col("message").str.extract_groups(VERDICT)
    listed = pl.col("message").str.extract_groups(TO_ERROR)
    about = lines.select(
        *LINE,
        app=pl.coalesce(parts.struct[0], listed.struct[0]).str.to_lowercase(),
        state=parts.struct[2].str.to_lowercase(),
        name=listed.struct[1].str.strip_chars(" ."),
        failed=listed.struct[0].is_not_null(),
    ).drop_nulls("app")
    ordered = about.sort(best_instant(), "record", nulls_last=True, maintain_order=True)
    errors = ordered.filter("failed").group_by(APP).agg(called=pl.coalesce("name", "app").last())
    last = ordered.drop_nulls("state").group_by(APP, maintain_order=True).last()
    broken = last.filter(pl.col("state") == NO_ANSWER).join(errors, on=APP, maintain_order="left")
    if broken.is_empty():
        return no_proof()
    runs = trace.stage_runs.filter(pl.col("stage").is_in(PHASES), pl.col("outcome") == "failed")
    met = in_attempts(broken, trace).join(runs, on=ATTEMPT, how="semi", maintain_order="left")
    known = trace.attempts.select(*ATTEMPT, "scenario").drop_nulls()
    other = known.filter(~pl.col("scenario").str.starts_with(PRE_PROVISIONING))
    met = met.join(
        other.select(*ATTEMPT, rule=pl.lit(OTHERWISE)), on=ATTEMPT, how="left", maintain_order="left"
    )
    called, came_to = pl.col("called"), pl.col("message").str.extract("(?i)(resulted in .*?)[.]?$")
    return proof(met, pl.format("{} {}", called, came_to), called.str.join(", ").over(ATTEMPT))
