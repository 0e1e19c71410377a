"""A few devices that are tried again and again, never with success, and make most of the failures."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import polars as pl

from autopilot_analysis import wording
from autopilot_analysis.findings import Line
from autopilot_analysis.fleet.explanation.failures.failure_kinds import failed_of
from autopilot_analysis.fleet.explanation.failures.one_behind import (
    ended_of,
    one_behind,
    tell_one_behind,
    without_them,
)
from autopilot_analysis.fleet.explanation.fleet_findings import name_of
from autopilot_analysis.fleet.explanation.groups.few import LEAST_HITS_OF_FEW
from autopilot_analysis.fleet.explanation.lists.differences import MOSTLY
from autopilot_analysis.readers.serials import is_placeholder

MOST_OF_THEM = 5
"""More devices are no few that somebody could look at one by one."""
OF_ALL_DEVICES = 0.05
"""A larger share of all devices is no handful among them."""


@dataclass(frozen=True)
class FewBehind:
    """A few devices behind most failures.

    Attributes:
        names: What the devices are called, most failures first.
        k: How many failures are theirs.
        failed: How many there are of all devices.
        others: How many first attempts of all others failed, in words.
    """

    names: tuple[str, ...]
    k: int
    failed: int
    others: str

    @property
    def in_words(self) -> str:
        """Who they are, what they made, and how it stands without them."""
        who = f"{', '.join(self.names[:-1])} and {self.names[-1]}"
        return (
            f"{self.k:,} of the {self.failed:,} failures are of {len(self.names)} devices that were tried "
            f"again and again without one success, {who}: {self.others}"
        )

    @property
    def in_short(self) -> str:
        """How many made most failures, as the first line says it."""
        return f"{len(self.names)} devices alone made {self.k:,} of the {self.failed:,} failures"


def few_behind(rows: pl.DataFrame) -> FewBehind | None:
    """Return the few devices that make most failures; None where one stands behind them, or none do.

    Each of them failed at least `LEAST_HITS_OF_FEW` times and never succeeded, so that no device counts that
    got there in the end; a text that firmware writes in place of a serial number is no device.

    Args:
        rows: Deployments.
    """
    ended = ended_of(rows)
    if one_behind(rows) is not None or "device" not in ended.columns:
        return None
    nobody = is_placeholder(pl.col("device"))
    if "flags" in ended.columns:
        nobody |= pl.col("flags").str.contains("no_device").fill_null(value=False)
    bad = pl.col("outcome").cast(pl.String) == "failed"
    counted = ended.filter(~nobody).group_by("device", maintain_order=True).agg(k=bad.sum(), n=pl.len())
    stuck = counted.filter(pl.col("k") == pl.col("n"), pl.col("k") >= LEAST_HITS_OF_FEW)
    stuck = stuck.sort("k", "device", descending=[True, False])
    failed = failed_of(ended).height
    few = min(MOST_OF_THEM, OF_ALL_DEVICES * ended["device"].n_unique())
    k = int(stuck["k"].sum())
    if not 1 < stuck.height <= few or k <= MOSTLY * failed:
        return None
    mine = pl.col("device").is_in(stuck["device"].implode())
    first = {row["device"]: name_of(row) for row in ended.filter(mine).iter_rows(named=True)}
    names = tuple(first[device] for device in stuck["device"])
    return FewBehind(names, k, failed, without_them(ended.filter(~mine)))


def tell_behind(rows: pl.DataFrame) -> Iterator[Line]:
    """Return the device, the account or the few devices behind most failures, where there are such.

    Args:
        rows: Deployments.
    """
    yield from tell_one_behind(rows)
    if (few := few_behind(rows)) is not None:
        yield Line(few.in_words)


def to_do_about(few: FewBehind) -> Line:
    """Return what to do about a few devices that fail again and again.

    Args:
        few: The devices.
    """
    many = wording.count(len(few.names), "device")
    return Line(
        f"Look at these {many} by themselves, {few.names[0]} first: take diagnostics from it, or take it "
        "out of the count where it is a test device or a virtual machine.",
        "remedy",
    )
