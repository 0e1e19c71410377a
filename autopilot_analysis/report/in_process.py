"""Runs a notebook in this process, in IPython's own shell, and leaves the process as it was found."""

from __future__ import annotations

import atexit
import builtins
import io
import os
import sys
import threading
import types
import warnings
from base64 import b64encode
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any

from autopilot_analysis.boundary import closed_to
from autopilot_analysis.progress import show_progress
from autopilot_analysis.report.cells import load_ipython_extension
from autopilot_analysis.report.kernel import import_matplotlib_elsewhere
from autopilot_analysis.report.notebooks import WITHOUT_OUTPUT, Node
from autopilot_analysis.report.page.pictures import show_inline

UNSHOWN = (DeprecationWarning, PendingDeprecationWarning, ImportWarning, ResourceWarning)
"""What Python itself does not show outside of `__main__`."""
HOOKS = (
    "displayhook",
    "excepthook",
    "ps1",
    "ps2",
    "ps3",
    "last_exc",
    "last_type",
    "last_value",
    "last_traceback",
)
"""What a shell sets in `sys`; the last four keep all that a failed cell held."""


class CellFailed(Exception):
    """A cell raised: its code, and the class and words of what it raised."""

    def __init__(self, code: str, error: BaseException) -> None:
        super().__init__(code, error)
        self.code, self.ename, self.evalue = code, type(error).__name__, str(error)


class _Outputs:
    """What the running cell has shown so far."""

    def __init__(self) -> None:
        self.of_cell: list[Node] = []

    def add(self, kind: str, data: Mapping[str, Any], metadata: Mapping[str, Any] | None) -> None:
        as_text = {k: b64encode(v).decode() if isinstance(v, bytes) else v for k, v in data.items()}
        self.of_cell.append(Node(output_type=kind, data=as_text, metadata=dict(metadata or {})))

    def add_text(self, name: str, text: str) -> None:
        last = self.of_cell[-1] if self.of_cell else Node()
        if last.get("name") == name:
            last.text += text
        elif text:
            self.of_cell.append(Node(output_type="stream", name=name, text=text))


class _Stream(io.TextIOBase):
    """A standard stream whose text becomes an output of the cell that runs."""

    encoding = "utf-8"

    def __init__(self, kind: str, outputs: _Outputs) -> None:
        self._kind, self._outputs = kind, outputs

    def write(self, text: str) -> int:
        self._outputs.add_text(self._kind, text)
        return len(text)


def can_run_here() -> bool:
    """Tell whether this process is free to run a notebook: no shell is in it, and this is its main thread."""
    from IPython.core.interactiveshell import InteractiveShell  # heavy

    return not InteractiveShell.initialized() and threading.current_thread() is threading.main_thread()


def run_here(
    notebook: Node, place: Path, folders: Iterable[Path], settings: Mapping[str, str], scratch: str
) -> Node:
    """Return the notebook, its cells run in turn in this process, with what each showed.

    A cell of which a page shows nothing is not run.

    Args:
        notebook: With its parameters in it; it is filled in place.
        place: The folder that its cells see as the working directory.
        folders: Those of the export; nothing is imported from them.
        settings: Environment variables that hold while it runs.
        scratch: An empty folder for what the shell writes down.

    Raises:
        CellFailed: A cell raised; those after it are not run.
    """
    outputs = _Outputs()
    with ExitStack() as kept:
        for guard in (closed_to(place, *folders), _interpreter(), _figures(), _stand(place, settings)):
            kept.enter_context(guard)
        shell = kept.enter_context(_shell(outputs, scratch))
        show = kept.enter_context(show_progress("cells"))
        kept.enter_context(redirect_stdout(_Stream("stdout", outputs)))
        kept.enter_context(redirect_stderr(_Stream("stderr", outputs)))
        for number, cell in enumerate(notebook.cells):
            show(number, len(notebook.cells), "")
            if cell.cell_type == "code" and WITHOUT_OUTPUT not in cell.metadata.get("tags", []):
                cell.outputs = outputs.of_cell = []
                _run(shell, cell)
    return notebook


def _run(shell: Any, cell: Node) -> None:  # IPython is untyped
    result = shell.run_cell(cell.source, store_history=True)
    cell.execution_count = result.execution_count
    failure = result.error_before_exec or result.error_in_exec
    if isinstance(failure, KeyboardInterrupt):
        raise failure
    if failure is not None:
        raise CellFailed(cell.source, failure)


@contextmanager
def _stand(place: Path, settings: Mapping[str, str]) -> Iterator[None]:
    """Stand in a folder, under these environment variables."""
    here, before = Path.cwd(), {name: os.environ.get(name) for name in settings}
    os.environ.update(settings)
    os.chdir(place)
    try:
        yield
    finally:
        os.chdir(here)
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


@contextmanager
def _interpreter() -> Iterator[None]:
    """Filter warnings as a fresh process does; give back hooks, builtins and the main module."""
    hooks = {name: getattr(sys, name) for name in HOOKS if hasattr(sys, name)}
    main, names = sys.modules["__main__"], dict(vars(builtins))
    with warnings.catch_warnings():
        warnings.resetwarnings()
        for category in UNSHOWN:
            warnings.simplefilter("ignore", category)
        try:
            yield
        finally:
            for name in HOOKS:
                vars(sys).pop(name, None)
            vars(sys).update(hooks)
            sys.modules["__main__"] = main
            for name in vars(builtins).keys() - names.keys():
                delattr(builtins, name)
            vars(builtins).update(names)


@contextmanager
def _figures() -> Iterator[None]:
    """Start without figures, from the settings of a fresh process; give back those that were there."""
    import_matplotlib_elsewhere()
    import matplotlib as mpl  # heavy
    from matplotlib import pyplot as plt
    from matplotlib._pylab_helpers import Gcf
    from matplotlib_inline.config import InlineBackend

    backend = mpl.get_backend(auto_select=False) or "agg"  # to select one may open a window system
    of_others = dict(Gcf.figs)
    Gcf.figs.clear()  # or the first cell would show and close them
    with mpl.rc_context():
        mpl.rc_file_defaults()
        try:
            yield
        finally:
            plt.close("all")
            Gcf.figs.update(of_others)
            InlineBackend.clear_instance()
    plt.switch_backend(backend)


@contextmanager
def _shell(outputs: _Outputs, scratch: str) -> Iterator[Any]:
    """Start IPython's shell with figures inline; what it shows goes to the outputs."""
    from IPython.core.displayhook import DisplayHook  # heavy
    from IPython.core.displaypub import DisplayPublisher
    from IPython.core.interactiveshell import InteractiveShell
    from traitlets.config import Config

    class Publisher(DisplayPublisher):
        def publish(self, data: Any, metadata: Any = None, *_: Any, **__: Any) -> None:
            outputs.add("display_data", data, metadata)

        def clear_output(self, wait: bool = False) -> None:  # noqa: ARG002
            outputs.of_cell.clear()

    class Hook(DisplayHook):
        def write_output_prompt(self) -> None:
            """A page shows no numbers."""

        def write_format_data(self, format_dict: Any, md_dict: Any = None) -> None:
            outputs.add("execute_result", format_dict, md_dict)

        def flush(self) -> None:
            """What was shown goes with the shell: no collection has to look for it at the end."""

    config = Config(HistoryManager={"enabled": False})
    shell: Any = InteractiveShell.instance(
        config=config,
        ipython_dir=scratch,
        user_module=types.ModuleType("__main__"),
        display_pub_class=Publisher,
        displayhook_class=Hook,
    )
    try:
        show_inline(shell)
        load_ipython_extension(shell)
        yield shell
    finally:
        atexit.unregister(shell.atexit_operations)
        shell.restore_sys_module_state()
        shell.reset(new_session=False)
        InteractiveShell.clear_instance()
