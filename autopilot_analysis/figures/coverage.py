"""Which sources were seen on which device."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

import polars as pl

from autopilot_analysis.export.sources import title_of
from autopilot_analysis.figures.rows import (
    ROWS,
    fit_rows,
    label_rows,
    row_axes,
    say_left,
    say_states,
    write_beside,
)
from autopilot_analysis.figures.style import (
    FAILURE,
    GREEN,
    MIST,
    ORANGE,
    QUIET,
    SMALL,
    TEXT,
    describe,
    plain,
    say_nothing,
    tidy,
)
from autopilot_analysis.fleet.frames import takes
from autopilot_analysis.tables.capture import ABSENT, HELD, NOT_APPLICABLE, PRESENT
from autopilot_analysis.wording import count, words

if TYPE_CHECKING:
    from matplotlib.axes import Axes


class Look(NamedTuple):
    """How a source stands in the picture: as figures spell it, and in words."""

    marker: str
    fillstyle: Literal["full", "left", "none"]
    color: str
    words: str


LOOKS = {
    PRESENT: Look("o", "full", GREEN, "full dot"),
    "partial": Look("o", "left", ORANGE, "half dot"),
    ABSENT: Look("o", "none", FAILURE, "empty dot"),
    NOT_APPLICABLE: Look("_", "full", MIST, "dash"),
}
_WEIGHTS = {"partial": 2, ABSENT: 1, PRESENT: 0, NOT_APPLICABLE: 0}
"""What is kept first where there are more sources or devices than rows or columns."""
_WORST = (pl.col("presence").replace_strict(_WEIGHTS, return_dtype=pl.Int64), pl.col("records"))
WIDTH = 6.0
"""Inches for the names of the sources, the legend, and room to spare."""
COLUMN, WIDEST = 0.5, 12.0
"""Inches of a device where there is room, and of the figure: where there are many they stand closer."""


@takes("read_tables (its coverage)", "device", "source", "presence", "records")
def draw_coverage(coverage: pl.DataFrame, ax: Axes | None = None, *, most: int | None = ROWS) -> Axes:
    """Draw a dot for each source and device: full, half or empty, or a dash where it cannot apply.

    Args:
        coverage: Rows of `coverage`.
        ax: Where to draw; a new figure when None.
        most: Sources, and devices, to draw at the most, None for all. Those that are cut stay first,
            then those that are absent, then those with the most records; the last row counts the others.

    Returns:
        The Axes drawn on, sources downwards, devices across.
    """
    if coverage.is_empty():
        return say_nothing(ax, "no source was seen")
    shown, hidden = fit_rows(_by(coverage, "device"), most, _WORST)
    theirs = coverage.join(shown, on="device", how="semi")
    drawn, left = fit_rows(_by(theirs, "source"), most, _WORST)
    rows = theirs.join(drawn, on="source", how="semi")
    devices, sources = shown["device"].to_list(), drawn["source"].to_list()
    more = _say_rest(coverage, hidden, left)
    ax, size = row_axes(len(sources) + bool(more), ax, width=min(WIDEST, WIDTH + COLUMN * len(devices)))
    across, down = {d: i for i, d in enumerate(devices)}, {s: i for i, s in enumerate(sources)}
    for presence, look in LOOKS.items():
        some = rows.filter(pl.col("presence") == presence).select("device", "source", "records")
        if some.is_empty():
            continue
        ax.plot(
            [across[d] for d in some["device"]],
            [down[s] for s in some["source"]],
            ls="none",
            markersize=8,
            marker=look.marker,
            fillstyle=look.fillstyle,
            color=look.color,
            markeredgecolor=look.color,
            label=words(presence),
        )
        if len(devices) == 1 and presence in HELD:
            for _, source, records in some.iter_rows():
                write_beside(ax, f"{records:,}", (0, down[source]), SMALL, gap=12)
    label_rows(ax, [plain(title_of(s), 50) for s in sources], size, more)
    ax.set_xticks(
        range(len(devices)),
        [plain(d, 24) for d in devices],
        rotation=0 if len(devices) < 3 else 60,
        fontsize=TEXT,
    )
    ax.set_xlim(-0.6, len(devices) - 0.4 + (0.4 if len(devices) == 1 else 0))
    ax.legend(
        loc="lower left", bbox_to_anchor=(0, 1), ncols=4, fontsize=SMALL, frameon=False, labelcolor=QUIET
    )
    tidy(ax).grid(visible=False)
    counted = (count(coverage[noun].n_unique(), noun) for noun in ("source", "device"))
    drawn_of = (
        f"; {count(len(sources), 'source')} drawn of {count(len(devices), 'device')}, {more}" if more else ""
    )
    return describe(ax, f"{' of '.join(counted)}: {say_states(coverage['presence'])}{drawn_of}.")


def _by(coverage: pl.DataFrame, name: str) -> pl.DataFrame:
    """Return the devices, or the sources, in order of their name, each with the worst that was seen of it."""
    worst = coverage.sort(_WORST[0], descending=True)
    one = worst.group_by(name).agg(pl.col("presence").first(), pl.col("records").sum())
    return one.sort(name)


def _say_rest(coverage: pl.DataFrame, devices: pl.DataFrame, sources: pl.DataFrame) -> str:
    """Return what the last row says of the devices and the sources that are not drawn."""
    theirs = coverage.join(devices, on="device", how="semi")["presence"]
    parts = (
        say_left(sources, "source", say_states(sources["presence"])),
        say_left(devices, "device", say_states(theirs)),
    )
    return "; ".join(part for part in parts if part)
