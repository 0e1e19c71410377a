"""Explores how long the stages take: group, filter, quantile, scale."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import ipywidgets as widgets
import polars as pl

from autopilot_analysis import wording
from autopilot_analysis.figures.estimates import draw_estimates
from autopilot_analysis.fleet import measure_durations
from autopilot_analysis.fleet.explanation.groups.contrasts import group_columns
from autopilot_analysis.fleet.frames import polars_of, with_columns_of
from autopilot_analysis.fleet.measures.durations import QUANTILES, SPANS
from autopilot_analysis.report.page.frames import spell
from autopilot_analysis.tables import DEPLOYMENT_OUTCOMES
from autopilot_analysis.widgets.explorer import Explorer, Options, View, labelled
from autopilot_analysis.widgets.markup import showing
from autopilot_analysis.wording import TITLES, heading

MOST_GROUPS = 30
"""Most groups drawn at a time, the largest."""

MOST_VALUES = 300
"""Most values a filter offers, the most frequent."""


@dataclass(frozen=True)
class Choice:
    """Which attempts, grouped how, measured by what."""

    stage: str
    group: str
    quantile: str
    outcome: str
    where: str
    value: str
    log: bool


def explore_timings(deployments: pl.DataFrame) -> Explorer:
    """Return an explorer of durations: choose stage, grouping, quantile, filter and scale.

    Args:
        deployments: One attempt a row; polars or pandas.

    Returns:
        A widget; its `selection` says what is chosen.

    Example:
        >>> explore_timings(fleet.deployments)  # doctest: +SKIP
    """
    frame = with_columns_of(polars_of(deployments), ("outcome", "failed_stage", "code", *SPANS))
    groups = list_groups(frame)
    controls = {
        "stage": labelled("Stage", options=[(heading(name), name) for name in SPANS]),
        "group": labelled("Group by", options=[("nothing", ""), *groups]),
        "quantile": labelled("Quantile", options=[(TITLES[name], name) for name in QUANTILES]),
        "outcome": labelled(
            "Outcome", options=[("any", ""), *((heading(n), n) for n in DEPLOYMENT_OUTCOMES)]
        ),
        "where": labelled("Only where", options=[("everywhere", ""), *groups]),
        "value": labelled("is", options=[("any", "")]),
        "log": labelled("Log scale", widgets.Checkbox, value=False),
    }
    if groups:
        controls["group"].value = groups[0][1]
    rows = (("stage", "group", "quantile"), ("outcome", "where", "value"), ("log",))
    offers = {"value": partial(offer_values, frame)}
    return Explorer(Choice, controls, partial(show_timings, frame), offers=offers, rows=rows)


def list_groups(deployments: pl.DataFrame) -> Options:
    """Return the columns that tell attempts apart, under their names in words."""
    names = [name for name in group_columns(deployments) if deployments[name].drop_nulls().n_unique() > 1]
    return [(heading(name), name) for name in names]


def offer_values(deployments: pl.DataFrame, choice: Choice) -> Options:
    """Return the values of the chosen column, most frequent first, each with its number of attempts."""
    if not choice.where:
        return [("any", "")]
    return list_values(deployments, choice.where, first=[("any", "")])


def list_values(deployments: pl.DataFrame, column: str, *, first: Options = ()) -> Options:
    """Return the values of a column, most frequent first, each with its number of attempts.

    Args:
        deployments: One attempt a row.
        column: One of its columns.
        first: What stands before them.
    """
    texts = deployments[column].cast(pl.String).drop_nulls()
    counts = texts.value_counts(sort=True).sort("count", column, descending=[True, False]).head(MOST_VALUES)
    return [*first, *((f"{spell(value)} ({count:,})", value) for value, count in counts.iter_rows())]


def narrow_deployments(deployments: pl.DataFrame, choice: Choice) -> pl.DataFrame:
    """Return the attempts a choice is about."""
    kept = deployments
    if choice.outcome:
        kept = kept.filter(pl.col("outcome").cast(pl.String) == choice.outcome)
    if choice.where and choice.value:
        kept = kept.filter(pl.col(choice.where).cast(pl.String) == choice.value)
    return kept


def show_timings(deployments: pl.DataFrame, choice: Choice) -> View:
    """Return the chosen quantile of the chosen stage in each group, with intervals and what is unfinished."""
    kept = narrow_deployments(deployments, choice)
    by = [choice.group] if choice.group else []
    measured = measure_durations(kept, by=by, stages=[choice.stage]).sort(
        "n", descending=True, maintain_order=True
    )
    top = measured.head(MOST_GROUPS)
    low, high = f"{choice.quantile}_low", f"{choice.quantile}_high"
    names = (
        [spell(v) or wording.NOT_TOLD for v in top[choice.group].cast(pl.String)]
        if by
        else ["all attempts"] * top.height
    )
    labels = [f"{name} (n {n:,})" for name, n in zip(names, top["finished"], strict=True)]
    estimates = top.select(
        label=pl.Series(labels, dtype=pl.String), value=choice.quantile, low=low, high=high
    )
    name = f"{heading(choice.stage)}, {TITLES[choice.quantile]}"
    draw = partial(draw_estimates, estimates, name=name, log=choice.log)
    status = showing(kept.height, deployments.height, "attempts")
    status = f"{status}; {showing(top.height, measured.height, 'groups')}."
    bars = zip(names, top[choice.quantile], strict=True)
    alt = f"{TITLES[choice.quantile]} of {heading(choice.stage)}: " + "; ".join(
        f"{name} {wording.span(span) if span is not None else 'not measured'}" for name, span in bars
    )
    columns = [*by, "stage", "n", "finished", "unfinished", choice.quantile, low, high]
    return View(status, draw, alt, (("The same in numbers", top.select(columns)),))
