"""What several devices' own records come to together: how many failed, of what, each remedy once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import polars as pl

from autopilot_analysis import wording
from autopilot_analysis.facts.addresses import address_of
from autopilot_analysis.findings import Answer, Answers, Line, Part, Section
from autopilot_analysis.findings.answers.answer import add_up, names_of
from autopilot_analysis.findings.answers.beside import untaken
from autopilot_analysis.findings.answers.proofs import proof_lines
from autopilot_analysis.fleet.deployments.passed import are_past, past_the_stage
from autopilot_analysis.fleet.explanation.answer.fleet_answer import verdict_of
from autopilot_analysis.fleet.explanation.answer.look_at import tell_networks
from autopilot_analysis.fleet.explanation.answer.stand_outs import tell_groups
from autopilot_analysis.fleet.explanation.answer.states_summed import sum_states
from autopilot_analysis.fleet.explanation.answer.strongest import in_the_first_line
from autopilot_analysis.fleet.explanation.explain import explain
from autopilot_analysis.fleet.explanation.explanation import Explanation
from autopilot_analysis.fleet.explanation.failures.app_changes import (
    app_changes,
    prove_app_changes,
    tell_app_changes,
    tell_app_changes_to_do,
)
from autopilot_analysis.fleet.explanation.fleet_findings import TOGETHER
from autopilot_analysis.fleet.frames import on_most_devices_first
from autopilot_analysis.fleet.intervals import share_in_words
from autopilot_analysis.tables import Findings
from autopilot_analysis.tables.outcomes import FINISHED
from autopilot_analysis.tables.verdict import CAUSE, SEVERITIES

MOST_KINDS = 5
MOST_CAUSES_PROVEN = 3
"""Causes of which a record is shown, that of most devices first."""
MOST_UNSEEN = 2
"""Statements on what could not be seen; each device's own answer has the rest."""
NO_CAUSE = "Cause not found"


def sum_devices(
    answers: Answers,
    found: Findings,
    members: pl.DataFrame,
    deployments: pl.DataFrame,
    installs: pl.DataFrame | None = None,
) -> Answers:
    """Return the answers of several devices with what they come to together, where several failed.

    A device counts once, by what came of its last attempt and by its first cause. One that was not seen to
    end counts as well where it passed the stage in which most others failed. What their own records tell of
    them, such as model and proxy, is compared as the deployments of a fleet are.

    Args:
        answers: One for each device.
        found: The findings of all of them.
        members: The table `members`: what no reader took is named once for all.
        deployments: Their attempts as deployments.
        installs: What was tried on them: an app that fails since something changed is named first.
    """
    ended = [one for one in answers.devices if one.outcome in FINISHED]
    failed = [one for one in ended if one.outcome == "failed"]
    if not add_up(answers):
        return answers
    if not ended:
        return sum_states(answers, found)
    causes = _leading_causes(found.findings, failed)
    last = _last_of(deployments, answers)
    past = int(are_past(last).sum())
    open_ = len(answers.devices) - len(ended) - past
    left = f"; what came of {open_:,} more is not known" if open_ else ""
    where = past_the_stage(last) if past else ""
    verdict = (
        f"{share_in_words(len(failed), len(ended) + past)} failed{where}{left}{_of_attempts(deployments)}"
    )
    severity = pl.col("severity").cast(pl.Enum(SEVERITIES)).min()
    kinds = causes.group_by("what", maintain_order=True).agg(
        pl.col("remedy", "page").drop_nulls().first(),
        severity,
        pl.col("device").min(),
        pl.col("meaning", "id").first(),
        n=pl.len(),
    )
    kinds = on_most_devices_first(kinds, "n")
    lines = [
        Line(f"{row['what']}: {share_in_words(row['n'], len(failed))} that failed.")
        for row in kinds.head(MOST_KINDS).iter_rows(named=True)
    ]
    if (left_out := kinds.height - MOST_KINDS) > 0:
        lines.append(Line(f"And {wording.count(left_out, 'more cause')}, each on its device below."))
    compared = _compared(last)
    groups = list(tell_groups(compared, last))
    changes = [] if installs is None else app_changes(installs, deployments)
    if changes:
        verdict = f"{verdict}; {changes[0].in_short}"
    elif groups:
        verdict = f"{verdict}; {in_the_first_line(compared, last)}"
    first = kinds.head(MOST_KINDS)
    parts = {
        Part.HAPPENED: (*tell_app_changes(changes), *groups, *_items(causes, len(failed)), *lines),
        Part.WHY: _reasons(first),
        Part.TO_DO: (*tell_app_changes_to_do(changes), *tell_networks(compared), *_remedies(first)),
        Part.PROOF: (
            *prove_app_changes(changes),
            *_proofs(first, found),
            *([Line(TOGETHER)] if groups or changes else []),
        ),
        Part.UNSEEN: _unseen(failed),
        Part.UNREAD: untaken(members),
    }
    sections = (Section(label, tuple(its_lines)) for label, its_lines in parts.items())
    filled = tuple(section for section in sections if section.lines)
    return answers.summed(Answer("devices", verdict, "failed", filled))


def _of_attempts(deployments: pl.DataFrame) -> str:
    """Return what the page of a fleet says of the attempts, where devices tried more than once."""
    several = deployments.height > deployments["device"].n_unique()
    return f"; {verdict_of(deployments)}" if several else ""


def _last_of(deployments: pl.DataFrame, answers: Answers) -> pl.DataFrame:
    """Return the last attempt of each device that is answered for."""
    own = deployments.filter(pl.col("device").is_in([one.key for one in answers.devices]))
    number = pl.col("deployment").str.extract(r"(\d+)$").cast(pl.Int64)
    return own.sort("device", number).unique("device", keep="last", maintain_order=True)


def _compared(last: pl.DataFrame) -> dict[str, Explanation]:
    """Return in which groups of devices more failed, where there are enough to compare; days left aside."""
    explained = explain(last)
    return {"failed": replace(explained, changes=explained.changes.clear())}


def _leading_causes(findings: pl.DataFrame, failed: list[Answer]) -> pl.DataFrame:
    """Return of each device that failed the cause with which its own answer begins, if it begins with one."""
    leads = [(one.key, one.sections[0].lines[0].text) for one in failed]
    devices = pl.DataFrame(leads, schema={"device": pl.String, "lead": pl.String}, orient="row")
    causes = findings.filter(role=CAUSE).select(
        "device", "item", "remedy", "page", "title", "severity", "meaning", "id"
    )
    own = devices.join(causes, on="device", how="inner", maintain_order="left")
    own = own.filter(pl.col("lead").str.starts_with(pl.col("title")))
    first = own.unique("device", keep="first", maintain_order=True).drop("lead")
    title = pl.col("title").str.replace(wording.COUNTED_ATTEMPTS, "")  # of one device alone
    joined = devices.join(first, on="device", how="left", maintain_order="left")
    return joined.with_columns(what=title.fill_null(NO_CAUSE))


def _items(causes: pl.DataFrame, failed: int) -> list[Line]:
    """Return the item that several causes name: together they are behind more failures than each alone."""
    known = causes.drop_nulls("item")
    named = known.group_by("item", maintain_order=True).agg(n=pl.len(), ways=pl.col("what").n_unique())
    several = named.filter(pl.col("ways") > 1).sort("n", descending=True, maintain_order=True)
    return [
        Line(f"{row['item']} is behind {share_in_words(row['n'], failed)} failures, in {row['ways']} ways.")
        for row in several.head(1).iter_rows(named=True)
    ]


def _reasons(kinds: pl.DataFrame) -> Iterator[Line]:
    """Yield what each cause means; of one cause alone without its name."""
    known = kinds.drop_nulls("meaning")
    for row in known.iter_rows(named=True):
        named = "" if kinds.height == 1 else f"{row['what']}: "
        yield Line(wording.sentence(f"{named}{row['meaning']}"))


def _proofs(kinds: pl.DataFrame, found: Findings) -> Iterator[Line]:
    """Yield the first record that proves each of the first causes, of the device that shows it."""
    rows = {row["id"]: row for row in found.findings.iter_rows(named=True)}
    for number in kinds["id"].drop_nulls().head(MOST_CAUSES_PROVEN):
        device = rows[number]["device"]
        lines = proof_lines([rows[number]], found.evidence) if found.evidence.height else iter(())
        yield from (replace(line, device=device) for line in list(lines)[:1])


def _unseen(failed: list[Answer]) -> Iterator[Line]:
    """Yield what could not be seen on the devices that failed, each statement once."""
    by_text: dict[str, list[str]] = {}
    for one in failed:
        for line in (line for part in one.sections if part.label == Part.UNSEEN for line in part.lines):
            by_text.setdefault(line.text, []).append(one.subject)
    for text, subjects in list(by_text.items())[:MOST_UNSEEN]:
        all_ = len(subjects) == len(failed)
        yield Line(text if all_ else f"{names_of(subjects)}: {text}")


def _remedies(kinds: pl.DataFrame) -> list[Line]:
    """Return what mends each cause, once, with the page that says so."""
    known = kinds.drop_nulls("remedy").unique("remedy", keep="first", maintain_order=True)
    return [
        Line(
            f"{row['what']}: {wording.sentence(row['remedy'].rstrip('.'))}",
            "remedy",
            row["page"] or "",
            address_of(row["page"]),
        )
        for row in known.iter_rows(named=True)
    ]
