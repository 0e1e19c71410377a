"""The timeline of one capture repeated to 14,000 and 200,000 records: frame, packing, exports, browser.

`python benchmarks/timeline.py [EXPORT]`; without an export of your own one is made up. Prints Markdown. The
figures of the browser need selenium, Chromium and its driver, and no GPU: first picture and search by the
clock of the page, a zoom step by that clock and by the processor's time of the page's own thread, which other
work on the machine does not lengthen. A cold first load stands beside the others.
"""

from __future__ import annotations

import argparse
import dataclasses
import shutil
import tempfile
import time
from datetime import timedelta
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

import nbformat
import polars as pl
from measuring import medians, table

from autopilot_analysis import build_timeline, load_story
from autopilot_analysis.report.page.page import build_page
from autopilot_analysis.samples import write_sample
from autopilot_analysis.tables import Tables
from autopilot_analysis.timeline import FORMATS, search_timeline, write_timeline
from autopilot_analysis.timeline.packing import pack_timeline
from autopilot_analysis.timeline.page import MIME, as_output

if TYPE_CHECKING:
    from selenium.webdriver.remote.webdriver import WebDriver

SIZES = (14_000, 200_000)
QUERIES = ("error", "-error", "code:0x8", "id:404", '"not joined"', "level:error -crypto")
ROUNDS = 6
VIEW = "document.querySelector('section.timeline').timeline"
WATCH = """
const set = CanvasRenderingContext2D.prototype.setTransform;
CanvasRenderingContext2D.prototype.setTransform = function (...values) {
  if (!window.painted && this.canvas.className === 'tl-canvas') {
    window.painted = true;
    requestAnimationFrame(() => setTimeout(() => { window.first = performance.now(); }));
  }
  return set.apply(this, values);
};"""
STEPS = 60
ZOOM = f"""
const view = {VIEW}, i = arguments[0], began = performance.now();
if (i === 0) view.home();
view.zoom(i < {STEPS // 2} ? 1 / 1.25 : 1.25, view.rows.length * (0.2 + 0.6 * ((i * 7) % 10) / 10));
view.draw(true);
return performance.now() - began;"""
SEARCH = f"""
const view = {VIEW};
return arguments[0].map((query) => {{
  const began = performance.now();
  view.find(query);
  return performance.now() - began;
}});"""


def repeated(tables: Tables, size: int) -> Tables:
    """The records of a capture again and again, nine days apart, each with fields of its own."""
    times = max(1, round(size / max(1, tables.events.height + tables.log_lines.height)))

    def copies(frame: pl.DataFrame, *instants: str) -> pl.DataFrame:
        return pl.concat(
            frame.with_columns(
                *(pl.col(name) + timedelta(days=9 * place) for name in instants),
                record=pl.col("record") + 1_000_000 * place,
            )
            for place in range(times)
        )

    events = copies(tables.events, "at", "recorded_at")
    own = pl.concat_str(pl.lit(',"n":"'), pl.col("record").cast(pl.String), pl.lit('"}'))
    fields = pl.col("data").fill_null('{"a":1}').str.strip_suffix("}") + own
    lines = copies(tables.log_lines, "at", "written_at")
    return dataclasses.replace(tables, events=events.with_columns(data=fields), log_lines=lines)


def page_of(timeline: pl.DataFrame, file: Path) -> Path:
    output = nbformat.v4.new_output("display_data", data={MIME: as_output(pack_timeline(timeline))})
    file.write_text(build_page(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(outputs=[output])])))
    return file


def zoom_figures(driver: WebDriver) -> tuple[float, float]:
    """Milliseconds of a zoom step at the 95th percentile: by the clock, and of processor time."""
    driver.execute_cdp_cmd("Performance.enable", {"timeDomain": "threadTicks"})

    def busy() -> float:
        metrics = driver.execute_cdp_cmd("Performance.getMetrics", {})["metrics"]
        return 1000 * next(one["value"] for one in metrics if one["name"] == "ThreadTime")

    clock, processor = [], []
    for step in range(STEPS):
        before = busy()
        clock.append(driver.execute_script(ZOOM, step))
        processor.append(busy() - before)
    return tuple(sorted(each)[round(0.95 * STEPS)] for each in (clock, processor))


def browser_figures(page: Path) -> list[str]:
    """First picture cold and warm, a zoom step, six searches, heap; empty without a browser."""
    try:
        from selenium import webdriver
    except ImportError:
        return []
    if not shutil.which("chromium") or not shutil.which("chromedriver"):
        return []
    options = webdriver.ChromeOptions()
    options.binary_location = str(shutil.which("chromium"))
    for word in ("--headless=new", "--no-sandbox", "--disable-gpu", "--window-size=1400,1500"):
        options.add_argument(word)
    driver = webdriver.Chrome(options, webdriver.ChromeService(executable_path=shutil.which("chromedriver")))
    try:
        driver.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": WATCH})
        first = []
        for _ in range(ROUNDS):
            driver.get("about:blank")
            driver.get(page.as_uri())
            while not driver.execute_script(f"return !!({VIEW}?.ready && window.first)"):
                time.sleep(0.02)
            first.append(driver.execute_script("return window.first"))
        by_clock, by_processor = zoom_figures(driver)
        searches = driver.execute_script(SEARCH, list(QUERIES))
        heap = driver.execute_cdp_cmd("Runtime.getHeapUsage", {})["usedSize"]
    finally:
        driver.quit()
    return [
        f"{first[0]:.0f} / {median(first[1:]):.0f} ms", f"{by_clock:.1f} / {by_processor:.1f} ms",
        f"{min(searches):.0f} to {max(searches):.0f} ms", f"{heap / 1e6:.0f} MB",
    ]  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("export", nargs="?")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        export = asked.export or write_sample(folder / "device.cab", "user_driven_success").path
        tables, trace, findings = load_story(export)
        work, seen = [], []
        for size in SIZES:
            many = repeated(tables, size)
            timeline = build_timeline(many, trace, findings)
            candidates = {
                "frame": lambda: build_timeline(many, trace, findings),  # noqa: B023 - run within the turn
                "packing": lambda: pack_timeline(timeline),  # noqa: B023
                "search": lambda: [search_timeline(timeline, query) for query in QUERIES],  # noqa: B023
            } | {
                form: lambda form=form: write_timeline(timeline, folder / "t", form, overwrite=True)  # noqa: B023
                for form in FORMATS
            }
            taken = medians(candidates, 3)
            work += [(f"{timeline.height:,}", name, f"{seconds:.2f} s") for name, seconds in taken.items()]
            page = page_of(timeline, folder / "page.html")
            seen.append(
                (f"{timeline.height:,}", f"{page.stat().st_size / 1e6:.2f} MB", *browser_figures(page))
            )
        print(table(work, "rows", "work", "CPU"))
        if len(seen[0]) > 2:
            print()
            names = (
                "first picture, cold / warm",
                "zoom step, p95, clock / processor",
                "six searches",
                "heap",
            )
            print(table(seen, "rows", "page", *names))


if __name__ == "__main__":
    main()
