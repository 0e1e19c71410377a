"""JupyterLab on a folder; nothing in there or in the current folder is code or configuration to it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

from autopilot_analysis.boundary import child_environment, folders_of
from autopilot_analysis.errors import AnalysisError, how_to_install
from autopilot_analysis.wording import START_HERE

FIRST = f"notebooks/{START_HERE}.ipynb"
ASKS_NOTHING = [
    f"--LabApp.default_url=/lab/tree/{FIRST}",
    "--LabApp.news_url=None",
    "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
]
"""It opens the notebook that leads to the others, and asks the network for neither news nor updates."""
KERNEL = Path(__file__).with_name("kernel.py")


def write_kernel_spec(folder: Path) -> None:
    """Write the kernel `python3`: this very Python, closed to the folder it stands in.

    Args:
        folder: Of kernels; made when it is not there.
    """
    argv = [sys.executable, "-P", str(KERNEL), "--IPKernelApp.ignore_cwd=True", "-f", "{connection_file}"]
    spec = {"argv": argv, "display_name": "Python 3 (ipykernel)", "language": "python"}
    place = folder / "python3"
    place.mkdir(parents=True)
    (place / "kernel.json").write_text(json.dumps({**spec, "metadata": {"debugger": True}}), "utf-8")


def start_lab(folder: Path, options: Sequence[str] = ()) -> int:
    """Start JupyterLab on a folder and return its exit status when it ends.

    It stands in an empty folder of its own, since it takes configuration from where it stands; its kernels
    are ours.

    Args:
        folder: What it shows.
        options: Further options of JupyterLab.

    Raises:
        AnalysisError: JupyterLab is not installed.
    """
    if find_spec("jupyterlab") is None:
        raise AnalysisError(f"JupyterLab is not installed; run: {how_to_install('lab')}")
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as scratch:
        stand = Path(scratch) / "stand"
        stand.mkdir()
        write_kernel_spec(Path(scratch) / "data" / "kernels")
        env = child_environment(*folders_of([folder]))
        before = env.get("JUPYTER_PATH", "").split(os.pathsep)
        others = [place for place in before if Path(place).is_absolute()]
        env["JUPYTER_PATH"] = os.pathsep.join([str(Path(scratch) / "data"), *others])
        command = [sys.executable, "-P", "-m", "jupyterlab", "--notebook-dir", str(folder.resolve())]
        return subprocess.run([*command, *ASKS_NOTHING, *options], cwd=stand, env=env, check=False).returncode
