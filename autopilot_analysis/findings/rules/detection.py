"""Apps that were installed and not found: where their detection rule looked, and whose profile that is."""

from __future__ import annotations

import polars as pl

from autopilot_analysis.facts.guids import GUID
from autopilot_analysis.findings.looking import once
from autopilot_analysis.findings.rule import all_proofs, proof, rule
from autopilot_analysis.findings.rules.page_tries import IS_REMOVAL, blamed_tries, how_it_ended
from autopilot_analysis.tables import Tables, Trace
from autopilot_analysis.tables.outcomes import FAILED_TRIES
from autopilot_analysis.trace.installs.agent.apps import NOT_DETECTED

NOT_FOUND = "applicationDetected: False"
LOOKED_AT = (
    r"(?i)(?:Checked filePath|Path doesn't exists?): *(.+?),? *(?:Exists: \w+, *)?applicationDetected: False"
)
"""How the agent writes the file or folder that a detection rule did not find."""
VERDICT_WORDS = "detection state: "
VERDICT = rf"detection for policy with id: ({GUID}).*detection state: (\w+)"
OF_SYSTEM = r"(?i)\\(?:system32|syswow64)\\config\\systemprofile(?:\\|$)"
"""The profile of the system account, which the variables of a user lead to when no user runs the rule."""
FILE = ["device", "member", "thread"]


def _missed(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Return apps whose installer succeeded and which were not found, with the try that the page blames."""
    blamed = blamed_tries(tables, trace, FAILED_TRIES).filter(
        (pl.col("outcome") == "not_detected") | (pl.col("code") == NOT_DETECTED), ~IS_REMOVAL
    )
    return blamed.with_columns(code=pl.lit(NOT_DETECTED))


@once
def _looks(tables: Tables) -> pl.DataFrame:
    """Return where the last detection of each app looked in vain: device, app, member, record, at, path.

    A rule's own line does not name the app: the next verdict of the same thread does.
    """
    about = tables.log_lines.filter(pl.col("message").str.contains_any([NOT_FOUND, VERDICT_WORDS]))
    lines = about.with_columns(pl.col("thread").fill_null(0), pl.col("record").cast(pl.Int64))
    looks = lines.with_columns(path=pl.col("message").str.extract(LOOKED_AT))
    parts = pl.col("message").str.to_lowercase().str.extract_groups(VERDICT)
    verdicts = lines.select(
        *FILE, "record", app=parts.struct[0], state=parts.struct[1], verdict="record"
    ).drop_nulls("app")  # fmt: skip
    met = looks.drop_nulls("path").sort("record").join_asof(
        verdicts.sort("record"), on="record", by=FILE, strategy="forward", check_sortedness=False
    )  # fmt: skip
    last = pl.col("verdict") == pl.col("verdict").last().over("device", "app")
    ordered = met.filter(pl.col("state") == "notdetected").sort("at", "record", maintain_order=True)
    return ordered.filter(last).select("device", "app", "member", "record", "at", "path")


def _places(tables: Tables, missed: pl.DataFrame) -> pl.DataFrame:
    """Return, for apps that were not found, the lines in which their rule says where it looked."""
    if missed.is_empty():
        return missed.with_columns(path=pl.lit(None, dtype=pl.String))
    apps = missed.select("device", "attempt", "code", "name", "item", app=pl.col("item").str.to_lowercase())
    return _looks(tables).join(apps.unique(maintain_order=True), on=["device", "app"], maintain_order="left")


@rule("ESP-APP-NOT-DETECTED", needs="failed=device_setup,account_setup; install=not_detected,failed")
def installed_yet_not_detected(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Apps whose installer succeeded, whose detection rule then did not find them, and the page failed."""
    missed, named = _missed(tables, trace), pl.coalesce("name", "item")
    looked = pl.format("the detection rule looked at {} and found nothing", "path")
    return all_proofs([proof(missed, how_it_ended(), named), proof(_places(tables, missed), looked, named)])


@rule("ESP-DETECTION-PROFILE", needs="failed=device_setup,account_setup; install=not_detected,failed")
def looked_into_the_profile_of_the_system(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Apps that were looked for in the profile of the system account, where no user's installer puts them."""
    missed, named = _missed(tables, trace), pl.coalesce("name", "item")
    there = _places(tables, missed).filter(pl.col("path").str.contains(OF_SYSTEM))
    tries = missed.join(there, on=["device", "attempt", "item"], how="semi")
    looked = pl.format("the detection rule looked at {} and found nothing", "path")
    return all_proofs([proof(there, looked, named), proof(tries, how_it_ended(), named)])
