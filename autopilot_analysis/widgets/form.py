"""A form made from a notebook's own parameters, which runs the notebook and links the page."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import ipywidgets as widgets
from IPython import display as ipython

from autopilot_analysis import wording
from autopilot_analysis.errors import AnalysisError
from autopilot_analysis.report import Parameter, check_parameters, inspect_parameters, write_report
from autopilot_analysis.widgets import markup
from autopilot_analysis.widgets.explorer import WIDE, display, labelled

FILE_LINK: Any = ipython.FileLink
"""The class again: IPython leaves it untyped."""

KINDS = {str: widgets.Text, int: widgets.IntText, float: widgets.FloatText, bool: widgets.Checkbox}
"""The control of each type a parameter can have."""


class Form(widgets.VBox):
    """One control for each parameter, its help beside it, and a button that writes the page."""

    def __init__(self, notebook: str | Path, out: str | Path | None, given: Mapping[str, object]) -> None:
        """Build the form of a notebook; see `fill_form`."""
        self.notebook, self.out = notebook, out
        self.page: Path | None = None
        declared = inspect_parameters(notebook)
        checked = check_parameters(declared, given)
        starts = {name: parameter.default for name, parameter in declared.items()}
        starts |= checked
        starts |= {name: str(given[name]) for name in given if declared[name].is_path}
        self.controls = {name: _control(parameter, starts[name]) for name, parameter in declared.items()}
        self.button = widgets.Button(
            description="Run and write the page", icon="play", layout=widgets.Layout(width="220px")
        )
        self.status, self.link = widgets.HTML(), widgets.Output()
        lines = [_line(self.controls[name], parameter) for name, parameter in declared.items()]
        super().__init__([*lines, self.button, self.status, self.link])
        self.button.on_click(self.run)

    def __repr__(self) -> str:
        return f"A form in JupyterLab and Voilà: {', '.join(self.controls)}."

    def run(self, _button: object = None) -> None:
        """Run the notebook with what the form holds and link the page; errors are told, not raised."""
        values = {name: control.value for name, control in self.controls.items()}
        self.button.disabled = True
        self.page = None
        self.link.outputs = ()
        self.status.value = markup.sentence("Running; a page of one device takes some seconds.")
        try:
            self.page = write_report(self.notebook, out=self.out, **values)
        except (AnalysisError, OSError) as error:
            self.status.value = markup.sentence(f"No page was written: {error}")
        else:
            self.status.value = markup.sentence(f"Written: {self.page}")
            with self.link:
                display(FILE_LINK(_from_here(self.page)))
        finally:
            self.button.disabled = False


def fill_form(notebook: str | Path, *, out: str | Path | None = None, **given: object) -> Form:
    """Return a form of a notebook's own parameters; its button writes the page and links it.

    Args:
        notebook: The name of a notebook that comes with the package, or the path of an .ipynb file.
        out: The page's path, or a folder for it; the working directory when not given.
        given: Values that the form starts with, in place of the notebook's own.

    Returns:
        A widget; `page` is the path of the page last written.

    Raises:
        UnknownName: No notebook is called that.

    Example:
        >>> fill_form("01_device_trace")  # doctest: +SKIP
    """
    return Form(notebook, out, given)


def _control(parameter: Parameter, value: object) -> Any:  # ipywidgets is untyped
    words = wording.words(parameter.name)
    more: dict[str, Any] = {"indent": True} if parameter.type is bool else {}
    if parameter.is_path:
        more["layout"] = WIDE
    return labelled(words, KINDS[parameter.type], value=value, tooltip=parameter.help, **more)


def _line(control: Any, parameter: Parameter) -> widgets.HBox:  # ipywidgets is untyped
    words = widgets.Label(parameter.help)
    return widgets.HBox([control, words], layout=widgets.Layout(flex_flow="row wrap"))


def _from_here(page: Path) -> str:
    """Return the page's path as a notebook in the working directory links it; whole where there is none."""
    try:
        return Path(os.path.relpath(page.resolve(), Path.cwd().resolve())).as_posix()
    except ValueError:  # another drive
        return str(page)
