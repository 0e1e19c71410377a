"""What every explorer is: controls above, one frozen choice, and below what that choice shows."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING, Any

import ipywidgets as widgets
import polars as pl
from IPython import display as ipython
from matplotlib import pyplot as plt

from autopilot_analysis.errors import AnalysisError
from autopilot_analysis.figures.style import SHARPNESS
from autopilot_analysis.widgets import markup
from autopilot_analysis.wording import NOT_DRAWN

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Options = Sequence[tuple[str, Any]]
"""What a list offers: a label and the value it stands for."""

display: Any = ipython.display
"""The function again: IPython leaves it untyped."""


STILL = 2
"""Most frames displayed beside the first picture for a notebook that is not live."""

LINE = widgets.Layout(width="300px")
WIDE = widgets.Layout(width="620px")


@dataclass(frozen=True)
class View:
    """What one choice shows: a sentence, perhaps a figure with its words, and frames under their captions."""

    sentence: str
    draw: Callable[[], Axes] | None = None
    alt: str = ""
    frames: tuple[tuple[str, pl.DataFrame], ...] = ()

    def picture(self) -> bytes | None:
        """Return the figure as PNG, None where there is nothing to draw; no figure stays open behind."""
        if self.draw is None:
            return None
        ax = self.draw()
        figure: Any = ax.get_figure()
        if ax.get_gid() == NOT_DRAWN:  # the sentence says why
            plt.close(figure)
            return None
        buffer = BytesIO()
        try:
            figure.savefig(buffer, format="png", dpi=SHARPNESS, metadata={"Software": None})
        finally:
            plt.close(figure)
        return buffer.getvalue()


class Explorer(widgets.VBox):
    """Controls and what they choose; `selection` is the whole state, and it is frozen.

    Every control is a drop-down list, box or button: Tab reaches all of it, Space opens a list, the arrows
    and Enter choose from it. (JupyterLab keeps the arrow keys of a closed list, and of a list that is always
    open, for moving between cells: so no list here is of that kind.) In a notebook the first picture and its
    tables are displayed too, so that a saved notebook reads well when nothing is live; while the explorer is
    live they are not shown twice.
    """

    def __init__(
        self,
        choice: Callable[..., Any],
        controls: Mapping[str, Any],
        view: Callable[[Any], View],
        *,
        offers: Mapping[str, Callable[[Any], Options]] | None = None,
        rows: Sequence[Sequence[str]] = (),
        still: bool = True,
    ) -> None:
        """Bind controls to a view.

        Args:
            choice: A frozen dataclass; its fields are the names of the controls.
            controls: A widget for each field.
            view: What a choice shows.
            offers: For a list that depends on the controls before it: what it offers, in order of dependence.
            rows: Names of the controls that stand beside each other; all in one row when empty.
            still: Whether a saved notebook has its first picture and tables beside it.
        """
        self._choice, self._view, self._offers = choice, view, dict(offers or {})
        self.controls = dict(controls)
        self._busy, self._still = False, still
        self._status, self._picture, self._details = widgets.HTML(), widgets.HTML(), widgets.HTML()
        lines = [widgets.HBox([self.controls[n] for n in names], layout=_wrapping()) for names in rows]
        lines = lines or [widgets.HBox(list(self.controls.values()), layout=_wrapping())]
        super().__init__([widgets.HTML(markup.STYLE), *lines, self._status, self._picture, self._details])
        self.add_class("autopilot-explorer")
        self.selection = self._settle()
        self._show(self._view(self.selection))
        for control in self.controls.values():
            control.observe(self._changed, names="value")

    def choose(self, **values: Any) -> None:  # whatever the controls hold
        """Set controls by name, one after the other, as a hand would.

        Args:
            values: Control and value; a value its list does not offer raises traitlets.TraitError.
        """
        for name, value in values.items():
            self.controls[name].value = value

    def __repr__(self) -> str:
        names = ", ".join(control.description.lower() for control in self.controls.values())
        return f"{markup.LIVE} choose by: {names}."

    def _ipython_display_(self) -> None:
        if self._png is not None and self._still:
            still = {"image/png": self._png, "text/plain": self.view.sentence}
            display(still, metadata={"image/png": {"alt": self.view.alt}}, raw=True)
        for _, frame in self.view.frames[: STILL if self._still else 0]:
            display(frame)
        display(self._repr_mimebundle_(), raw=True)

    def _settle(self) -> Any:  # the caller's own dataclass
        """Return the choice, after each list that depends on it offers what it now can."""
        self._busy = True
        try:
            for name, offer in self._offers.items():
                _offer(self.controls[name], offer(self._read()))
        finally:
            self._busy = False
        return self._read()

    def _read(self) -> Any:  # the caller's own dataclass
        return self._choice(**{name: control.value for name, control in self.controls.items()})

    def _changed(self, _change: object) -> None:
        if self._busy:
            return
        try:
            self.selection = self._settle()
            self._show(self._view(self.selection))
        except AnalysisError as error:
            self._status.value = markup.sentence(str(error))
        except Exception as error:
            self._status.value = markup.sentence(f"this could not be shown: {type(error).__name__}: {error}")
            raise

    def _show(self, view: View) -> None:
        self.view, self._png = view, view.picture()
        self._picture.value = markup.picture(self._png, view.alt or view.sentence) if self._png else ""
        self._details.value = "".join(markup.table(caption, frame) for caption, frame in view.frames)
        self._status.value = markup.sentence(view.sentence)  # last: it announces what is there by then


def _wrapping() -> widgets.Layout:
    return widgets.Layout(flex_flow="row wrap", align_items="flex-start")


def _offer(control: Any, options: Options) -> None:  # ipywidgets is untyped
    """Let a list offer these options, keeping its value when it is still among them, else the first."""
    before, offered = control.value, tuple(options)
    if control.options == offered:
        return
    values = [value for _, value in offered]
    control.options = offered
    if values:
        control.index = values.index(before) if before in values else 0


def labelled(description: str, kind: Any = widgets.Dropdown, **more: Any) -> Any:  # ipywidgets is untyped
    """Return a control with its label beside it.

    Args:
        description: The label.
        kind: The class of widget.
        more: Its own arguments.
    """
    style = {"description_width": "90px"}
    return kind(**{"description": description, "style": style, "layout": LINE, **more})
