"""`explain`: which groups of deployments differ from the rest, and since when."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from autopilot_analysis.cli.options import add_export, add_reading
from autopilot_analysis.cli.terminal import json_text
from autopilot_analysis.defaults import EXPLAINED, Option
from autopilot_analysis.errors import BadInput
from autopilot_analysis.progress import show_progress
from autopilot_analysis.quoting import one_line
from autopilot_analysis.wording import NOT_CAUSING, count, words

if TYPE_CHECKING:
    import polars as pl

    from autopilot_analysis.fleet.dataset.loading import Fleet
    from autopilot_analysis.fleet.explanation.explanation import Explanation

MOST_UNREAD = 3
"""Gaps named one by one beside an explanation."""

HELP = "say which groups of deployments differ from the rest, and since when"


def add_options(verb: argparse.ArgumentParser) -> None:
    """Give the verb its arguments.

    Args:
        verb: The parser of this verb.
    """
    add_export(verb, what="dataset, folder of captures, Graph or report export")
    verb.add_argument(
        "--outcome",
        choices=EXPLAINED,
        help="what to explain (default: failed, and slow)",
    )
    verb.add_argument(
        Option.JSON,
        dest="json",
        action="store_true",
        help="as JSON: contrasts and changes, those of what was slow beside them",
    )
    add_reading(verb)


def run(args: argparse.Namespace) -> None:
    """Print what explains a fleet's failures.

    Args:
        args: What the command line gave.
    """
    from autopilot_analysis.fleet.dataset.loading import load_deployments
    from autopilot_analysis.fleet.explanation.answer.unread import read_otherwise
    from autopilot_analysis.fleet.explanation.explain import explain, explain_outcomes

    with show_progress("members") as show:
        fleet = load_deployments(
            args.export,
            names=args.names,
            privacy=args.privacy,
            time_zone=args.zone,
            words=args.words,
            progress=show,
        )
    _print_unread(
        read_otherwise(fleet.gaps, fleet.deployments),
        fleet.deployments.is_empty() and not fleet.coverage["records"].sum(),
        args.export,
    )
    held = _lists_alone(fleet)
    if held:
        _print_lists(fleet, held, args)
        return
    rows, near = fleet.deployments, fleet.candidates
    explained = (
        {args.outcome: explain(rows, outcome=args.outcome, candidates=near)}
        if args.outcome
        else explain_outcomes(rows, candidates=near)
    )
    from autopilot_analysis.fleet.explanation.failures.app_changes import app_changes, tell_app_changes

    changes = app_changes(fleet.installs, rows) if "failed" in explained else []
    if args.json:
        print(json_text({**_as_json(explained), "apps": [one.to_dict() for one in changes]}))
        return
    if _one_device(fleet):
        print(
            "This is the export of one device, and explain compares many deployments; for what went wrong "
            f"on it run autopilot-analysis findings {one_line(args.export)}"
        )
        return
    from autopilot_analysis.fleet.explanation.answer.fleet_answer import verdict_of
    from autopilot_analysis.fleet.explanation.answer.found import as_carried
    from autopilot_analysis.fleet.explanation.failures.few_behind import tell_behind
    from autopilot_analysis.fleet.explanation.lists.carriers import carriers_of, tell_carriers

    carriers = carriers_of(fleet)[:1]
    explained = {outcome: as_carried(one, carriers) for outcome, one in explained.items()}
    verdict = f"{verdict_of(rows)}; first attempts are compared" if rows.height else "No deployment"
    print(f"{verdict}; {NOT_CAUSING}")
    for changed in tell_app_changes(changes):
        print(one_line(changed.text))
    for line in _lines(explained):
        print(one_line(line))
    for beside in (*tell_carriers(carriers), *tell_behind(rows)):
        print(one_line(beside.text))
    failed = "failed" in set(rows["outcome"].unique())
    if failed and not any(one.stands_out for one in explained.values()):
        print(f"For what failed and why run autopilot-analysis findings {one_line(args.export)}")


def _lines(explained: dict[str, Explanation]) -> Iterator[str]:
    """Yield the lines of what was asked first, then what stands out of anything else."""
    first, *others = explained.items()
    yield from first[1].lines()
    for outcome, one in others:
        yield from (f"{words(outcome)}: {line}" for line in one.answers())


def _as_json(explained: dict[str, Explanation]) -> dict[str, Any]:
    """Return the explanation that was asked first, any other under its outcome."""
    first, *others = explained.items()
    return {**first[1].to_dict(), **{outcome: one.to_dict() for outcome, one in others}}


def _one_device(fleet: Fleet) -> bool:
    """Tell whether all that was loaded is what one device's own captures tell."""
    from autopilot_analysis.tables.fleet import CAPTURE

    from_captures = set(fleet.deployments["origin"].unique()) <= {CAPTURE}
    return fleet.captured is not None and fleet.coverage["device"].n_unique() == 1 and from_captures


def _lists_alone(fleet: Fleet) -> str:
    """Return which lists of the service were loaded where nothing tells of a deployment; else nothing."""
    from autopilot_analysis.findings.service.answer import what_lists_hold

    answer = fleet.deployments.height or fleet.captured is not None
    return "" if answer else what_lists_hold(fleet.lists)


def _print_lists(fleet: Fleet, held: str, args: argparse.Namespace) -> None:
    """Print what comparing the rows of lists shows, and which verb says what failed in them."""
    from autopilot_analysis.fleet.explanation.lists.lists import compare_lists, explain_lists, nothing_in

    if args.json:
        print(json_text(explain_lists(fleet.lists, fleet.candidates).to_dict()))
        return
    print(
        f"This tells of no deployment; it lists {held}. For what failed in it and why run "
        f"autopilot-analysis findings {one_line(args.export)}"
    )
    found = [one.title for one in compare_lists(fleet.lists, fleet.candidates)]
    for line in [f"Its rows compared; {NOT_CAUSING}", *found] if found else [nothing_in(fleet.lists)]:
        print(one_line(line))


def _print_unread(gaps: pl.DataFrame, nothing: bool, export: str) -> None:
    """Print to standard error what could not be read; refuse an export of which nothing could."""
    unread = [
        f"{row['member']}: {row['reason']}" + (f"; {row['advice']}" if row["advice"] else "")
        for row in gaps.iter_rows(named=True)
    ]
    if nothing and unread:
        raise BadInput(f"{export} tells of no deployment: {unread[0]}")
    for line in unread[:MOST_UNREAD]:
        print(f"not read: {one_line(line)}", file=sys.stderr)
    left = len(unread) - MOST_UNREAD
    if left > 0:
        where = (
            f"autopilot-analysis tables {one_line(export)} {Option.OUT} FOLDER lists them, in the table gaps"
        )
        print(f"{count(left, 'more note')} of what could not be read: {where}", file=sys.stderr)
