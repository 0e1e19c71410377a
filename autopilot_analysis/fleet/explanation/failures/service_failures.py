"""What the service alone tells of failures: what their code means, what mends them, which row says so."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping
from typing import Any

import polars as pl

from autopilot_analysis import quoting, wording
from autopilot_analysis.facts.addresses import address_of
from autopilot_analysis.findings import Line
from autopilot_analysis.findings.service.texts import statement_of
from autopilot_analysis.fleet.dataset.loading import Fleet
from autopilot_analysis.fleet.explanation.failures.failure_kinds import (
    meaning_of,
    named,
    reason_of,
    words_beside,
)
from autopilot_analysis.fleet.explanation.fleet_findings import LISTED, items_in_words, place_of
from autopilot_analysis.tables.fleet import CAPTURE, TOLD_BY

RIVAL = 0.25
"""Behind a kind of failure of which nobody knows what mends it, another is told of where it is at least this
part as frequent as the most frequent: what mends few failures would pass for what mends most."""


def tell_reasons(kinds: list[dict[str, Any]]) -> Iterator[Line]:
    """Return what the code of a single failure means where it arose; the service tells no more.

    Args:
        kinds: Rows of `kinds_of`.
    """
    for one in kinds:
        known = reason_of(one) if one["n"] == 1 else None
        if known:
            yield Line(wording.means(named(one), _ended_by_a_point(known.meaning)))


def tell_reasons_of_own(kinds: list[dict[str, Any]]) -> Iterator[Line]:
    """Return what the codes mean that belong to what stands out, or that nothing was read that says why.

    Args:
        kinds: Kinds of failure of the groups and days that stand out.
    """
    known = {named(one): meaning_of(one) for one in kinds}
    reasons = [wording.means(name, _ended_by_a_point(meaning)) for name, meaning in known.items() if meaning]
    yield from (Line(text) for text in reasons or [NOTHING_SAYS_WHY])


NOTHING_SAYS_WHY = "Nothing that was read says why; that they go together is counted."
"""What is said of the reason where groups or days stand out."""


def tell_words(kinds: list[dict[str, Any]], rows: pl.DataFrame) -> Iterator[Line]:
    """Return what a report says in its own words beside a code: which app, policy or part it names.

    Args:
        kinds: Kinds of failure that the answer tells of.
        rows: Deployments.
    """
    for one in {named(one): one for one in kinds}.values():
        words, times, whole = words_beside(rows, one)
        if words:
            often = f"all {whole:,}" if times == whole else f"{times:,} of {whole:,}"
            quoted = quoting.in_quotes(words.rstrip("."))
            yield Line(f"{named(one)}: the report says of {often} failures: {quoted}.")


def worth_mending(kinds: list[dict[str, Any]], over: Container[str] = ()) -> list[dict[str, Any]]:
    """Return the kinds of failure of which to say what mends them.

    Args:
        kinds: Rows of `kinds_of`, the most frequent first.
        over: What those are called that ended: nothing is left to mend of them.
    """
    mended = [named(one) not in over and reason_of(one) is not None for one in kinds]
    return [
        one
        for place, one in enumerate(kinds)
        if mended[place] and (all(mended[:place]) or one["k"] >= RIVAL * kinds[0]["k"])
    ]


def tell_remedies(kinds: list[dict[str, Any]], *, several: bool) -> Iterator[Line]:
    """Return what mends failures whose code says why, each once with the page that says so.

    Args:
        kinds: Rows of `kinds_of`.
        several: Whether there are others, so that each says what it mends.
    """
    lines = dict.fromkeys((named(one), known) for one in kinds if (known := reason_of(one)))
    for name, known in lines:
        whose = f"{name}: " if several else ""
        yield Line(
            whose + _ended_by_a_point(known.remedy), "remedy", known.page or "", address_of(known.page)
        )


def prove_failure(failed: pl.DataFrame, fleet: Fleet) -> Iterator[Line]:
    """Return the newest row of the service that tells of a failure.

    Args:
        failed: Deployments that failed, the newest first.
        fleet: What they are part of.
    """
    recorded = failed.filter(pl.col("origin").cast(pl.String) != CAPTURE)
    for row in recorded.head(1).iter_rows(named=True):
        own = fleet.deployments.filter(pl.col("deployment") == row["deployment"])
        yield _prove(row, items_in_words(own, fleet.item_statuses))


def _prove(deployment: Mapping[str, Any], items: list[str]) -> Line:
    """Return how an attempt ended as its row of the service says it."""
    text = statement_of(deployment["failure_text"])
    facts = {
        "outcome": wording.words(str(deployment["outcome"])),
        "failed stage": wording.words(str(deployment["failed_stage"] or "")),
        "code": deployment["code"],
        "text": text if text != deployment["code"] else "",
        "failed items": ", ".join(items[:LISTED]),
    }
    recorded = "; ".join(f"{name}: {value}" for name, value in facts.items() if value)
    origin = TOLD_BY.get(str(deployment["origin"]), str(deployment["origin"]))
    key, place = deployment["deployment"], place_of(deployment)
    return Line(recorded, "proof", f"{place} ({origin}, {key})" if place else f"{origin}, row {key}")


def _ended_by_a_point(text: str) -> str:
    return f"{text.rstrip('.')}."
