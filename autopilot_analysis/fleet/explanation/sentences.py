"""What `explain` found in sentences: a group that differs, a change with its day or its hours."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from autopilot_analysis import wording
from autopilot_analysis.fleet.explanation.days.dating import HELD
from autopilot_analysis.fleet.explanation.failures.failure_kinds import with_meaning
from autopilot_analysis.fleet.explanation.failures.own_codes import is_over
from autopilot_analysis.fleet.intervals import CONFIDENCE

DOWN = "Look at what was down {} (service health, network, proxy), rather than at single devices"
"""What to do where for a while all failed."""

PERHAPS_DOWN = (
    "Ask whether anything was down {} (service health, network, proxy); if nothing was, it may be chance"
)
"""What to do where all failed on a single day that may be chance."""

FAILED_UNTIL_THEN = "the devices that failed until then"
OVER = f"{{}}: over since {{}}; what is left are {FAILED_UNTIL_THEN}"
"""What is left to do where something ended."""


def is_outage(row: dict[str, Any]) -> bool:
    """Tell whether for a while all failed more: no matter of single devices.

    Args:
        row: One of `Explanation.changes` or of its contrasts.
    """
    return row.get("measure") == "failed" and row["until"] is not None and not json.loads(row["where"])


WITH_THE_DAY = "came with the day on which all attempts changed: the two cannot be told apart"
"""The note on a group that came when all moved."""

SAME_DAY = "came on the same day"
"""Said of such a group behind the day of all."""


def came_with_the_day(row: Mapping[str, Any]) -> bool:
    """Tell whether a group came with the day on which all attempts changed: it is one thing with that day.

    Args:
        row: One of `Explanation.contrasts` or of its changes.
    """
    return WITH_THE_DAY in (row.get("note") or "")


SEVERAL_VALUES = "attribute with several values is told"
NO_GROUPS = f"No groups were compared: no {SEVERAL_VALUES}."
CALM, COULD_BE_CHANCE = "no group and no day stands out", "what differs could be chance"
"""What is said where nothing was found."""
INSEPARABLE = "cannot be told apart from"
"""Of two groups, or a group and days, that go together."""
NAMES_NO_DEVICE = "counts devices and names none"
WHICH_IS_IT = "which of the two is the reason"


def no_group(outcome: str, *, grouped: bool = True) -> str:
    """Return that no group differs, or that there was none to compare.

    Args:
        outcome: What was asked, such as "failed".
        grouped: Whether an attribute divides the attempts into groups.
    """
    if not grouped:
        return NO_GROUPS
    return f"No group stands out as {wording.words(outcome)}."


def group_in_words(row: dict[str, Any]) -> str:
    """Return a group that differs in one line: effects first.

    Its share and its days each say how sure the bounds in brackets are: these are not the same.

    Args:
        row: One of `Explanation.contrasts`.
    """
    effects = [f"{wording.count(row['devices'], 'device')} hit"] if row["devices"] else []
    if row["lost"]:
        effects.append(f"{wording.span(timedelta(minutes=round(row['lost'])))} lost")
    share, low, high = (wording.percent(row[name]) for name in ("share", "low", "high"))
    effects.append(f"{row['k']:,} of {row['n']:,} ({share}; {CONFIDENCE}: {low} to {high})")
    rest = "" if row["rest_share"] is None else f" against {wording.percent(row['rest_share'])} of the rest"
    since = f"; {_days_in_words(row)}" if row["at"] or row["until"] else ""
    note = f"; {row['note']}" if row["note"] else ""
    times = f", {wording.ratio(row['lift'])} times as often"
    return f"{wording.group(json.loads(row['where']))}: {', '.join(effects)}{rest}{times}{since}{note}"


def change_in_words(row: dict[str, Any]) -> str:
    """Return a change in one line: the group, its day with the set, or its hours, the levels.

    Args:
        row: One of `Explanation.changes`.
    """
    over = is_over(row)
    until = f" until {wording.end(row['until'], spelt=wording.moment)}" if row["until"] else ""
    near = f"; changed nearby: {row['candidate']}" if row["candidate"] else ""
    group = wording.group(json.loads(row["where"]))
    kind = " (a new group, no rate moved)" if row["kind"] == "mix" else ""
    time = f"{'until' if over else 'from'} {_day_with_set(row)}{until}"
    return f"{group}, {time}: {row['measure']} {wording.levels(row, over=over)}{kind}{near}"


def own_in_words(codes: Sequence[Mapping[str, Any]]) -> str:
    """Return which codes belong to a group or a day, behind its line; empty where none does.

    Args:
        codes: Rows of `own_codes`.
    """
    return "".join(f"; {_k_of_n(code)} failures with {with_meaning(code)}, {_rest(code)}" for code in codes)


def own_in_short(codes: Sequence[Mapping[str, Any]]) -> str:
    """Return which codes belong to a group or a day with few numbers: "0x… in 10 of its 10 failures …".

    Args:
        codes: Rows of `own_codes`.
    """
    return "; ".join(
        f"{with_meaning(code)} in {code['k']:,} of {wording.count(code['n'], 'failure')}, "
        f"of all others in {wording.percent(code['rest_k'] / code['rest_n'], 0)}"
        for code in codes
    )


def _k_of_n(code: Mapping[str, Any]) -> str:
    return wording.share(code["k"], code["n"], code["low"], code["high"])


def _rest(code: Mapping[str, Any]) -> str:
    elsewhere = wording.share(code["rest_k"], code["rest_n"], code["rest_low"], code["rest_high"])
    return f"of all other failures {elsewhere}"


def _days_in_words(row: dict[str, Any]) -> str:
    """Return since when a group differs, or from when until when it did."""
    until = f"until {wording.end(row['until'], spelt=wording.moment)}" if row["until"] else ""
    if row["at"] is None:
        return until
    return f"from {_day_with_set(row)} {until}" if until else f"since {_day_with_set(row)}"


def _day_with_set(row: dict[str, Any]) -> str:
    """Return a day and the days it may be, where these are several."""
    day = wording.moment(row["at"])
    if row["complete"]:
        return f"{day} to {wording.day(row['complete'])} step by step"
    if row["at_low"] == row["at_high"]:
        return day
    low, high = (wording.day_of_year(row[name]) for name in ("at_low", "at_high"))
    return f"{day} {set_in_words(low, high)}"


def set_in_days(row: Mapping[str, Any]) -> str:
    """Return the days that a change may have come on, behind its likeliest; empty where there is one alone.

    Args:
        row: One of `Explanation.changes`.
    """
    if row["at_low"] == row["at_high"]:
        return ""
    low, high = (wording.short_day(row[name]) for name in ("at_low", "at_high"))
    return f" (or a day from {low} to {high})"


def set_in_words(low: str, high: str) -> str:
    """Return the days that a change may have come on, behind its likeliest: "(90 %: 02 March to 05 March)".

    Args:
        low: The first of the set, in words.
        high: The last.
    """
    return f"({wording.percent(HELD, 0)}: {low} to {high})"
