"""Runs a notebook with given parameters: one of the package here, any other in a fresh kernel."""

from __future__ import annotations

import json
import tempfile
import warnings
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from autopilot_analysis import errors
from autopilot_analysis.boundary import child_environment
from autopilot_analysis.errors import AnalysisError
from autopilot_analysis.progress import ON_A_TERMINAL
from autopilot_analysis.quoting import visible
from autopilot_analysis.report.in_process import CellFailed, can_run_here, run_here
from autopilot_analysis.report.lab import write_kernel_spec
from autopilot_analysis.report.notebooks import Node, read_nodes, read_notebook
from autopilot_analysis.report.parameters import Value
from autopilot_analysis.timeline.page import SHOWN_AS

SETTINGS = {"MPLBACKEND": "module://matplotlib_inline.backend_inline", SHOWN_AS: "page"}
"""Figures come as pictures, frames and answers as the data that a page lays out."""

LAID_OUT = [
    "__import__('autopilot_analysis').load_ipython_extension(get_ipython())",
    "__import__('autopilot_analysis.report.page.pictures').report.page.pictures.show_inline(get_ipython())",
]
"""Frames and figures are laid out in notebooks that do not ask for it too."""
KERNEL = [
    "--IPKernelApp.log_level=50",
    *(f"--IPKernelApp.exec_lines={line}" for line in LAID_OUT),
    "--HistoryManager.enabled=False",
]
"""A kernel's own log is for its author."""


def run_shipped(notebook: Path, parameters: Mapping[str, Value], folders: Iterable[Path]) -> Node:
    """Return a notebook that comes with the package, run in this process where that is free to.

    Args:
        notebook: An .ipynb file; its cells see its own folder as the working directory.
        parameters: Checked values; they are injected as literals.
        folders: Those of the export; nothing is imported from them.

    Raises:
        AnalysisError: A cell failed; an error of this package keeps its class and its words.
    """
    if not can_run_here():
        return run_notebook(notebook, parameters)
    source = read_notebook(notebook)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as scratch:
        settings = {**SETTINGS, "IPYTHONDIR": scratch}
        try:
            return run_here(_with_values(source, parameters), notebook.parent, folders, settings, scratch)
        except CellFailed as failure:
            raise _as_our_own(notebook, source, failure.ename, failure.evalue, failure.code) from None


def _with_values(source: Node, parameters: Mapping[str, Value]) -> Node:
    """Return a notebook with a cell that sets parameters after the one that declares them."""
    code = "".join(f"{name} = {value!r}\n" for name, value in parameters.items())
    given = Node(cell_type="code", metadata=Node(tags=["injected-parameters"]), source=code)
    cells = list(source.cells)
    declared = [place for place, cell in enumerate(cells) if "parameters" in cell.metadata.tags]
    cells.insert(declared[0] + 1 if declared else 0, given)
    return Node(source, cells=cells)


def run_notebook(notebook: Path, parameters: Mapping[str, Value]) -> Node:
    """Return the notebook, run by papermill in a process of its own; nothing is written.

    Args:
        notebook: An .ipynb file; its cells see its own folder as the working directory.
        parameters: Checked values; they are injected as literals.

    Raises:
        AnalysisError: A cell failed; an error of this package keeps its class and its words.
    """
    source = read_notebook(notebook)
    with warnings.catch_warnings(), tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as scratch:
        warnings.simplefilter("ignore")
        import nbformat  # heavy, and only a kernel needs them
        import papermill

        try:
            executed = papermill.execute_notebook(
                nbformat.from_dict(source),
                None,
                dict(parameters),
                progress_bar=ON_A_TERMINAL,
                kernel_name="python3",
                language="python",
                kernel_manager_class=_kernel(scratch),
                resources={"metadata": {"path": str(notebook.parent)}},
            )
            return _in_whole_streams(read_nodes(json.dumps(executed)))
        except papermill.PapermillExecutionError as failure:
            raise _as_our_own(notebook, source, failure.ename, failure.evalue, failure.source) from None
        except Exception as failure:
            line = _one_line(str(failure)) or type(failure).__name__
            raise AnalysisError(f"notebook {notebook.stem} could not be run: {line}") from failure


def _in_whole_streams(executed: Node) -> Node:
    """Return a notebook whose printed text is in one piece, as the calling process gives it.

    A kernel sends what a cell prints in as many pieces as it had time for.
    """
    for cell in executed.cells:
        whole: list[Node] = []
        for output in cell.get("outputs", []):
            if whole and "name" in output and whole[-1].get("name") == output.name:
                whole[-1].text += output.text
            else:
                whole.append(output)
        if whole:
            cell.outputs = whole
    return executed


def _kernel(scratch: str) -> type:
    """Return a kernel of this Python, whatever kernels are registered on the machine and in the profile."""
    from jupyter_client.kernelspec import KernelSpecManager  # heavy
    from jupyter_client.manager import AsyncKernelManager

    kernels = Path(scratch) / "kernels"
    write_kernel_spec(kernels)

    class OwnKernel(AsyncKernelManager):
        def __init__(self, **options: Any) -> None:  # traitlets
            specs = KernelSpecManager(kernel_dirs=[str(kernels)], ensure_native_kernel=False)
            place = str(Path(scratch) / "kernel.json")
            super().__init__(**options, kernel_spec_manager=specs, connection_file=place)

        async def start_kernel(self, **options: object) -> None:  # type: ignore[override]  # as its async parent
            given = options.pop("extra_arguments", [])
            arguments = [*(given if isinstance(given, list) else []), *KERNEL]
            env = {**child_environment(), **SETTINGS, "IPYTHONDIR": scratch}
            await super().start_kernel(**options, env=env, extra_arguments=arguments)

    return OwnKernel


def _as_our_own(notebook: Path, source: Node, ename: str, evalue: str, code: str) -> AnalysisError:
    kind = getattr(errors, ename, None)
    words = _one_line(evalue)
    if isinstance(kind, type) and issubclass(kind, AnalysisError):
        return kind(words)
    number, heading = _place_of(source, code)
    where = f"code cell {number}" + (f", under {heading!r}" if heading else "")
    return AnalysisError(f"notebook {notebook.stem} failed in {where}: {ename}: {words}")


def _place_of(source: Node, code: str) -> tuple[int, str]:
    """Return which code cell holds the code, from 1, and the heading it stands under."""
    number, heading = 0, ""
    for cell in source.cells:
        if cell.cell_type == "markdown":
            lines = [line.lstrip("#").strip() for line in cell.source.splitlines() if line.startswith("#")]
            heading = lines[-1] if lines else heading
        elif cell.cell_type == "code":
            number += 1
            if cell.source == code:
                break
    return number, heading


def _one_line(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return visible(lines[0])[:400] if lines else ""
