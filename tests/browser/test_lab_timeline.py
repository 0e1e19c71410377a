"""The timeline in JupyterLab: the same picture, keys that leave cells alone, what was picked as a frame."""

from __future__ import annotations

import time

import pytest

from autopilot_analysis import build_timeline, load_story
from autopilot_analysis.timeline import search_timeline

PATIENCE = 120
VIEW = "document.querySelector('section.timeline').timeline"
RUN = """
const done = arguments[arguments.length - 1];
(async () => {
  const panel = window.jupyterapp.shell.currentWidget;
  await panel.context.ready; await panel.sessionContext.ready;
  done(await window.jupyterapp.commands.execute('notebook:run-all-cells'));
})().catch(error => done(String(error)));
"""
ASK = """
const [code, done] = arguments, kernel = window.jupyterapp.shell.currentWidget.sessionContext.session.kernel;
let said = '';
const asked = kernel.requestExecute({code});
asked.onIOPub = (message) => { said += message.content.text || (message.content.evalue ?? ''); };
asked.done.then(() => done(said.trim()));
"""
FOUND = "[each for each in Out.values() if type(each).__name__ == 'TimelineExplorer'][-1]"
CELLS = "return window.jupyterapp.shell.currentWidget.content.widgets.length"


def wait(driver, condition):
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if driver.execute_script(f"return {condition}"):
            return
        time.sleep(0.1)
    pytest.fail(f"waited {PATIENCE} s in vain for {condition}")


@pytest.fixture(scope="module")
def notebook(browser, lab):
    pytest.importorskip("anywidget", reason="anywidget is part of the lab extra")
    address, _ = lab
    browser.get(f"{address}/lab/tree/notebooks/01_device_trace.ipynb?reset")
    wait(browser, "!!(window.jupyterapp?.shell?.currentWidget?.context?.isReady)")
    assert browser.execute_async_script(RUN) is True, "a cell failed"
    wait(browser, "!!document.querySelector('section.timeline')?.timeline?.rows.texts")
    return browser


@pytest.fixture(scope="module")
def timeline(device_export):
    return build_timeline(*load_story(device_export))


def ask(driver, code):
    """Run code in the notebook's kernel and return what it printed."""
    return driver.execute_async_script(ASK, code)


def test_it_draws_and_finds_what_polars_finds(notebook, timeline, shots):
    notebook.execute_script(f"{VIEW}.root.scrollIntoView({{block: 'start'}}); {VIEW}.find('setup')")
    hits = notebook.execute_script(f"return {VIEW}.hitRows.map((row) => row + 1)")
    assert hits == search_timeline(timeline, "setup")["id"].to_list()
    time.sleep(0.5)
    notebook.save_screenshot(str(shots / "timeline-lab.png"))


def test_single_keys_leave_the_cells_alone(notebook):
    before = notebook.execute_script(CELLS)
    for target in (".tl-canvas", ".tl-button", ".tl-list", ".tl-foot select"):
        element = notebook.find_element("css selector", target)
        notebook.execute_script("arguments[0].focus()", element)
        element.send_keys("a", "b", "x", "d", "d", "m", "y")
    time.sleep(0.5)
    assert notebook.execute_script(CELLS) == before


def test_what_is_chosen_and_listed_comes_back_as_a_frame(notebook, timeline):
    notebook.execute_script(f"{VIEW}.find('kind:stage'); {VIEW}.choose(4)")
    stages = search_timeline(timeline, "kind:stage")["id"].to_list()
    end = time.monotonic() + PATIENCE
    while ask(notebook, f"print({FOUND}.listed['id'].to_list())") != str(stages):
        assert time.monotonic() < end, "the hits do not come back"
        time.sleep(0.2)
    assert ask(notebook, f"print({FOUND}.chosen['id'].to_list())") == "[5]"


def test_a_search_from_the_notebook_shows_in_the_picture(notebook, timeline):
    count = ask(notebook, f"print({FOUND}.search('kind:mark').height)")
    wait(notebook, f"{VIEW}.query === 'kind:mark'")
    assert notebook.execute_script(f"return {VIEW}.hitRows.length") == int(count) > 0
