"""What devices do: `fleet_of` lets a draft of a fleet try, and returns its deployments."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
import polars as pl
from fleet_draft import NAMES, Draft, expit

from autopilot_analysis.tables import Deployment

MAKERS = np.array(["Contoso", "Contoso", "Fabrikam", "Fabrikam", "Northwind", "Northwind", "Litware"])
STAGES = np.array(["entra_join", "mdm_enrollment", "device_preparation", "device_setup", "account_setup"])
STAGE_SHARES = (0.1, 0.2, 0.15, 0.4, 0.15)
PARTS = {"device_preparation": 0.15, "device_setup": 0.55, "account_setup": 0.3}
CODES = np.array(["0x801c03f3", "0x80180014", "0x800705b4", "0x80070643", "0x81036502"])
INCIDENT_STAGE, INCIDENT_CODE, INCIDENT_SHARE = 3, "0x87d1041c", 0.9
"""Of the failures that an incident adds, most carry one code in one stage."""
DEVICE_SPREAD, TRY_SPREAD = 0.25, 0.35
"""Deviations of the logarithm of a try's time: between devices, and between tries of one device."""
SPREAD = float(np.hypot(DEVICE_SPREAD, TRY_SPREAD))
UNDECIDED = 0.015


@dataclass(frozen=True)
class Tries:
    """One try a row, those of a device together."""

    device: np.ndarray
    number: np.ndarray
    failed: np.ndarray
    undecided: np.ndarray
    log_total: np.ndarray

    @property
    def opens(self) -> np.ndarray:
        return self.number == 0


def fleet_of(
    made: Draft,
    attempts: int,
    member: np.ndarray,
    rise: float = 0.0,
    slower: float = 0.0,
    risen: np.ndarray | None = None,
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the first `attempts` tries as `deployments`, and the first try of each device for an oracle.

    Args:
        made: Enough devices.
        attempts: How many rows.
        member: Which devices are in the planted group.
        rise: What an incident adds to the logit of those whom it hits.
        slower: What it adds to the log of minutes.
        risen: How much of that each device gets, 0 to 1.
    """
    share = np.zeros(len(made.day)) if risen is None else risen
    before = Draft(**{**vars(made)})
    made.logit, made.log_minutes = made.logit + rise * share, made.log_minutes + slower * share
    tries = tried(made, attempts)
    excess = 1 - expit(before.logit) / expit(made.logit)
    return frame_of(made, tries, excess).sort("started_at"), journeys_of(before, tries, member, rise, slower)


def tried(made: Draft, attempts: int) -> Tries:
    """Return the first `attempts` tries; a first try fails by chance, later ones as `repeats` says."""
    rng = made.rng
    failed = rng.random(len(made.day)) < expit(made.logit)
    count, healed = repeats(made, failed)
    device = np.repeat(np.arange(len(count)), count)[:attempts]
    number = np.arange(len(device)) - np.searchsorted(device, device)
    last = number == count[device] - 1
    own = rng.normal(0, DEVICE_SPREAD, len(count))
    return Tries(
        device,
        number,
        np.where(number == 0, failed[device], ~(last & healed[device])),
        rng.random(len(device)) < UNDECIDED,
        made.log_minutes[device] + own[device] + rng.normal(0, TRY_SPREAD, len(device)),
    )


def repeats(made: Draft, failed: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return how often each device tries, and whether the last of several tries succeeds."""
    rng, devices = made.rng, len(failed)
    if "retries" not in made.nuisances:
        return np.ones(devices, dtype=int), np.zeros(devices, dtype=bool)
    stubborn = rng.random(devices) < 0.08
    more = np.where(stubborn, rng.integers(8, 15, devices), np.minimum(rng.geometric(0.5, devices), 14))
    more = np.where((rng.random(devices) < 0.25) & ~stubborn, 0, more)
    healed = rng.random(devices) < np.where(stubborn, 0.3, 0.65)
    return np.where(failed, 1 + more, 1), healed


def journeys_of(before: Draft, tries: Tries, member: np.ndarray, rise: float, slower: float) -> pl.DataFrame:
    """Return one row a device: its first try, and its chances had it been hit and had it not."""
    opens, device = tries.opens, tries.device[tries.opens]
    undecided, failed = pl.Series(tries.undecided[opens]), pl.Series(tries.failed[opens])
    return pl.DataFrame(
        {
            "day": before.day[device],
            "member": member[device],
            "failed": failed.set(undecided, None),
            "p_before": expit(before.logit[device]),
            "p_after": expit(before.logit[device] + rise),
            "log_total": pl.Series(tries.log_total[opens]).set(undecided | failed, None),
            "mean_before": before.log_minutes[device],
            "mean_after": before.log_minutes[device] + slower,
        }
    )


def frame_of(made: Draft, tries: Tries, excess: np.ndarray) -> pl.DataFrame:
    """Return the tries as `deployments`; `excess` is the part of a device's chance that an incident added."""
    device, rng = tries.device, made.rng
    failed = tries.failed & ~tries.undecided
    incident = rng.random(len(device)) < excess[device] * INCIDENT_SHARE
    stage = np.where(incident, INCIDENT_STAGE, rng.choice(len(STAGES), len(device), p=STAGE_SHARES))
    outcome = np.select([tries.undecided, tries.failed], ["in_progress", "failed"], "succeeded")
    frame = pl.DataFrame(
        {
            "device": device,
            "number": tries.number,
            **{name: np.array(values)[made.codes[name][device]] for name, values in NAMES.items()},
            "manufacturer": MAKERS[made.codes["model"][device]],
            "started_at": starts_of(made, tries),
            "total": spans(
                np.exp(tries.log_total) * np.where(failed, rng.uniform(0.3, 1.2, len(device)), 1.0)
            ),
            "outcome": outcome,
            "failed_stage": pl.Series(STAGES[stage]).set(pl.Series(~failed), None),
            "code": pl.Series(np.where(incident, INCIDENT_CODE, CODES[stage])).set(pl.Series(~failed), None),
            "apps": rng.integers(4, 15, len(device)),
            "policies": rng.integers(20, 60, len(device)),
        }
    )
    return complete(frame, watched_until=made.first + timedelta(days=made.days + 1))


def starts_of(made: Draft, tries: Tries) -> pl.Series:
    """Return when each try starts: in the device's day, or some hours after the try before."""
    rng, count = made.rng, len(tries.device)
    opened = np.searchsorted(tries.device, tries.device)
    clock = np.clip(rng.normal(10, 2.5, count), 0.2, 23.5)
    waits = np.cumsum(np.where(tries.opens, 0.0, 1 + rng.exponential(6, count)))
    hours = made.day[tries.device] * 24 + clock[opened] + waits - waits[opened]
    return spans(hours * 60) + made.first


def spans(minutes: np.ndarray) -> pl.Series:
    return pl.Series((minutes * 60e6).astype(np.int64)).cast(pl.Duration("us"))


def complete(frame: pl.DataFrame, watched_until: datetime) -> pl.DataFrame:
    """Return every column of `deployments`, null where a Graph export would not have it."""
    key, ended = pl.col("device").cast(pl.String), pl.col("outcome") != "in_progress"
    done = pl.col("outcome") == "succeeded"
    filled = frame.with_columns(
        pl.concat_str(pl.lit("d"), key).alias("device"),
        pl.concat_str(key, pl.lit("-"), pl.col("number").cast(pl.String)).alias("deployment"),
        pl.concat_str(pl.lit("SN"), key).alias("serial"),
        pl.concat_str(pl.lit("PC-"), key).alias("name"),
        pl.concat_str(pl.lit("user"), key, pl.lit("@example.com")).alias("user"),
        pl.lit("graph").alias("origin"),
        pl.when(ended).then(pl.col("started_at") + pl.col("total")).alias("ended_at"),
        pl.when(~ended).then(pl.lit(watched_until)).alias("observed_until"),
        pl.when(ended).then(pl.col("total")).alias("total"),
        *(pl.when(done).then(pl.col("total") * part).alias(name) for name, part in PARTS.items()),
    )
    empty = Deployment.create_empty()
    absent = [
        pl.lit(None, dtype=empty.schema[name]).alias(name)
        for name in empty.columns
        if name not in filled.columns
    ]
    return Deployment.validate(filled.with_columns(absent).select(empty.columns), cast=True)
