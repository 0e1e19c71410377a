"""Explores what differs between two groups: how often they fail, how long they take, and by what."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import polars as pl

from autopilot_analysis import wording
from autopilot_analysis.figures.estimates import draw_estimates
from autopilot_analysis.fleet import compare_survival, measure_durations, measure_failures, measure_rates
from autopilot_analysis.fleet.frames import polars_of, with_columns_of
from autopilot_analysis.fleet.measures.durations import SPANS, TAIL
from autopilot_analysis.report.page.frames import spell
from autopilot_analysis.tables.outcomes import ENDED
from autopilot_analysis.widgets.explorer import Explorer, Options, View, labelled
from autopilot_analysis.widgets.markup import showing
from autopilot_analysis.widgets.timings import list_groups, list_values
from autopilot_analysis.wording import BETWEEN, heading

OTHERS = "all others"
CAUTION = "A difference goes with the group; it is not shown to be caused by it."
SHOWN = ("p50", TAIL)
"""Percentiles that stand beside each other."""
MOST_ROWS = 24
"""Most rows drawn at a time."""


@dataclass(frozen=True)
class Choice:
    """Two groups, what is counted in them, and what both are split by."""

    by: str
    one: str
    other: str
    outcome: str
    split: str


def explore_contrasts(deployments: pl.DataFrame) -> Explorer:
    """Return an explorer of two groups: choose a column, two of its values, and what to compare.

    Args:
        deployments: One attempt a row; polars or pandas.

    Returns:
        A widget; its `selection` says what is chosen.

    Example:
        >>> explore_contrasts(fleet.deployments)  # doctest: +SKIP
    """
    frame = with_columns_of(polars_of(deployments), ("outcome", "failed_stage", "code", *SPANS))
    groups = list_groups(frame)
    controls = {
        "by": labelled("Group by", options=groups or [("nothing tells attempts apart", "")]),
        "one": labelled("This group", options=[("none", "")]),
        "other": labelled("against", options=[(OTHERS, "")]),
        "outcome": labelled("Count", options=[(heading(name), name) for name in ENDED], value="failed"),
        "split": labelled("Split by", options=[("nothing", ""), *groups]),
    }
    offers = {"one": partial(_offer_one, frame), "other": partial(_offer_other, frame)}
    rows = (("by", "one", "other"), ("outcome", "split"))
    return Explorer(Choice, controls, partial(show_contrast, frame), offers=offers, rows=rows)


def take_sides(deployments: pl.DataFrame, choice: Choice) -> pl.DataFrame:
    """Return the attempts of both groups, with a column `side` that names the group.

    Args:
        deployments: One attempt a row.
        choice: Without a second group, all other attempts are it.
    """
    value = pl.col(choice.by).cast(pl.String).fill_null("")
    other = (value == choice.other) if choice.other else (value != choice.one)
    side = (
        pl.when(value == choice.one).then(pl.lit(choice.one)).when(other).then(pl.lit(choice.other or OTHERS))
    )
    return deployments.with_columns(side=side).filter(pl.col("side").is_not_null())


def show_contrast(deployments: pl.DataFrame, choice: Choice) -> View:
    """Return how two groups differ in outcome, in time, and in what they fail by."""
    if not choice.by or not choice.one:
        return View("Nothing tells the attempts apart: there are no two groups to compare.")
    sides = take_sides(deployments, choice)
    pair = (choice.one, choice.other or OTHERS)
    split = [choice.split] if choice.split and choice.split != choice.by else []
    rates = measure_rates(sides, by=[*split, "side"], outcome=choice.outcome)
    rates = rates.sort(
        pl.col("n").sum().over(split or pl.lit(0)),
        pl.col("side") != pair[0],
        descending=[True, False],
        maintain_order=True,
    )
    top = rates.head(MOST_ROWS)
    keys = top.select(*split, "side").iter_rows()
    labels = [
        f"{BETWEEN.join(spell(part) or wording.NOT_TOLD for part in key)} (n {n:,})"
        for key, n in zip(keys, top["n"], strict=True)
    ]
    marked = pl.col("side") == pair[0]
    estimates = top.select(
        "low", "high", label=pl.Series(labels, dtype=pl.String), value="share", marked=marked
    )
    draw = partial(draw_estimates, estimates, name=f"share {wording.words(choice.outcome)}")
    bars = zip(labels, top["share"], strict=True)
    alt = f"Share {wording.words(choice.outcome)}: " + "; ".join(
        f"{label} {wording.percent(share or 0)}" for label, share in bars
    )
    counts = [int((sides["side"] == name).sum()) for name in pair]
    sizes = f"{pair[0]}: {counts[0]:,} attempts; {pair[1]}: {counts[1]:,}"
    status = f"{sizes}; {showing(top.height, rates.height, 'rows')}. {CAUTION}"
    return View(status, draw, alt, (("How often", rates), *_frames(sides, pair)))


def _frames(sides: pl.DataFrame, pair: tuple[str, str]) -> list[tuple[str, pl.DataFrame]]:
    shown = (f"{name}{bound}" for name in SHOWN for bound in ("", "_low", "_high"))
    durations = measure_durations(sides, by="side").select("stage", "side", "n", "unfinished", *shown)
    frames = [("How long", durations.sort("stage", maintain_order=True))]
    if sides["side"].n_unique() > 1:
        test = compare_survival(sides, by="side").select("side", "n", "events", "expected", "p")
        frames.append(("Whether the time to success differs by more than chance (log-rank)", test))
    for name in pair:
        failures = measure_failures(sides.filter(side=name), by=("failed_stage", "code"))
        frames.append((f"What {name} fails by", failures.drop("n", "first_at", "last_at").head(10)))
    return frames


def _offer_one(deployments: pl.DataFrame, choice: Choice) -> Options:
    return list_values(deployments, choice.by) if choice.by else [("none", "")]


def _offer_other(deployments: pl.DataFrame, choice: Choice) -> Options:
    if not choice.by:
        return [(OTHERS, "")]
    values = list_values(deployments, choice.by, first=[(OTHERS, "")])
    return [(label, value) for label, value in values if value != choice.one]
