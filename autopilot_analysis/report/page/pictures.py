"""A figure as a page shows it: laid out once, drawn as SVG with real text, or as PNG where marks are many."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell
    from matplotlib.figure import Figure

BACKEND = "module://matplotlib_inline.backend_inline"
MOST_MARKS = 4000
"""Bars, points and words of a figure beyond which its dots take less room than its marks."""
AS_TEXT: Any = {"svg.fonttype": "none", "svg.hashsalt": "autopilot-analysis"}
"""Text stays text, and the names inside of a picture come from what it shows alone."""
NO_METADATA = {"Date": None, "Creator": None, "Format": None, "Type": None}


def show_inline(shell: InteractiveShell) -> None:
    """Let a shell show each figure of a cell once the cell is done, as a page holds it.

    Args:
        shell: The notebook's own.
    """
    from IPython.core.pylabtools import activate_matplotlib  # heavy, as all of matplotlib
    from matplotlib import pyplot as plt
    from matplotlib.figure import Figure
    from matplotlib_inline.backend_inline import configure_inline_support

    setattr(configure_inline_support, "current_backend", "unset")  # noqa: B010  # of a shell before this one
    activate_matplotlib(BACKEND)
    plt.uninstall_repl_displayhook()  # it would draw once more what is drawn when it is shown
    configure_inline_support(shell, BACKEND)
    formatters: Any = shell.display_formatter.formatters  # type: ignore[union-attr]
    formatters["image/png"].for_type(Figure, lambda shown: None if can_be_svg(shown) else as_png(shown))
    formatters["image/svg+xml"].for_type(
        Figure, lambda figure: (as_svg(figure), _alt(figure)) if can_be_svg(figure) else None
    )


def can_be_svg(figure: Figure) -> bool:
    """Tell whether a figure has few enough marks to be drawn one by one, and no image of dots.

    Args:
        figure: Any figure.
    """
    marks = 0
    for ax in figure.axes:
        if ax.images:
            return False
        lines: list[Any] = [*ax.lines]
        clouds: list[Any] = [*ax.collections]
        marks += len(ax.patches) + len(ax.texts) + sum(len(line.get_xydata()) for line in lines)
        marks += sum(max(len(cloud.get_paths()), len(cloud.get_offsets())) for cloud in clouds)
    return marks <= MOST_MARKS


def as_svg(figure: Figure) -> str:
    """Return a figure as SVG; it is laid out once and can be closed after.

    Args:
        figure: Any figure; its resolution and its canvas become those of the picture.
    """
    import matplotlib as mpl  # heavy
    from matplotlib.backends.backend_svg import FigureCanvasSVG

    figure.dpi = 72  # the unit of the picture; words are measured as they will stand
    layout = figure.get_layout_engine()
    if layout is not None:
        layout.execute(figure)
        figure.set_layout_engine("none")
    content = io.StringIO()
    with mpl.rc_context(AS_TEXT):
        canvas: Any = FigureCanvasSVG(figure)
        canvas.print_svg(content, metadata=NO_METADATA)
    return content.getvalue()


def as_png(figure: Figure) -> tuple[bytes, dict[str, Any]]:
    """Return a figure as PNG for sharp screens, and the size that it has on others.

    Args:
        figure: Any figure.
    """
    content = io.BytesIO()
    figure.savefig(content, format="png", dpi=2 * figure.dpi, metadata={"Software": None})
    width, height = figure.get_size_inches() * figure.dpi
    return content.getvalue(), {"width": round(width), "height": round(height), **_alt(figure)}


def _alt(figure: Figure) -> dict[str, str]:
    """Return what a figure says it shows, as the metadata that a page looks for."""
    return {"alt": str(figure.get_label())} if figure.get_label() else {}
