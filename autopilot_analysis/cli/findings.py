"""`findings`: the answer of an export, as text, Markdown or JSON."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from autopilot_analysis.boundary import refuse_untrusted
from autopilot_analysis.cli.loading import load
from autopilot_analysis.cli.options import TRUSTED, add_export, add_reading
from autopilot_analysis.cli.terminal import json_text
from autopilot_analysis.defaults import Option
from autopilot_analysis.quoting import fields, one_line

if TYPE_CHECKING:
    from autopilot_analysis.findings import Answers
    from autopilot_analysis.fleet import Fleet
    from autopilot_analysis.tables import Findings, Tables, Trace


HELP = "give the answer: what happened, why, what to do, with proof"


def add_options(verb: argparse.ArgumentParser) -> None:
    """Give the verb its arguments.

    Args:
        verb: The parser of this verb.
    """
    add_export(verb)
    verb.add_argument(
        Option.JSON,
        dest="json",
        action="store_true",
        help="as JSON: a list of findings, each with its evidence",
    )
    verb.add_argument("--markdown", action="store_true", help="the answer as Markdown, for a ticket")
    verb.add_argument(Option.ALL, dest="all", action="store_true", help="everything, not the answer alone")
    verb.add_argument(
        "--rules",
        metavar="FILE",
        help="rules of your own: a CSV of signs, or a Python file (docs/rules.md)",
    )
    verb.add_argument(Option.TRUST, dest="trust", action="store_true", help=TRUSTED.format("file of rules"))
    add_reading(verb)


def run(args: argparse.Namespace) -> None:
    """Print the answer of an export.

    Args:
        args: What the command line gave.
    """
    if args.rules:
        from autopilot_analysis.findings import is_code, load_rules

        if is_code(args.rules) and not args.trust:
            refuse_untrusted(args.rules, args.export)

        load_rules(args.rules)
    tables, trace, found = load(
        args.export, args.names, privacy=args.privacy, zone=args.zone, own_rules=bool(args.rules)
    )
    own, fleet = found, _fleet(tables, trace, found)
    if fleet is not None:
        found = _findings_of_fleet(fleet, tables, found) if args.json or args.all else found
    elif tables.devices.is_empty() and tables.deployments.is_empty():
        found = _findings_of_service(tables)
    if args.json:
        print(json_text(_as_json(found)))
        return
    answers = (
        _answers(tables, trace, found) if fleet is None else _answers_of_fleet(fleet, tables, trace, own)
    )
    if args.markdown:
        print(answers.markdown(), end="")
        return
    for line in answers.in_lines(whole=args.all):
        print(line)
    if args.all:
        _list_findings(found, tables)


def _answers(tables: Tables, trace: Trace, found: Findings) -> Answers:
    from autopilot_analysis.findings import answer
    from autopilot_analysis.findings.answers.answer import add_up

    answers = answer(tables, trace, found)
    if len(answers.devices) == 1 or not add_up(answers):
        return answers
    from autopilot_analysis.fleet.deployments.build import build_deployments
    from autopilot_analysis.fleet.explanation.answer.devices_summed import (
        sum_devices,  # many devices alone need it
    )

    deployments = build_deployments(tables, trace)
    return sum_devices(answers, found, tables.members, deployments, trace.installs)


def _fleet(tables: Tables, trace: Trace, found: Findings) -> Fleet | None:
    """Return the deployments of which the service tells, each attempt once; None: devices alone speak."""
    if tables.deployments.is_empty():
        return None
    from autopilot_analysis.fleet.dataset.loading import gather_fleet
    from autopilot_analysis.fleet.deployments.build import build_deployments
    from autopilot_analysis.fleet.explanation.answer.lists_and_captures import lists_a_fleet

    if tables.devices.height and not lists_a_fleet(tables):
        return None
    rows = build_deployments(tables, trace) if tables.devices.height else tables.deployments
    return gather_fleet({**tables.frames(), **trace.frames(), **found.frames(), "deployments": rows})


def _answers_of_fleet(fleet: Fleet, tables: Tables, trace: Trace, own: Findings) -> Answers:
    from autopilot_analysis.findings import Answers, answer
    from autopilot_analysis.fleet import answer_fleet
    from autopilot_analysis.fleet.explanation.answer.lists_and_captures import lead_with_fleet

    if tables.devices.is_empty():
        return Answers((answer_fleet(fleet),))
    return lead_with_fleet(answer(tables, trace, own), fleet, tables, own)


def _findings_of_fleet(fleet: Fleet, tables: Tables, own: Findings) -> Findings:
    from autopilot_analysis.fleet import find_in_fleet
    from autopilot_analysis.fleet.explanation.answer.lists_and_captures import find_beside
    from autopilot_analysis.fleet.explanation.lists.beside import with_lists

    found = with_lists(find_in_fleet(fleet, tables.members), tables)
    return find_beside(found, own) if tables.devices.height else found


def _findings_of_service(tables: Tables) -> Findings:
    """Return what lists of the service say, where they tell of no device itself and of no deployment."""
    from autopilot_analysis.fleet import find_in_lists

    return find_in_lists(tables)


def _list_findings(found: Findings, tables: Tables) -> None:
    """Print every finding with all of its proofs."""
    from autopilot_analysis import wording
    from autopilot_analysis.findings import Part, proofs_of, without_zone
    from autopilot_analysis.tables.verdict import INFO

    for finding in found.findings.iter_rows(named=True):
        unit = " (device's own clock)" if without_zone(tables.events, finding["device"]) else wording.IN_ZONE
        when = f"{wording.instant(finding['at'])}{unit}" if finding["at"] else "no time"
        sure = wording.percent(finding["confidence"], 0)
        weight, part = wording.words(finding["severity"]).upper(), wording.words(finding["role"])
        print("\n" + one_line(f"{weight:<8} {finding['device']}: {finding['title']}"))
        print(one_line(f"         {part}, confidence {sure}, {when}"))
        print(one_line(f"         {finding['meaning']}"))
        if finding["remedy"]:
            label = "If it matters" if finding["severity"] == INFO else "Remedy"
            print(one_line(f"         {label}: {finding['remedy']}"))
        for proof in proofs_of(finding, found.evidence).iter_rows(named=True):
            record = "" if proof["record"] is None else f" record {proof['record']}"
            print(one_line(f"         {Part.PROOF}: {proof['member']}{record}: {fields(proof['quote'])}"))


def _as_json(found: Findings) -> list[dict[str, Any]]:
    """Return each finding as a dict with its list of evidence; instants as ISO 8601 in UTC."""
    from autopilot_analysis.findings import proofs_of

    rows = []
    for finding in found.findings.iter_rows(named=True):
        proofs = proofs_of(finding, found.evidence).to_dicts()
        rows.append({**finding, "evidence": proofs})
    return [_plain(row) for row in rows]


def _plain(value: Any) -> Any:  # JSON is what it is
    if isinstance(value, dict):
        return {k: _plain(v) for k, v in value.items()}
    if isinstance(value, list):
        return [_plain(v) for v in value]
    return value.isoformat() if hasattr(value, "isoformat") else value
