"""Which sources were seen on which device."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from autopilot_analysis.export.sources import title_of
from autopilot_analysis.figures.style import (
    FAILURE,
    INK,
    QUIET,
    SMALL,
    TEXT,
    describe,
    new_axes,
    plain,
    say_nothing,
    tidy,
)
from autopilot_analysis.fleet.frames import takes
from autopilot_analysis.wording import count, words

if TYPE_CHECKING:
    from matplotlib.axes import Axes

LOOKS: dict[str, dict[str, Any]] = {
    "present": {"marker": "o", "fillstyle": "full", "color": "#009E73"},
    "partial": {"marker": "o", "fillstyle": "left", "color": "#E69F00"},
    "absent": {"marker": "o", "fillstyle": "none", "color": FAILURE},
    "not_applicable": {"marker": "_", "fillstyle": "full", "color": "#9ca3af"},
}
MOST_DEVICES = 40
WIDTH = 6.0
"""Inches for the names of the sources, the legend, and room to spare."""


@takes("read_tables (its coverage)", "device", "source", "presence", "records")
def draw_coverage(coverage: pl.DataFrame, ax: Axes | None = None) -> Axes:
    """Draw a dot for each source and device: full, half or empty, or a dash where it cannot apply.

    Args:
        coverage: Rows of `coverage`; of more than `MOST_DEVICES` devices the first are drawn.
        ax: Where to draw; a new figure when None.

    Returns:
        The Axes drawn on, sources downwards, devices across.
    """
    devices = coverage["device"].unique().sort().head(MOST_DEVICES).to_list()
    rows = coverage.filter(pl.col("device").is_in(devices))
    sources = rows["source"].unique().sort().to_list()
    if rows.is_empty():
        return say_nothing(ax, "no source was seen")
    ax = ax or new_axes(width=WIDTH + 0.5 * len(devices), height=min(0.9 + 0.2 * max(len(sources), 3), 24))
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
            markeredgecolor=look["color"],
            label=words(presence),
            **look,
        )
        if len(devices) == 1 and presence in ("present", "partial"):
            for _, source, records in some.iter_rows():
                ax.annotate(
                    f"{records:,}",
                    (0, down[source]),
                    xytext=(12, 0),
                    textcoords="offset points",
                    va="center",
                    fontsize=SMALL,
                    color=INK,
                )
    ax.set_yticks(range(len(sources)), [plain(title_of(s), 50) for s in sources], fontsize=SMALL)
    ax.set_xticks(
        range(len(devices)),
        [plain(d, 24) for d in devices],
        rotation=0 if len(devices) < 3 else 60,
        fontsize=TEXT,
    )
    ax.set_xlim(-0.6, len(devices) - 0.4 + (0.4 if len(devices) == 1 else 0))
    ax.set_ylim(len(sources) - 0.4, -0.8)
    ax.legend(
        loc="lower left", bbox_to_anchor=(0, 1), ncols=4, fontsize=SMALL, frameon=False, labelcolor=QUIET
    )
    tidy(ax).grid(visible=False)
    counted = rows.group_by(pl.col("presence").cast(pl.String)).len().sort("len", "presence", descending=True)
    states = ", ".join(f"{number:,} {words(state)}" for state, number in counted.iter_rows())
    return describe(ax, f"{count(len(sources), 'source')} of {count(len(devices), 'device')}: {states}.")
