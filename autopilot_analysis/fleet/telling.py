"""An incident in plain words, for readers who never saw a table: short paragraphs that cannot carry markup."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from html import escape

import polars as pl

from autopilot_analysis.codes import explain as explain_code
from autopilot_analysis.fleet.case import Case
from autopilot_analysis.fleet.impact import in_hours, percent
from autopilot_analysis.fleet.reasons import main_code, spoken_group, spoken_stage

LONGEST = 600
"""Characters of one paragraph; a value from an export may be of any length."""


@dataclass(frozen=True)
class Prose:
    """Paragraphs, each with a short heading (empty for none); whatever stands in them is shown as text."""

    paragraphs: tuple[tuple[str, str], ...]
    title: str = ""

    def __repr__(self) -> str:
        """Return the paragraphs as lines."""
        told = [f"{name}: {text}" if name else text for name, text in self._shown()]
        return "\n".join([_plain(self.title), *told] if self.title else told)

    def _repr_html_(self) -> str:
        """Return the paragraphs as HTML, every value escaped."""
        head = f"<h2>{escape(_plain(self.title))}</h2>" if self.title else ""
        named = [(f"<strong>{escape(name)}.</strong> " if name else "", text) for name, text in self._shown()]
        return head + "".join(f"<p>{name}{escape(text)}</p>" for name, text in named)

    def to_frame(self) -> pl.DataFrame:
        """Return the paragraphs as a frame: `about`, `sentence`."""
        return pl.DataFrame(self.paragraphs, schema={"about": pl.String, "sentence": pl.String}, orient="row")

    def _shown(self) -> Iterator[tuple[str, str]]:
        for name, text in self.paragraphs:
            whole = _plain(text)
            yield _plain(name), whole if len(whole) <= LONGEST else f"{whole[: LONGEST - 1]}…"


def _plain(text: str) -> str:
    """Return text on one line, without control or direction characters."""
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in " ".join(text.split()))


def tell_heading(case: Case, *, title: str, author: str, audience: str) -> Prose:
    """Return the head of the document: title, for whom, by whom, and what it is about.

    Args:
        case: The incident.
        title: As the author wants it; made from the group when empty.
        author: Who answers for it.
        audience: Whom it is for.
    """
    made = title or f"{_subject(case)[:1].upper()}{_subject(case)[1:]}: {_what(case)}"
    lines = [("Written by", author), ("Written for", audience), ("Period", _period(case))]
    return Prose(tuple((name, text) for name, text in lines if text), title=made)


def tell_reading(case: Case) -> tuple[str, str]:
    """Return what was read, in one sentence.

    Args:
        case: The incident.
    """
    attempts, members, gaps = case.fleet.deployments, case.story.tables.members.height, case.fleet.gaps.height
    origins = ", ".join(
        str(name).replace("_", " ") for name in attempts["origin"].cast(pl.String).unique().sort()
    )
    text = f"{attempts.height:,} attempts of {attempts['device'].n_unique():,} devices" + (
        f" ({origins})" if origins else ""
    )
    text += f", from {members:,} files" if members else ""
    text += f"; {gaps:,} things could not be read" if gaps else "; nothing that was there stayed unread"
    poor = case.fleet.coverage.filter(pl.col("presence").is_in(["absent", "partial"]))["source"].n_unique()
    text += f"; {poor} kinds of source were absent or cut" if poor else ""
    return "What was read", f"{text}."


def tell_summary(case: Case, impact: pl.DataFrame, remedies: pl.DataFrame) -> Prose:
    """Return the incident in plain words: what, who, since when, what it cost, why, what to do, how sure.

    Args:
        case: The incident.
        impact: Answer of `measure_impact`.
        remedies: Answer of `list_remedies`.
    """
    if not case.hits.height:
        return Prose((*_nothing(case), tell_reading(case)))
    return Prose(tuple([
        *_happened(case), *_befell(case, impact), *_since(case), *_cost(case, impact), *_why(case), *_act(remedies), *_doubt(case), tell_reading(case)
    ]))  # fmt: skip


def _subject(case: Case) -> str:
    if case.where:
        return f"devices of {spoken_group(case.where)}"
    alone = _alone(case)
    return f"device {alone}" if alone else "Windows Autopilot deployments"


def _alone(case: Case) -> str | None:
    """Return the only device there is; None when there are several."""
    devices = case.group["device"].unique()
    return str(devices[0]) if devices.len() == 1 else None


def _what(case: Case) -> str:
    if not case.hits.height:
        return "no failure was seen"
    return "deployment fails" if case.outcome == "failed" else "deployment takes long"


def _period(case: Case) -> str:
    seen = case.during["started_at"].drop_nulls()
    if seen.is_empty():
        return "no dated attempt was seen"
    first, last = case.since or seen.min(), case.until or seen.max()
    assert isinstance(first, datetime)
    assert isinstance(last, datetime)
    return f"{first:%d %B %Y} to {last:%d %B %Y} (UTC)"


def _nothing(case: Case) -> Sequence[tuple[str, str]]:
    count, where = case.during.height, f" of {spoken_group(case.where)}" if case.where else ""
    if not count:
        return [
            (
                "What happened",
                "Nothing that was read tells of a deployment that ended; there is nothing to judge.",
            )
        ]
    good = (case.during["outcome"] == "succeeded").sum()
    return [
        (
            "What happened",
            f"{count} deployments{where} ended and {good} of them succeeded; none failed in what was read.",
        ),
        ("How sure", "No incident was found. What could not be seen stands below."),
    ]


def _percent(k: int, n: int) -> str:
    return f"{k:,} of {n:,} ({percent(k / n)})" if n else f"{k:,} of {n:,}"


def _happened(case: Case) -> Iterator[tuple[str, str]]:
    during, rest = case.during, case.rest
    bad = "failed" if case.outcome == "failed" else "were among the slowest fifth"
    group = f" with {spoken_group(case.where)}" if case.where else ""
    alone, count = _alone(case), _percent(int(during["hit"].sum()), during.height)
    text = f"Of the Windows Autopilot deployments{group}, {count} {bad}"
    if alone:
        text = f"On the device {alone}, {count} attempts at Windows Autopilot {bad}"
    if case.since:
        text += f" since {case.since:%d %B %Y}"
    if case.until:
        text += f" and until {case.until:%d %B %Y}"
    if rest.height:
        text += f", against {_percent(int(rest['hit'].sum()), rest.height)} of all others in the same time"
    yield "What happened", f"{text}."
    main = main_code(case)
    if main and case.outcome == "failed":
        code, stage = main
        known = explain_code(code, stage=stage or None)
        same = case.hits.filter(pl.col("code") == code).height
        place = f" during {spoken_stage(stage)}" if stage else ""
        means = known.meaning if known.certainty != "unknown" else "no public source explains this code"
        symbol = f" ({known.symbol})" if known.symbol else ""
        yield (
            "How it shows",
            f"{_failures(same, case.hits.height)} stopped{place} with {code}{symbol}: {means}.",
        )


def _failures(same: int, count: int) -> str:
    return (
        f"{same} of these {count} failures"
        if same < count
        else f"All {count} failures"
        if count > 1
        else "The failure"
    )


def _number(impact: pl.DataFrame, begins: str) -> dict[str, float | None]:
    found = impact.filter(pl.col("what").str.starts_with(begins))
    return found.row(0, named=True) if found.height else dict.fromkeys(("k", "n", "value", "low", "high"))


def _befell(case: Case, impact: pl.DataFrame) -> Iterator[tuple[str, str]]:
    devices, users, through = (
        _number(impact, name) for name in ("devices hit", "users hit", "devices hit that succeeded")
    )
    if alone := _alone(case):
        later = "it has succeeded since" if through["k"] else "no success of it was seen since"
        yield "Who was hit", f"One device, {alone}; {later}."
        return
    text = f"{devices['k']} of the {devices['n']} devices in it"
    if users["k"]:
        text += f", of {users['k']} users"
    if case.outcome == "failed" and through["n"]:
        text += f". {through['k']} of these devices have succeeded since; for {through['n'] - (through['k'] or 0)} no success was seen yet"
    yield "Who was hit", f"{text}."


def _since(case: Case) -> Iterator[tuple[str, str]]:
    if not case.change:
        first = case.hits["started_at"].drop_nulls().min()
        seen = case.group["started_at"].drop_nulls().min()
        if isinstance(first, datetime) and isinstance(seen, datetime) and _alone(case):
            yield "Since when", f"From the first attempt that was hit, on {first:%d %B %Y at %H:%M} UTC."
        elif isinstance(first, datetime) and isinstance(seen, datetime):
            yield (
                "Since when",
                (
                    f"The first attempt seen was on {seen:%d %B %Y}, the first that was hit on {first:%d %B %Y}. No day was found "
                    "on which it began: it may be as old as what was read."
                ),
            )
        return
    change = case.change
    share = change["measure"] != "total"
    levels = [
        percent(change[name]) if share else f"{change[name]:.0f} minutes"
        for name in ("before", "after")
        if change[name] is not None
    ]
    text = f"On {change['at']:%d %B %Y} the level moved" + (
        f" from {levels[0]} to {levels[1]}" if len(levels) == 2 else ""
    )
    if change["kind"] == "appeared":
        text = f"The group appeared on {change['at']:%d %B %Y} and was hit from its first day on"
    if change["until"]:
        text += f", and went back on {change['until']:%d %B %Y}"
    if change.get("candidate"):
        text += (
            f". Nearest change by an administrator: {change['candidate']}. Near in time is not yet a cause"
        )
    yield "Since when", f"{text}."


def _cost(case: Case, impact: pl.DataFrame) -> Iterator[tuple[str, str]]:
    more, hours = (
        _number(impact, "attempts hit beyond"),
        _number(impact, "hours spent" if case.outcome == "failed" else "hours beyond"),
    )
    wait = _number(impact, "hours from the first")
    told = []
    if more["value"] is not None:
        told.append(
            f"about {more['value']:.0f} attempts more than at the share of everyone else ({more['low']:.0f} to {more['high']:.0f})"
        )
    if hours["value"] is not None:
        interval = (
            f" ({in_hours(hours['low'])} to {in_hours(hours['high'])})" if hours["low"] is not None else ""
        )
        told.append(
            f"{in_hours(hours['value'])}{interval} {'in attempts that failed' if case.outcome == 'failed' else 'beyond the usual'}"
        )
    if wait["value"] is not None:
        told.append(
            f"a median of {in_hours(wait['value'])} from the first failure to a success, where one was seen"
        )
    if told:
        text = "; ".join(told)
        brackets = ". Numbers in brackets are 95 % intervals" if "(" in text else ""
        yield "What it cost", f"{text[:1].upper()}{text[1:]}{brackets}."


def _why(case: Case) -> Iterator[tuple[str, str]]:
    found = case.story.findings.findings.filter(pl.col("rule") == case.rule) if case.rule else None
    if found is not None and found.height:
        yield "Most likely cause", f"{found['title'][0]}. {found['meaning'][0] or ''}"
    elif case.contrast:
        common = spoken_group(case.where)
        yield "Most likely cause", (
            f"What the failures have in common is {common}: {case.contrast['lift']:.1f} times as likely over all that was read "
            f"({case.contrast['lift_low']:.1f} to {case.contrast['lift_high']:.1f}). It goes with them; that it causes them is not shown by counting."
            if case.outcome == "failed" else
            f"What the slow attempts have in common is {common}. It goes with them; that it causes them is not shown by counting."
        )  # fmt: skip
    else:
        yield "Most likely cause", "None was found in what was read."


def _act(remedies: pl.DataFrame) -> Iterator[tuple[str, str]]:
    if remedies.height:
        first = remedies["remedy"].head(2).to_list()
        yield "What to do first", f"{'. Then: '.join(first)}."


def _doubt(case: Case) -> Iterator[tuple[str, str]]:
    hit = case.hits["device"].n_unique()
    seen = case.hits.filter(pl.col("origin").cast(pl.String) == "capture")["device"].n_unique()
    if not seen:
        yield (
            "How sure",
            (
                "The counts are sure within their intervals. The cause on the device is not: no capture of a device that was hit "
                "was among what was read."
            ),
        )
    elif seen < hit:
        yield (
            "How sure",
            f"Captures of {seen} of the {hit} devices that were hit were read; the others are known by the service's word only.",
        )
    else:
        yield (
            "How sure",
            "Every claim about a device leads to a record that stands below; what the captures did not hold is listed as not seen.",
        )
