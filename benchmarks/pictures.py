"""Makes the pictures of README and docs from data/, as today's code draws them.

python benchmarks/pictures.py    # needs a Chromium for the page
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

import matplotlib as mpl
from matplotlib.axes import Axes
from PIL import Image

from autopilot_analysis import figures, load_deployments, load_story
from autopilot_analysis.fleet import lay_side_by_side
from autopilot_analysis.report import find_browser, find_data, write_report
from autopilot_analysis.trace import build_critical_path

DOCS = Path(__file__).parents[1] / "docs"
WIDE, HIGH = 1400, 1740
SHOWN = 0.7
"""Share of its size at which the page stands in the README."""
COLOURS = 256


def keep(image: Image.Image, name: str) -> None:
    """Store a picture in few colours: it looks the same and takes less room."""
    small = image.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
    small.save(DOCS / f"{name}.png", "PNG", optimize=True)
    print(f"{name}.png: {small.size[0]} x {small.size[1]}")


def keep_figure(ax: Axes, name: str) -> None:
    """Store a figure."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.png"
        ax.figure.savefig(path, dpi=110)
        keep(Image.open(path), name)


def keep_page(export: Path, name: str) -> None:
    """Store the head of an export's page as a browser shows it."""
    with tempfile.TemporaryDirectory() as folder:
        page = write_report("01_device_trace", export=str(export), out=folder)
        shot = Path(folder) / "a.png"
        words = ["--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--no-first-run"]
        place = [f"--screenshot={shot}", f"--window-size={WIDE},{HIGH}", f"--user-data-dir={folder}/profile"]
        subprocess.run([str(find_browser()), *words, *place, page.as_uri()], check=True, capture_output=True)
        image = Image.open(shot).convert("RGB")
        keep(image.resize((round(WIDE * SHOWN), round(HIGH * SHOWN)), Image.Resampling.LANCZOS), name)


def main() -> None:
    """Make every picture."""
    mpl.use("agg")
    data = find_data()
    timed_out = data / "esp-app-timeout.zip"
    keep_figure(figures.draw_screens(load_story(data / "oobe-error-page.cab").trace.screens), "screens")
    keep_figure(figures.draw_critical_path(build_critical_path(load_story(timed_out).trace)), "critical-path")
    laid = lay_side_by_side(timed_out, data / "user-driven-success.cab")
    keep_figure(figures.draw_side_by_side(laid.stages, names=laid.devices), "side-by-side")
    keep_figure(figures.draw_timings(load_deployments(data / "fleet").deployments), "timings")
    keep_page(data / "oobe-error-page.cab", "page")


if __name__ == "__main__":
    sys.exit(main())
