"""What comparing the rows of lists shows: which group fails, since when, whether one account is behind."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import polars as pl

from autopilot_analysis import wording
from autopilot_analysis.facts.guids import EMPTY_ID
from autopilot_analysis.facts.state_words import CONFLICT, HELD, UNMET
from autopilot_analysis.findings.service.enrollment_spans import HOLDS_FAILURES_ALONE
from autopilot_analysis.fleet.deployments.name_parts import NAME_PREFIX, NAME_SUFFIX
from autopilot_analysis.fleet.deployments.windows_builds import WINDOWS_BUILD
from autopilot_analysis.fleet.explanation.answer.strongest import spell
from autopilot_analysis.fleet.explanation.answers import instant
from autopilot_analysis.fleet.explanation.days.changes import CHANGES, with_candidates
from autopilot_analysis.fleet.explanation.days.rises import Rise, find_rise
from autopilot_analysis.fleet.explanation.days.series import FALSE_ALARM
from autopilot_analysis.fleet.explanation.explain import explain
from autopilot_analysis.fleet.explanation.failures.app_changes import BUILD_LACKS, GO_BACK, NAMES_WINDOWS
from autopilot_analysis.fleet.explanation.fleet_findings import TOGETHER, of_fleet
from autopilot_analysis.fleet.explanation.groups.few import LEAST_HITS_OF_FEW
from autopilot_analysis.fleet.explanation.groups.searching import FALSE_DISCOVERY
from autopilot_analysis.fleet.explanation.lists.questions import (
    LOOK_AT_ONE,
    OF_IMPORTS,
    OF_INVENTORIES,
    Question,
)
from autopilot_analysis.fleet.explanation.sentences import DOWN, INSEPARABLE, set_in_words
from autopilot_analysis.fleet.intervals import share_in_words
from autopilot_analysis.groups import Group

MOST = 2
"""Groups told of one question."""
MOSTLY = 0.5
"""One account or device is behind a failure when more than this share of it is theirs."""
FAILURES_ALONE = (
    f"The list {HOLDS_FAILURES_ALONE} and does not say whether more devices enrolled in these days; an "
    "account or a device counts once for each reason."
)
REPORTED = "The day is that on which the state was reported, for all devices alike."
ENROLLED = (
    "The day is that on which the devices enrolled, and their state is that of today: what devices of these "
    "days share is new, such as a policy, an image or an order, or older ones were made good meanwhile."
)
NEAR_THAT_DAY = "on that day or shortly before it"
CHANGED_THEN = f"what was changed {NEAR_THAT_DAY}"
LOOK_AT_NEW = (
    "Compare one device of these days with an older one: which policy, group, image or app only the newer "
    f"has; look in the audit log for {CHANGED_THEN}"
)
DATED = ("item", UNMET, CONFLICT, HELD, *OF_INVENTORIES)
"""What is asked for the day from which it came more often, beside questions on all that was tried."""
OF_ALL_ALIKE = "Of all enrolments, those that went well among them; no group stands out."
OF_NAMES = (
    "Where this part of the name stands for a site, look at its network (proxy, firewall, content hosts) "
    "from one device there; else at what devices named so share"
)
REMEDIES = {
    "version": f"Look at what this version changed, on one device that has it, and {GO_BACK}",
    WINDOWS_BUILD: f"Look {NAMES_WINDOWS}, and at what this one lacks",
    "build": f"Look at what {BUILD_LACKS}, and {NAMES_WINDOWS}",
    NAME_PREFIX: OF_NAMES,
    NAME_SUFFIX: OF_NAMES,
}
"""What to do about a group, by what names it."""
CAME = ("version", "build", WINDOWS_BUILD)
"""Columns of which a value comes on a day; any other has none that says anything."""
OTHERWISE = f"{LOOK_AT_ONE}, or collect diagnostics from it"
OWN_DAYS = f"{INSEPARABLE} the days on which it came"
LOOK_BACK = f"Look in the audit log for {CHANGED_THEN}"
ONE_ACCOUNT = (
    "Ask whether this account enrols devices for others: then make it a device enrolment manager or enrol "
    "them without a user; else look at this account alone"
)
ONE_DEVICE = "Look at this one device: the list shows its tries, not many devices"


@dataclass(frozen=True)
class Difference:
    """One thing that comparing showed.

    Attributes:
        subject: The finding of the service that it is about.
        finding: Its own finding, without number and file.
        contrast: One row as of `Explanation.contrasts` where it is a group; `where` names what failed too.
        change: One row as of `Explanation.changes` where it is a day.
    """

    subject: tuple[str, ...]
    finding: Mapping[str, Any]
    contrast: pl.DataFrame | None = None
    change: pl.DataFrame | None = None

    @property
    def title(self) -> str:
        """What it shows, in words."""
        return str(self.finding["title"])


def what_differs(question: Question, asked: int) -> Iterator[Difference]:
    """Yield the groups in which something failed clearly more often than in the others, else since when.

    They are compared with the others of the same days first. A version that came when the one before went has
    none beside it: where no group stands out so, all days are compared as one, and a note says so.

    Args:
        question: What failed.
        asked: How many questions are asked: what chance may show grows with them.
    """
    dated = explain(question.units)
    contrasts = dated.contrasts
    if contrasts.is_empty():
        contrasts = explain(question.units.with_columns(started_at=_NO_DAY)).contrasts
    if dated.contrasts.is_empty() and dated.changes.height:
        note = pl.concat_str("note", pl.lit(OWN_DAYS), separator="; ", ignore_nulls=True)
        contrasts = contrasts.with_columns(note=note)
    sure = contrasts.head(MOST).with_columns(q=pl.col("q") * asked)
    if asked > 1:
        sure = sure.filter(pl.col("q") < FALSE_DISCOVERY)
    yield from (_group(question, sure.slice(place, 1)) for place in range(sure.height))
    if sure.is_empty() and (question.whole or question.subject[0] in DATED):
        yield from _days_of_all(question, dated.changes.with_columns(q=pl.col("q") * asked))


def _days_of_all(question: Question, changes: pl.DataFrame) -> Iterator[Difference]:
    """Yield the days from which something failed more often on all devices alike."""
    risen = changes.filter(where="{}").filter(pl.col("after") > pl.col("before"), pl.col("q") < FALSE_ALARM)
    for place, row in enumerate(risen.iter_rows(named=True)):
        when = spell(row) if row["until"] else f"from {wording.short_day(row['at'])} on"
        near = changed_near(row["candidate"])
        reported, meaning = (" ", OF_ALL_ALIKE) if question.whole else (f", {question.dated_by} ", REPORTED)
        remedy = DOWN.format(when) if question.whole and row["until"] else LOOK_BACK
        title = f"{question.name}{reported}{when}: {_levels(question, row)}"
        if question.subject[0] in OF_INVENTORIES:
            title, meaning, remedy = _enrolled(question, row, when), ENROLLED, LOOK_AT_NEW
        stated = of_fleet(
            "FLEET-DAY",
            title=title,
            meaning=f"{meaning}{near}",
            remedy=remedy,
            item=question.name,
            confidence=1 - row["q"],
            at=row["at"],
        )
        named = pl.lit(json.dumps({"failed": question.name}, ensure_ascii=False))
        yield Difference(question.subject, stated, change=risen.slice(place, 1).with_columns(where=named))


def _enrolled(question: Question, row: Mapping[str, Any], when: str) -> str:
    """Return how many of the managed devices that enrolled on some days are in a state, and of the others."""
    here = wording.share(
        round(row["after"] * row["n_after"]), row["n_after"], row["after_low"], row["after_high"]
    )
    rest = wording.percent(row["before"], 0)
    if row["until"] is None:
        rest = share_in_words(round(row["before"] * row["n_before"]), row["n_before"])
    others = "before" if row["until"] is None else "on other days"
    return (
        f"Of the managed devices {question.dated_by} {when} {here} are {question.verb}, "
        f"of those {question.dated_by} {others} {rest}"
    )


def same_devices(asked: Sequence[Question], found: Sequence[Difference]) -> list[Difference]:
    """Return differences, each with how many of its devices are in another state that the same group shows.

    So that devices which are not compliant and those which are not encrypted are told as the same ones.

    Args:
        asked: The questions on states of managed devices.
        found: What comparing showed of them.
    """
    questions = {one.subject: one for one in asked}
    return [
        _with_same(one, [questions[each.subject] for each in _alike(one, found)], questions) for one in found
    ]


def _alike(one: Difference, found: Sequence[Difference]) -> list[Difference]:
    """Return the differences of other states that are of the same group."""
    others = (each for each in found if each.subject != one.subject)
    return [each for each in others if each.finding["item"] == one.finding["item"]]


def _with_same(
    one: Difference, others: Sequence[Question], questions: Mapping[tuple[str, ...], Question]
) -> Difference:
    if one.contrast is None or not others:
        return one
    own = questions[one.subject]
    where = {name: value for name, value in json.loads(one.contrast["where"][0]).items() if name != "failed"}
    hit = own.grouped_units.filter(Group.of(where).filter(), _HIT)["device"]
    counts = [(other, int(hit.is_in(other.rows["device"].implode()).sum())) for other in others]
    alike = [(other, both) for other, both in counts if both > MOSTLY * hit.len()]
    same = [f"Of these {hit.len():,} devices {both:,} are {other.verb} as well." for other, both in alike]
    remedy = own.remedy or next((other.remedy for other, _ in alike if other.remedy), one.finding["remedy"])
    return replace(
        one, finding={**one.finding, "meaning": " ".join([*same, one.finding["meaning"]]), "remedy": remedy}
    )


def _levels(question: Question, row: Mapping[str, Any]) -> str:
    """Return the share of a spell and that of all other times; of what goes on that before it."""
    if row["until"] is None or row["before"] is None:
        return f"{question.verb} {wording.levels(row)}"
    here = wording.share(
        round(row["after"] * row["n_after"]), row["n_after"], row["after_low"], row["after_high"]
    )
    return f"{question.verb} {here}, at other times {wording.percent(row['before'], 0)}"


def changed_near(candidate: str | None) -> str:
    """Return the sentence on what was changed near a day, empty where nothing is known to have been.

    Args:
        candidate: What was changed, in words.
    """
    return f" Changed near that day: {candidate}." if candidate else ""


def _group(question: Question, contrast: pl.DataFrame) -> Difference:
    """Return one group that differs, from its row."""
    row = contrast.row(0, named=True)
    where = json.loads(row["where"])
    first = question.grouped_units.filter(Group.of(where).filter())["started_at"].min()
    begins = None
    if isinstance(first, date) and any(name in CAME for name in where):
        begins = f"The first row with it is of {wording.short_day(first)}"
    note = f"It {row['note']}" if row["note"] else None
    stated = of_fleet(
        "FLEET-GROUP",
        title=_of_group(question, row, where),
        meaning=" ".join(wording.sentence(part) for part in (begins, note, TOGETHER) if part),
        remedy=question.remedy or next((REMEDIES[name] for name in where if name in REMEDIES), OTHERWISE),
        item=wording.group(where),
        confidence=1 - row["q"],
        at=first,
    )
    named = pl.lit(json.dumps({"failed": question.name, **where}, ensure_ascii=False))
    return Difference(question.subject, stated, contrast=contrast.with_columns(where=named))


def _of_group(question: Question, row: Mapping[str, Any], where: Mapping[str, str]) -> str:
    """Return how many of a group failed, and how many of the others."""
    here = wording.share(row["k"], row["n"], row["low"], row["high"])
    rest = share_in_words(row["rest_k"], row["rest_n"])
    since = f", since {wording.day(row['at'])}" if row["at"] else ""
    if row["at"] and question.whole:
        own = question.grouped_units.filter(Group.of(where).filter(), pl.col("started_at") >= row["at"])
        since += f" {share_in_words(int(own.select(_HIT.sum()).item()), own.height)}"
    group = wording.group(where)
    if question.subject[0] in OF_INVENTORIES:
        state = wording.heading(question.verb)
        return f"{state} with {group}: {here} managed devices, of the others {rest}{since}"
    if question.whole:
        return f"{question.name} is why {here} enrolments with {group} failed, of the others {rest}{since}"
    if question.subject[0] == OF_IMPORTS:
        return f"{question.name}: the error of {here} imports with {group}, of {rest} others"
    if question.subject[0] == "enrolment":
        return f"{question.name}: the reason of {here} failures with {group}, of {rest} others{since}"
    return f"{question.name} {question.verb} with {group} on {here}, with the others on {rest}{since}"


def day_of_rise(question: Question, asked: int, candidates: pl.DataFrame | None) -> Iterator[Difference]:
    """Yield the day from which failures for one reason came more often, if there is one.

    Args:
        question: What failed.
        asked: How many questions are asked.
        candidates: What else happened, columns `at` and `what`.
    """
    if question.whole:  # its rate says more than how often it is listed: see `what_differs`
        return
    dated = question.units.drop_nulls("started_at").with_columns(day=pl.col("started_at").dt.date())
    days, others = (dated.filter(mine)["day"] for mine in (_HIT, ~_HIT))
    first, last = dated["day"].min(), dated["day"].max()
    if not isinstance(first, date) or not isinstance(last, date):
        return
    rise = find_rise(days, first, last)
    if rise is None or (asked > 1 and rise.p * asked >= FALSE_ALARM):
        return
    change = with_candidates(_change(question, rise, asked), candidates)
    near = change["candidate"][0]
    at = rise.dated.at
    beside = f"; for all other reasons {(others >= at).sum():,}, before {(others < at).sum():,}"
    stated = of_fleet(
        "FLEET-DAY",
        title=f"{question.name}: from {_day(rise)} on {_times(rise.after, rise.days_after)}, before "
        f"{_times(rise.before, rise.days_before)}{beside if others.len() else ''}",
        meaning=FAILURES_ALONE + changed_near(near),
        remedy=LOOK_BACK,
        item=question.name,
        confidence=1 - rise.p * asked,
        at=instant(at),
    )
    yield Difference(question.subject, stated, change=change)


_HIT = pl.col("outcome") == "failed"
_NO_DAY = pl.lit(None, pl.Datetime("us", "UTC"))


def _times(number: int, days: int) -> str:
    return f"{number:,} in {wording.count(days, 'day')}"


def _day(rise: Rise) -> str:
    """Return the day of a rise, with the days it may be where that is not this one alone."""
    low, high = rise.dated.low, rise.dated.high
    at = wording.short_day(rise.dated.at)
    return at if low == high else f"{at} {set_in_words(wording.short_day(low), wording.short_day(high))}"


def _change(question: Question, rise: Rise, asked: int) -> pl.DataFrame:
    row = {
        "at": instant(rise.dated.at),
        "at_low": instant(rise.dated.low),
        "at_high": instant(rise.dated.high),
        "measure": "failures a day",
        "where": json.dumps({"failed": question.name}, ensure_ascii=False),
        "kind": "lasting",
        "before": rise.before / rise.days_before,
        "after": rise.after / rise.days_after,
        "n_before": rise.before,
        "n_after": rise.after,
        "p": rise.p,
        "q": min(rise.p * asked, 1.0),
    }
    return pl.DataFrame([row], schema=CHANGES)


def one_behind_all(question: Question) -> Iterator[Difference]:
    """Yield the device, else the account, whose failures most of those for one reason are.

    Args:
        question: What failed, in `rows` with every try.
    """
    whole = question.rows.height
    for column, noun, remedy in (("device", "device", ONE_DEVICE), ("user", "account", ONE_ACCOUNT)):
        known = question.rows.filter(pl.col(column) != EMPTY_ID)
        if known.is_empty():
            continue
        who, number = known[column].value_counts(sort=True).row(0)
        if number < LEAST_HITS_OF_FEW or number <= MOSTLY * whole:
            continue
        share = f"All {whole:,}" if number == whole else f"{number:,} of the {whole:,}"
        own = known.filter(pl.col(column) == who)
        stated = of_fleet(
            "FLEET-ONE-ACTOR",
            title=f"{share} failures for {question.name} are of one {noun}, {who}{_spread(own, column)}",
            meaning=f"Not many {noun}s are hit: one stands behind {number:,} of these failures.",
            remedy=remedy,
            item=who,
            confidence=1.0,
            at=own["at"].min(),
        )
        yield Difference(question.subject, stated)
        return


def _spread(own: pl.DataFrame, column: str) -> str:
    """Return on how many devices an account failed, where the list names them."""
    devices = own["device"].drop_nulls().n_unique() if column == "user" else 0
    return f", on {wording.count(devices, 'device')}" if devices else ""
