"""Runs a notebook with given parameters in a fresh kernel of this very Python."""

from __future__ import annotations

import tempfile
import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from autopilot_analysis import errors
from autopilot_analysis.boundary import child_environment
from autopilot_analysis.errors import AnalysisError
from autopilot_analysis.report.lab import write_kernel_spec
from autopilot_analysis.report.notebooks import read_notebook
from autopilot_analysis.report.parameters import Value
from autopilot_analysis.timeline.page import SHOWN_AS
from autopilot_analysis.wording import visible

if TYPE_CHECKING:
    import nbformat
    from papermill import PapermillExecutionError

SETTINGS = {"MPLBACKEND": "module://matplotlib_inline.backend_inline", SHOWN_AS: "page"}
"""Figures come as pictures, frames and answers as the data that a page lays out."""

LAID_OUT = "__import__('autopilot_analysis').load_ipython_extension(get_ipython())"
QUIET = ["--IPKernelApp.log_level=50", f"--IPKernelApp.exec_lines={LAID_OUT}"]
"""Frames are laid out in notebooks that do not ask for it too; a kernel's own log is for its author."""


def run_notebook(notebook: Path, parameters: Mapping[str, Value]) -> nbformat.NotebookNode:
    """Return the notebook, run from top to bottom with the parameters; nothing is written.

    Args:
        notebook: An .ipynb file; its cells see its own folder as the working directory.
        parameters: Checked values; they are injected as literals.

    Raises:
        AnalysisError: A cell failed; an error of this package keeps its class and its words.
    """
    with warnings.catch_warnings(), tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as scratch:
        warnings.simplefilter("ignore")
        import papermill  # noqa: PLC0415  # heavy, and only reports need it

        source = read_notebook(notebook)
        try:
            executed: nbformat.NotebookNode = papermill.execute_notebook(
                source, None, dict(parameters), progress_bar=False, kernel_name="python3", language="python",
                kernel_manager_class=_kernel(scratch), resources={"metadata": {"path": str(notebook.parent)}},
            )  # fmt: skip
            return executed
        except papermill.PapermillExecutionError as failure:
            raise _as_our_own(notebook, source, failure) from None
        except Exception as failure:
            line = _one_line(str(failure)) or type(failure).__name__
            raise AnalysisError(f"notebook {notebook.stem} could not be run: {line}") from failure


def _kernel(scratch: str) -> type:
    """Return a kernel of this Python, whatever kernels are registered on the machine and in the profile."""
    from jupyter_client.kernelspec import KernelSpecManager  # noqa: PLC0415  # heavy
    from jupyter_client.manager import AsyncKernelManager  # noqa: PLC0415

    kernels = Path(scratch) / "kernels"
    write_kernel_spec(kernels)

    class OwnKernel(AsyncKernelManager):
        def __init__(self, **options: Any) -> None:  # noqa: ANN401  # traitlets
            specs = KernelSpecManager(kernel_dirs=[str(kernels)], ensure_native_kernel=False)
            place = str(Path(scratch) / "kernel.json")
            super().__init__(**options, kernel_spec_manager=specs, connection_file=place)

        async def start_kernel(self, **options: object) -> None:  # type: ignore[override]  # as its async parent
            extra = [*QUIET, "--InlineBackend.figure_formats=retina", "--HistoryManager.enabled=False"]
            given = options.pop("extra_arguments", [])
            arguments = [*(given if isinstance(given, list) else []), *extra]
            env = {**child_environment(), **SETTINGS, "IPYTHONDIR": scratch}
            await super().start_kernel(**options, env=env, extra_arguments=arguments)

    return OwnKernel


def _as_our_own(
    notebook: Path, source: nbformat.NotebookNode, failure: PapermillExecutionError
) -> AnalysisError:
    kind = getattr(errors, failure.ename, None)
    words = _one_line(failure.evalue)
    if isinstance(kind, type) and issubclass(kind, AnalysisError):
        return kind(words)
    number, heading = _place_of(source, failure.source)
    where = f"code cell {number}" + (f", under {heading!r}" if heading else "")
    return AnalysisError(f"notebook {notebook.stem} failed in {where}: {failure.ename}: {words}")


def _place_of(source: nbformat.NotebookNode, code: str) -> tuple[int, str]:
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
