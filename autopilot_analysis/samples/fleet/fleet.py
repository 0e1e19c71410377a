"""A make-believe fleet: thousands of deployments over months, with or without a planted incident."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from autopilot_analysis.defaults import SEED
from autopilot_analysis.samples.device.device import SERIALS
from autopilot_analysis.tables import SCHEMAS
from autopilot_analysis.tables.outcomes import REPORT_WATCHES

START = datetime(2026, 1, 5, tzinfo=UTC)
DAYS = 180
MODELS = {
    "Slate 13": "Fenwick",
    "Slate 15": "Fenwick",
    "Tower M2": "Fenwick",
    "Note 7": "Orchard Works",
    "Note 9": "Orchard Works",
    "Kite X1": "Kestrel",
}
MODEL_SHARES = (0.28, 0.2, 0.08, 0.2, 0.14, 0.1)
BUILDS = {"22631.3447": -60, "22631.3880": 35, "26100.1742": 60, "26100.2314": 120}
"""Builds and the day each begins to ship."""
APP_VERSIONS = {"4.1.0": -90, "4.2.0": 50, "4.3.1": 110}
PROFILES = {"User driven": 0.62, "Shared devices": 0.23, "Kiosk": 0.15}
SITES = {"NORTH": 0.34, "SOUTH": 0.24, "EAST": 0.2, "WEST": 0.14, "HARBOUR": 0.08}
STAGE_MEDIANS = {"device_preparation": 4.0, "device_setup": 17.0, "account_setup": 9.0}
"""Minutes."""
STAGE_SPREADS = {"device_preparation": 0.45, "device_setup": 0.4, "account_setup": 0.5}
ORDINARY_FAILURES = {
    "0x80180014": 0.2,
    "0x87D1041C": 0.3,
    "0x800705B4": 0.25,
    "0x80070002": 0.15,
    "0x80180018": 0.1,
}
FAILURE_RATE = 0.055
FAILING = 0.4
"""Share of a planted group that fails in one way."""

SLOWER = 2.0
"""How many times longer Device setup takes with a planted version of an app."""

TIMEOUT = 60.0
"""Minutes a stage may take before its page gives up."""

INCIDENTS = ("model_build_attestation", "app_version_slow", "profile_edit", "site_proxy", "service_incident")

Floats = NDArray[np.float64]


@dataclass
class _Fleet:
    """Attributes, stage minutes and failures of every deployment, while it is being made."""

    random: np.random.Generator
    day: Floats
    columns: dict[str, NDArray[Any]]
    minutes: dict[str, Floats]
    failed: NDArray[np.bool_]
    code: NDArray[Any]
    stage: NDArray[Any]

    def fail(self, rows: NDArray[np.bool_], rate: float, code: str, stage: str) -> None:
        """Let a share of the given rows fail in one way."""
        hit = rows & (self.random.random(rows.size) < rate)
        self.failed |= hit
        self.code[hit], self.stage[hit] = code, stage


def simulate_fleet(
    n: int = 5000, *, incident: str | None = None, seed: int = SEED
) -> tuple[pl.DataFrame, dict[str, Any]]:
    """Return deployments and the truth behind them.

    Args:
        n: How many deployments.
        incident: One of `INCIDENTS`, or None for a healthy fleet.
        seed: The same seed gives the same fleet.

    Returns:
        A frame of `deployments` with one more column, `app_version`; and the truth: `incident`, `where` (the
        planted group), `at` (first day, None when there is none), `until`, `measure` (failed or slow).

    Raises:
        ValueError: No such incident.
    """
    if incident is not None and incident not in INCIDENTS:
        raise ValueError(f"no incident is called {incident!r}; known: {', '.join(INCIDENTS)}")
    fleet = _healthy(n, np.random.default_rng(seed))
    truth = _plant(fleet, incident)
    return _frame(fleet), truth


def _healthy(n: int, random: np.random.Generator) -> _Fleet:
    day = np.sort(_working_days(n, random))
    model = random.choice(list(MODELS), n, p=MODEL_SHARES)
    columns = {
        "model": model,
        "manufacturer": np.array([MODELS[name] for name in model]),
        "build": _shipping(BUILDS, day, random),
        "app_version": _in_force(APP_VERSIONS, day),
        "profile": random.choice(list(PROFILES), n, p=list(PROFILES.values())),
        "group_tag": random.choice(list(SITES), n, p=list(SITES.values())),
    }
    columns["esp_profile"] = np.where(columns["profile"] == "Kiosk", "Kiosk ESP", "All devices ESP")
    pace = random.lognormal(0, 0.15, n)
    minutes = {
        stage: median * pace * random.lognormal(0, STAGE_SPREADS[stage], n)
        for stage, median in STAGE_MEDIANS.items()
    }
    empty = np.full(n, None, dtype=object)
    fleet = _Fleet(random, day, columns, minutes, np.zeros(n, dtype=bool), empty, empty.copy())
    for code, share in ORDINARY_FAILURES.items():
        stage = "mdm_enrollment" if code.startswith("0x8018") else "device_setup"
        fleet.fail(~fleet.failed, FAILURE_RATE * share, code, stage)
    return fleet


def _working_days(n: int, random: np.random.Generator) -> NDArray[np.float64]:
    """Return moments in days since the start, most of them in working hours of working days."""
    weights = np.array([1.0, 1.1, 1.05, 1.0, 0.8, 0.08, 0.05])[np.arange(DAYS) % 7]
    weights = weights * random.lognormal(0, 0.2, DAYS)
    whole = random.choice(DAYS, n, p=weights / weights.sum())
    return whole.astype(float) + np.clip(random.normal(0.48, 0.12, n), 0.01, 0.99)


def _shipping(versions: dict[str, int], day: Floats, random: np.random.Generator) -> NDArray[Any]:
    """Return versions, each spreading over about three weeks after it begins to ship."""
    names = list(versions)
    chosen = np.zeros(day.size, dtype=np.int64)
    for number, first in enumerate(versions.values()):
        taken_up = 1 - np.exp(-np.maximum(day - first, 0) / 20)
        chosen = np.where(random.random(day.size) < taken_up * (day >= first), number, chosen)
    return np.array(names, dtype=object)[chosen]


def _in_force(versions: dict[str, int], day: Floats) -> NDArray[Any]:
    """Return versions of an app that supersede each other for everyone on one day."""
    return np.array(list(versions), dtype=object)[
        np.searchsorted(list(versions.values()), day, side="right") - 1
    ]


def _plant(fleet: _Fleet, incident: str | None) -> dict[str, Any]:
    """Plant one incident, its group and day drawn at random, and write down the truth."""
    random, columns = fleet.random, fleet.columns
    truth: dict[str, Any] = {
        "incident": incident,
        "where": {},
        "at": None,
        "until": None,
        "measure": "failed",
    }
    everyone = np.ones(fleet.day.size, dtype=bool)
    first = int(random.integers(45, 130))
    if incident == "model_build_attestation":
        truth["where"] = {
            "model": str(random.choice(list(MODELS)[:2])),
            "build": str(random.choice(list(BUILDS)[:3])),
        }
        fleet.fail(_inside(columns, truth["where"]), FAILING, "0x81039001", "mdm_enrollment")
    elif incident == "app_version_slow":
        version = str(random.choice(list(APP_VERSIONS)[1:]))
        truth |= {"where": {"app_version": version}, "at": _moment(APP_VERSIONS[version]), "measure": "slow"}
        fleet.minutes["device_setup"][_inside(columns, truth["where"])] *= SLOWER
    elif incident == "profile_edit":
        truth |= {"where": {"profile": str(random.choice(list(PROFILES)))}, "at": _moment(first)}
        fleet.fail(
            _inside(columns, truth["where"]) & (fleet.day >= first), FAILING, "0x80180018", "mdm_enrollment"
        )
    elif incident == "site_proxy":
        truth |= {"where": {"group_tag": str(random.choice(list(SITES)))}, "measure": "slow"}
        slow = _inside(columns, truth["where"])
        for minutes in fleet.minutes.values():
            minutes[slow] *= 1.7
    elif incident == "service_incident":
        while first % 7 > 3:
            first += 1
        truth |= {"at": _moment(first), "until": _moment(first + 2)}
        fleet.fail(
            everyone & (fleet.day >= first) & (fleet.day < first + 2), 0.5, "0x80072EE7", "mdm_enrollment"
        )
    return truth


def _inside(columns: dict[str, NDArray[Any]], where: dict[str, str]) -> NDArray[np.bool_]:
    inside = np.ones(next(iter(columns.values())).size, dtype=bool)
    for name, value in where.items():
        inside &= columns[name] == value
    return inside


def _moment(day: float) -> datetime:
    return START + timedelta(days=day)


def _frame(fleet: _Fleet) -> pl.DataFrame:
    """Return the fleet as `deployments`: pages time out, failures stop early, the last ones still run."""
    n = fleet.day.size
    late = (fleet.minutes["device_setup"] > TIMEOUT) & ~fleet.failed
    fleet.failed |= late
    fleet.code[late], fleet.stage[late] = "0x800705B4", "device_setup"
    fleet.minutes["device_setup"] = np.minimum(fleet.minutes["device_setup"], TIMEOUT)
    enrolled = fleet.stage != "mdm_enrollment"
    account = (~fleet.failed) & (fleet.columns["profile"] != "Kiosk")
    known = {"device_preparation": enrolled, "device_setup": enrolled, "account_setup": account}
    spans = {
        name: np.where(known[name], np.round(minutes * 60e6), 0) for name, minutes in fleet.minutes.items()
    }
    waiting = np.round(fleet.random.lognormal(0.7, 0.5, n) * 60e6)
    total = (sum(spans.values()) + waiting).astype(np.int64)
    started = (fleet.day * 86_400e6).astype(np.int64) + int(START.timestamp() * 1e6)
    still = (started + total > started.max()) | (fleet.random.random(n) < 0.006)
    serial = _serials(fleet)
    names = ["device", "serial", *fleet.columns, "failed_stage", "code"]
    values = [serial, serial, *fleet.columns.values(), fleet.stage, fleet.code]
    frame = pl.DataFrame(
        {
            name: pl.Series(name, list(value), dtype=pl.String)
            for name, value in zip(names, values, strict=True)
        }
    )
    number = pl.int_range(1, n + 1).cast(pl.String).str.zfill(6)
    named = {
        "deployment": pl.format("D-{}", number),
        "origin": pl.lit("graph"),
        "name": pl.format("{}-PC", "serial"),
        "enrollment_type": pl.lit("azureADJoinedWithAutopilotProfile"),
    }
    outcome = pl.when(pl.Series(fleet.failed)).then(pl.lit("failed")).otherwise(pl.lit("succeeded"))
    times: list[pl.Series | pl.Expr] = [
        pl.Series("started_at", started).cast(pl.Datetime("us", "UTC")),
        pl.Series("total", total).cast(pl.Duration("us")),
        *(_where_known(name, known[name], span) for name, span in spans.items()),
    ]
    frame = frame.with_columns(*times, **named, outcome=outcome, still=pl.Series("still", still))
    return _shaped(frame)


def _where_known(name: str, known: NDArray[np.bool_], span: NDArray[Any]) -> pl.Expr:
    """Return the span of a stage in the attempts that ran it."""
    whole = pl.Series(name, span.astype(np.int64))
    return pl.when(pl.Series(known)).then(whole).cast(pl.Duration("us")).alias(name)


def _serials(fleet: _Fleet) -> NDArray[Any]:
    """Return serials; most failed attempts are followed by another of the same device within days.

    The other attempt is one that already has the same model and site, so that a device keeps both.
    """
    n = fleet.day.size
    serial = np.array([f"{SERIALS}{number:06d}" for number in range(1, n + 1)], dtype=object)
    alike = np.char.add(fleet.columns["model"].astype(str), fleet.columns["group_tag"].astype(str))
    retried = np.zeros(n, dtype=bool)
    for row in np.flatnonzero(fleet.failed & (fleet.random.random(n) < 0.7)).tolist():
        first = row + 1 + int(fleet.random.integers(0, 40))
        window = np.arange(first, min(first + 200, n))
        fitting = window[(alike[window] == alike[row]) & ~retried[window]]
        if fitting.size:
            serial[fitting[0]], retried[fitting[0]] = serial[row], True
    return serial


def _shaped(frame: pl.DataFrame) -> pl.DataFrame:
    """Return every column of `deployments` and the app version; what still runs has neither end nor span."""
    ended = ~pl.col("still")
    newest = pl.col("started_at").max() + REPORT_WATCHES
    watched = pl.min_horizontal(newest, pl.col("started_at") + REPORT_WATCHES)
    of_the_end = ("total", "account_setup", "device_setup", "code", "failed_stage")
    frame = frame.with_columns(
        *(pl.when(ended).then(name).alias(name) for name in of_the_end),
        outcome=pl.when(ended).then("outcome").otherwise(pl.lit("in_progress")),
        ended_at=pl.when(ended).then(pl.col("started_at") + pl.col("total")),
        observed_until=pl.when(~ended).then(watched),
    )
    schema = SCHEMAS["deployments"].create_empty().schema
    columns = [
        (pl.col(name) if name in frame.columns else pl.lit(None)).cast(kind).alias(name)
        for name, kind in schema.items()
    ]
    return frame.select(*columns, "app_version")
