"""Lines on what captures prove of a fleet: causes, where and when they were met, records, remedies."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import polars as pl

from autopilot_analysis import quoting, wording
from autopilot_analysis.facts.addresses import address_of
from autopilot_analysis.findings import Line
from autopilot_analysis.findings.answers.proofs import proofs_of
from autopilot_analysis.findings.answers.to_do import NO_REMEDY
from autopilot_analysis.fleet.dataset.loading import Fleet
from autopilot_analysis.fleet.explanation.answer.stand_outs import MOST, moved_days
from autopilot_analysis.fleet.explanation.explanation import Explanation
from autopilot_analysis.fleet.intervals import share_in_words
from autopilot_analysis.tables.fleet import CAPTURE

MOST_CAUSES = 3
"""Further causes that are named."""


def hit_by(fleet: Fleet, cause: dict[str, Any]) -> str:
    """Return a cause, and on how many of the devices that were captured it was found.

    Args:
        fleet: What `load_deployments` returned.
        cause: A row of its causes.
    """
    captured = fleet.deployments.filter(pl.col("origin").cast(pl.String) == CAPTURE)["device"].n_unique()
    if captured == 1:
        others = fleet.deployments["device"].n_unique() > captured
        return f"{cause['title']}{', on the one device that was captured' if others else ''}."
    counted = share_in_words(cause["devices"], max(captured, cause["devices"]))
    return f"{cause['title']}: on {counted} devices that were captured."


def tell_others(fleet: Fleet, causes: pl.DataFrame) -> Iterator[Line]:
    """Return the further causes, each with what mends it and a device that shows it.

    Args:
        fleet: What `load_deployments` returned.
        causes: Those behind the first.
    """
    for one in causes.head(MOST_CAUSES).iter_rows(named=True):
        remedy = f" {one['remedy'].rstrip('.')}." if one["remedy"] else ""
        yield Line(f"{hit_by(fleet, one)}{remedy} See {one['device']}.")
    if causes.height > MOST_CAUSES:
        yield Line(
            f"And {wording.count(causes.height - MOST_CAUSES, 'more cause')}, in {wording.OF_A_CAUSE}."
        )


def tell_days_of_causes(explained: dict[str, Explanation], causes: list[dict[str, Any]]) -> Iterator[Line]:
    """Return when causes were first and last met, where no day is known on which the level moved.

    Args:
        explained: Answer of `explain` for each outcome.
        causes: Rows of the causes of a fleet.
    """
    if not any(True for _ in moved_days(explained)):
        for one in causes:
            if one["first_at"]:
                days = list(dict.fromkeys(wording.short_day(one[name]) for name in ("first_at", "last_at")))
                when = f"on {days[0]}" if len(days) == 1 else f"first {days[0]}, last {days[1]}"
                yield Line(f"{one['title']}: {when}.")


def tell_remedies_of_causes(causes: list[dict[str, Any]]) -> Iterator[Line]:
    """Return what mends a cause, with the page that says so.

    Args:
        causes: Rows of the causes of a fleet.
    """
    for one in causes:
        remedy = f"{one['remedy'].rstrip('.')}." if one["remedy"] else NO_REMEDY
        yield Line(remedy, "remedy", one["page"] or "", address_of(one["page"]))


def tell_records(fleet: Fleet, causes: list[dict[str, Any]]) -> Iterator[Line]:
    """Return the first records of a cause, of the device named with it.

    Args:
        fleet: What `load_deployments` returned.
        causes: The first cause that captures prove, or none.
    """
    for one in causes:
        for proof in proofs_of(one, fleet.evidence).head(MOST).iter_rows(named=True):
            place = wording.place_of(proof["member"], proof["record"])
            yield Line(quoting.fields(proof["quote"]), "proof", place, device=one["device"])
