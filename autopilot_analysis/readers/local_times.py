"""Times as lists and printed objects spell them, in the order and by the clock of the Windows that did it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import pairwise

import msgspec

from autopilot_analysis.facts import read_facts
from autopilot_analysis.patterns import late

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
DOUBTFUL = "day and month of its times cannot be told apart: they are read as {order}"
DOUBTED = DOUBTFUL.format(order="")
"""How every such doubt begins."""
SAVE_LOG = "save the log as .evtx"
"""What always helps where a list of events tells too little."""
TELL = f"name a day of the list after the twelfth, or {SAVE_LOG} or XML"

_TICKS = late(r"\\?/Date\((-?\d{1,15})(?:[+-]\d{4})?\)\\?/")
_ISO = late(r"(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(?:[.,](\d{1,7}))?\s*(Z|[+-]\d\d:?\d\d)?")
_PARTS = late(
    r"\D{0,16}?(\d{1,4})([-./]) ?(\d{1,2})[-./] ?(\d{1,4})\.?[\sT,]+(\D{0,12}?)(\d{1,2})[:.](\d\d)"
    r"(?:[:.](\d\d))?(?:[.,]\d{1,7})?(?P<after>\D{0,16})"
)
_ORDERS = {"day and month": (2, 1, 0), "month and day": (2, 0, 1)}
"""Places of year, month and day."""


class Times(msgspec.Struct, frozen=True):
    """The times of a list.

    Attributes:
        at: One for each cell; null where a cell is no time. What is local is kept as written, named UTC.
        local: Whether a time is local to the device.
        doubt: The order of day and month that was chosen where nothing proves it.
    """

    at: list[datetime | None]
    local: list[bool]
    doubt: str | None = None


class _Written(msgspec.Struct, frozen=True):
    """One local time, its date in the order in which it stands."""

    numbers: tuple[int, int, int]
    sign: str
    clock: timedelta
    half: bool


def read_times(cells: Sequence[str]) -> Times:
    """Read the times of a list, whose order of day and month the whole column tells.

    Args:
        cells: As the list spells them.
    """
    exact = [_exact(cell) for cell in cells]
    written = [None if known else _written(cell) for cell, known in zip(cells, exact, strict=True)]
    order, sure = _order([each for each in written if each is not None])
    at = [known[0] if known else _instant(each, order) for known, each in zip(exact, written, strict=True)]
    local = [
        each is not None or (known is not None and known[1])
        for known, each in zip(exact, written, strict=True)
    ]
    return Times(at, local, None if sure else order)


def _exact(cell: str) -> tuple[datetime, bool] | None:
    """Return a time that needs no guess, and whether it is local; None where it is another."""
    cell = cell.strip()
    try:
        if ticks := _TICKS.fullmatch(cell):
            return EPOCH + timedelta(milliseconds=int(ticks[1])), False
        if (iso := _ISO.fullmatch(cell)) is None:
            return None
        day, clock, fraction, zone = iso.groups()
        written = f"{day}T{clock}.{(fraction or '0')[:6].ljust(6, '0')}{zone or '+00:00'}"
        return datetime.fromisoformat(written).astimezone(UTC), zone is None
    except (ValueError, OverflowError):
        return None


def _written(cell: str) -> _Written | None:
    found = _PARTS.fullmatch(cell.strip())
    if found is None:
        return None
    first, sign, second, third, before, hours, minutes, seconds, after = found.groups()
    half = _half_days().get(_plain(before), _half_days().get(_plain(after)))
    hour = int(hours)
    if half is not None:
        hour = hour % 12 + half
    clock = timedelta(hours=hour, minutes=int(minutes), seconds=int(seconds or 0))
    numbers = (int(first), int(second), int(third))
    return _Written(numbers, sign, clock, half is not None) if clock < timedelta(days=1) else None


def _plain(words: str) -> str:
    return " ".join(words.lower().split())


@cache
def _half_days() -> dict[str, int]:
    return {word: int(hours) for word, hours in read_facts("half_days").select("word", "hours").iter_rows()}


def _order(written: list[_Written]) -> tuple[str, bool]:
    """Return the order of day and month that the dates allow, and whether anything proves it.

    A number above twelve proves it; else the one order under which the list runs in one direction, as lists
    do; else dots and dashes are of countries that write the day first, and a clock of twelve hours with
    slashes is American.
    """
    days = {each.numbers for each in written if each.numbers[0] < 32}
    if any(first > 12 for first, _, _ in days):
        return "day and month", True
    if any(second > 12 for _, second, _ in days):
        return "month and day", True
    if all(first == second for first, second, _ in days):
        return "day and month", True
    steady = [order for order in _ORDERS if _one_way([_instant(each, order) for each in written])]
    if len(steady) == 1:
        return steady[0], True
    if written[0].sign != "/":
        return "day and month", True
    return ("month and day" if any(each.half for each in written) else "day and month"), False


def _one_way(instants: list[datetime | None]) -> bool:
    """Tell whether times only rise or only fall, but for one in a hundred."""
    known = [instant for instant in instants if instant is not None]
    steps = list(pairwise(known))
    rising, falling = (sum(a < b for a, b in steps), sum(a > b for a, b in steps))
    return min(rising, falling) * 100 <= len(known)


def _instant(written: _Written | None, order: str) -> datetime | None:
    if written is None:
        return None
    numbers = written.numbers
    if numbers[0] > 31:
        year, month, day = numbers
    else:
        year, month, day = (numbers[place] for place in _ORDERS[order])
    try:
        return datetime(year + 2000 if year < 100 else year, month, day, tzinfo=UTC) + written.clock
    except (ValueError, OverflowError):
        return None
