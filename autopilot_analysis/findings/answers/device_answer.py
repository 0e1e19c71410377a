"""The answer on each device: built once from tables, trace and findings."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import polars as pl

from autopilot_analysis import wording
from autopilot_analysis.defaults import PASTED
from autopilot_analysis.export.sources import TEXTS
from autopilot_analysis.facts.guids import GUID
from autopilot_analysis.findings.answers import beside, happened, restarts, to_do
from autopilot_analysis.findings.answers.answer import Answer, Answers, Line, Part, Section
from autopilot_analysis.findings.answers.calm import calm_end
from autopilot_analysis.findings.answers.history import as_history, leading
from autopilot_analysis.findings.answers.lists.lists_answer import answer_on_lists
from autopilot_analysis.findings.answers.lists.lists_beside import with_lists
from autopilot_analysis.findings.answers.made_good import (
    looked_since,
    made_good,
    nothing_to_install,
    seen_no_further,
)
from autopilot_analysis.findings.answers.missing import asks_for, unseen_that_matters
from autopilot_analysis.findings.answers.proofs import own_words, proof_lines
from autopilot_analysis.findings.answers.reported import reported_lines, share_lines
from autopilot_analysis.findings.answers.verdict import (
    LEFT,
    OPEN,
    conclude,
    goes_without_saying,
    never_came,
    written_down,
)
from autopilot_analysis.findings.answers.went_well import went_well
from autopilot_analysis.findings.answers.without_attempt.holdings import holdings
from autopilot_analysis.findings.answers.without_attempt.last_lines import last_lines
from autopilot_analysis.findings.answers.without_attempt.own_answers import OwnAnswer, own_answers
from autopilot_analysis.findings.answers.without_attempt.script_words import script_lines, script_remedies
from autopilot_analysis.findings.answers.without_attempt.strangers import ASK, strange_verdict
from autopilot_analysis.findings.answers.without_attempt.unknown_errors import unexplained
from autopilot_analysis.findings.rules.clock import behind_at_last
from autopilot_analysis.findings.rules.esp import OUT_OF_TIME
from autopilot_analysis.findings.rules.page_parts import failed_step
from autopilot_analysis.findings.search import WAITED_FOR, local_times
from autopilot_analysis.findings.service.answer import MOST_GAPS, quiet_lists
from autopilot_analysis.tables import Findings, Tables, Trace
from autopilot_analysis.tables.items import SO_THAT
from autopilot_analysis.tables.verdict import CAUSE, CONSEQUENCE, INFO
from autopilot_analysis.wording import NOT_IN_IT

SURE = 0.9
"""A cause of so much confidence needs no further evidence."""
NO_END = f"Whether the user reached the desktop {NOT_IN_IT}."
LIKELY = 0.7
"""A cause of so much confidence is likely; of less it is one that is possible."""
MISSING = "EVIDENCE-MISSING"
"""The rule of absent sources, which stand under Part.UNSEEN by their names."""
HAND_IN = (
    "Hand in what the device itself wrote: a ZIP, CAB or folder of its logs, or the whole of what it showed."
)
REGISTERED = "The device is registered for Autopilot."
NOT_PROVEN = "not proven"
LIKELY_WORDS = f"This is the likely reason; it is {NOT_PROVEN}."
POSSIBLE_WORDS = f"This may be the reason; it is {NOT_PROVEN}."
WORST = ["failed", "unfinished", "unknown", "nothing_ran", "succeeded"]
"""Outcomes in the order in which devices are listed, of each those with the gravest cause first."""


def answer(tables: Tables, trace: Trace, findings: Findings) -> Answers:
    """Return what happened on each device, since when, why, what to do, the proof and what was not seen.

    Args:
        tables: What `read_tables` returned.
        trace: What `build_trace` returned.
        findings: What `find` returned.

    Example:
        >>> from autopilot_analysis import load_story
        >>> answers = answer(*load_story("data/mdm-enrollment-refused.cab"))
        >>> answers.devices[0].sections[0].lines[0].text
        'MDM enrolment was refused (0x80180014), in 4 attempts.'
    """
    if tables.devices.is_empty():
        alone = answer_on_lists(tables, findings) if findings.findings.height else _no_device(tables)
        return Answers((alone,))
    causes = findings.findings.filter(pl.col("role") == CAUSE, pl.col("severity") != INFO)
    gravest = causes.group_by("device").agg(pl.col("severity").to_physical().min().alias("grave"))
    verdicts = (
        conclude(tables, trace, findings)
        .join(gravest, on="device", how="left")
        .sort(
            pl.col("outcome").replace_strict({name: place for place, name in enumerate(WORST)}),
            pl.col("cause").is_null(),
            "grave",
            "device",
            nulls_last=True,
        )
        .drop("grave")
    )
    made = made_good(tables, trace)
    built = [
        with_lists(
            _answer(tables, trace, findings, row, made.filter(pl.col("device") == row["device"])),
            tables,
            findings,
        )
        for row in verdicts.iter_rows(named=True)
    ]
    return Answers(tuple(built))


def keep_worst(
    answers: Answers, tables: Tables, trace: Trace, findings: Findings
) -> tuple[Tables, Trace, Findings]:
    """Return tables, trace and findings of the device that went worst; of one device they stay as they are.

    Pictures and tables of one device cannot hold many; each other is one parameter away.

    Args:
        answers: What `answer` returned on the rest.
        tables: What `read_tables` returned.
        trace: What `build_trace` returned.
        findings: What `find` returned.

    Example:
        >>> from autopilot_analysis import load_story
        >>> story = load_story("data/mdm-enrollment-refused.cab")
        >>> keep_worst(answer(*story), *story)[1].attempts.height
        4
    """
    if len(answers.devices) < 2:
        return tables, trace, findings
    worst = answers.devices[0].key
    return tables.of_device(worst), trace.of_device(worst), findings.of_device(worst)


def _no_device(tables: Tables) -> Answer:
    """Return the answer on an export in which no device speaks of itself: which notebook fits it."""
    text = "No device's own evidence was read"
    if tables.deployments.is_empty() and (quiet := quiet_lists(tables)) is not None:
        return quiet
    if tables.deployments.is_empty():
        reasons = tables.gaps["reason"].unique(maintain_order=True).head(MOST_GAPS)
        unknown = tables.members.filter(pl.col("state") == "unknown")  # of the others a reason tells
        gaps = (*(Line(f"{one}.") for one in reasons), *beside.untaken(unknown))
        check = Section(Part.TO_DO, (Line(_check(tables)),))
        return Answer("export", text, "unknown", (check, *((Section(Part.UNREAD, gaps),) if gaps else ())))
    use = Section(Part.TO_DO, (Line(f"Use the notebook {wording.OF_A_CAUSE} for this export."),))
    return Answer("export", f"{text}; {wording.OF_A_CAUSE} shows what its deployments say", "misfit", (use,))


def _check(tables: Tables) -> str:
    """Return what to check where nothing speaks of a device: of a text, what would be read of one."""
    sources = set(tables.members["source"])
    if sources and sources <= set(TEXTS):
        return f"Nothing that tells of a device was found in this text. Of a text are read: {PASTED}."
    return HAND_IN


def _answer(
    tables: Tables, trace: Trace, findings: Findings, verdict: Mapping[str, Any], made: pl.DataFrame
) -> Answer:
    """Return the answer on one device, its sections in the order in which they are read."""
    key, outcome, evidence = verdict["device"], verdict["outcome"], findings.evidence
    if strange := strange_verdict(tables, trace, findings, key):
        return _of_nobody(tables, trace, findings, key, strange)
    rows = findings.findings.filter(pl.col("device") == key)
    loud = rows.filter(pl.col("severity") != INFO)
    attempts = trace.attempts.filter(pl.col("device") == key).sort("attempt")
    lead, past = leading(loud, evidence, attempts, outcome, made)
    runs = trace.stage_runs.filter(pl.col("device") == key)
    marks = trace.marks.filter(pl.col("device") == key)
    ends_it = outcome in OPEN and (past or (not lead and seen_no_further(runs)))
    made = made if ends_it else made.clear()
    about = loud if lead else rows
    near = pl.concat([about.clear(), *(to_do.beside_it(one, about) for one in lead)])
    went_on = (past or not lead) and outcome in to_do.WENT_ON
    restarted = restarts.asked_about(rows, evidence, trace) if went_on else []
    above = [*near["id"], *(one["id"] for one in restarted)]
    own = own_answers(tables, trace, findings, key)
    stated = [*(one.rule for one in own), MISSING]
    others = about.filter(~pl.col("id").is_in(above), ~pl.col("rule").is_in(stated))
    missed = never_came(tables, trace, key) if went_on else []
    left = to_do.of_what_is_left(about, missed)
    left += restarted
    sure = bool(lead) and lead[0]["role"] == CAUSE and lead[0]["confidence"] >= SURE
    unseen = unseen_that_matters(
        tables,
        key,
        next((one["stage"] for one in lead), None) or happened.last_stage(attempts),
        outcome=outcome,
        unsure=lead[0]["rule"] if lead and not sure else None,
    )
    begun = [] if lead else to_do.begin_with(about, verdict)
    looked = looked_since([] if past else lead, tables, trace)
    parts: dict[Part, Iterable[Line]] = {
        Part.HAPPENED: happened.happenings(
            lead,
            evidence,
            attempts,
            made,
            runs=runs,
            marks=marks,
            looked=looked,
            past=past,
            step=failed_step(tables, key),
            waited=_waited_for(lead, about),
        ),
        Part.HOLDS: () if lead or attempts.height else holdings(tables, trace, key),
        Part.SINCE: _since(tables, findings, lead, attempts, marks),
        Part.WHY: _reasons(lead, near, verdict),
        Part.WORDS: own_words(lead, evidence),
        Part.TO_DO: to_do.what_to_do(
            to_do.with_log_read(lead, evidence),
            near if lead else about,
            verdict,
            unseen,
            left,
            first=nothing_to_install(looked),
        ),
        Part.PROOF: proof_lines(lead or left, evidence),
        Part.OTHERS: beside.other_findings(others, lead, begun, remedied=not lead and outcome == "unknown"),
        Part.UNSEEN: (*beside.unseen_lines(unseen, verdict), *beside.untaken(_members_of(tables, key))),
        Part.ASK_FOR: () if sure else (Line(text, "command") for text in asks_for(unseen)),
    }
    if not lead and attempts.is_empty():
        found = (Line(wording.sentence(one["title"])) for one in begun if to_do.tells(one))
        errors = happened.unknown_errors_of(tables, trace, findings, key)
        parts[Part.HAPPENED] = (*found, *parts[Part.HAPPENED], *errors)
    elif not lead and (good := went_well(tables, trace, findings, key)):
        parts[Part.HAPPENED] = (*parts[Part.HAPPENED], Line(f"{wording.capital(good)}."))
    elif not lead and outcome == "unfinished" and made.is_empty():
        waited = happened.waited_for(runs, trace.installs.filter(pl.col("device") == key))
        parts[Part.HAPPENED] = (*parts[Part.HAPPENED], *waited)
    if LEFT in verdict["verdict"]:
        parts[Part.HAPPENED] = (*parts[Part.HAPPENED], *happened.never_named(missed, rows))
    parts[Part.HAPPENED] = (*parts[Part.HAPPENED], *restarts.lines(restarted, runs))
    parts[Part.HAPPENED] = (*parts[Part.HAPPENED], *reported_lines(tables, trace, key))
    if goes_without_saying(_registered(tables, key), attempts):
        parts[Part.HAPPENED] = (*parts[Part.HAPPENED], Line(REGISTERED, aside=True))
    if not lead and attempts.is_empty():
        parts[Part.WHY] = (*parts[Part.WHY], *map(Line, written_down(rows)["meaning"]))
    if not lead and outcome == "unknown" and (calm := calm_end(tables, trace, findings, key)):
        parts |= _calm(calm, (Line(NO_END),) if attempts.height else ())
    if own:
        parts |= _by_themselves(own, parts[Part.HAPPENED] if made.height else ())
    if past:
        parts |= {part: as_history(parts[part]) for part in (Part.SINCE, Part.WHY)}
        parts[Part.TO_DO] = to_do.nothing_left(lead, about, verdict, unseen, left)
    elif made.height:
        parts[Part.TO_DO] = to_do.made_good(about, verdict, unseen)
    parts[Part.HAPPENED] = (*parts[Part.HAPPENED], *share_lines(tables, key))
    sections = [Section(label, tuple(lines)) for label, lines in parts.items()]
    if happened.without_zone(tables.events, key):
        sections = [happened.on_own_clock(section) for section in sections]
    elif (behind := behind_at_last(trace, key)) is not None:
        sections = [happened.by_the_service(section, behind) for section in sections]
    filled = tuple(section for section in sections if section.lines)
    subject = _subject(tables, key)
    zones = {device: zone for device, zone in zones_of(tables).items() if device == key}
    device = key if subject != key else ""
    told_below = " ".join(line.text for part in filled if part.label == Part.HAPPENED for line in part.lines)
    pieces = _gives_way(lead[0]["item"] or "", attempts) if lead else ()
    gives_way = tuple(piece for piece in pieces if piece.removeprefix(": ") in told_below)
    return Answer(
        subject, verdict["verdict"], outcome, filled, zones=zones, device=device, gives_way=gives_way
    )


def _gives_way(item: str, attempts: pl.DataFrame) -> tuple[str, ...]:
    """Return what a long first line can do without: scenario, what followed for others, the item itself."""
    scenario = attempts["scenario"].drop_nulls().tail(1).to_list()
    itself, so_that, followed = item.partition(SO_THAT)
    pieces = (*(f" ({wording.words(one)})" for one in scenario), f"{so_that}{followed}", f": {itself}")
    return tuple(piece for piece in pieces if piece.strip(": "))


def _since(
    tables: Tables,
    findings: Findings,
    lead: list[dict[str, Any]],
    attempts: pl.DataFrame,
    marks: pl.DataFrame,
) -> tuple[Line, ...]:
    """Return since when, and what must be known of the dates that say so."""
    of_device = [pl.col("device") == one["device"] for one in lead[:1]]
    followed = findings.findings.filter(pl.col("role") == CONSEQUENCE, *of_device).to_dicts()
    lines = happened.since(
        lead, findings.evidence, attempts, local_times(tables), marks=marks, followed=followed
    )
    since = tuple(lines)
    keys = [*(one["device"] for one in lead[:1]), *attempts["device"].head(1)]
    return (*since, *happened.day_in_doubt(tables.gaps, keys[0])) if since else ()


def _by_themselves(own: list[OwnAnswer], before: Iterable[Line]) -> dict[Part, Iterable[Line]]:
    """Return the parts of an answer that files give by themselves: there is nothing to collect for it."""
    remedies = tuple(line for one in own for line in one.to_do())
    return {
        Part.HAPPENED: (*before, *(line for one in own for line in one.lines())),
        Part.WHY: tuple(Line(text) for text in dict.fromkeys(one.meaning for one in own)),
        Part.TO_DO: remedies or (Line(wording.NO_REMEDY),),
        Part.PROOF: tuple(line for one in own for line in one.proofs),
        Part.ASK_FOR: (),
    }


def _calm(calm: str, behind: Iterable[Line]) -> dict[Part, Iterable[Line]]:
    """Return the parts of an answer where all went well as far as was seen: there is nothing to ask for."""
    return {
        Part.HAPPENED: (Line(wording.sentence(wording.capital(calm))), *behind),
        Part.TO_DO: (Line(wording.NO_REMEDY),),
        Part.ASK_FOR: (),
    }


def _of_nobody(tables: Tables, trace: Trace, findings: Findings, key: str, verdict: str) -> Answer:
    """Return the answer on texts that no device shows itself in: what they hold, and nothing to collect."""
    errors = unexplained(tables, trace, findings, key)
    of_scripts = tuple(script_lines(errors))
    unknown = of_scripts or happened.unknown_errors_of(tables, trace, findings, key)
    parts = {
        Part.HAPPENED: (*unknown, *last_lines(tables, key)),
        Part.HOLDS: () if of_scripts else holdings(tables, trace, key),
        Part.TO_DO: tuple(script_remedies(errors)) or (Line(ASK),),
        Part.UNREAD: beside.untaken(_members_of(tables, key)),
    }
    sections = tuple(Section(label, tuple(lines)) for label, lines in parts.items())
    filled = tuple(section for section in sections if section.lines)
    return Answer("export", verdict, "unknown", filled, device=key)


def _members_of(tables: Tables, device: str) -> pl.DataFrame:
    """Return the members that are of a device, and those that are of none."""
    whose = pl.col("device")
    nobodys = ~whose.is_in(tables.devices["device"].implode())
    return tables.members.filter((whose == device) | nobodys)


def _registered(tables: Tables, device: str) -> bool | None:
    """Return whether a device is registered for Autopilot, None where nothing tells."""
    row = tables.devices.row(by_predicate=pl.col("device") == device, named=True)
    registered: bool | None = row["registered"]
    return registered


def _subject(tables: Tables, device: str) -> str:
    """Return what people call a device: its key, or its name where the key is an id of a service."""
    names = tables.devices.filter(pl.col("device") == device)["name"].drop_nulls()
    return names[0] if names.len() and re.fullmatch(GUID, device) else device


def zones_of(tables: Tables) -> dict[str, str]:
    """Return the time zone of each device where it is known.

    Args:
        tables: What `read_tables` returned.
    """
    return dict(tables.devices.select("device", "time_zone").drop_nulls().iter_rows())


def _waited_for(lead: list[dict[str, Any]], about: pl.DataFrame) -> pl.Series | None:
    """Return the titles that say what the page waited for as its time ended, where nothing explains that."""
    late = [one for one in lead if one["rule"] == OUT_OF_TIME and one["role"] != CAUSE]
    return about.filter(pl.col("rule") == WAITED_FOR)["title"] if late else None


def _reasons(lead: list[dict[str, Any]], near: pl.DataFrame, verdict: Mapping[str, Any]) -> Iterator[Line]:
    for one in lead:
        if one["role"] != CAUSE:
            yield Line("The cause was not found; this is what followed from it.")
        yield Line(wording.sentence(one["meaning"]))
        yield from (Line(wording.sentence(title)) for title in near["title"])
        if one["role"] == CAUSE and one["confidence"] < SURE and NOT_PROVEN not in one["meaning"]:
            yield Line(LIKELY_WORDS if one["confidence"] >= LIKELY else POSSIBLE_WORDS)
    if not lead and verdict["outcome"] == "failed":
        yield Line("The cause was not found in what was read.")
