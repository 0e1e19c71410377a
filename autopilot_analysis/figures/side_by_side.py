"""Two devices' stages side by side: two bars a stage, failed ones hatched and named."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl
from matplotlib.patches import Patch

from autopilot_analysis.colours import ACCENT, PALE_ACCENT
from autopilot_analysis.figures.rows import label_rows, row_axes, write_beside
from autopilot_analysis.figures.style import FAILURE, INK, OUTCOME_HATCHES, describe, plain, say_nothing, tidy
from autopilot_analysis.fleet.frames import polars_of, takes
from autopilot_analysis.wording import count, heading, span, words

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

_COLOURS = {"first": ACCENT, "second": PALE_ACCENT}
_HEIGHT = 0.38


@takes(
    "lay_side_by_side (its stages)",
    "stage",
    "outcome_first",
    "outcome_second",
    "waited_first",
    "waited_second",
    "code_first",
    "code_second",
)
def draw_side_by_side(
    stages: pl.DataFrame | pd.DataFrame,
    ax: Axes | None = None,
    *,
    names: tuple[str, str] = ("first", "second"),
) -> Axes:
    """Draw how long each stage took on two devices, one bar under the other, in the order of the stages.

    Args:
        stages: The stages of `lay_side_by_side`.
        ax: Where to draw; a new figure when not given.
        names: What the two are called.

    Returns:
        The Axes; a stage that failed is edged in red, hatched and named, one that nobody saw has no bar.
    """
    frame = polars_of(stages)
    if frame.is_empty():
        return say_nothing(ax, "no stage was seen on either side")
    ax, size = row_axes(2 * frame.height, ax)
    for place, row in enumerate(frame.iter_rows(named=True)):
        for side, offset in (("first", -_HEIGHT / 2), ("second", _HEIGHT / 2)):
            _draw_stage(ax, row, side, place + offset, size)
    label_rows(ax, [heading(name) for name in frame["stage"]], size)
    ax.set_xlim(0, 1.25 * max(1.0, float(ax.dataLim.x1)))
    ax.set_xlabel("minutes")
    handles = [
        Patch(facecolor=_COLOURS[side], label=plain(name, 40))
        for side, name in zip(_COLOURS, names, strict=True)
    ]
    ax.legend(handles=handles, loc="lower right", fontsize=size, frameon=False)
    about = (
        f"{heading(row['stage'])} {_ended(row, 'first')} on {names[0]}, {_ended(row, 'second')} on {names[1]}"
        for row in frame.iter_rows(named=True)
        if row["outcome_first"] != row["outcome_second"]
    )
    differs = "; ".join(about) or "all ended alike"
    return describe(tidy(ax), f"{count(frame.height, 'stage')}: {differs}.")


def _ended(row: dict[str, Any], side: str) -> str:
    """Return how a stage ended on one side, and after how long."""
    outcome, waited = row[f"outcome_{side}"], row[f"waited_{side}"]
    return (
        "was not seen" if outcome is None else words(outcome) + (f" after {span(waited)}" if waited else "")
    )


def _draw_stage(ax: Axes, row: dict[str, Any], side: str, place: float, size: float) -> None:
    """Draw one bar and write beside it how long it took and, when it did not succeed, how it ended."""
    outcome, waited, code = (row[f"{name}_{side}"] for name in ("outcome", "waited", "code"))
    if outcome is None:
        return
    length = 0.0 if waited is None else waited.total_seconds() / 60
    failed = outcome == "failed"
    ax.barh(
        place,
        length,
        height=_HEIGHT,
        color=_COLOURS[side],
        hatch=OUTCOME_HATCHES["failed"] if failed else "",
        edgecolor=FAILURE if failed else "none",
        linewidth=0.8 if failed else 0.0,
    )
    ended = [words(outcome), code] if outcome != "succeeded" else []
    text = ", ".join(part for part in (span(waited) if waited is not None else "", *ended) if part)
    write_beside(ax, plain(text, 48), (length, place), size * 0.9, colour=FAILURE if failed else INK)
