"""Why an incident happened: what speaks for and against it, what is ruled out, what nobody saw."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import numpy as np
import polars as pl

from autopilot_analysis import wording
from autopilot_analysis.codes import explain as explain_code
from autopilot_analysis.findings import check_activities, rules_not_run, words
from autopilot_analysis.fleet.explanation.contrasts import SUPPORT, group_columns
from autopilot_analysis.fleet.intervals import false_discovery, share_columns
from autopilot_analysis.fleet.postmortem.case import Case

NEAR = timedelta(days=3)
"""An administrator's change this near to the day of the incident is a candidate."""

MOST_PROOFS = 12
DIFFERS = 0.05
MATTERS = 0.1
"""Two values of an attribute whose shares differ by less than this explain no incident."""

SHOWN = 2.8
"""Standard errors by which two shares must differ to be seen in four of five fleets."""

REASONS: dict[str, pl.DataType] = {
    "speaks": pl.String(),
    "statement": pl.String(),
    "k": pl.Int64(),
    "n": pl.Int64(),
    "share": pl.Float64(),
    "low": pl.Float64(),
    "high": pl.Float64(),
    "device": pl.String(),
    "member": pl.String(),
    "record": pl.Int64(),
    "quote": pl.String(),
}
RULED: dict[str, pl.DataType] = {
    "what": pl.String(),
    "verdict": pl.String(),
    "why": pl.String(),
    "member": pl.String(),
    "record": pl.Int64(),
}
UNSEEN: dict[str, pl.DataType] = {"what": pl.String(), "why it matters": pl.String(), "count": pl.Int64()}

Row = dict[str, Any]


def weigh_reasons(case: Case) -> pl.DataFrame:
    """Return what speaks for and against the explanation, each with its counts or the record that proves it.

    Args:
        case: The incident.

    Returns:
        `speaks` (for, against), `statement`, `k` of `n` with `share`, `low`, `high` where it was counted, and
        `device`, `member`, `record`, `quote` where a record proves it.
    """
    rows = [*_from_groups(case), *_from_codes(case), *_from_days(case), *_from_findings(case)]
    frame = pl.DataFrame(rows, schema=REASONS).with_columns(share_columns())
    order = pl.col("speaks").cast(pl.Enum(["for", "against"]))
    return frame.sort(order, maintain_order=True)


def list_ruled_out(case: Case) -> pl.DataFrame:
    """Return other explanations that were looked at, and what came of them.

    Args:
        case: The incident.

    Returns:
        `what`, `verdict` (ruled out, not ruled out, no sign), `why`, and the `member`, `record` that decides.
        "No sign" says that a rule was asked, or an attribute compared, and nothing found in what was read, no
        more: an attribute is ruled out only where a difference that matters is excluded.
    """
    rows = [*_attributes(case), *_other_days(case), *_activities(case), *_silent_rules(case)]
    return pl.DataFrame(rows, schema=RULED)


def list_unseen(case: Case) -> pl.DataFrame:
    """Return what could not be seen, and what it keeps from being known.

    Args:
        case: The incident.

    Returns:
        `what`, `why it matters`, `count`.
    """
    return pl.DataFrame([*_unseen_attempts(case), *_unseen_sources(case)], schema=UNSEEN)


def main_code(case: Case) -> tuple[str, str] | None:
    """Return the code and the stage of most of the attempts that were hit; None when no code is known.

    Args:
        case: The incident.
    """
    counted = (
        case.hits.drop_nulls("code")
        .group_by("code", pl.col("failed_stage").cast(pl.String))
        .len()
        .sort("len", "code", descending=[True, False])
    )
    return (counted["code"][0], counted["failed_stage"][0] or "") if counted.height else None


def _said(speaks: str, statement: str, k: int | None = None, n: int | None = None, **proof: object) -> Row:
    return {**dict.fromkeys(REASONS), "speaks": speaks, "statement": statement, "k": k, "n": n, **proof}


def _from_groups(case: Case) -> Iterator[Row]:
    """The group against the rest, each condition without the others, and what the group does not explain."""
    during, rest = case.during, case.rest
    bad = "failed" if case.outcome == "failed" else "were among the slowest fifth"
    if not case.where:
        return
    group = wording.group(case.where)
    yield _said("for", f"attempts with {group} that {bad}", int(during["hit"].sum()), during.height)
    yield _said(
        "for", f"attempts of everyone else that {bad}, in the same time", int(rest["hit"].sum()), rest.height
    )
    if case.contrast:
        yield _said(
            "for",
            f"so large a difference is no chance: q = {case.contrast['q']:.1e} over all groups looked at",
        )
    for name, value in case.where.items() if len(case.where) > 1 else ():
        others = {key: wanted for key, wanted in case.where.items() if key != name}
        alone = rest.filter(*[pl.col(key).cast(pl.String) == wanted for key, wanted in others.items()])
        another = f"another {wording.words(name)} than {value}"
        words_ = f"attempts with {wording.group(others)} but {another} that {bad}"
        yield _said(
            "for",
            f"{words_}: {wording.group(others)} alone does not explain it",
            int(alone["hit"].sum()),
            alone.height,
        )
    fine = during.filter(~pl.col("hit")).height
    yield _said(
        "against",
        f"attempts with {group} that went well all the same: the group alone is not sufficient",
        fine,
        during.height,
    )
    if case.contrast and case.contrast["note"]:
        yield _said("against", str(case.contrast["note"]))


def _from_codes(case: Case) -> Iterator[Row]:
    """The code most of them ended with, how often it stands elsewhere, and failures of other codes."""
    main = main_code(case)
    if main is None or case.outcome != "failed":
        return
    code, stage = main
    same = case.hits.filter(pl.col("code") == code).height
    known = explain_code(code, stage=stage or None)
    means = known.meaning if known.certainty != "unknown" else "a code that no public source explains"
    where = f" in {wording.words(stage)}" if stage else ""
    yield _said("for", f"of the failures, ended{where} with {code} ({means})", same, case.hits.height)
    if same < case.hits.height:
        other = case.hits.height - same
        yield _said(
            "against",
            f"of the failures, ended otherwise than with {code}: ordinary failures, or more than one cause",
            other,
            case.hits.height,
        )
    elsewhere = case.rest.filter("hit")
    with_code = elsewhere.filter(pl.col("code") == code).height
    if case.rest.height:
        speaks = "against" if with_code else "for"
        yield _said(
            speaks,
            f"attempts of everyone else that ended with {code}, in the same time",
            with_code,
            case.rest.height,
        )


def _from_days(case: Case) -> Iterator[Row]:
    """The day the level moved, and what administrators changed near it."""
    if not case.change:
        return
    change = case.change
    moved = f"on {change['at']:%d %B %Y} its level moved, {wording.levels(change)} (q = {change['q']:.1e})"
    yield _said("for", moved)
    near = case.fleet.candidates.filter((pl.col("at") - change["at"]).abs() <= NEAR)
    for at, what in near.select("at", "what").iter_rows():
        after = at >= change["at"] + timedelta(days=1)
        when = "after it had begun" if after else "near in time, which is not yet a cause"
        yield _said(
            "against" if after else "for",
            f"changed by an administrator on {at:%d %B %Y, %H:%M} UTC: {what}; {when}",
        )


def _from_findings(case: Case) -> Iterator[Row]:
    """The records that prove the finding that is followed, and the devices hit that do not show it."""
    if not case.rule:
        return
    found = case.story.findings.findings.filter(pl.col("rule") == case.rule)
    title = found["title"][0] if found.height else case.rule
    for row in case.proofs.head(MOST_PROOFS).iter_rows(named=True):
        yield _said(
            "for", str(title), **{name: row[name] for name in ("device", "member", "record", "quote")}
        )
    hit = case.hits.filter(pl.col("origin").cast(pl.String) == "capture")["device"].unique()
    showing = hit.is_in(found["device"].unique().implode()).sum()
    if hit.len() > 1:
        yield _said("for", f"devices hit whose captures show {case.rule}", int(showing), hit.len())
    if found.height:
        doubt = 1 - float(found["confidence"].max())  # type: ignore[arg-type]  # a number
        yield _said("against", f"the rule is sure to {1 - doubt:.0%}: what it saw can have another reason")


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
        why = f"{outside} from {' to '.join(ends)}: {meaning} (q = {q:.2g})"
        rows.append(_no(f"another {wording.words(name)}", verdict, why))
    return rows


def _weighed(q: float, least: Row, most: Row) -> tuple[str, str]:
    """Return what the two ends of an attribute show: ruled out is only what their interval excludes.

    The interval of the difference is Newcombe's, of 95 %.

    Args:
        q: How often chance shows such a difference.
        least: The value with the smallest share.
        most: The value with the largest.
    """
    if q < DIFFERS:
        return "not ruled out", "more than chance would show: look at it too"
    beyond = float(np.hypot(most["high"] - most["share"], least["share"] - least["low"]))
    if most["share"] - least["share"] + beyond < MATTERS:
        return (
            "ruled out",
            f"no more than chance would show, and less than {wording.percent(MATTERS, 0)} apart",
        )
    n, k = most["n"] + least["n"], most["k"] + least["k"] + 0.5
    share = k / (n + 1)
    visible = SHOWN * float(np.sqrt(share * (1 - share) * (1 / most["n"] + 1 / least["n"])))
    return "no sign", f"only a difference of {wording.percent(visible, 0)} or more would have shown"


def _other_days(case: Case) -> Iterator[Row]:
    """Other groups and days that stand out, and administrators' changes far from the day."""
    for row in case.explanation.contrasts.iter_rows(named=True):
        where = json.loads(row["where"])
        if where != case.where:
            counts = f"{row['k']} of {row['n']} against {wording.percent(row['rest_share'])} of the rest"
            why = f"differs too: {counts}; an incident of its own, or another face of this one"
            yield _no(wording.group(where), "not ruled out", why)
    for row in case.explanation.changes.iter_rows(named=True):
        if case.change is None or row["at"] != case.change["at"]:
            what = f"{wording.group(json.loads(row['where']))} on {row['at']:%d %B %Y}"
            yield _no(what, "not ruled out", f"its level moved on that day too, {wording.levels(row)}")
    yield from _far_changes(case)


def _far_changes(case: Case) -> Iterator[Row]:
    """What administrators changed too early to be near, or too late to be the cause."""
    if not case.change:
        return
    at = case.change["at"]
    for when, what in case.fleet.candidates.select("at", "what").iter_rows():
        named, days = f"{what}, changed on {when:%d %B %Y}", abs((when - at).days)
        if when > at + NEAR:
            yield _no(named, "ruled out", f"came {days} days after it began")
        elif when < at - NEAR:
            why = f"came {days} days before it began: not near, yet possible when it took effect late"
            yield _no(named, "not ruled out", why)


def cited_device(case: Case) -> str | None:
    """Return the device whose capture is followed: one that was hit and shows the finding, else any capture.

    Of an incident of a group only devices of that group are followed.

    Args:
        case: The incident.
    """
    findings = case.story.findings.findings
    attempts = case.story.trace.attempts["device"].unique(maintain_order=True)
    hit = case.hits["device"].unique(maintain_order=True)
    shown = (
        findings.filter(pl.col("rule") == case.rule)["device"] if case.rule else findings["device"].clear()
    )
    choices = [shown.filter(shown.is_in(hit.implode())), hit.filter(hit.is_in(attempts.implode()))]
    if not case.where and not case.change:
        choices += [shown, attempts, case.story.tables.devices["device"]]
    return next((str(choice[0]) for choice in choices if choice.len()), None)


def _activities(case: Case) -> Iterator[Row]:
    """The key activities of the cited device that passed."""
    device = cited_device(case)
    if device is None or case.story.trace.attempts.is_empty():
        return
    checked = check_activities(*case.story).filter(pl.col("device") == device, pl.col("result") == "pass")
    checked = checked.filter(pl.col("activity") != "collected_logs")
    for row in checked.iter_rows(named=True):
        what = f"{row['activity'].replace('_', ' ')} of {device}"
        yield _no(what, "ruled out", str(row["why"]), member=row["member"], record=row["record"])


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
        pl.col("role") == "cause",
        pl.col("severity") != "info",
    )
    for stage, titles in silent.group_by("stage", maintain_order=True).agg("title").iter_rows():
        about = wording.words(str(stage)) if stage else "any stage"
        yield _no(
            f"{len(titles)} causes in {about}",
            "no sign",
            f"asked of {device}, found nothing: {'; '.join(titles)}",
        )


def _unseen(what: str, why: str, count: int | None = None) -> Row:
    return {"what": what, "why it matters": why, "count": count}


def _unseen_attempts(case: Case) -> Iterator[Row]:
    """Attempts without an end, without a code, without a named group; and a fleet without any capture."""
    attempts = case.fleet.deployments
    open_ = attempts.filter(
        ~pl.col("outcome").cast(pl.String).is_in(["succeeded", "failed", "abandoned"])
    ).height
    if open_:
        yield _unseen(
            "attempts in progress or of unknown outcome", "they are in no share and may still fail", open_
        )
    mute = case.hits.filter(pl.col("outcome") == "failed")["code"].null_count()
    if mute:
        yield _unseen(
            "failures without a code",
            "their cause is told by no export; a capture of the device would tell",
            mute,
        )
    for name in ("model", "build", "group_tag", "profile", "user"):
        nulls = attempts[name].null_count()
        if attempts.height and nulls:
            yield _unseen(
                f"attempts whose {wording.words(name)} no export tells",
                "they can be in no group of it",
                nulls,
            )
    if attempts.is_empty():
        yield _unseen("attempts at Autopilot", "nothing that was read tells of one", 0)
    hit = case.hits["device"].n_unique()
    captured = case.hits.filter(pl.col("origin").cast(pl.String) == "capture")["device"].n_unique()
    if hit > captured:
        yield _unseen(
            "devices hit without a capture",
            "what happened on the device itself was not seen; only the service's word for it",
            hit - captured,
        )
    if case.fleet.candidates.is_empty():
        yield _unseen(
            "changes made by administrators",
            "no audit log was among what was read: whether something was changed is unknown",
        )


def _unseen_sources(case: Case) -> Iterator[Row]:
    """Sources that were absent or partial on devices, gaps, and rules that could not be asked."""
    coverage = case.fleet.coverage
    for presence, why in (("absent", "was not there"), ("partial", "was cut, rolled over or damaged")):
        poor = coverage.filter(pl.col("presence") == presence, pl.col("shows").is_not_null())
        for source, shows, count in (
            poor.group_by("source", maintain_order=True).agg(pl.col("shows").first(), pl.len()).iter_rows()
        ):
            yield _unseen(f"{source} {why}", f"it alone would show: {shows}", count)
    for reason, count in (
        case.fleet.gaps.group_by("reason", maintain_order=True).agg(pl.len()).head(20).iter_rows()
    ):
        yield _unseen(f"not read: {reason}", "what stood there is unknown", count)
    device = cited_device(case)
    if device is not None and case.story.trace.attempts.height:
        count = rules_not_run(case.story.tables).filter(pl.col("device") == device).height
        if count:
            yield _unseen(
                "rules that could not be asked",
                f"their sources are not in the capture of {device}: their silence says nothing",
                count,
            )
