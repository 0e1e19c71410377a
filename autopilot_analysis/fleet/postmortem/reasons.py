"""Why an incident happened: what speaks for and against it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import polars as pl

from autopilot_analysis import wording
from autopilot_analysis.codes import explain as explain_code
from autopilot_analysis.fleet.explanation.days.changes import CANDIDATE_REACHES
from autopilot_analysis.fleet.explanation.units import SLOWEST_WORDS
from autopilot_analysis.fleet.intervals import share_columns
from autopilot_analysis.fleet.postmortem.case import Case
from autopilot_analysis.tables.fleet import CAPTURE

NEAR, NO_CAUSE_YET = "near in time", "is not yet a cause"
MEANWHILE = ", in the same time"
MOST_PROOFS = 12
FOR, AGAINST = "for", "against"
"""What a reason says of the explanation."""
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
Row = dict[str, Any]


def weigh_reasons(case: Case) -> pl.DataFrame:
    """Return what speaks for and against the explanation, each with its counts or the record that proves it.

    Args:
        case: The incident.

    Returns:
        `speaks` (`FOR`, `AGAINST`), `statement`, `k` of `n` with `share`, `low`, `high` where it was counted,
        and `device`, `member`, `record`, `quote` where a record proves it.
    """
    rows = [*_from_groups(case), *_from_codes(case), *_from_days(case), *_from_findings(case)]
    frame = pl.DataFrame(rows, schema=REASONS).with_columns(share_columns())
    order = pl.col("speaks").cast(pl.Enum([FOR, AGAINST]))
    return frame.sort(order, maintain_order=True)


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


def _reason(speaks: str, statement: str, k: int | None = None, n: int | None = None, **proof: object) -> Row:
    return {**dict.fromkeys(REASONS), "speaks": speaks, "statement": statement, "k": k, "n": n, **proof}


def _from_groups(case: Case) -> Iterator[Row]:
    """The group against the rest, each condition without the others, and what the group does not explain."""
    during, rest = case.during, case.rest
    bad = "failed" if case.outcome == "failed" else f"were among the {SLOWEST_WORDS}"
    if not case.where:
        return
    group = wording.group(case.where)
    yield _reason(FOR, f"attempts with {group} that {bad}", int(during["hit"].sum()), during.height)
    yield _reason(
        FOR, f"attempts of everyone else that {bad}{MEANWHILE}", int(rest["hit"].sum()), rest.height
    )
    if case.contrast:
        q = wording.chance(case.contrast["q"])
        yield _reason(FOR, f"so large a difference is no chance: q {q} over all groups looked at")
    for name, value in case.where.items() if len(case.where) > 1 else ():
        others = {key: wanted for key, wanted in case.where.items() if key != name}
        alone = rest.filter(*[pl.col(key).cast(pl.String) == wanted for key, wanted in others.items()])
        another = f"another {wording.words(name)} than {value}"
        words_ = f"attempts with {wording.group(others)} but {another} that {bad}"
        yield _reason(
            FOR,
            f"{words_}: {wording.group(others)} alone does not explain it",
            int(alone["hit"].sum()),
            alone.height,
        )
    fine = during.filter(~pl.col("hit")).height
    yield _reason(
        AGAINST,
        f"attempts with {group} that went well all the same: the group alone is not sufficient",
        fine,
        during.height,
    )
    if case.contrast and case.contrast["note"]:
        yield _reason(AGAINST, str(case.contrast["note"]))


def _from_codes(case: Case) -> Iterator[Row]:
    """The code most of them ended with, how often it stands elsewhere, and failures of other codes."""
    main = main_code(case)
    if main is None or case.outcome != "failed":
        return
    code, stage = main
    same = case.hits.filter(pl.col("code") == code).height
    known = explain_code(code, stage=stage or None)
    means = known.meaning if known.certainty != "unknown" else f"a code that {wording.NO_SOURCE}"
    where = f" in {wording.words(stage)}" if stage else ""
    if case.hits.height == 1:  # of one there is no share
        yield _reason(FOR, f"the attempt ended{where} with {code} ({means})")
        return
    yield _reason(FOR, f"of the failures, ended{where} with {code} ({means})", same, case.hits.height)
    if same < case.hits.height:
        other = case.hits.height - same
        yield _reason(
            AGAINST,
            f"of the failures, ended otherwise than with {code}: ordinary failures, or more than one cause",
            other,
            case.hits.height,
        )
    elsewhere = case.rest.filter("hit")
    with_code = elsewhere.filter(pl.col("code") == code).height
    if case.rest.height:
        speaks = AGAINST if with_code else FOR
        yield _reason(
            speaks,
            f"attempts of everyone else that ended with {code}{MEANWHILE}",
            with_code,
            case.rest.height,
        )


def _from_days(case: Case) -> Iterator[Row]:
    """The day the level moved, and what administrators changed near it."""
    if not case.change:
        return
    change = case.change
    q = wording.chance(change["q"])
    moved = f"on {wording.day(change['at'])} its level moved, {wording.levels(change)} (q {q})"
    yield _reason(FOR, moved)
    near = case.fleet.candidates.filter((pl.col("at") - change["at"]).abs() <= CANDIDATE_REACHES)
    for at, what in near.select("at", "what").iter_rows():
        after = at >= change["at"] + timedelta(days=1)
        when = wording.in_zone(f"{wording.day(at)}, {wording.clock_time(at)}")
        then = "after it had begun" if after else f"{NEAR}, which {NO_CAUSE_YET}"
        yield _reason(
            AGAINST if after else FOR,
            f"changed by an administrator on {when}: {what}; {then}",
        )


def _from_findings(case: Case) -> Iterator[Row]:
    """The records that prove the finding that is followed, and the devices hit that do not show it."""
    if not case.rule:
        return
    known = pl.concat([case.story.findings.findings, case.causes], how="diagonal_relaxed")
    titles = dict(known.unique("rule", keep="first").select("rule", "title").iter_rows())
    found = known.filter(pl.col("rule") == case.rule)
    for row in case.proofs.head(MOST_PROOFS).iter_rows(named=True):
        proof = {name: row[name] for name in ("device", "member", "record", "quote")}
        yield _reason(FOR, str(titles.get(row["rule"], row["rule"])), **proof)
    hit = case.hits.filter(pl.col("origin").cast(pl.String) == CAPTURE)["device"].unique()
    showing = hit.is_in(found["device"].unique().implode()).sum()
    if hit.len() > 1:
        yield _reason(
            FOR,
            f"devices hit whose captures show this: {titles.get(case.rule, case.rule)}",
            int(showing),
            hit.len(),
        )
    if found.height:
        sure = wording.percent(float(found["confidence"].max()), 0)  # type: ignore[arg-type]  # a number
        yield _reason(AGAINST, f"the rule is sure to {sure}: what it saw can have another reason")


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
