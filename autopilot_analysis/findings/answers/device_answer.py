"""The answer on each device: built once from tables, trace and findings."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache
from typing import Any

import polars as pl

from autopilot_analysis import wording
from autopilot_analysis.facts import read_facts
from autopilot_analysis.facts.addresses import address_of
from autopilot_analysis.facts.guids import GUID
from autopilot_analysis.findings.answers.answer import Answer, Answers, Line, Part, Section
from autopilot_analysis.findings.answers.history import (
    CALLED_FOR,
    NOTHING_LEFT,
    as_history,
    happened_before,
    leading,
)
from autopilot_analysis.findings.answers.missing import asks_for, unseen_that_matters
from autopilot_analysis.findings.answers.unknown_errors import error_words, unexplained
from autopilot_analysis.findings.answers.verdict import conclude, never_came
from autopilot_analysis.findings.search import written_times
from autopilot_analysis.findings.service.answer import quiet_lists, verdict_of_lists
from autopilot_analysis.tables import Findings, Tables, Trace

OWN_CLOCK = ", on the device's own clock; its time zone is not known"
MOST_PROOFS = 3
CONDITION = "^(?:KNOWN|CONFLICT|CHECK)-"
"""Families of facts that name a condition, and what mends it, without a failure of their own."""
KNOWN = "KNOWN-"
"""How the rules of known issues begin."""
MOST_CONDITIONS = 2
WENT_ON = ("succeeded", "nothing_ran")
"""Outcomes after which only what was left undone asks for anything."""
FOLDED = r"^\d+ of them: "
"""How the item of a finding about several items begins."""
MOST_OTHERS, MOST_REMEDIES, MOST_GAPS = 4, 3, 4
"""Further findings that are told, remedies of the first, and reasons why nothing was read."""
MOST_NAMED = 3
"""So many files that were not read are named; the others are counted."""
UNTAKEN = ("unknown", "damaged")
"""States of a file that no reader took: none knows it, or the one that should could make nothing of it."""
NO_ATTEMPT = "No attempt at enrolment was seen in what was read."
NO_REMEDY = "No remedy is known for this; read the proof first."
ROLES = {"cause": "a cause too", "consequence": "follows from a cause", "context": ""}
"""How a further finding stands to the first, in words."""
AFTERWARDS = {
    "continued": ", and the device went on all the same",
    "reset": ", and somebody chose to reset the device",
}
"""What was done after the last attempt had failed, to be read behind its end; a retry is the next attempt."""
SURE = 0.9
"""A cause of so much confidence needs no further evidence."""
LONG_AFTER = timedelta(hours=1)
"""A failure that came again so long after its attempt is not told as one of a few minutes."""
WORST = ["failed", "unfinished", "unknown", "nothing_ran", "succeeded"]
"""Outcomes in the order in which devices are listed."""


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
        alone = _of_service(tables, findings) if findings.findings.height else _no_device(tables)
        return Answers((alone,))
    verdicts = conclude(tables, trace, findings).sort(
        pl.col("outcome").replace_strict({name: place for place, name in enumerate(WORST)}), "device"
    )
    built = [_answer(tables, trace, findings, row) for row in verdicts.iter_rows(named=True)]
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


def _of_service(tables: Tables, findings: Findings) -> Answer:
    """Return the answer on lists of the service: each finding, what it means and what to do."""
    rows = findings.findings.to_dicts()
    remedies = {row["remedy"] or NO_REMEDY: row["page"] for row in rows}
    happened = tuple(Line(_sentence(row["title"])) for row in rows)
    why = tuple(Line(text) for text in dict.fromkeys(_sentence(row["meaning"]) for row in rows))
    todo = tuple(
        Line(_sentence(text), "remedy", page or "", address_of(page)) for text, page in remedies.items()
    )
    proof = tuple(line for row in rows[:MOST_PROOFS] for line in _proofs([row], findings.evidence))
    parts = {Part.HAPPENED: happened, Part.WHY: why, Part.TO_DO: todo, Part.PROOF: proof}
    sections = tuple(Section(label, lines) for label, lines in parts.items())
    return Answer("export", verdict_of_lists(tables, findings), "failed", sections)


def _no_device(tables: Tables) -> Answer:
    """Return the answer on an export in which no device speaks of itself: which notebook fits it."""
    text = "No device's own evidence was read"
    if tables.deployments.is_empty() and (quiet := quiet_lists(tables)) is not None:
        return quiet
    if tables.deployments.is_empty():
        reasons = tables.gaps["reason"].unique(maintain_order=True).head(MOST_GAPS)
        unknown = tables.members.filter(pl.col("state") == "unknown")  # of the others a reason tells
        gaps = (*(Line(f"{one}.") for one in reasons), *_untaken(unknown))
        happened = Section(
            Part.TO_DO, (Line("Check that this is an export of a device: a ZIP, CAB or folder."),)
        )
        return Answer("export", text, "unknown", (happened, *((Section(Part.UNREAD, gaps),) if gaps else ())))
    use = Section(Part.TO_DO, (Line("Use the notebook 04_root_cause for this export."),))
    return Answer("export", f"{text}; 04_root_cause shows what its deployments say", "misfit", (use,))


def proofs_of(finding: Mapping[str, Any], evidence: pl.DataFrame) -> pl.DataFrame:
    """Return the evidence rows of one finding.

    Args:
        finding: A row of findings.
        evidence: The evidence of the same search.
    """
    if "finding" in evidence.columns:  # each export numbers its own findings
        own = [name for name in ("export", "device") if name in evidence.columns and name in finding]
        same = [pl.col(name).eq_missing(pl.lit(finding[name])) for name in own]
        return evidence.filter(pl.col("finding") == finding["id"], *same)
    return evidence.filter(
        pl.col(name).eq_missing(pl.lit(finding[name])) for name in ("device", "rule", "code", "item")
    )


def _answer(tables: Tables, trace: Trace, findings: Findings, verdict: Mapping[str, Any]) -> Answer:
    own = findings.findings.filter(pl.col("device") == verdict["device"], pl.col("severity") != "info")
    attempts = trace.attempts.filter(pl.col("device") == verdict["device"]).sort("attempt")
    lead, past = leading(own, findings.evidence, attempts, verdict["outcome"])
    whose = pl.col("device")
    nobodys = ~whose.is_in(tables.devices["device"].implode())
    members = tables.members.filter((whose == verdict["device"]) | nobodys)
    stage = next((one["stage"] for one in lead), None) or _last_stage(attempts)
    sure = bool(lead) and lead[0]["role"] == "cause" and lead[0]["confidence"] >= SURE
    unsure = lead[0]["rule"] if lead and not sure else None
    unseen = unseen_that_matters(tables, verdict["device"], stage, outcome=verdict["outcome"], unsure=unsure)
    about = own if lead else findings.findings.filter(pl.col("device") == verdict["device"])
    went_on = (past or not lead) and verdict["outcome"] in WENT_ON
    left = _of_what_is_left(about, never_came(trace, verdict["device"])) if went_on else []
    near = pl.concat([about.clear(), *(_of_its_code(one, about) for one in lead)])
    parts = {
        Part.HAPPENED: (
            *_happenings(lead, findings.evidence, attempts, past=past),
            *(() if lead or attempts.height else _unknown(tables, findings, verdict["device"])),
        ),
        Part.SINCE: _since(lead, findings.evidence, attempts, tables.log_lines),
        Part.WHY: _reasons(lead, near, verdict),
        Part.WORDS: _own_words(lead, findings.evidence),
        Part.TO_DO: _remedies(lead, near if lead else about, verdict, unseen, left),
        Part.PROOF: _proofs(lead or left, findings.evidence),
        Part.OTHERS: _others(
            about.filter(~pl.col("id").is_in(near["id"].implode())),
            lead,
            remedied=not lead and verdict["outcome"] == "unknown",
        ),
        Part.UNSEEN: (*_unseen(unseen, verdict), *_untaken(members)),
        Part.ASK_FOR: () if sure else (Line(text, "command") for text in asks_for(unseen)),
    }
    if past:
        parts |= {part: as_history(parts[part]) for part in (Part.SINCE, Part.WHY)}
        parts[Part.TO_DO] = _nothing_left(lead, about, verdict, unseen, left)
    sections = [Section(label, tuple(lines)) for label, lines in parts.items()]
    if without_zone(tables.events, verdict["device"]):
        sections = [_on_own_clock(section) for section in sections]
    filled = tuple(section for section in sections if section.lines)
    key = verdict["device"]
    subject = _subject(tables, key)
    zones = {device: zone for device, zone in zones_of(tables).items() if device == key}
    return Answer(
        subject,
        verdict["verdict"],
        verdict["outcome"],
        filled,
        zones=zones,
        device=key if subject != key else "",
    )


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


def _happenings(
    lead: list[dict[str, Any]], evidence: pl.DataFrame, attempts: pl.DataFrame, *, past: bool
) -> Iterator[Line]:
    if (lead or attempts.is_empty()) and not past:
        yield Line(_sentence(lead[0]["title"]) if lead else NO_ATTEMPT)
    last = attempts.tail(1).to_dicts()
    for one in last:
        number = f"Attempt {one['attempt']} of {attempts.height}" if attempts.height > 1 else Part.ATTEMPT
        stage = f" in {wording.words(one['failed_stage'])}" if one["failed_stage"] else ""
        after = f" after {wording.span(one['waited'])}" if one["waited"] is not None else ""
        kind = f" ({wording.words(one['scenario'])})" if one["scenario"] else ""
        again = _until(one, lead, evidence) or after
        then = AFTERWARDS.get(one["afterwards"], "")
        yield Line(f"{number}{kind} {came_to(one['outcome'])}{stage}{again}{then}.")
    if past:
        yield happened_before(lead[0], attempts)


def _unknown(tables: Tables, findings: Findings, device: str) -> Iterator[Line]:
    """Yield what errors were read of a device without an attempt that nothing explains."""
    if words := error_words(unexplained(tables, findings, device)):
        yield Line(_sentence(words))


def _until(attempt: Mapping[str, Any], lead: list[dict[str, Any]], evidence: pl.DataFrame) -> str:
    """Return until when a failed stage failed again long after its attempt; nothing where it did not."""
    same = [one for one in lead if attempt["failed_stage"] and one["stage"] == attempt["failed_stage"]]
    ended_at = attempt["ended_at"]
    for one in same if ended_at else []:
        latest = proofs_of(one, evidence)["at"].max()
        if isinstance(latest, datetime) and latest - ended_at >= LONG_AFTER:
            return f", and again and again until {_instant(latest)}"
    return ""


def _last_stage(attempts: pl.DataFrame) -> str | None:
    """Return the stage in which the last attempt failed, or the last that was seen when it had no end."""
    return attempts["failed_stage"][-1] if attempts.height else None


def came_to(outcome: str) -> str:
    """Return what an attempt or a device came to, to be read after its name.

    Args:
        outcome: Of an attempt or of a verdict.
    """
    known = {
        "failed": "failed",
        "succeeded": "succeeded",
        "unfinished": "had not ended when last seen",
        "nothing_ran": "was not enrolled in what was seen",
    }
    return known.get(outcome, "came to an end that was not seen")


def _since(
    lead: list[dict[str, Any]], evidence: pl.DataFrame, attempts: pl.DataFrame, lines: pl.DataFrame
) -> Iterator[Line]:
    if not lead and attempts.height and attempts["started_at"][-1]:
        yield Line(f"The last attempt began {_instant(attempts['started_at'][-1])}.")
    for one in lead:
        proofs = proofs_of(one, evidence)
        times = proofs["at"].drop_nulls().sort()
        first = one["at"] or (times[0] if times.len() else None)
        last = times[-1] if times.len() and first and (times[-1] - first).total_seconds() >= 60 else None
        until = f", last at {_instant(last)} ({wording.span(last - first)} later)" if last else ""
        if first:
            yield Line(f"{_instant(first)}{until}.")
        else:
            yield Line(_local(written_times(proofs, lines)["written_at"]) or _begun(attempts))


def _begun(attempts: pl.DataFrame) -> str:
    """Return when the last attempt began, where nothing dates what went wrong in it."""
    began = attempts["started_at"][-1] if attempts.height else None
    known = f"; the last attempt began {_instant(began)}" if began else ""
    return f"No record of it carries a time{known}."


def _local(times: pl.Series) -> str:
    """Return first and last instant of log lines on the device's own clock; empty where none is written."""
    if times.is_empty():
        return ""
    first, last = map(wording.instant, times.sort().gather([0, -1]))
    until = f", last at {last}" if last != first else ""
    return f"{first}{until}{OWN_CLOCK}."


def without_zone(events: pl.DataFrame, device: str) -> bool:
    """Tell whether a device's events stand as a list gave them, in local time whose zone nothing tells.

    Args:
        events: The table `events`.
        device: The device's key.
    """
    own = (pl.col("device") == device) & (pl.col("clock") == "unknown") & pl.col("at").is_not_null()
    return bool(events.select(own.any()).item())


def _on_own_clock(section: Section) -> Section:
    """Return a section whose instants claim no zone; the one that dates says whose clock it was."""
    own = f"{OWN_CLOCK}." if section.label == Part.SINCE else ""
    lines = [
        replace(line, text=text.rstrip(".") + own if own and text != line.text else text)
        for line in section.lines
        for text in [line.text.replace(" UTC", "") if line.kind == "text" else line.text]
    ]
    return replace(section, lines=tuple(lines))


def _reasons(lead: list[dict[str, Any]], near: pl.DataFrame, verdict: Mapping[str, Any]) -> Iterator[Line]:
    for one in lead:
        if one["role"] != "cause":
            yield Line("The cause was not found; this is what followed from it.")
        yield Line(_sentence(one["meaning"]))
        yield from (Line(_sentence(title)) for title in near["title"])
        if one["confidence"] < SURE:
            yield Line(f"Confidence {wording.percent(one['confidence'], 0)}.")
    if not lead and verdict["outcome"] == "failed":
        yield Line("The cause was not found in what was read.")


def _own_words(lead: list[dict[str, Any]], evidence: pl.DataFrame) -> Iterator[Line]:
    remedies: dict[str, str] = {}
    for one in lead:
        for proof in proofs_of(one, evidence).iter_rows(named=True):
            for text in wording.statements(proof["quote"]):
                remedies.setdefault(text, _place(proof))
    for text, place in list(remedies.items())[:MOST_REMEDIES]:
        yield Line(text, "quote", place)


def _remedies(
    lead: list[dict[str, Any]],
    about: pl.DataFrame,
    verdict: Mapping[str, Any],
    unseen: pl.DataFrame,
    left: list[dict[str, Any]],
) -> Iterator[Line]:
    """Return what to do; where nothing leads, about what fits and about what was tried and never came."""
    for one in lead:
        yield from _conditions(about)
        remedy = f"{one['remedy'].rstrip('.')}." if one["remedy"] else NO_REMEDY
        yield Line(remedy, "remedy", one["page"] or "", address_of(one["page"]))
    if lead:
        return
    if verdict["outcome"] in WENT_ON:
        proven = _conditions(about.filter(pl.col("rule").is_in(proven_issues()), _loud()))
        lines = [*proven, *map(_titled_remedy, left)]
        yield from lines or [Line(wording.NO_REMEDY)]
        return
    if verdict["outcome"] != "unknown":  # there the remedies stand beside what else was found
        yield from _conditions(about)
    if unseen.height:
        yield Line("Collect what was not seen (below), then ask again.")
    else:
        yield Line("Collect again after the next attempt: what was read does not say why.")


def _nothing_left(
    lead: list[dict[str, Any]],
    about: pl.DataFrame,
    verdict: Mapping[str, Any],
    unseen: pl.DataFrame,
    left: list[dict[str, Any]],
) -> Iterator[Line]:
    """Yield what is to be done after a success, and of the failure before it what its remedy was."""
    now = [line for line in _remedies([], about, verdict, unseen, left) if line.kind == "remedy"]
    yield from now or [Line(NOTHING_LEFT)]
    yield from as_history(_remedies(lead, about.clear(), verdict, unseen, left), CALLED_FOR)


def _loud() -> pl.Expr:
    return pl.col("severity") != "info"


@cache
def proven_issues() -> frozenset[str]:
    """Return the rules of known issues that records of their own can prove: where they did, it is to mend."""
    issues = read_facts("known_issues").filter(pl.col("proven_by").is_not_null())
    return frozenset(f"KNOWN-{issue}" for issue in issues["id"])


def _of_its_code(one: Mapping[str, Any], about: pl.DataFrame) -> pl.DataFrame:
    """Return the loud known issues that fit the very code of a finding; beside a cause of that code none is.

    Their signs name the stage that the code ended, and build and scenario where the issue is of some alone:
    no other remedy is as near.
    """
    same = pl.col("code") == pl.lit(one["code"], dtype=pl.String)
    return about.filter(pl.col("rule").str.starts_with(KNOWN), same)


def _conditions(about: pl.DataFrame) -> Iterator[Line]:
    """Return what mends the conditions that fit, the weightiest first, where no cause was found."""
    fitting = about.filter(pl.col("rule").str.contains(CONDITION), pl.col("remedy").is_not_null())
    yield from map(_titled_remedy, fitting.head(MOST_CONDITIONS).to_dicts())


def _of_what_is_left(about: pl.DataFrame, left: list[str]) -> list[dict[str, Any]]:
    """Return the first finding about each thing that was tried and never came, and that can be mended."""
    if not left:
        return []
    folded = pl.col("item").str.contains(f"{FOLDED}.*(?:{'|'.join(map(re.escape, left))})")
    own = about.filter(pl.col("item").is_in(left) | folded, pl.col("remedy").is_not_null())
    return own.unique("item", keep="first", maintain_order=True).head(MOST_CONDITIONS).to_dicts()


def _titled_remedy(one: Mapping[str, Any]) -> Line:
    """Return the remedy of a finding behind its title."""
    text = f"{one['title'].rstrip('.')}: {one['remedy'].rstrip('.')}."
    return Line(text, "remedy", one["page"] or "", address_of(one["page"]))


def _each_member_first(proofs: pl.DataFrame) -> pl.DataFrame:
    """Return proofs, the first of each member before the second of any: each kind of record is shown."""
    return proofs.sort(pl.int_range(pl.len()).over("member"), maintain_order=True)


def _proofs(lead: list[dict[str, Any]], evidence: pl.DataFrame) -> Iterator[Line]:
    for one in lead:
        proofs = _each_member_first(proofs_of(one, evidence))
        for proof in proofs.head(MOST_PROOFS).iter_rows(named=True):
            yield Line(wording.fields(proof["quote"]), "proof", _place(proof))
        if proofs.height > MOST_PROOFS:
            yield Line(f"and {wording.count(proofs.height - MOST_PROOFS, 'more record')}")


def _others(found: pl.DataFrame, lead: list[dict[str, Any]], *, remedied: bool) -> Iterator[Line]:
    """Return one line for each other rule that fired, its items together, with what mends it when asked for.

    Where nothing leads and nothing is known to have ended well, these are all that there is to do.
    """
    place = next((place for place, row in enumerate(found.iter_rows(named=True)) if row in lead), None)
    others = found if place is None else pl.concat([found.head(place), found.slice(place + 1)])
    grouped = others.group_by("rule", "severity", "role", maintain_order=True)
    proven = proven_issues() if lead else frozenset()
    lines = [Line(_other(rows, remedied=remedied or rows["rule"][0] in proven)) for _, rows in grouped]
    yield from lines[:MOST_OTHERS]
    if len(lines) > MOST_OTHERS:
        yield Line(f"and {wording.count(len(lines) - MOST_OTHERS, 'more finding')}")


def _other(rows: pl.DataFrame, *, remedied: bool) -> str:
    """Return the findings of one rule in one line: the first whole, the others counted."""
    one = rows.row(0, named=True)
    more = f", and {rows.height - 1:,} more like it" if rows.height > 1 else ""
    place = ROLES[one["role"]]
    remedy = f" {one['remedy'].rstrip('.')}." if remedied and one["remedy"] else ""
    return f"{one['title'].rstrip('.')}{more} ({one['severity']}{', ' + place if place else ''}).{remedy}"


def _unseen(unseen: pl.DataFrame, verdict: Mapping[str, Any]) -> Iterator[Line]:
    for presence, text in (("absent", "Absent"), ("partial", "Only in part")):
        titles = unseen.filter(pl.col("presence") == presence)["title"].to_list()
        if titles:
            yield Line(f"{text}: {', '.join(titles)}.")
    others = set((verdict["not_seen"] or "").split(", ")) - {"", *unseen["title"]}
    rest = wording.count(len(others), "source") if others else ""
    if not unseen.height:
        beside = f"; {rest} that only other questions need: absent or cut, see coverage" if rest else ""
        yield Line(f"Nothing that decides this{beside}.")
    elif rest:
        yield Line(f"{rest} that other rules look into: absent or cut, see coverage.")


def _untaken(members: pl.DataFrame) -> Iterator[Line]:
    """Say how many files no reader took, and what the first are called."""
    left = members.filter(pl.col("state").cast(pl.String).is_in(UNTAKEN)).sort("member")["member"]
    if left.len():
        more = f" and {left.len() - MOST_NAMED:,} more" if left.len() > MOST_NAMED else ""
        verb = "was" if left.len() == 1 else "were"
        yield Line(
            f"{wording.count(left.len(), 'file')} {verb} not read: {', '.join(left.head(MOST_NAMED))}{more}."
        )


def _instant(at: datetime) -> str:
    return f"{wording.instant(at)} UTC"


def _sentence(text: str) -> str:
    return text if text.endswith((".", "?", "!")) else f"{text}."


def _place(proof: Mapping[str, Any]) -> str:
    return str(proof["member"]) + ("" if proof["record"] is None else f", record {proof['record']}")
