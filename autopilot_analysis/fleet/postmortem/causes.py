"""Why it happened, what to do first, how sure that is: proved by captures, told by a code, or counted."""

from __future__ import annotations

import polars as pl

from autopilot_analysis import wording
from autopilot_analysis.fleet.explanation.failures.failure_kinds import named, reason_of, with_reasons
from autopilot_analysis.fleet.explanation.failures.failure_lines import TELLS_END
from autopilot_analysis.fleet.explanation.fleet_findings import items_in_words
from autopilot_analysis.fleet.explanation.sentences import CALM
from autopilot_analysis.fleet.postmortem.case import Case
from autopilot_analysis.tables.fleet import CAPTURE

NOT_SHOWN = "that it causes them is not shown by counting"
MOST_CAUSES = 4
"""Causes, and items of one attempt, that are named; the rest are counted."""


def tell_why(case: Case) -> str:
    """Return the likely cause: what captures prove, else what a code means, else what counting shows.

    Args:
        case: The incident.
    """
    if case.proven.height > 1:
        return _causes(case)
    found = case.story.findings.findings.filter(pl.col("rule") == case.rule)
    if case.rule and found.height:
        return f"{found['title'][0]}. {found['meaning'][0] or ''}"
    if case.hits.height == 1 and not case.where:
        return _of_one(case)
    counted = f"It goes with them; {NOT_SHOWN}"
    if case.contrast:
        what = "failures" if case.outcome == "failed" else "slow attempts"
        lifts = (case.contrast[name] for name in ("lift", "lift_low", "lift_high"))
        times, least, most = map(wording.ratio, lifts)
        likely = f"{times} times as likely over all that was read ({least} to {most})"
        return f"What the {what} have in common is {wording.group(case.where)}: {likely}. {counted}"
    if case.change and not case.where:
        return (
            "Every group was hit alike from that day on: something they share, such as the service, the "
            "network or a change made for all, is likelier than a model or a profile"
        )
    if case.where:
        return "This group does not differ from the rest by {wording.MORE_THAN_CHANCE}; no cause was found"
    return f"{wording.capital(CALM)}: the failures lie as chance would spread them"


def _causes(case: Case) -> str:
    """Return the causes that captures prove, on how many of the devices that were hit each is the first."""
    proven, hit = case.proven, case.hits["device"].n_unique()
    most, named = int(proven["devices"][0]), int(proven["devices"].sum())
    head = f"{proven.height} different causes on {named} of the {wording.count(hit, 'device')} hit"
    spread = ", none on more than one" if most == 1 else ""
    causes = [
        f"{title}: {_on(n)}." for title, n in proven.head(MOST_CAUSES).select("title", "devices").rows()
    ]
    left = proven.height - MOST_CAUSES
    more = [f"{wording.and_more(left, 'And ')}."] if left > 0 else []
    return "\n".join([f"{head}{spread}.", *causes, *more])


def _on(devices: int) -> str:
    return wording.count(devices, "device")


def _of_one(case: Case) -> str:
    """Return what the service tells of why the one attempt failed: what its code means where it arose."""
    row = with_reasons(case.hits).row(0, named=True)
    known = reason_of(row)
    items = [text.partition(" (")[0] for text in items_in_words(case.hits, case.fleet.item_statuses)]
    at = f" at {', '.join(items[:MOST_CAUSES])}" if items else ""
    if known is None:
        return f"Not known: {TELLS_END}{at}, not why"
    symbol = f" ({known.symbol})" if known.symbol else ""
    kind = "code" if row["code"] else "reason"
    means = wording.means(f"{named(row)}{symbol}{at}", known.meaning)
    return f"{means}. The service tells no more than this {kind}"


def tell_first(case: Case, remedies: pl.DataFrame) -> str:
    """Return what to do first: of several causes what mends each, of one that alone.

    Args:
        case: The incident.
        remedies: Answer of `list_remedies`.
    """
    proven = case.proven
    if proven.height > 1:
        mends = proven.head(MOST_CAUSES).drop_nulls("remedy").group_by("remedy", maintain_order=True)
        summed = mends.agg(pl.col("devices").sum()).rows()
        return "\n".join(f"{remedy.rstrip('.')}: {_on(devices)}." for remedy, devices in summed)
    return ". Then: ".join(remedies["remedy"].head(1 if case.rule else 2))


def tell_doubt(case: Case) -> str:
    """Return how sure the cause is, by how many of the devices that were hit were captured.

    Args:
        case: The incident.
    """
    hit = case.hits["device"].n_unique()
    captured = case.hits.filter(pl.col("origin").cast(pl.String) == CAPTURE)["device"].n_unique()
    if not captured and case.hits.height == 1:
        return "Only the service's word was read: no capture shows what led to it on the device"
    if not captured:
        return (
            "The counts are sure within their intervals. The cause on the device is not: no capture of a "
            "device that was hit was among what was read"
        )
    if case.proven.height > 1:
        return (
            "Each cause is proved by records of its device's own capture; one record of each stands below, "
            f"the rest in {wording.OF_A_DEVICE} of that device"
        )
    if captured < hit:
        return (
            f"Captures of {captured:,} of the {hit:,} devices that were hit were read; the others are known "
            "by the service's word only"
        )
    return (
        "Every claim about a device leads to a record that stands below; what the captures did not hold is "
        "listed as not seen"
    )
