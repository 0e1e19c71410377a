"""What logs of other agents and of scripts say of themselves: a failed enrolment, a fix without effect."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import polars as pl

from autopilot_analysis.clock import best_instant
from autopilot_analysis.codes import code_of
from autopilot_analysis.export.sources import QUOTES
from autopilot_analysis.facts import read_facts
from autopilot_analysis.facts.source_names import CMTRACE_OTHER, OWN_LOG
from autopilot_analysis.findings.join_fields import PLACE
from autopilot_analysis.findings.looking import FILE_NAME
from autopilot_analysis.findings.rule import proof, rule
from autopilot_analysis.tables import Tables, Trace
from autopilot_analysis.tables.verdict import INFO

NOT_ENROLLED = (
    r"(?i)(?:\bRegisterDeviceWith\w{0,30}Management\b|\benrol\w{0,10}\b|\bMDM\b).{0,400}?"
    r"\b(?:(?:0x)?(8018[0-9a-f]{4})|0x(caa[0-9a-f]{5}))\b"
)
"""A line that names enrolment, and behind it a code of it or of the token that it needs."""
ENROLLED = (
    r"(?i)\benrol\w{0,10}\b.{0,80}\b(?:succe\w{2,8}|completed?)\b|\b(?:successfully|now) enrolled\b"
    r"|\bMDM (?:is |status:? )on\b"
)
NO_SUCCESS = r"(?i)\b(?:fail\w{0,3}|not|unable|cannot)\b"
"""Words beside which a line of that kind tells of no success."""
OWN = (OWN_LOG, QUOTES)
"""Sources with lines of logs of no known kind: such a log, and a mail that quotes some of its lines."""
FIXED, RIGHT, WRONG = "fixed", "right", "wrong"
"""Roles of facts/remediation_words.csv: a fix ended well, a detection is met, a detection is not met."""
RIGHT_AFTER = timedelta(minutes=10)
"""What is wrong so soon after its fix was never right; what is wrong later may have been set back."""
SET_BACK = 2
"""So often a state that was right is found wrong again, and something else sets it."""


def _lines(tables: Tables, sources: Sequence[str] = OWN) -> pl.DataFrame:
    """Return the lines of logs of no known kind, in their order, with the name of their file as item."""
    logs = tables.members.filter(pl.col("source").is_in(sources)).select(PLACE)
    lines = tables.log_lines.join(logs, on=PLACE, maintain_order="left").drop("severity")
    return lines.with_columns(item=pl.col("member").str.extract(FILE_NAME))


def _shown(met: pl.DataFrame, trace: Trace) -> pl.DataFrame:
    """Return the first and the last of some lines of each log as proofs; beside an attempt it is `info`."""
    place = pl.int_range(pl.len()).over(PLACE)
    ends = met.filter((place == 0) | (place == pl.len().over(PLACE) - 1))
    beside = trace.attempts.select("device").unique().with_columns(severity=pl.lit(INFO))
    return proof(ends.join(beside, on="device", how="left", maintain_order="left"), pl.col("message"))


def failed_enrollments(tables: Tables) -> pl.DataFrame:
    """Return the lines of programs' own logs that tell of an enrolment in vain and of no later success.

    They are rows of `log_lines` with code and item, the last code of each log.

    Args:
        tables: What `read_tables` returned.
    """
    lines = _lines(tables, [*OWN, CMTRACE_OTHER])
    digits = pl.coalesce(pl.col("message").str.extract(NOT_ENROLLED, group) for group in (1, 2))
    code = code_of(pl.concat_str(pl.lit("0x"), digits), "text")
    failed = lines.with_columns(code=code).drop_nulls("code")
    text = pl.col("message")
    well = lines.filter(text.str.contains(ENROLLED), ~text.str.contains(NO_SUCCESS))
    ends = well.group_by(PLACE).agg(well_at=pl.col("record").max())
    since = failed.join(ends, on=PLACE, how="left", maintain_order="left")
    standing = since.filter((pl.col("record") > pl.col("well_at")).fill_null(value=True))
    return standing.filter(pl.col("code") == pl.col("code").last().over(PLACE))


@rule("OTHER-AGENT-ENROLLMENT", needs=f"line; source={','.join((*OWN, CMTRACE_OTHER))}")
def other_agent_not_enrolled(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Enrolments that a program tried in vain by its own log, which tells of none that went well since."""
    return _shown(failed_enrollments(tables), trace)


def _turns(tables: Tables) -> pl.DataFrame:
    """Return the lines of scripts' logs that tell of a detection or a fix, with the role before each."""
    words = read_facts("remediation_words").select("role", "pattern").iter_rows()
    fits = (
        pl.when(pl.col("message").str.contains(f"(?i){shape}")).then(pl.lit(role)) for role, shape in words
    )
    turns = _lines(tables).with_columns(role=pl.coalesce(*fits)).drop_nulls("role")
    moment = best_instant()
    return turns.with_columns(
        before=pl.col("role").shift().over(PLACE), waited=(moment - moment.shift().over(PLACE))
    )


@rule("REMEDIATION-UNMET", needs=f"line; source={','.join(OWN)}", limits={"soon": RIGHT_AFTER})
def remediation_unmet(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Detections that are not met right after a fix that ended well, nor later in the log."""
    turns = _turns(tables)
    wrong = turns.filter(pl.col("role") == WRONG, pl.col("before") == FIXED)
    unmet = wrong.filter(pl.col("waited") <= RIGHT_AFTER)
    met = turns.filter(pl.col("role") == RIGHT).group_by(PLACE).agg(met_at=pl.col("record").max())
    later = unmet.join(met, on=PLACE, how="left", maintain_order="left")
    return _shown(later.filter((pl.col("record") > pl.col("met_at")).fill_null(value=True)), trace)


@rule("REMEDIATION-UNDONE", needs=f"line; source={','.join(OWN)}", limits={"times": SET_BACK})
def remediation_undone(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Detections that were met and are found not met again and again, while a fix is run each time."""
    turns = _turns(tables)
    undone = turns.filter(pl.col("role") == WRONG, pl.col("before") == RIGHT)
    mended = turns.filter(pl.col("role") == FIXED).select(PLACE).unique()
    often = undone.filter(pl.len().over(PLACE) >= SET_BACK)
    return _shown(often.join(mended, on=PLACE, how="semi", maintain_order="left"), trace)
