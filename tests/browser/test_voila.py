"""Notebooks served by Voilà: no JupyterLab around them, the same explorers and timeline, still live."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
import time
from contextlib import contextmanager

import pytest

from autopilot_analysis import build_timeline, load_story
from autopilot_analysis.report import find_notebook
from autopilot_analysis.timeline import search_timeline

PATIENCE = 180
FOUND = """
const view = document.querySelector('section.timeline')?.timeline;
if (!view?.rows.texts) return null;
view.find(arguments[0]);
return view.hitRows.map((row) => row + 1);"""
ADDRESS = "return document.querySelectorAll('.autopilot-explorer img')[0]?.src"
CHOOSE = """
const boxes = document.querySelectorAll('.autopilot-explorer')[0].querySelectorAll('.widget-inline-hbox');
for (const box of boxes) {
  if (box.querySelector('.widget-label')?.textContent.trim() !== arguments[0]) continue;
  const list = box.querySelector('select');
  list.selectedIndex = [...list.options].findIndex(option => option.text.startsWith(arguments[1]));
  list.dispatchEvent(new Event('change', {bubbles: true}));
  return true;
}
return false;"""


@pytest.fixture(scope="module")
def served(tmp_path_factory, ports):
    """The address of notebook 06 served by Voilà, on a port of this machine only."""
    with serving("06_fleet_study", tmp_path_factory.mktemp("voila"), ports) as address:
        yield address


@contextmanager
def serving(name, home, ports):
    if importlib.util.find_spec("voila") is None:
        pytest.skip('Voilà is not installed: python -m pip install "autopilot-analysis[browser]"')
    port = ports.free_port()
    own = {
        "IPYTHONDIR": home,
        "JUPYTER_CONFIG_DIR": home,
        "JUPYTER_DATA_DIR": home,
        "JUPYTER_RUNTIME_DIR": home,
    }
    command = [
        sys.executable, "-m", "voila", str(find_notebook(name)), "--no-browser", f"--port={port}",
        "--Voila.ip=127.0.0.1",
    ]  # fmt: skip
    log = (home / "log.txt").open("wb")
    env = {**os.environ, **{name: str(place) for name, place in own.items()}}
    process = subprocess.Popen(command, env=env, stdout=log, stderr=log, start_new_session=True)
    try:
        ports.wait_for(f"http://127.0.0.1:{port}/static/", process, home / "log.txt")
        yield f"http://127.0.0.1:{port}"
    finally:
        ports.stop(process)
        log.close()


def look(browser, script, *given, until):
    """Run a script until what it returns is as wanted."""
    end = time.monotonic() + PATIENCE
    seen = None
    while time.monotonic() < end:
        try:
            seen = browser.execute_script(script, *given)
        except Exception as error:
            if not type(error).__module__.startswith("selenium"):
                raise
            seen = None  # the page is still being put together
        if until(seen):
            return seen
        time.sleep(0.2)
    return pytest.fail(f"waited {PATIENCE} s in vain; last seen: {str(seen)[:200]}")


def test_a_dropdown_changes_the_picture_in_voila(browser, served, shots):
    browser.set_page_load_timeout(PATIENCE)
    browser.get(served)
    before = look(browser, ADDRESS, until=lambda seen: bool(seen) and seen.startswith("data:image/png"))
    look(browser, CHOOSE, "Quantile", "90th", until=bool)
    look(browser, ADDRESS, until=lambda seen: bool(seen) and seen != before)
    browser.save_screenshot(str(shots / "voila.png"))


def test_the_timeline_is_live_in_voila(browser, tmp_path_factory, ports, shots, device_export):
    pytest.importorskip("anywidget", reason="anywidget is part of the lab extra")
    timeline = build_timeline(*load_story(device_export))
    browser.set_page_load_timeout(PATIENCE)
    with serving("01_device_trace", tmp_path_factory.mktemp("voila"), ports) as address:
        browser.get(address)
        hits = look(browser, FOUND, "setup -level:error", until=bool)
        assert hits == search_timeline(timeline, "setup -level:error")["id"].to_list()
        browser.execute_script("document.querySelector('section.timeline').scrollIntoView()")
        browser.save_screenshot(str(shots / "voila-timeline.png"))
