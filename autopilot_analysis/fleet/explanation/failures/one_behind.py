"""Tries of one device are alike: when first attempts are counted, and who stands behind most failures."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from autopilot_analysis.findings import Line
from autopilot_analysis.findings.looking import once
from autopilot_analysis.fleet.against_rest import AgainstRest
from autopilot_analysis.fleet.explanation.failures.failure_kinds import failed_of
from autopilot_analysis.fleet.explanation.fleet_findings import name_of
from autopilot_analysis.fleet.explanation.groups.few import LEAST_HITS_OF_FEW
from autopilot_analysis.fleet.explanation.groups.searching import FALSE_DISCOVERY
from autopilot_analysis.fleet.explanation.lists.differences import MOSTLY
from autopilot_analysis.fleet.explanation.units import first_tries
from autopilot_analysis.fleet.intervals import share_in_words
from autopilot_analysis.fleet.measures.rates import measure_rates
from autopilot_analysis.tables.outcomes import FINISHED

MUCH_ALIKE = 2.0
"""First attempts are counted where so many attempts, or more, tell no more than one that is independent."""


def ended_of(rows: pl.DataFrame) -> pl.DataFrame:
    """Return the deployments that ended.

    Args:
        rows: Deployments.
    """
    return rows.filter(pl.col("outcome").cast(pl.String).is_in(FINISHED))


def are_much_alike(rows: pl.DataFrame) -> bool:
    """Tell whether tries of few devices make a share of attempts that says little of the fleet.

    Args:
        rows: Deployments.
    """
    ended = ended_of(rows)
    several = ended["device"].n_unique() > 1
    return several and bool(measure_rates(ended)["design"][0] >= MUCH_ALIKE)


@once
def counted_of(rows: pl.DataFrame) -> pl.DataFrame:
    """Return what failures are counted among: all attempts, or the first of journeys where they are alike.

    Args:
        rows: Deployments.
    """
    return first_tries(ended_of(rows)) if are_much_alike(rows) else rows


def tell_one_behind(rows: pl.DataFrame) -> Iterator[Line]:
    """Return the device, else the account, behind most failures, where its share of all attempts is smaller.

    Args:
        rows: Deployments.
    """
    if (behind := one_behind(rows)) is None:
        return
    column, own = behind
    ended, failed = ended_of(rows).height, failed_of(rows).height
    tried = ended_of(rows).filter(pl.col(column) == own[column][0]).height
    who = name_of(own.row(0, named=True)) if column == "device" else own[column][0]
    most = f"{own.height:,} of the {failed:,} failures are of one {NOUNS[column]}, {who}"
    among = f"which made {tried:,} of the {ended:,} attempts"
    others = rows.filter(pl.col(column).ne_missing(own[column][0]))
    yield Line(f"{most}, {among}: {without_them(others)}")


def without_them(rest: pl.DataFrame) -> str:
    """Return how many first attempts of all others failed.

    Args:
        rest: The deployments of all others.
    """
    others = first_tries(ended_of(rest))
    share = share_in_words(failed_of(others).height, others.height)
    return f"of the first attempts of all others {share} failed."


NOUNS = {"device": "device", "user": "account"}


def one_behind(rows: pl.DataFrame) -> tuple[str, pl.DataFrame] | None:
    """Return by which column one stands behind most failures, and these failures; None where nobody does.

    Args:
        rows: Deployments.
    """
    ended, failed = ended_of(rows), failed_of(rows)
    nobody = pl.col("flags").str.contains("no_device").fill_null(value=False)
    for column in NOUNS:
        known = failed.filter(pl.col(column).is_not_null(), ~nobody)
        if known.is_empty():
            continue
        who, k = known[column].value_counts(sort=True).sort("count", column, descending=[True, False]).row(0)
        n = ended.filter(pl.col(column) == who).height
        by_all = AgainstRest(k, n, failed.height - k, ended.height - n)
        sure = by_all.chance < FALSE_DISCOVERY
        if k >= LEAST_HITS_OF_FEW and k > MOSTLY * failed.height and sure:
            return column, known.filter(pl.col(column) == who)
    return None
