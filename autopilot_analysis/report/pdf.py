"""A page printed to PDF by a browser that is installed already."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from autopilot_analysis.boundary import child_environment, find_program
from autopilot_analysis.errors import AnalysisError, BadInput
from autopilot_analysis.report.place import choose_place, put

COMMANDS = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
    "msedge",
    "microsoft-edge",
)
MAC = ("Google Chrome", "Microsoft Edge", "Chromium")
WINDOWS = (r"Microsoft\Edge\Application\msedge.exe", r"Google\Chrome\Application\chrome.exe")
QUIET = (
    "--headless",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-sync",
    "--disable-component-update",
    "--disable-extensions",
    "--no-pdf-header-footer",
    "--virtual-time-budget=10000",  # the timeline is unpacked and drawn after the page is loaded
)
PATIENCE = 180
"""Seconds a browser may take for one page."""


def find_browser() -> Path | None:
    """Return a browser that can print to PDF: Chromium, Chrome or Edge; None when none is installed."""
    found = (find_program(command) for command in COMMANDS)
    places = [program for program in found if program]
    if sys.platform == "darwin":
        places += [Path(f"/Applications/{name}.app/Contents/MacOS/{name}") for name in MAC]
    if os.name == "nt":
        roots = [os.environ.get(name) for name in ("ProgramFiles(x86)", "ProgramFiles", "LOCALAPPDATA")]
        places += [Path(root) / tail for root in roots if root for tail in WINDOWS]
    return next((place for place in places if place.is_file()), None)


def write_pdf(page: str | Path, out: str | Path | None = None, *, overwrite: bool = False) -> Path:
    """Print a page that `write_report` wrote to PDF and return where it lies.

    Args:
        page: The HTML file.
        out: The PDF's path; beside the page, under its name, when not given.
        overwrite: Whether a file that is there may be replaced.

    Raises:
        BadInput: The page is not a file.
        AnalysisError: No browser is installed, or it failed; the line says how to print by hand.
        NothingToWrite: The PDF is there already.
    """
    source = Path(page).expanduser().absolute()
    if not source.is_file():
        raise BadInput(f"{page} is not a file; write the page first, then print it.")
    target, free = choose_place(out or source.with_suffix(".pdf"), "", overwrite=overwrite)
    browser = find_browser()
    by_hand = f"open {source.name} in any browser and choose Print, Save as PDF"
    if browser is None:
        raise AnalysisError(f"no Chromium, Chrome or Edge was found to print with; {by_hand}.")
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as scratch:
        printed = Path(scratch) / "page.pdf"
        _print(browser, source, printed, Path(scratch))
        if not printed.is_file():
            raise AnalysisError(f"{browser.name} did not print the page; {by_hand}.")
        return put(printed.read_bytes(), target, free=free, overwrite=overwrite)


def _print(browser: Path, source: Path, printed: Path, scratch: Path) -> None:
    command = [str(browser), *QUIET, f"--user-data-dir={scratch / 'profile'}", f"--print-to-pdf={printed}"]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        command.append(
            "--no-sandbox"
        )  # a browser run by root refuses to start otherwise; the page runs only our script
    try:
        subprocess.run(
            [*command, source.as_uri()],
            cwd=scratch,
            env=child_environment(),
            capture_output=True,
            timeout=PATIENCE,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        printed.unlink(missing_ok=True)
