"""Months of a machine's life as genuine ones show it, laid around a make-believe deployment.

Before it: an earlier life of the device, with boots without a profile, a clock three hours ahead until it was
set, packages of Windows itself, a join and a leaving. In its first minutes: what Setup and the sign-out of
its own account write. After it, on a device that came through: ordinary days.
"""

from __future__ import annotations

import sys
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import polars as pl

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
from cases import noise, stages
from cases.building import DAY, HOUR, Device

from autopilot_analysis.export import open_export
from autopilot_analysis.readers import read_tables
from autopilot_analysis.tables import Tables

FIRST, LEFT = 90, 40
"""Days before the deployment on which the earlier life begins, and on which it was left."""


def add_life(tables: Tables, random: Random, *, well: bool) -> Tables:
    """Return the tables of a device with months of life around what they hold.

    Args:
        tables: What `read_tables` returned for one device.
        random: Chooses days and counts.
        well: Whether the deployment came through, so that ordinary days follow it.
    """
    own = tables.events.filter(pl.col("at").is_not_null())
    if own.is_empty():
        return tables
    begin, end = own["at"].min(), own["at"].max()
    device = Device(f"life-{random.randrange(10**6)}", begin)  # type: ignore[arg-type]
    _earlier(device, random)
    _around(device)
    if well:
        days = (end - begin) // timedelta(days=1) + 2  # type: ignore[operator]
        noise.life(device, days, days + random.randint(10, 30), managed=False)
    return Tables.of({**tables.frames(), "events": pl.concat([tables.events, _events(device, tables)])})


def _earlier(d: Device, random: Random) -> None:
    """An earlier life: set up without a profile, joined, left; its clock was set on the first day."""
    first = -FIRST * DAY
    d.wrong_until(first + 10, 3.0)
    d.event("kernel", first + 10, 1, **_set(d, first + 10))
    for day in sorted(random.sample(range(FIRST - LEFT), 8)):
        t = first + day * DAY + random.randrange(600) + 20
        stages.boot(d, t)
        stages.query(d, t + 0.8, profile=False)
        noise.packages(d, t + 1, 2)
        stages.shutdown(d, t + 5 * HOUR, "power off", r"C:\Windows\explorer.exe")
    noise.life(d, -FIRST + 2, -LEFT, managed=False)
    stages.unjoin(d, -LEFT * DAY)


def _set(d: Device, t: float) -> dict[str, object]:
    """The fields with which the kernel says that the time service set the clock."""
    right: datetime = d.true(t)
    return {
        "NewTime": right,
        "OldTime": right + timedelta(hours=3),
        "Reason": 1,
        "ProcessName": r"\Device\HarddiskVolume3\Windows\System32\svchost.exe",
        "ProcessID": 1648,
    }


def _around(d: Device) -> None:
    """What every new start writes while the deployment begins."""
    noise.setup_packages(d, 0.5)
    noise.packages(d, 0.6)
    noise.first_start(d, 0.7)
    noise.sign_out_burst(d, 1.0)


def _events(d: Device, tables: Tables) -> pl.DataFrame:
    """Write the life as logs, read them, and give them to the device of the tables."""
    with TemporaryDirectory() as folder, open_export(d.as_folder(Path(folder))) as export:
        read = read_tables(export).events
    whose = pl.lit(tables.devices["device"][0])
    return read.with_columns(device=whose, member=pl.concat_str(pl.lit("life/"), "member")).select(
        tables.events.columns
    )
