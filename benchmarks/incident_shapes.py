"""Fleets with incidents of the shapes that real ones have: `shaped(shape, attempts, seed)`.

Nothing here is drawn as the search assumes: days have volumes that burst, levels of days have heavy tails,
groups have the shares of a Zipf law and hang together, an incident hits part of a day's hours, rises, halts,
comes back, recurs on one day of the week or overlaps another; the export lacks days or hours. What one shape
is stands in `SHAPES`; `QUIET` are fleets in which nothing happened, as awkward as the others.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import numpy as np
import polars as pl

CODES = np.array(["0x800705b4", "0x80180014", "0x81036502", "0x80070643", "0x801c03f3"])
OWN_CODES = ("0x87d1041c", "0x80070652")
VALUES = {"group_tag": 9, "model": 11, "profile": 5, "build": 6}
WORDS = {"group_tag": "Site", "model": "Book", "profile": "Profile", "build": "26100."}
HOUR = 24


@dataclass
class Hit:
    """An incident.

    Attributes:
        where: Whom it hits.
        first: The first day on which an attempt of theirs may fail of it.
        end: The day after the last one.
        inside: Which attempts it may hit.
        chance: The chance of each.
        code: What most of them fail with.
        complete: The day by which a slow one is complete.
    """

    where: dict[str, str]
    first: int
    end: int
    inside: np.ndarray
    chance: np.ndarray
    code: str
    complete: int


@dataclass
class Shaped:
    """Attempts in the making.

    Attributes:
        hours: When each attempt begins, in hours since the first day.
        codes: Of each column the number of each attempt's value.
        usual: Each attempt's chance to fail without an incident.
        hits: What was planted.
    """

    rng: np.random.Generator
    days: int
    hours: np.ndarray
    codes: dict[str, np.ndarray]
    usual: np.ndarray
    hits: list[Hit] = field(default_factory=list)

    @property
    def day(self) -> np.ndarray:
        return (self.hours // HOUR).astype(int)

    def group(self, least: float, most: float) -> tuple[dict[str, str], np.ndarray]:
        """Return a value of site, model or profile that so large a share of all has."""
        found = [
            (name, value)
            for name in ("group_tag", "model", "profile")
            for value in range(VALUES[name])
            if least <= (self.codes[name] == value).mean() <= most
        ]
        name, value = found[self.rng.integers(len(found))]
        return {name: f"{WORDS[name]}{value}"}, self.codes[name] == value

    def all(self) -> tuple[dict[str, str], np.ndarray]:
        return {}, np.ones(self.hours.size, dtype=bool)

    def between(self, low: float, high: float) -> int:
        """Return a day at which so much of all attempts has begun."""
        return int(np.quantile(self.day, self.rng.uniform(low, high)))

    def hit(
        self,
        group: tuple[dict[str, str], np.ndarray],
        first: int,
        end: int,
        chance: float | np.ndarray,
        code: str = OWN_CODES[0],
        complete: int = 0,
    ) -> None:
        """Plant an incident: within its days each attempt of the group fails with a chance of its own."""
        where, member = group
        chances = np.broadcast_to(chance, member.shape)
        inside = member & (self.day >= first) & (self.day < end) & (chances > 0)
        if inside.any():
            first, end = int(self.day[inside].min()), int(self.day[inside].max()) + 1
        self.hits.append(Hit(where, first, end, inside, chances, code, max(first, complete)))


def begun(rng: np.random.Generator, attempts: int) -> Shaped:
    """Return healthy attempts."""
    days = int(rng.integers(75, 200))
    weekday = (np.arange(days) + rng.integers(7)) % 7
    volume = rng.gamma(1.5, 1.0, days) * np.where(weekday >= 5, 0.1, 1.0) + 1e-3
    day = np.sort(rng.choice(days, attempts, p=volume / volume.sum()))
    hours = day * HOUR + np.clip(rng.normal(11, 3, attempts), 0, 23.9)
    codes = {}
    for name, count in VALUES.items():
        shares = 1 / np.arange(1, count + 1) ** 0.9
        codes[name] = rng.choice(count, attempts, p=shares / shares.sum())
    own = rng.integers(0, VALUES["model"], VALUES["group_tag"])
    codes["model"] = np.where(rng.random(attempts) < 0.35, own[codes["group_tag"]], codes["model"])
    newest = VALUES["build"] * day / days + rng.normal(0, 0.7, attempts)
    codes["build"] = np.clip(newest.astype(int), 0, VALUES["build"] - 1)
    level = np.exp(rng.standard_t(5, days) * 0.18)[day] * np.exp(rng.normal(0, 0.1, 9))[codes["group_tag"]]
    usual = np.clip(rng.uniform(0.02, 0.09) * level, 0.002, 0.5)
    return Shaped(rng, days, hours, codes, usual)


def spike(made: Shaped, group: tuple[dict[str, str], np.ndarray]) -> None:
    """A few hours of one busy day."""
    busy = np.argsort(-np.bincount(made.day[group[1]], minlength=made.days))[:10]
    day = int(made.rng.choice(busy))
    first = made.rng.uniform(7, 11)
    of_day = made.hours % HOUR
    within = (of_day >= first) & (of_day < first + made.rng.uniform(3, 8))
    made.hit(group, day, day + 1, np.where(within, made.rng.uniform(0.7, 0.95), 0.0))


def ramp(made: Shaped) -> None:
    """A slow rise over four to nine weeks that stays."""
    first, length = made.between(0.25, 0.5), int(made.rng.integers(28, 63))
    part = np.clip((made.day - first + 1) / length, 0, 1)
    chance = part * made.rng.uniform(0.25, 0.5)
    made.hit(made.group(0.1, 0.35), first, made.days, chance, complete=first + length)


def partial(made: Shaped) -> None:
    """A rise of which a third remains."""
    first = made.between(0.25, 0.5)
    eased = first + int(made.rng.integers(7, 25))
    high = made.rng.uniform(0.4, 0.6)
    made.hit(made.group(0.1, 0.35), first, made.days, np.where(made.day < eased, high, high / 3))


def weekly(made: Shaped) -> None:
    """From a day on, every time on one and the same day of the week."""
    chosen = int(np.bincount(made.day % 7, minlength=7).argsort()[-1 - made.rng.integers(4)])
    first = made.between(0.3, 0.6)
    made.hit(made.group(0.1, 0.35), first, made.days, np.where(made.day % 7 == chosen, 0.8, 0.0))


def overlapping(made: Shaped) -> None:
    """Two incidents of two groups, with codes of their own, that overlap."""
    one = made.group(0.1, 0.35)
    other = made.group(0.06, 0.35)
    while next(iter(other[0])) == next(iter(one[0])):
        other = made.group(0.06, 0.35)
    first = made.between(0.2, 0.4)
    second = first + int(made.rng.integers(5, 20))
    made.hit(one, first, second + int(made.rng.integers(10, 30)), made.rng.uniform(0.35, 0.6))
    made.hit(other, second, made.days, made.rng.uniform(0.35, 0.6), OWN_CODES[1])


def flapping(made: Shaped) -> None:
    """On and off: some days bad, some days good, three times."""
    first = made.between(0.3, 0.5)
    since = made.day - first
    made.hit(made.group(0.1, 0.35), first, first + 30, np.where((since // 5) % 2 == 0, 0.7, 0.0))


def came_bad(made: Shaped) -> None:
    """A build that is bad from its first day."""
    build = int(made.rng.integers(2, VALUES["build"] - 1))
    member = made.codes["build"] == build
    made.hit(({"build": f"{WORDS['build']}{build}"}, member), int(made.day[member].min()), made.days, 0.35)


def lasting(low: float, high: float, least: float, most: float) -> Callable[[Shaped], None]:
    """Return what plants a rise that stays, in a group of such a share."""

    def plant(made: Shaped) -> None:
        made.hit(made.group(least, most), made.between(low, high), made.days, made.rng.uniform(0.3, 0.6))

    return plant


def ended(made: Shaped) -> None:
    """Two weeks, long ago."""
    first = made.between(0.1, 0.25)
    made.hit(made.group(0.1, 0.35), first, first + int(made.rng.integers(8, 18)), made.rng.uniform(0.4, 0.7))


def outage(made: Shaped) -> None:
    """Some days on which most attempts of all fail."""
    first = made.between(0.2, 0.8)
    made.hit(made.all(), first, first + int(made.rng.integers(2, 9)), made.rng.uniform(0.4, 0.8))


def healed(made: Shaped) -> None:
    """All failed more until a day in the middle."""
    made.hit(made.all(), 0, made.between(0.3, 0.7), made.rng.uniform(0.12, 0.25))


SHAPES: dict[str, Callable[[Shaped], None]] = {
    "a group since": lasting(0.3, 0.7, 0.1, 0.35),
    "hours, all": lambda made: spike(made, made.all()),
    "hours, a group": lambda made: spike(made, made.group(0.15, 0.4)),
    "days, all": outage,
    "slow ramp": ramp,
    "partial recovery": partial,
    "one weekday": weekly,
    "two overlapping": overlapping,
    "on and off": flapping,
    "tiny group": lasting(0.3, 0.6, 0.02, 0.05),
    "ended long ago": ended,
    "since the first day": lasting(0.0, 0.0, 0.1, 0.35),
    "bad from its start": came_bad,
    "healed, all": healed,
    "missing days": lasting(0.3, 0.7, 0.1, 0.35),
    "days alone": lasting(0.3, 0.7, 0.1, 0.35),
}
QUIET = ("nothing", "nothing, missing days", "nothing, days alone")


def shaped(shape: str, attempts: int, seed: Iterable[int]) -> tuple[pl.DataFrame, list[Hit]]:
    """Return deployments of a shape, and what was planted in them."""
    made = begun(np.random.default_rng(list(seed)), attempts)
    if shape in SHAPES:
        SHAPES[shape](made)
    failed = made.rng.random(attempts) < made.usual
    code = made.rng.choice(CODES, attempts)
    for hit in made.hits:
        struck = hit.inside & (made.rng.random(attempts) < hit.chance)
        code = np.where(struck & (made.rng.random(attempts) < 0.85), hit.code, code)
        failed |= struck
    frame = frame_of(made, failed, code)
    if shape.endswith("missing days"):
        lost = made.rng.choice(made.days - 10, 3, replace=False)
        frame = frame.filter(~pl.any_horizontal(pl.col("place").is_between(at, at + 9) for at in lost))
    if shape.endswith("days alone"):
        frame = frame.with_columns(pl.col("started_at").dt.truncate("1d"))
    return frame.drop("place"), made.hits


def frame_of(made: Shaped, failed: np.ndarray, code: np.ndarray) -> pl.DataFrame:
    """Return the attempts, with a second try of half of those that failed."""
    start = datetime(2026, 1, 1, tzinfo=UTC)
    first = pl.DataFrame(
        {
            "device": [f"d{number}" for number in range(made.hours.size)],
            "place": made.day,
            "started_at": [start + timedelta(hours=float(each)) for each in made.hours],
            "outcome": np.where(failed, "failed", "succeeded"),
            "code": pl.Series(code).set(pl.Series(~failed), None),
            **{name: [f"{WORDS[name]}{value}" for value in values] for name, values in made.codes.items()},
        }
    )
    again = first.filter(pl.col("outcome") == "failed", pl.Series(made.rng.random(failed.size) < 0.5))
    again = again.with_columns(pl.col("started_at") + pl.duration(hours=3))
    second = pl.when(pl.Series(made.rng.random(again.height) < 0.5)).then(pl.lit("succeeded"))
    again = again.with_columns(outcome=second.otherwise(pl.col("outcome")))
    again = again.with_columns(code=pl.when(pl.col("outcome") == "failed").then(pl.col("code")))
    return pl.concat([first, again]).sort("started_at", maintain_order=True)
