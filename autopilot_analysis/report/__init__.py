"""Notebook and parameters in, one self-contained page out: no network, no foreign script."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from autopilot_analysis.boundary import folders_of
from autopilot_analysis.export.marker import is_dataset
from autopilot_analysis.fleet.dataset.dataset import hash_of
from autopilot_analysis.release import read_version
from autopilot_analysis.report.fitting import fit_notebook
from autopilot_analysis.report.notebooks import Node, find_data, find_notebook, is_shipped, list_notebooks
from autopilot_analysis.report.page.page import build_page, refuse_misfit
from autopilot_analysis.report.parameters import (
    Parameter,
    Value,
    check_parameters,
    inspect_parameters,
)
from autopilot_analysis.report.pdf import find_browser, write_pdf
from autopilot_analysis.report.place import choose_place, plain_name, put
from autopilot_analysis.report.run import run_notebook, run_shipped
from autopilot_analysis.wording import words

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = [
    "Parameter",
    "check_parameters",
    "find_browser",
    "find_data",
    "find_notebook",
    "fit_notebook",
    "inspect_parameters",
    "list_notebooks",
    "write_pdf",
    "write_report",
]


def write_report(
    notebook: str | Path,
    *,
    out: str | Path | None = None,
    overwrite: bool = False,
    kernel: bool = False,
    **parameters: object,
) -> Path:
    """Run a notebook with the parameters and write what it shows as one HTML page; return where it lies.

    The page holds everything it needs and asks nothing of the network. It names the export, never a path of
    this machine; with `privacy=True` it names not even the export.

    Args:
        notebook: The name of a notebook that comes with the package, or the path of an .ipynb file.
        out: The page's path, or a folder for it. Without it the page lies in the working directory,
            named after export and notebook, with -2, -3 … behind when that is taken.
        overwrite: Whether a file that is there may be replaced.
        kernel: Whether a notebook of the package too runs in a process of its own.
        parameters: The notebook's own parameters, see `inspect_parameters`.

    Returns:
        The page's path.

    Raises:
        UnknownName: No notebook or parameter is called that.
        BadInput: A value is not of the parameter's type, or the folder for the page does not exist.
        BadInput: The export does not fit the notebook; the message names the one that does.
        NothingToWrite: `out` is there already and `overwrite` is not set.
        AnalysisError: A cell failed; an error of this package keeps its class and its words.

    Example:
        >>> page = write_report("01_device_trace", export="mdm-diagnostics.cab")  # doctest: +SKIP
    """
    path = find_notebook(notebook)
    declared = inspect_parameters(path)
    values = check_parameters(declared, parameters)
    private = values.get("privacy") is True
    subject = "" if private else _subject(declared, values)
    target, free = choose_place(out, f"{_name(path, subject)}.html", overwrite=overwrite)
    executed = run_notebook(path, values) if kernel or not is_shipped(path) else _run_shipped(path, values)
    refuse_misfit(path.stem, executed)
    settings = [] if private else _settings(declared, values)
    html = build_page(
        executed,
        subject=subject,
        settings=settings,
        hidden=_hidden(path, declared, values),
        footer=_footer(values),
    )
    return put(html.encode("utf-8", "replace"), target, free=free, overwrite=overwrite)


def _run_shipped(notebook: Path, values: Mapping[str, Value]) -> Node:
    exports = [str(value) for name, value in values.items() if name.endswith("export") and value]
    return run_shipped(notebook, values, folders_of(exports))


def _footer(values: Mapping[str, Value]) -> str:
    """Return what made the page, and the hash of what it was made from, see `hash_of`."""
    made = f"Made by autopilot-analysis {read_version()}"
    export = Path(str(values.get("export") or ""))
    if values.get("privacy") is True or not values.get("export") or not export.exists():
        return f"{made}."
    over = " over its exports" if is_dataset(export) else " over its files" if export.is_dir() else ""
    return f"{made} from {export.name}, SHA-256{over} {hash_of(export)}."


def _subject(declared: Mapping[str, Parameter], values: Mapping[str, Value]) -> str:
    parameter = declared.get("export")
    return Path(str(values.get("export") or parameter.default)).name if parameter else ""


def _name(notebook: Path, subject: str) -> str:
    plain = notebook.stem.lstrip("0123456789").lstrip("_-").replace("_", "-") or notebook.stem
    stem = subject.rsplit(".", 1)[0] if "." in subject.strip(".") else subject
    return plain_name(f"{stem}-{plain}" if stem else plain)


def _settings(declared: Mapping[str, Parameter], values: Mapping[str, Value]) -> list[tuple[str, str, str]]:
    """Return what the analyst set, less the subject, which stands above the title."""
    return [
        (words(name), Path(str(value)).name if declared[name].is_path else str(value), declared[name].help)
        for name, value in values.items()
        if name != "export"
        and value != declared[name].default
        and not (declared[name].is_sample and not value)
    ]


def _hidden(
    notebook: Path, declared: Mapping[str, Parameter], values: Mapping[str, Value]
) -> list[tuple[str, str]]:
    """Return the paths of this machine that a page must not show, in every spelling, and what it shows."""
    paths = [Path(str(value)) for name, value in values.items() if declared[name].is_path and value]
    pairs = [(path, path.name) for path in paths] + [(path.resolve(), path.name) for path in paths]
    pairs.append((notebook.parent, "notebooks"))
    spellings = [(str(path), name) for path, name in pairs if len(path.parts) > 1]
    doubled = [(text.replace("\\", "\\\\"), name) for text, name in spellings]
    slashed = [(text.replace("\\", "/"), name) for text, name in spellings]
    return list(dict.fromkeys(spellings + doubled + slashed))
