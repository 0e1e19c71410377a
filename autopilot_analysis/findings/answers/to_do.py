"""What is to be done, in the lines of an answer."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

import polars as pl

from autopilot_analysis import wording
from autopilot_analysis.facts import read_facts
from autopilot_analysis.facts.addresses import address_of
from autopilot_analysis.findings.answers.answer import Line
from autopilot_analysis.findings.answers.history import CALLED_FOR, MADE_GOOD, NOTHING_LEFT, as_history
from autopilot_analysis.findings.answers.proofs import proofs_of
from autopilot_analysis.findings.answers.without_attempt.join_words import NEITHER
from autopilot_analysis.tables.verdict import CAUSE, INFO
from autopilot_analysis.wording import NO_WHY

CONDITION = "^(?:KNOWN|CONFLICT|CHECK)-"
"""Families of facts that name a condition, and what mends it, without a failure of their own."""
KNOWN = "KNOWN-"
"""How the rules of known issues begin."""
LATER_USER_PAGE = "LATER-USER-PAGE"
"""The rule of a page that came again on a deployed device: what to do about that stands behind its cause."""
MOST_CONDITIONS = 2
MOST_BEGUN = 3
"""With so many findings one begins where the outcome is unknown."""
WENT_ON = ("succeeded", "nothing_ran")
"""Outcomes after which only what was left undone asks for anything."""
FOLDED = r"^\d+ of them: "
"""How the item of a finding about several items begins."""
RESTARTED = "boot_at"
"""A finding carries it that is told with its restart: what happened names it already."""
IF_IT_STANDS = (
    "If the deployment does not go on since then, collect what was not seen (below), then ask again."
)
IF_DUE = (
    "Where the device ought to be joined, join it, and collect what was not seen (below) if that fails; "
    f"where not, {wording.NOTHING_TO_DO}."
)
"""Said of a device that is joined to nothing, and of which nothing failed that was read."""
FOR_THE_NEXT = "For the next device: "
"""Stands before a remedy where this device has all that had failed."""
NO_REMEDY = "No remedy is known for this; read the proof first."
LOG_ASKED_FOR = {
    'Read the MSI log, searching for "return value 3"': r"return value 3\b",
    "Read its log; repair it": r"exit code -?\d+: \S",
}
"""What remedies ask to be read, and how a proof is known that quotes the very words of it."""
LOG_QUOTED = "Mend the error that its log reports (see the quote)"


def what_to_do(
    lead: list[dict[str, Any]],
    about: pl.DataFrame,
    verdict: Mapping[str, Any],
    unseen: pl.DataFrame,
    left: list[dict[str, Any]],
    *,
    first: str = "",
) -> Iterator[Line]:
    """Return what to do; where nothing leads, about what fits and about what was tried and never came.

    Args:
        lead: The findings that lead the answer.
        about: Other findings that are told with them.
        verdict: A row of `conclude`.
        unseen: Sources that were not seen and matter.
        left: Findings about what was left undone.
        first: What is to be known before the remedy.
    """
    for one in lead:
        yield from _conditions(about)
        remedy = f"{one['remedy'].rstrip('.')}." if one["remedy"] else NO_REMEDY
        remedy = f"{first} {FOR_THE_NEXT}{remedy}" if first else remedy
        yield Line(remedy, "remedy", one["page"] or "", address_of(one["page"]))
        yield from map(_remedy, about.filter(pl.col("rule") == LATER_USER_PAGE).to_dicts())
    if lead:
        return
    if verdict["outcome"] in WENT_ON:
        proven = _conditions(about.filter(pl.col("rule").is_in(proven_issues()), _loud()))
        plain = len(left) == 1 and RESTARTED in left[0]
        lines = [*proven, *map(_remedy if plain else _titled_remedy, left)]
        yield from lines or [Line(wording.NO_REMEDY)]
        return
    begin = begin_with(about, verdict)
    yield from map(_remedy if len(begin) == 1 else _titled_remedy, begin)
    yield from _where_known(about, verdict)
    if wording.capital(verdict["verdict"]).startswith(wording.capital(NEITHER)) and not begin:
        yield Line(IF_DUE)
    elif unseen.height:
        yield Line("Collect what was not seen (below), then ask again.")
    else:
        yield Line(f"Collect again after the next attempt: what was read {NO_WHY}.")


def begin_with(about: pl.DataFrame, verdict: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the findings to begin with where the outcome is unknown: the loud ones, else what happened.

    A condition that merely fits is none: on a device where all is well it asks for nothing.

    Args:
        about: The findings on one device, the weightiest first.
        verdict: A row of `conclude`.
    """
    if verdict["outcome"] != "unknown":
        return []
    mended = about.filter(pl.col("remedy").is_not_null())
    loud, quiet = mended.filter(_loud()), mended.filter(happened())
    chosen = loud if loud.height else quiet
    return chosen.unique("rule", keep="first", maintain_order=True).head(MOST_BEGUN).to_dicts()


def with_log_read(lead: list[dict[str, Any]], evidence: pl.DataFrame) -> list[dict[str, Any]]:
    """Return findings whose remedy asks for no log of which their proof quotes what it would be read for.

    Args:
        lead: The findings that lead the answer.
        evidence: The evidence of the same search.
    """
    return [one | {"remedy": _log_read(one, evidence)} for one in lead]


def _log_read(one: Mapping[str, Any], evidence: pl.DataFrame) -> str | None:
    """Return a finding's remedy, which is to mend what a log says where its proof quotes that already."""
    remedy: str | None = one["remedy"]
    for asked, words in LOG_ASKED_FOR.items():
        if remedy and remedy.startswith(asked):
            quotes = proofs_of(one, evidence)["quote"].drop_nulls()
            quoted = bool(quotes.str.contains(words).any())
            return remedy.replace(asked, LOG_QUOTED, 1) if quoted else remedy
    return remedy


def tells(one: Mapping[str, Any]) -> bool:
    """Tell whether a finding one begins with is what happened, and nothing that merely fits.

    Args:
        one: A row that `begin_with` returned.
    """
    return one["severity"] != INFO or one["rule"] in _of_causes()


def nothing_left(
    lead: list[dict[str, Any]],
    about: pl.DataFrame,
    verdict: Mapping[str, Any],
    unseen: pl.DataFrame,
    left: list[dict[str, Any]],
) -> Iterator[Line]:
    """Yield what is to be done after a success, and of the failure before it what its remedy was."""
    if verdict["outcome"] == "succeeded":
        now = [line for line in what_to_do([], about, verdict, unseen, left) if line.kind == "remedy"]
        yield from now or [Line(NOTHING_LEFT)]
    else:
        yield from made_good(about, verdict, unseen)
    yield from as_history(what_to_do(lead, about.clear(), verdict, unseen, left), CALLED_FOR)


def made_good(about: pl.DataFrame, verdict: Mapping[str, Any], unseen: pl.DataFrame) -> Iterator[Line]:
    """Yield what is to be done where what failed went through later, and no end of the attempt was seen."""
    yield Line(MADE_GOOD)
    yield from _where_known(about, verdict)
    if unseen.height:
        yield Line(IF_IT_STANDS)


def happened() -> pl.Expr:
    """Return whether a finding tells what happened and what mends it: its rule tells of causes."""
    return pl.col("rule").is_in(_of_causes()) & pl.col("remedy").is_not_null()


@cache
def _of_causes() -> list[str]:
    """Return the rules of causes, which stay such where a finding of theirs weighs little."""
    return read_facts("rules").filter(pl.col("role") == CAUSE)["rule"].to_list()


def _loud() -> pl.Expr:
    return pl.col("severity") != INFO


@cache
def proven_issues() -> frozenset[str]:
    """Return the rules of known issues that records of their own can prove: where they did, it is to mend."""
    issues = read_facts("known_issues").filter(pl.col("proven_by").is_not_null())
    return frozenset(f"KNOWN-{issue}" for issue in issues["id"])


def beside_it(one: Mapping[str, Any], about: pl.DataFrame) -> pl.DataFrame:
    """Return what is told with a finding: the known issues of its code, and whose page it was.

    Args:
        one: The finding that leads the answer.
        about: The loud findings on the device.
    """
    page = (pl.col("rule") == LATER_USER_PAGE) & (pl.col("rule") != one["rule"])
    whose = about.filter(page, pl.col("attempt").eq_missing(pl.lit(one["attempt"], pl.Int64)))
    return pl.concat([of_its_code(one, about), whose])


def of_its_code(one: Mapping[str, Any], about: pl.DataFrame) -> pl.DataFrame:
    """Return the loud known issues that fit the very code of a finding; beside a cause of that code none is.

    Their signs name the stage that the code ended, and build and scenario where the issue is of some alone:
    no other remedy is as near.
    """
    same = pl.col("code") == pl.lit(one["code"], dtype=pl.String)
    return about.filter(pl.col("rule").str.starts_with(KNOWN), same)


def _where_known(about: pl.DataFrame, verdict: Mapping[str, Any]) -> Iterator[Line]:
    """Yield what mends the conditions; where the outcome is unknown it stands beside what else was found."""
    if verdict["outcome"] != "unknown":
        yield from _conditions(about)


def _conditions(about: pl.DataFrame) -> Iterator[Line]:
    """Return what mends the conditions that fit, the weightiest first, where no cause was found."""
    fitting = about.filter(pl.col("rule").str.contains(CONDITION), pl.col("remedy").is_not_null())
    yield from map(_titled_remedy, fitting.head(MOST_CONDITIONS).to_dicts())


def of_what_is_left(about: pl.DataFrame, left: list[str]) -> list[dict[str, Any]]:
    """Return the first finding about each thing that was tried and never came, and that can be mended."""
    if not left:
        return []
    folded = pl.col("item").str.contains(f"{FOLDED}.*(?:{'|'.join(map(re.escape, left))})")
    own = about.filter(pl.col("item").is_in(left) | folded, pl.col("remedy").is_not_null())
    return own.unique("item", keep="first", maintain_order=True).head(MOST_CONDITIONS).to_dicts()


def _titled_remedy(one: Mapping[str, Any]) -> Line:
    """Return the remedy of a finding behind its title."""
    return _remedy({**one, "remedy": f"{one['title'].rstrip('.')}: {one['remedy']}"})


def _remedy(one: Mapping[str, Any]) -> Line:
    """Return the remedy of a finding that stands above."""
    return Line(f"{one['remedy'].rstrip('.')}.", "remedy", one["page"] or "", address_of(one["page"]))
