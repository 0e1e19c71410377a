"""One look for every figure: colours, markers, plain text, and the Axes to draw on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from matplotlib import pyplot as plt
from matplotlib.ticker import FixedFormatter

from autopilot_analysis import colours
from autopilot_analysis.quoting import cut
from autopilot_analysis.tables.story import UNATTRIBUTED
from autopilot_analysis.wording import NOT_DRAWN, SAYS_LENGTH

if TYPE_CHECKING:
    from matplotlib.axes import Axes

SKY, BLUE, PINK, ORANGE, VERMILION = "#56B4E9", "#0072B2", "#CC79A7", "#E69F00", "#D55E00"
GREEN, FOREST, PURPLE, GREY = "#009E73", "#117733", "#AA4499", "#888888"
"""Okabe and Ito's colours and three more, by name; a figure takes those that it has in common with others."""
STAGE_COLOURS = {
    "network": SKY,
    "profile_download": BLUE,
    "user_authentication": PINK,
    "entra_join": ORANGE,
    "mdm_enrollment": VERMILION,
    "device_preparation": GREEN,
    "device_setup": FOREST,
    "account_setup": PURPLE,
    "desktop": GREY,
}
"""Of stages; order, label or hatch always repeats what they say."""
DEEP_BLUE, MIST = "#2171b5", "#9ca3af"
TRY_COLOURS = {"download": "#9ecae1", "install": DEEP_BLUE, "detect": "#d9a441"}
"""Of the parts of a try at an app."""
PLAIN, MARKED = BLUE, VERMILION
"""Of what is drawn where no stage gives a colour, and of what is to be told from it."""

STAGE_HATCHES = {"device_setup": "////", "account_setup": "....", UNATTRIBUTED: "xxxx"}
"""Of stages that lie beside one another in a bar, where there is room to see them."""
OUTCOME_HATCHES = colours.OUTCOME_HATCHES
RESTART_LINE, CLOCK_LINE = colours.RESTART_LINE, colours.CLOCK_LINE
"""Of steps that part a picture, as of colours.py, which the timeline of a page has them from too."""
FAILURE, QUIET, INK = colours.FAILURE, colours.QUIET, colours.INK
GRID, PALE, SHADE = colours.GRID, colours.PALE, colours.SHADE
"""Of colours.py: a page that shows a figure turns them into its own."""
TINY, SMALL, TEXT, LARGE = 7, 7.5, 8, 8.5
"""Sizes of text, in points: marks inside bars, ticks and notes, labels, titles of parts."""
WIDTH = 9.0
"""Inches of a figure, unless its module says otherwise."""
SHARPNESS = 96
"""Dots per inch: a figure of WIDTH fills a notebook of 1,280 pixels."""
SCREEN = 7.5
"""Inches that a laptop's screen shows at once: no figure is taller, unless all its rows were asked for."""
TALLEST = 4 * SCREEN
"""Inches of a figure of which all rows were asked for; beyond it rows come closer and type smaller."""
FEWEST = 2
"""Of fewer there is no spread, trend or share to be seen: a picture of one would say more than is known."""
LONGEST_LABEL = 80
"""Signs of a label; a longer one would leave no room to draw in."""
LONGEST_ITEM = 36
"""Signs of the name of an app, a script or a policy beside its row."""


def plain(text: object, most: int = LONGEST_LABEL) -> str:
    """Return `text` so that matplotlib shows it as it is: no mathtext, no controls, no endless line.

    Args:
        text: Any value that came from an export.
        most: Signs it may have; a longer one is cut.
    """
    short = cut(str(text), most)
    shown = "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in short)
    return shown.replace("$", r"\$")


def new_axes(*, width: float = WIDTH, height: float = 4.0) -> Axes:
    """Return the Axes of a new figure of a steady size, in inches."""
    _, ax = plt.subplots(figsize=(width, height), dpi=SHARPNESS, layout="constrained")
    return ax


NO_LENGTH = f"no attempt {SAYS_LENGTH}"
"""Why a figure of spans has nothing to draw."""
NO_OTHER = "so there is none to"
NONE_BESIDE = f"{NO_OTHER} lay beside it"
NOTHING_ELSE = "so there is nothing to"
"""Why a figure that compares has nothing to draw, behind what is there alone."""
ONE_FAILED = "one attempt failed"


def say_nothing(ax: Axes | None, why: str) -> Axes:
    """Return `ax`, or a low figure when none is given, with a sentence in place of a drawing.

    Args:
        ax: Where to say so.
        why: Why there is nothing to draw.
    """
    ax = ax or new_axes(height=0.6)
    ax.set_axis_off()
    ax.set_gid(NOT_DRAWN)
    describe(ax, why)
    words = ax.text(0.5, 0.5, plain(why), fontsize=LARGE, color=QUIET, transform=ax.transAxes)
    words.set(ha="center", va="center")
    return ax


def describe(ax: Axes, shown: str) -> Axes:
    """Return `ax` after noting in words what it shows, for those who cannot see it; a page says it.

    Args:
        ax: The figure's axes; those of a figure with several are described one after another.
        shown: One or two sentences: how many things are drawn, and what stands out.
    """
    before = str(ax.figure.get_label())
    ax.figure.set_label(f"{before} {shown}" if before else shown)
    return ax


def tidy(ax: Axes) -> Axes:
    """Return `ax` with quiet spines, a light grid along x, and the type of every other figure."""
    for side in ("top", "right", "left"):
        ax.spines[side].set_visible(False)
    ax.tick_params(axis="y", length=0, left=False)
    ax.grid(axis="x", color=GRID, linewidth=0.8)
    ax.set_axisbelow(True)
    return fit_type(ax)


def fit_type(ax: Axes) -> Axes:
    """Return `ax` with its axes' titles and numbers in the size of this kit, not in that of matplotlib.

    Labels that a figure set itself, one by one, keep their size.

    Args:
        ax: The figure's axes, drawn.
    """
    for axis in (ax.xaxis, ax.yaxis):
        axis.label.set_fontsize(TEXT)
        axis.offsetText.set_fontsize(SMALL)
        if not isinstance(axis.get_major_formatter(), FixedFormatter):
            axis.set_tick_params(which="both", labelsize=SMALL)
    return ax
