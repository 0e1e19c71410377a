"""Explores what fails: from stage to code to devices to one device's attempts and trace."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import ipywidgets as widgets
import polars as pl

from autopilot_analysis import wording
from autopilot_analysis.codes import explain_codes
from autopilot_analysis.errors import AnalysisError
from autopilot_analysis.figures import draw_pareto, draw_trace
from autopilot_analysis.fleet import measure_failures
from autopilot_analysis.fleet.explanation.groups.contrasts import group_columns
from autopilot_analysis.fleet.frames import polars_of, with_columns_of
from autopilot_analysis.report.page.frames import spell
from autopilot_analysis.tables import Trace
from autopilot_analysis.widgets.explorer import WIDE, Explorer, Options, View, labelled
from autopilot_analysis.widgets.markup import MOST_LISTED, beside, showing
from autopilot_analysis.wording import heading

MOST_ROWS = 20
"""Most failures drawn at a time, the most frequent."""

NEEDED = ("device", "serial", "name", "outcome", "failed_stage", "code", "started_at")
UNTOLD = f"({wording.NOT_TOLD})"
"""Stands for a stage or a code that no export tells."""

ATTEMPT = (
    "deployment",
    "origin",
    "started_at",
    "ended_at",
    "total",
    "outcome",
    "failed_stage",
    "code",
    "failure_text",
    "model",
    "build",
    "profile",
    "group_tag",
    "user",
)


@dataclass(frozen=True)
class Choice:
    """How deep the drill has gone; an empty text means all."""

    stage: str
    code: str
    search: str
    device: str


def explore_failures(deployments: pl.DataFrame, trace: Callable[[str], Trace] | None = None) -> Explorer:
    """Return an explorer of failures: stage, then code, then devices, then one device.

    Args:
        deployments: One attempt a row; polars or pandas.
        trace: Gives the trace of a device by its key, such as the `trace` of a dataset; without it the drill
            ends at the device's attempts.

    Returns:
        A widget; its `selection` says what is chosen.

    Example:
        >>> explore_failures(dataset.reconciled(), dataset.trace)  # doctest: +SKIP
    """
    frame = with_columns_of(polars_of(deployments), NEEDED)
    text = pl.concat_str("device", "serial", "name", separator=" ", ignore_nulls=True).str.to_lowercase()
    failed = frame.filter(pl.col("outcome").cast(pl.String) == "failed").with_columns(
        pl.col("failed_stage", "code").cast(pl.String).fill_null(UNTOLD), text=text
    )
    controls = {
        "stage": labelled("Stage", options=[("all", "")], layout=WIDE),
        "code": labelled("Code", options=[("all", "")], layout=WIDE),
        "search": labelled("Search", widgets.Text, placeholder="serial or name", continuous_update=False),
        "device": labelled("Device", options=[("none", "")], layout=WIDE),
    }
    offers = {
        "stage": partial(_offer_stages, failed),
        "code": partial(_offer_codes, failed),
        "device": partial(_offer_devices, failed),
    }
    rows = (("stage",), ("code",), ("search",), ("device",))
    return Explorer(Choice, controls, partial(show_failures, frame, failed, trace), offers=offers, rows=rows)


def narrow_failures(failed: pl.DataFrame, choice: Choice) -> pl.DataFrame:
    """Return the failed attempts of the chosen stage and code.

    Args:
        failed: Failed attempts, with stage and code as text.
        choice: What is chosen.
    """
    if choice.stage:
        failed = failed.filter(failed_stage=choice.stage)
    return failed.filter(code=choice.code) if choice.code else failed


def match_failures(failed: pl.DataFrame, choice: Choice) -> pl.DataFrame:
    """Return the devices of the chosen failures that the search finds, most failures first.

    Returns:
        device, name, failed (attempts), last_at.
    """
    kept = narrow_failures(failed, choice)
    for word in choice.search.lower().split():
        kept = kept.filter(pl.col("text").str.contains(word, literal=True))
    counted = kept.group_by("device").agg(
        pl.col("name").drop_nulls().last(), failed=pl.len().cast(pl.Int64), last_at=pl.col("started_at").max()
    )
    return counted.sort("failed", "device", descending=[True, False])


def show_failures(
    deployments: pl.DataFrame, failed: pl.DataFrame, trace: Callable[[str], Trace] | None, choice: Choice
) -> View:
    """Return what a choice shows: what fails next below it, or one device."""
    kept = narrow_failures(failed, choice)
    devices = match_failures(failed, choice)
    there = showing(kept.height, failed.height, "failed attempts")
    sentence = f"{there} on {showing(kept['device'].n_unique(), kept['device'].n_unique(), 'devices')}."
    below, words = _next_below(kept, choice)
    measured = measure_failures(kept, by=below)
    draw, alt = partial(draw_pareto, measured), _alt(measured, below, words)
    frames = [(f"Failures by {words}", measured)]
    if not choice.device:
        return View(sentence, draw, alt, (*frames, *([("Devices", devices)] if choice.code else [])))
    attempts = deployments.filter(device=choice.device).sort("started_at")
    shown = attempts.select(n for n in ATTEMPT if n in attempts.columns and attempts[n].count())
    frames = [(f"Every attempt of {choice.device}", shown), *frames]
    sentence = f"{sentence} One of them: {choice.device}."
    try:
        run = trace(choice.device) if trace is not None else None
    except AnalysisError as error:
        return View(f"{sentence} There is no trace of it: {error}", draw, alt, tuple(frames))
    if run is None or run.stage_runs.is_empty():
        return View(sentence, draw, alt, tuple(frames))
    return View(sentence, partial(draw_trace, run), f"Trace of {choice.device}", tuple(frames))


def _next_below(kept: pl.DataFrame, choice: Choice) -> tuple[str, str]:
    """Return the column that a choice is split by next, and its words."""
    if not choice.stage:
        return "failed_stage", "stage"
    if not choice.code:
        return "code", "code"
    split = [name for name in group_columns(kept) if name != "text" and kept[name].count()]
    return (split[0], heading(split[0]).lower()) if split else ("device", "device")


def _alt(measured: pl.DataFrame, below: str, words: str) -> str:
    shown = measured.head(MOST_ROWS).select(below, "k", "share").iter_rows()
    return f"Failures by {words}: " + "; ".join(
        f"{spell(v) or UNTOLD} {k:,}, {wording.percent(share)}" for v, k, share in shown
    )


def _counted(frame: pl.DataFrame, column: str) -> list[tuple[str, int]]:
    counts = frame[column].value_counts(sort=True).sort("count", column, descending=[True, False])
    return list(counts.head(MOST_LISTED).iter_rows())


def _offer_stages(failed: pl.DataFrame, _choice: Choice) -> Options:
    shown = [(f"{heading(stage)} ({n:,})", stage) for stage, n in _counted(failed, "failed_stage")]
    return [(f"all ({failed.height:,})", ""), *shown]


def _offer_codes(failed: pl.DataFrame, choice: Choice) -> Options:
    kept = narrow_failures(failed, Choice(choice.stage, "", "", ""))
    codes = _counted(kept, "code")
    symbols = explain_codes(pl.Series("code", [code for code, _ in codes], dtype=pl.String))["symbol"]
    shown = [(beside(code, symbol, f"{n:,}"), code) for (code, n), symbol in zip(codes, symbols, strict=True)]
    return [(f"all ({kept.height:,})", ""), *shown]


def _offer_devices(failed: pl.DataFrame, choice: Choice) -> Options:
    devices = match_failures(failed, choice)
    first = f"{showing(min(devices.height, MOST_LISTED), devices.height, 'devices')}; choose one"
    shown = [
        (beside(device, name, f"{n:,} failed", spell(last)), device)
        for device, name, n, last in devices.head(MOST_LISTED).iter_rows()
    ]
    return [(first, ""), *shown]
