"""Other explanations of an incident that were looked at, and what came of them."""

from __future__ import annotations

import json
from collections.abc import Iterator

import numpy as np
import polars as pl

from autopilot_analysis import wording
from autopilot_analysis.findings import check_activities, rules_not_run, words
from autopilot_analysis.fleet.explanation.days.changes import CANDIDATE_REACHES
from autopilot_analysis.fleet.explanation.groups.contrasts import group_columns
from autopilot_analysis.fleet.explanation.groups.counting import SUPPORT
from autopilot_analysis.fleet.intervals import false_discovery, share_columns
from autopilot_analysis.fleet.postmortem.case import Case
from autopilot_analysis.fleet.postmortem.reasons import Row, cited_device
from autopilot_analysis.tables.verdict import CAUSE, INFO

DIFFERS = 0.05
MATTERS = 0.1
"""Two values of an attribute whose shares differ by less than this explain no incident."""

VISIBLE_ERRORS = 2.8
"""Standard errors by which two shares must differ to be seen in four of five fleets."""

RULED_OUT, NOT_RULED_OUT, NO_SIGN = "ruled out", "not ruled out", "no sign"
"""What came of an explanation that was looked at; that there is no sign of it is the weakest."""

RULED: dict[str, pl.DataType] = {
    "what": pl.String(),
    "verdict": pl.String(),
    "why": pl.String(),
    "member": pl.String(),
    "record": pl.Int64(),
}


def list_ruled_out(case: Case) -> pl.DataFrame:
    """Return other explanations that were looked at, and what came of them.

    Args:
        case: The incident.

    Returns:
        `what`, `verdict` (`RULED_OUT`, `NOT_RULED_OUT`, `NO_SIGN`), `why`, and the `member`, `record` that
        decides. `NO_SIGN` says that a rule was asked, or an attribute compared, and nothing found in what
        was read, no more: an attribute is ruled out only where a difference that matters is excluded.
    """
    rows = [*_attributes(case), *_other_days(case), *_activities(case), *_silent_rules(case)]
    return pl.DataFrame(rows, schema=RULED)


def _no(what: str, verdict: str, why: str, **proof: object) -> Row:
    return {**dict.fromkeys(RULED), "what": what, "verdict": verdict, "why": why, **proof}


def _attributes(case: Case) -> list[Row]:
    """Each attribute beside the group's own: does it differ among the attempts that the group leaves?"""
    from scipy.stats import chi2_contingency  # scipy stays out of start-up

    left = case.judged.filter(~pl.col("inside")) if case.where else case.judged
    names, ps, spans = [], [], []
    for name in group_columns(case.fleet.deployments):
        counts = (
            left.drop_nulls(name)
            .group_by(pl.col(name).cast(pl.String))
            .agg(k=pl.col("hit").sum(), n=pl.len())
        )
        counts = counts.filter(pl.col("n") >= SUPPORT).with_columns(share_columns()).sort("share", name)
        if counts.height < 2:
            continue
        table = counts.select("k", other=pl.col("n") - pl.col("k")).to_numpy()
        flat = not table.sum(axis=0).all()
        names.append(name)
        ps.append(1.0 if flat else float(chi2_contingency(table).pvalue))
        spans.append((counts.row(0, named=True), counts.row(-1, named=True)))
    qs = false_discovery(np.array(ps))
    rows = []
    for name, q, (least, most) in zip(names, qs, spans, strict=True):
        ends = [
            f"{wording.percent(row['share'])} ({row[name]}, {row['k']} of {row['n']})"
            for row in (least, most)
        ]
        outside = "Outside the group it goes" if case.where else "It goes"
        verdict, meaning = _weighed(q, least, most)
        why = f"{outside} from {' to '.join(ends)}: {meaning} (q {wording.chance(q)})"
        rows.append(_no(f"another {wording.words(name)}", verdict, why))
    return rows


def _weighed(q: float, least: Row, most: Row) -> tuple[str, str]:
    """Return what the two ends of an attribute show: ruled out is only what their interval excludes.

    The interval of the difference is Newcombe's.

    Args:
        q: How often chance shows such a difference.
        least: The value with the smallest share.
        most: The value with the largest.
    """
    if q < DIFFERS:
        return NOT_RULED_OUT, f"{wording.MORE_THAN_CHANCE}: look at it too"
    beyond = float(np.hypot(most["high"] - most["share"], least["share"] - least["low"]))
    if most["share"] - least["share"] + beyond < MATTERS:
        return (
            RULED_OUT,
            f"no {wording.MORE_THAN_CHANCE}, and less than {wording.percent(MATTERS, 0)} apart",
        )
    n, k = most["n"] + least["n"], most["k"] + least["k"] + 0.5
    share = k / (n + 1)
    visible = VISIBLE_ERRORS * float(np.sqrt(share * (1 - share) * (1 / most["n"] + 1 / least["n"])))
    return NO_SIGN, wording.least_seen(wording.percent(visible, 0))


def _other_days(case: Case) -> Iterator[Row]:
    """Other groups and days that stand out, and administrators' changes far from the day."""
    for row in case.explanation.contrasts.iter_rows(named=True):
        where = json.loads(row["where"])
        if where != case.where:
            counts = f"{row['k']} of {row['n']} against {wording.percent(row['rest_share'])} of the rest"
            why = f"differs too: {counts}; an incident of its own, or another face of this one"
            yield _no(wording.group(where), NOT_RULED_OUT, why)
    for row in case.explanation.changes.iter_rows(named=True):
        if case.change is None or row["at"] != case.change["at"]:
            what = f"{wording.group(json.loads(row['where']))} on {wording.moment(row['at'])}"
            yield _no(what, NOT_RULED_OUT, f"its level moved on that day too, {wording.levels(row)}")
    yield from _far_changes(case)


def _far_changes(case: Case) -> Iterator[Row]:
    """What administrators changed too early to be near, or too late to be the cause."""
    if not case.change:
        return
    at = case.change["at"]
    for when, what in case.fleet.candidates.select("at", "what").iter_rows():
        named, days = f"{what}, changed on {wording.day(when)}", abs((when - at).days)
        if when > at + CANDIDATE_REACHES:
            yield _no(named, RULED_OUT, f"came {days} days after it began")
        elif when < at - CANDIDATE_REACHES:
            why = f"came {days} days before it began: not near, yet possible when it took effect late"
            yield _no(named, NOT_RULED_OUT, why)


def _activities(case: Case) -> Iterator[Row]:
    """The key activities of the cited device that passed."""
    device = cited_device(case)
    if device is None or case.story.trace.attempts.is_empty():
        return
    checked = check_activities(*case.story).filter(pl.col("device") == device, pl.col("result") == "pass")
    checked = checked.filter(pl.col("activity") != "collected_logs")
    for row in checked.iter_rows(named=True):
        what = f"{wording.words(row['activity'])} of {device}"
        yield _no(what, RULED_OUT, str(row["why"]), member=row["member"], record=row["record"])


def _silent_rules(case: Case) -> Iterator[Row]:
    """The rules that name causes, were asked of the cited device and found nothing, a line a stage."""
    device = cited_device(case)
    if device is None or case.story.trace.attempts.is_empty():
        return
    mine = pl.col("device") == device
    not_run = rules_not_run(case.story.tables).filter(mine)["rule"]
    fired = case.story.findings.findings.filter(mine)["rule"]
    silent = words().filter(
        ~pl.col("rule").is_in(not_run.implode()),
        ~pl.col("rule").is_in(fired.implode()),
        pl.col("role") == CAUSE,
        pl.col("severity").ne_missing(pl.lit(INFO)),
    )
    for stage, titles in silent.group_by("stage", maintain_order=True).agg("title").iter_rows():
        about = wording.words(str(stage)) if stage else "any stage"
        yield _no(
            f"{wording.count(len(titles), 'cause')} in {about}",
            NO_SIGN,
            f"asked of {device}, found nothing: {'; '.join(titles)}",
        )
