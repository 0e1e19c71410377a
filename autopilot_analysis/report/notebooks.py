"""Where the notebooks and the sample data are: beside the package in a checkout, inside it in a wheel."""

from __future__ import annotations

import json
import warnings
from importlib.resources import files
from pathlib import Path
from typing import Any

import autopilot_analysis
from autopilot_analysis.errors import EXPORT_AGAIN, BadInput, UnknownName

WITHOUT_OUTPUT = "remove-output"
"""Tag of a cell of which a page shows nothing: a tool that is live in a notebook alone."""


class Node(dict[str, Any]):
    """A notebook, one of its cells or outputs; its fields are attributes too, as nbformat has them.

    nbformat itself takes longer to import than an export takes to read, so only a notebook of somebody
    else's passes through it.
    """

    def __getattr__(self, name: str) -> Any:
        try:
            return self[name]
        except KeyError:
            raise AttributeError(name) from None

    def __setattr__(self, name: str, value: object) -> None:
        self[name] = value


def list_notebooks() -> list[str]:
    """Return the names of the notebooks that come with the package, in reading order."""
    return sorted(path.stem for path in _folder("notebooks").glob("*.ipynb"))


def find_notebook(name: str | Path) -> Path:
    """Return the path of a notebook.

    Args:
        name: The name of one that comes with the package, such as "01_device_trace" (its number may be left
            out, dashes count as underscores), or the path of an .ipynb file.

    Raises:
        UnknownName: No notebook is called that.
        BadInput: The path of an .ipynb file leads nowhere.
    """
    wanted = str(name)
    known = {path.stem: path for path in sorted(_folder("notebooks").glob("*.ipynb"))}
    if wanted.endswith(".ipynb"):
        return _given(Path(wanted), known)
    plain = wanted.replace("-", "_")
    for stem, path in known.items():
        if plain in (stem, stem.lstrip("0123456789").lstrip("_")):
            return path
    raise UnknownName.among("notebook", wanted, known)


def heading(name: str) -> str:
    """Return what a notebook that comes with the package says first: its heading.

    Args:
        name: Its name, such as "01_device_trace".
    """
    cells = read_nodes(find_notebook(name).read_text("utf-8")).cells
    return next(
        str(cell.source).splitlines()[0].lstrip("# ") for cell in cells if cell.source.startswith("# ")
    )


def find_data() -> Path:
    """Return the folder of make-believe exports that comes with the package."""
    return _folder("data")


def is_shipped(notebook: Path) -> bool:
    """Tell whether a notebook is one of those that come with the package.

    Args:
        notebook: The path of a file that is there.
    """
    return any(notebook.samefile(path) for path in _folder("notebooks").glob("*.ipynb"))


def read_notebook(path: Path) -> Node:
    """Return a notebook without its outputs, ready to be run.

    Raises:
        BadInput: The file is not a notebook.
    """
    source = read_nodes(path.read_text("utf-8")) if is_shipped(path) else _read_checked(path)
    for cell in source.cells:
        cell.metadata.setdefault("tags", [])
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    source.metadata.setdefault("papermill", Node())
    return source


def read_nodes(text: str) -> Node:
    """Return a notebook in the form of nbformat 4 from its JSON; lines that belong together are joined.

    Args:
        text: What the file holds.
    """
    notebook: Node = json.loads(text, object_hook=Node)
    for cell in notebook.cells:
        cell.source = "".join(cell.source)
    return notebook


def _read_checked(path: Path) -> Node:
    """Read somebody's notebook, of whatever form nbformat knows."""
    import nbformat  # heavy, and only notebooks of others need it

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            source = nbformat.read(path, as_version=4)
            nbformat.validate(source)
            return read_nodes(nbformat.writes(source))
    except Exception as error:
        reason = (str(error).strip().splitlines() or [type(error).__name__])[0][:200]
        raise BadInput(f"{path.name} cannot be read as a notebook ({reason}); {EXPORT_AGAIN}.") from error


def _given(path: Path, known: dict[str, Path]) -> Path:
    if path.is_file():
        return path.resolve()
    if path.name == str(path) and path.stem in known:
        return known[path.stem]
    raise BadInput(f"{path} is not a file; give the path of a notebook or one of: {', '.join(known)}.")


def _folder(name: str) -> Path:
    package = Path(str(files(autopilot_analysis)))
    checkout = package.parent / name
    if (package.parent / "pyproject.toml").is_file() and checkout.is_dir():
        return checkout
    return package / "_shipped" / name
