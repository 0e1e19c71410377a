"""One attempt alone: nothing can be compared with it, so what it did itself is told."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

import polars as pl

from autopilot_analysis import wording
from autopilot_analysis.findings import Line
from autopilot_analysis.findings.service.lists import failed_items
from autopilot_analysis.fleet.explanation.groups.few import LEAST_FLEET
from autopilot_analysis.fleet.explanation.visibility import NOT_TOLD
from autopilot_analysis.fleet.measures.durations import SPANS
from autopilot_analysis.tables.items import CALLED
from autopilot_analysis.tables.outcomes import FINISHED

ABOUT = {"profile": "profile", "esp_profile": "status page", "model": "model", "build": "build"}
"""Columns that say what was deployed on what, in words."""
LISTED = 5
"""So many items that went well in the attempt are named."""


def is_alone(deployments: pl.DataFrame) -> bool:
    """Tell whether there is one attempt and no more.

    Args:
        deployments: One attempt a row.
    """
    return deployments.height == 1


def tell_attempt(deployment: Mapping[str, Any], statuses: pl.DataFrame) -> Iterator[Line]:
    """Return when an attempt began, how long it and its stages took, what it was of, what went well in it.

    Args:
        deployment: A row of `deployments`.
        statuses: The table `item_statuses`.
    """
    ended = str(deployment["outcome"]) in FINISHED
    at = deployment["started_at"]
    began = f"began {wording.in_zone(wording.minute(at))}" if at else ""
    how = wording.words(str(deployment["outcome"]))
    took = f"{how} after {wording.span(deployment['total'])}" if deployment["total"] and ended else ""
    text = " and ".join(part for part in (began, took) if part)
    stages = "; ".join(_stages(deployment))
    if text:
        yield Line(f"It {text}{f': {stages}' if stages else ''}.")
    about = [f"{name} {deployment[column]}" for column, name in ABOUT.items() if deployment[column]]
    if about:
        yield Line(wording.heading("; ".join(about)) + ".")
    well = _went_well(deployment, statuses)
    if well:
        yield Line(f"Went well in it: {wording.listed(well, LISTED)}.")


def _stages(deployment: Mapping[str, Any]) -> Iterator[str]:
    """Return how long each stage took, and what of the whole no stage accounts for."""
    known = {name: deployment[name] for name in SPANS[1:] if deployment[name]}
    yield from (f"{wording.words(name)} {wording.span(took)}" for name, took in known.items())
    rest = (deployment["total"] or timedelta()) - sum(known.values(), timedelta())
    if known and rest > timedelta(seconds=1):
        yield f"{wording.span(rest)} in no stage that is told"


def _went_well(deployment: Mapping[str, Any], statuses: pl.DataFrame) -> list[str]:
    """Return the names of the items of an attempt that did not fail, as a report names them."""
    own = statuses.filter(
        pl.col("device") == deployment["device"], pl.col("deployment") == deployment["deployment"]
    )
    done = own.filter(pl.col("state").is_in(["installed", "compliant", "success", "succeeded"]))
    failed = failed_items(own)["item"]
    names = done.filter(~pl.col("item").is_in(failed.implode())).select(CALLED)
    return names.to_series().drop_nulls().unique(maintain_order=True).to_list()


def not_compared(deployment: Mapping[str, Any], limits: list[str]) -> Iterator[Line]:
    """Return what one attempt cannot show, and what is not told of it.

    Args:
        deployment: A row of `deployments`.
        limits: What deployments do not show, see `list_limits`.
    """
    yield Line(
        "One attempt is compared with nothing: which group is hit, since which day and what is slow "
        f"take at least {LEAST_FLEET} that ended."
    )
    lacking = {"when it began": deployment["started_at"], "how long it took": deployment["total"]}
    unknown = [what for what, value in lacking.items() if value is None]
    if unknown:
        yield Line(f"{wording.capital(wording.NOT_TOLD)}: {' and '.join(unknown)}.")
    yield from (Line(f"{NOT_TOLD}{text}.") for text in limits if text.startswith("success"))
