"""What else was found, and what was not read or not seen, in the lines of an answer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import polars as pl

from autopilot_analysis import wording
from autopilot_analysis.findings.answers.answer import Line
from autopilot_analysis.findings.answers.to_do import proven_issues, tells
from autopilot_analysis.tables.capture import ABSENT
from autopilot_analysis.tables.verdict import CAUSE, CONSEQUENCE, CONTEXT

MOST_OTHERS = 4
"""So many further rules that fired get a line; the others are counted."""
MOST_NAMED = 3
"""So many files that were not read are named; the others are counted."""
UNTAKEN = ("unknown", "damaged")
"""States of a file that no reader took: none knows it, or the one that should could make nothing of it."""
UNUSED = "not_read"
"""State of a file of a known kind that no reader has."""
MADE_BY_HAND = 8
"""An export of no more files was put together by somebody, who sent each of them for a reason."""
ROLES = {CAUSE: "another possible cause", CONSEQUENCE: "a consequence", CONTEXT: ""}
"""How a further finding stands to the first, in words."""


def other_findings(
    found: pl.DataFrame, lead: list[dict[str, Any]], begun: list[dict[str, Any]], *, remedied: bool
) -> Iterator[Line]:
    """Return one line for each other rule that fired, its items together, with what mends it when asked for.

    Args:
        found: The findings on one device.
        lead: Those that lead the answer.
        begun: Those whose remedies stand above where nothing leads, under their titles if there are several.
        remedied: Whether the others are all that there is to do: nothing is known to have ended well.
    """
    place = next((place for place, row in enumerate(found.iter_rows(named=True)) if row in lead), None)
    others = found if place is None else pl.concat([found.head(place), found.slice(place + 1)])
    grouped = others.group_by("rule", "severity", "role", maintain_order=True)
    proven = proven_issues() if lead else frozenset()
    above = {one["rule"] for one in begun}
    named = {one["rule"] for one in begun if tells(one) or len(begun) > 1}
    lines = [
        Line(_other(rows, remedied=(remedied or rule in proven) and rule not in above))
        for (rule, *_), rows in grouped
        if rule not in named or rows.height > 1
    ]
    yield from lines[:MOST_OTHERS]
    if len(lines) > MOST_OTHERS:
        yield Line(f"and {wording.count(len(lines) - MOST_OTHERS, 'more finding')}")


def _other(rows: pl.DataFrame, *, remedied: bool) -> str:
    """Return the findings of one rule in one line: the first whole, the others counted."""
    one = rows.row(0, named=True)
    more = f"{wording.and_more(rows.height - 1, ', and ')} like it" if rows.height > 1 else ""
    place, weight = ROLES[one["role"]], wording.words(one["severity"])
    remedy = f" {one['remedy'].rstrip('.')}." if remedied and one["remedy"] else ""
    return f"{one['title'].rstrip('.')}{more} ({weight}{', ' + place if place else ''}).{remedy}"


def unseen_lines(unseen: pl.DataFrame, verdict: Mapping[str, Any]) -> Iterator[Line]:
    """Yield which sources that decide this were absent or cut, and how many others were.

    Args:
        unseen: The sources that matter here and were not read whole.
        verdict: A row of `conclude`.
    """
    for presence, text in ((ABSENT, "Absent"), ("partial", "Only in part")):
        titles = unseen.filter(pl.col("presence") == presence)["title"].to_list()
        if titles:
            yield Line(f"{text}: {', '.join(titles)}.")
    others = sorted(set((verdict["not_seen"] or "").split(", ")) - {"", *unseen["title"]})
    rest = wording.listed(others, MOST_NAMED)
    if not unseen.height:
        yield Line("Nothing that decides this.")
    if others:
        needed = "of less weight here" if unseen.height else "needed for other questions alone"
        yield Line(f"Absent or cut, and {needed}: {rest}.", aside=True)


def untaken(members: pl.DataFrame) -> Iterator[Line]:
    """Say how many files no reader took, and what the first are called."""
    states = [*UNTAKEN, UNUSED] if members.height <= MADE_BY_HAND else UNTAKEN
    left = members.filter(pl.col("state").cast(pl.String).is_in(states)).sort("member")["member"]
    if left.len():
        verb = "was" if left.len() == 1 else "were"
        named = wording.listed(left.to_list(), MOST_NAMED)
        yield Line(f"{wording.count(left.len(), 'file')} {verb} not read: {named}.")
