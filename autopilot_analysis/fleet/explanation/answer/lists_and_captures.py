"""Lists of deployments beside records of devices: the fleet first, and who stands in one of both alone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import polars as pl

from autopilot_analysis import wording
from autopilot_analysis.export.sources import OF_THE_SERVICE
from autopilot_analysis.findings import Answer, Answers, Line, Part, Section
from autopilot_analysis.findings.answers.beside import MOST_NAMED
from autopilot_analysis.fleet.dataset.loading import Fleet
from autopilot_analysis.fleet.explanation.answer.fleet_answer import answer_fleet
from autopilot_analysis.fleet.explanation.answer.states_summed import WITHOUT
from autopilot_analysis.fleet.explanation.fleet_findings import name_of
from autopilot_analysis.fleet.explanation.lists.beside import findings_behind
from autopilot_analysis.tables import Findings, Tables
from autopilot_analysis.tables.fleet import CAPTURE

LEAST_LISTED = 2
"""From so many devices on a list of deployments is a fleet; a row on one is beside its own records."""
KEYS = ("device", "serial")
"""Columns of deployments and of devices that may hold the same name of a device."""


def lists_a_fleet(tables: Tables) -> bool:
    """Tell whether the service's own rows tell of deployments of several devices.

    Args:
        tables: What `read_tables` returned.
    """
    listed = tables.deployments.filter(pl.col("origin").cast(pl.String) != CAPTURE)
    return bool(listed["device"].n_unique() >= LEAST_LISTED)


def lead_with_fleet(answers: Answers, fleet: Fleet, tables: Tables, found: Findings) -> Answers:
    """Return the answer on all deployments, each once, and behind it those of devices that show anything.

    Args:
        answers: One for each device whose own records were read.
        fleet: The deployments of lists and of captures.
        tables: What `read_tables` returned.
        found: What `find` returned.
    """
    telling = set(found.findings["device"])
    kept = tuple(one for one in answers.devices if one.outcome not in WITHOUT or one.key in telling)
    silent = [one.key for one in answers.devices if one not in kept]
    together = answer_fleet(fleet, subject="fleet")
    together = _with_lines(together, Part.UNSEEN, tuple(_in_one_alone(fleet.deployments, tables.devices)))
    together = _with_lines(together, Part.OTHERS, tuple(_of_no_deployment(tables.members, silent)))
    return Answers(kept, together)


def find_beside(fleet: Findings, own: Findings) -> Findings:
    """Return the findings on a fleet, and behind them those on devices whose own records were read.

    Args:
        fleet: What `find_in_fleet` returned.
        own: What `find` returned.
    """
    return findings_behind(fleet, own.findings, own.evidence)


def _in_one_alone(deployments: pl.DataFrame, devices: pl.DataFrame) -> Iterator[Line]:
    """Yield which devices stand in a list without a capture, and which were captured and are in no list."""
    keys = {key.lower() for name in KEYS for key in devices[name].drop_nulls()}
    captured = pl.any_horizontal(
        pl.col(name).str.to_lowercase().is_in(list(keys)).fill_null(value=False) for name in KEYS
    )
    alone, both = deployments.filter(~captured), deployments.filter(captured)
    of = deployments["device"].n_unique()
    if both.is_empty() or alone.is_empty():
        return
    failed = alone.filter(pl.col("outcome").cast(pl.String) == "failed")
    names = [name_of(row) for row in failed.unique("device", maintain_order=True).iter_rows(named=True)]
    of_them = f"; {len(names):,} of them failed: {wording.listed(names, MOST_NAMED)}" if names else ""
    why = "; their own records would show why" if names else ""
    number = alone["device"].n_unique()
    yield Line(
        f"{number:,} of {wording.count(of, 'device')} stand in a list alone, without a capture{of_them}{why}."
    )


def _of_no_deployment(members: pl.DataFrame, silent: list[str]) -> Iterator[Line]:
    """Yield which files were read beside the lists and tell of no attempt."""
    files = members.filter(pl.col("device").is_in(silent), pl.col("state").cast(pl.String) == "read")
    own = files.filter(~pl.col("source").is_in(list(OF_THE_SERVICE)))["member"].sort().to_list()
    if own:
        verb = "tells" if len(own) == 1 else "tell"
        yield Line(f"Read as well: {wording.listed(own, MOST_NAMED)}; {verb} of no attempt at enrolment.")


def _with_lines(answer: Answer, label: Part, lines: tuple[Line, ...]) -> Answer:
    """Return an answer with lines before those of one of its sections, which is made where it has none."""
    if not lines:
        return answer
    if any(one.label == label for one in answer.sections):
        sections = tuple(
            replace(one, lines=(*lines, *one.lines)) if one.label == label else one for one in answer.sections
        )
    else:
        sections = (*answer.sections, Section(label, lines))
    return replace(answer, sections=sections)
