"""What the texts of several devices come to together where no attempt shows: of what, and in which domain."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import polars as pl

from autopilot_analysis import wording
from autopilot_analysis.facts.addresses import address_of
from autopilot_analysis.findings import Answer, Answers, Line, Part, Section
from autopilot_analysis.tables import Findings
from autopilot_analysis.tables.verdict import CAUSE, INFO

LEAST_SHARING = 2
"""So many devices with one cause are told together."""
LEAST_OF_DOMAIN = 3
"""So many devices of a domain, in each of two or more, are set against each other."""
WITHOUT = ("unknown", "nothing_ran")
"""Outcomes of devices that show no attempt."""


def sum_states(answers: Answers, found: Findings) -> Answers:
    """Return the answers of several devices with the cause that most of them share, and where it is.

    Args:
        answers: One for each device.
        found: The findings of all of them.
    """
    if not all(one.outcome in WITHOUT for one in answers.devices):
        return answers
    subjects = {one.key: one.subject for one in answers.devices}
    loud = found.findings.filter(
        pl.col("device").is_in(list(subjects)), pl.col("role") == CAUSE, pl.col("severity") != INFO
    )
    first = loud.unique("device", keep="first", maintain_order=True)
    kinds = first.group_by("title", maintain_order=True).agg(
        pl.col("device"), pl.col("remedy", "page").first()
    )
    kinds = kinds.sort(pl.col("device").list.len(), descending=True, maintain_order=True)
    if kinds.is_empty() or len(kinds["device"][0]) < LEAST_SHARING:
        return answers
    lead = kinds.row(0, named=True)
    hit = set(lead["device"])
    text = f"{_of(len(hit), len(subjects))}: {lead['title']}"
    domains = list(_by_domain(hit, subjects))
    counted = [
        Line(wording.sentence(text)),
        *(Line(f"By the domain in their names: {one}.") for one in domains),
    ]
    counted += [
        Line(wording.sentence(f"{_of(len(row['device']), len(subjects))}: {row['title']}"))
        for row in kinds.iter_rows(named=True)
        if row["title"] != lead["title"] and len(row["device"]) >= LEAST_SHARING
    ]
    remedy = (
        Line(wording.sentence(lead["remedy"]), "remedy", lead["page"] or "", address_of(lead["page"]))
        if lead["remedy"]
        else Line(wording.NO_REMEDY)
    )
    sections = (Section(Part.HAPPENED, tuple(counted)), Section(Part.TO_DO, (remedy,)))
    return answers.summed(Answer("devices", "; ".join((text, *domains)), "unknown", sections))


def _by_domain(hit: set[str], subjects: dict[str, str]) -> Iterator[str]:
    """Yield how many of each domain it is, where several domains have enough devices."""
    domains = {key: subject.partition(".")[2].lower() for key, subject in subjects.items()}
    all_of, hits_of = Counter(domains.values()), Counter(domains[key] for key in hit)
    large = [name for name, number in all_of.items() if name and number >= LEAST_OF_DOMAIN]
    if len(large) > 1:
        large.sort(key=lambda name: (-hits_of[name] / all_of[name], name))
        shares = [f"{_of(hits_of[name], all_of[name])} of {name}" for name in large]
        yield ", ".join(shares)


def _of(number: int, every: int) -> str:
    return f"{number:,} of {every:,}"
