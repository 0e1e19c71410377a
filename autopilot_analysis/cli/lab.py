"""`lab`: notebooks and sample data in a folder, and JupyterLab on them."""

from __future__ import annotations

import argparse
import shutil
from pathlib import Path

from autopilot_analysis.cli.options import new_place
from autopilot_analysis.quoting import one_line

HELP = "copy the notebooks and sample data into a folder and start JupyterLab there"


def add_options(verb: argparse.ArgumentParser) -> None:
    """Give the verb its arguments.

    Args:
        verb: The parser of this verb.
    """
    verb.add_argument(
        "dir",
        nargs="?",
        type=new_place,
        default="autopilot-lab",
        metavar="DIR",
        help="folder (default: %(default)s)",
    )
    verb.add_argument(
        "more", nargs="*", metavar="-- OPTION", help="options for JupyterLab, such as --port=9999"
    )
    verb.add_argument("--no-start", dest="copy_only", action="store_true", help="copy only")


def run(args: argparse.Namespace) -> None:
    """Copy the notebooks and start JupyterLab.

    Args:
        args: What the command line gave.
    """
    from autopilot_analysis.report import find_data, find_notebook, list_notebooks
    from autopilot_analysis.report.lab import start_lab

    target = Path(args.dir)
    (target / "notebooks").mkdir(parents=True, exist_ok=True)
    for name in list_notebooks():
        notebook = find_notebook(name)
        place = target / "notebooks" / notebook.name
        if not place.exists():
            shutil.copyfile(notebook, place)
    data = find_data()
    if not (target / "data").exists():
        shutil.copytree(data, target / "data")
    print(one_line(f"notebooks and sample data in {target.resolve()}"))
    if args.copy_only:
        return
    raise SystemExit(start_lab(target, args.more))
