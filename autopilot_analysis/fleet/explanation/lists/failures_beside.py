"""What lists beside deployments say failed and the deployments do not: enrolments, apps and scripts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import polars as pl

from autopilot_analysis import wording
from autopilot_analysis.defaults import Option
from autopilot_analysis.facts.addresses import address_of
from autopilot_analysis.findings import Line
from autopilot_analysis.findings.service.devices import ENROLMENT_FAILED, enrollments_that_failed
from autopilot_analysis.findings.service.failed_enrollments import OfDevices
from autopilot_analysis.findings.service.lists import items_that_failed
from autopilot_analysis.fleet.dataset.loading import Fleet
from autopilot_analysis.tables.verdict import CAUSE, CRITICAL, HIGH

Listed = Sequence[Mapping[str, Any]]
MOST = 3
"""So many failures of lists are told one by one; the others are counted."""
LOUD = (CRITICAL, HIGH)


def failures_beside(fleet: Fleet) -> Listed:
    """Return what lists say failed beside deployments, those first whose remedy is known.

    Args:
        fleet: What `load_deployments` returned.
    """
    lists = fleet.lists
    if not {"enrollment_failures", "identities", "item_statuses"} <= lists.keys():
        return ()
    enrolments, own = lists["enrollment_failures"], lists["item_statuses"]
    own = own.filter(pl.col("deployment").is_null()) if own.height else own
    found = [
        *(enrollments_that_failed(enrolments, lists["identities"]) if enrolments.height else ()),
        *(items_that_failed(own) if own.height else ()),
    ]
    loud = (one for one in found if one["severity"] in LOUD)
    return sorted(loud, key=lambda one: one["role"] != CAUSE)


def failures_in_short(listed: Listed, devices: OfDevices | None = None) -> str:
    """Return the first failure for the first line of an answer whose deployments went well.

    Args:
        listed: What `failures_beside` returned.
        devices: On how many devices enrolment failed, where a list tells: they stand in place of attempts.
    """
    if not listed:
        return ""
    more = f"{wording.and_more(len(listed) - 1)} of lists" if len(listed) > 1 else ""
    first = f"{_lowered(listed[0]['title'])}{more}"
    if devices and listed[0]["rule"] == ENROLMENT_FAILED:
        first = devices.in_words
    return f"a list beside it: {first}"


def tell_failures(listed: Listed) -> Iterator[Line]:
    """Yield what failed, the first ones by name."""
    yield from (Line(wording.sentence(one["title"])) for one in listed[:MOST])
    if (left := len(listed) - MOST) > 0:
        yield Line(f"And {wording.count(left, 'more kind')} of failure in lists ({Option.ALL} names them).")


def tell_reasons_of_failures(listed: Listed) -> Iterator[Line]:
    """Yield what the first failures mean."""
    yield from (Line(wording.sentence(one["meaning"])) for one in listed[:MOST] if one["meaning"])


def tell_remedies_of_failures(listed: Listed) -> Iterator[Line]:
    """Yield what to do about the first failures, each remedy once."""
    known = {str(one["remedy"]): one.get("page") for one in reversed(listed[:MOST]) if one["remedy"]}
    for remedy, page in reversed(known.items()):
        yield Line(wording.sentence(remedy), "remedy", page or "", address_of(page))


def prove_failures(listed: Listed) -> Iterator[Line]:
    """Yield the first row of a list for each of the first failures."""
    yield from (Line(wording.sentence(one["quotes"][0])) for one in listed[:MOST] if one["quotes"])


def _lowered(title: str) -> str:
    """Return a title within a sentence; a name of an app keeps its first letter."""
    first, _, rest = title.partition(" ")
    return f"{first.lower()} {rest}" if first == "Enrolment" else title
