"""Devices before they try: what they are, when they start, how likely they fail, how long they take."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import numpy as np

NUISANCES = ("retries", "season", "days", "batches", "correlated", "trend")
NAMES = {
    "group_tag": ("FRA-Office", "MUC-Plant", "ZRH-Lab", "LYS-Store", "OSL-Home", "DUB-Desk"),
    "model": ("Book 13", "Book 15", "Slate 4", "Tower 2", "Air", "Pro", "One"),
    "build": ("22631.4037", "22631.4169", "26100.1742", "26100.2033"),
    "profile": ("Office", "Plant", "Kiosk", "Store", "Home", "Field"),
    "esp_profile": ("Required apps", "All apps", "No apps"),
    "enrollment_type": (
        "azureADJoinedWithAutopilotProfile",
        "offlineDomainJoined",
        "azureADJoinedWithWhiteGlove",
    ),
}
SITES = len(NAMES["group_tag"])
SIXTHS = ("group_tag", "profile")
PAIR = ("model", "build")
WEEKDAY_VOLUME = np.array([1.2, 1.1, 1.0, 1.0, 0.9, 0.15, 0.1])
WEEKDAY_LOGIT = np.array([0.4, 0.1, 0.0, 0.0, -0.3, 0.3, 0.3])
WEEKDAY_TIME = np.array([0.08, 0.02, 0.0, 0.0, -0.05, -0.03, -0.03])
MINUTES = 45.0
KEPT_OVER = 0.6
"""How much of a day's level the next day keeps."""


@dataclass
class Draft:
    """A fleet in the making; `logit` and `log_minutes` are those of each device's first try."""

    rng: np.random.Generator
    nuisances: frozenset[str]
    first: datetime
    days: int
    day: np.ndarray = field(default_factory=lambda: np.empty(0, dtype=int))
    codes: dict[str, np.ndarray] = field(default_factory=dict)
    logit: np.ndarray = field(default_factory=lambda: np.empty(0))
    log_minutes: np.ndarray = field(default_factory=lambda: np.empty(0))

    def weekdays(self) -> np.ndarray:
        return (self.first.weekday() + np.arange(self.days)) % 7

    def group(self, conditions: int) -> tuple[dict[str, str], np.ndarray]:
        """Return a group of that many conditions, and which devices are in it: all, a sixth, or 1/28."""
        columns = ((), (str(self.rng.choice(SIXTHS)),), PAIR)[conditions]
        values = {name: int(self.rng.integers(len(NAMES[name]))) for name in columns}
        member = np.ones(len(self.day), dtype=bool)
        for name, value in values.items():
            member &= self.codes[name] == value
        return {name: NAMES[name][value] for name, value in values.items()}, member


def logit(share: float | np.ndarray) -> np.ndarray:
    return np.log(share) - np.log1p(-np.asarray(share))


def expit(value: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-value))


def draft(
    rng: np.random.Generator,
    nuisances: frozenset[str],
    count: int,
    rate: float,
    *,
    equal: bool = False,
    days: int | None = None,
) -> Draft:
    """Return `count` devices; `equal` gives every value of an attribute the same share."""
    first = datetime(2025, 1, 1, tzinfo=UTC) + timedelta(days=int(rng.integers(0, 300)))
    made = Draft(rng, nuisances, first, days or int(rng.integers(90, 181)))
    shares = {
        name: np.full(len(values), 1 / len(values)) if equal else rng.dirichlet(np.full(len(values), 4.0))
        for name, values in NAMES.items()
    }
    made.codes["group_tag"] = rng.choice(SITES, count, p=shares["group_tag"])
    draw_days(made)
    draw_attributes(made, shares)
    draw_levels(made, rate)
    return made


def draw_days(made: Draft) -> None:
    """Give each device the day of its first try."""
    rng, days, site, on = made.rng, made.days, made.codes["group_tag"], made.nuisances
    volume = WEEKDAY_VOLUME[made.weekdays()] if "season" in on else np.ones(days)
    if "trend" in on:
        volume = volume * np.linspace(1, rng.uniform(0.5, 2), days)
    made.day = np.empty(len(site), dtype=int)
    for number in range(SITES):
        chances = volume / volume.sum()
        if "batches" in on:
            window = volume * (np.abs(np.arange(days) - rng.uniform(14, days - 14)) <= 14)
            chances = 0.3 * chances + 0.7 * window / window.sum()
        here = site == number
        made.day[here] = rng.choice(days, here.sum(), p=chances)


def draw_attributes(made: Draft, shares: dict[str, np.ndarray]) -> None:
    """Draw the attributes beside the site: each on its own, or hanging together."""
    rng, site, count = made.rng, made.codes["group_tag"], len(made.day)
    for name in ("model", "build", "profile", "esp_profile", "enrollment_type"):
        made.codes[name] = rng.choice(len(NAMES[name]), count, p=shares[name])
    if made.nuisances & {"batches", "correlated"}:
        own = np.array([rng.choice(len(NAMES["model"]), 2, replace=False) for _ in range(SITES)])
        loyal = rng.random(count) < 0.6
        made.codes["model"] = np.where(loyal, own[site, rng.integers(0, 2, count)], made.codes["model"])
    if "correlated" in made.nuisances:
        newest = np.clip(4 * made.day / made.days + rng.normal(0, 0.8, count), 0, 3.99).astype(int)
        made.codes["build"] = np.where(made.codes["model"] == 3, 0, newest)
        made.codes["profile"] = np.where(rng.random(count) < 0.8, site, made.codes["profile"])
        for name in ("esp_profile", "enrollment_type"):
            usual = rng.integers(0, 3, SITES)[made.codes["profile"]]
            made.codes[name] = np.where(rng.random(count) < 0.85, usual, made.codes[name])


def draw_levels(made: Draft, rate: float) -> None:
    """Give each device its logit and log of minutes; only a site has a small level of its own."""
    rng, days, on = made.rng, made.days, made.nuisances
    level, minutes = np.full(days, float(logit(rate))), np.full(days, np.log(MINUTES))
    if "season" in on:
        level, minutes = level + WEEKDAY_LOGIT[made.weekdays()], minutes + WEEKDAY_TIME[made.weekdays()]
    if "trend" in on:
        drift = np.linspace(-0.5, 0.5, days)
        level, minutes = level + rng.uniform(-0.7, 0.7) * drift, minutes + rng.uniform(-0.2, 0.2) * drift
    if "days" in on:
        level, minutes = level + wander(rng, days, 0.3), minutes + wander(rng, days, 0.1)
    made.logit, made.log_minutes = level[made.day], minutes[made.day]
    if "batches" in on:
        site = made.codes["group_tag"]
        made.logit = made.logit + rng.normal(0, 0.15, SITES)[site]
        made.log_minutes = made.log_minutes + rng.normal(0, 0.03, SITES)[site]


def wander(rng: np.random.Generator, days: int, deviation: float) -> np.ndarray:
    """Return a first-order autoregression of that stationary deviation."""
    levels = rng.normal(0, 1, days)
    for day in range(1, days):
        levels[day] = KEPT_OVER * levels[day - 1] + np.sqrt(1 - KEPT_OVER**2) * levels[day]
    return deviation * levels
