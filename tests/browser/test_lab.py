"""The notebooks in JupyterLab, driven as an analyst would: with the lists of each explorer."""

from __future__ import annotations

import time

import nbformat
import pytest

PATIENCE = 120
UP, DOWN, ENTER = "\ue013", "\ue015", "\ue007"

RUN = """
const done = arguments[arguments.length - 1];
(async () => {
  const panel = window.jupyterapp.shell.currentWidget;
  await panel.context.ready; await panel.sessionContext.ready;
  done(await window.jupyterapp.commands.execute('notebook:run-all-cells'));
})().catch(error => done(String(error)));
"""
READY = "return !!(window.jupyterapp?.shell?.currentWidget?.context?.isReady)"

HOSTILE = """<img src=x onerror="window.owned=1"><script>window.owned=1</script>$\\\\frac{"""


class Explorer:
    """One explorer of the open notebook, by its place among them."""

    def __init__(self, driver, place):
        self.driver, self.place = driver, place

    @property
    def root(self):
        return self.driver.find_elements("css selector", ".autopilot-explorer")[self.place]

    def picture(self):
        return self.root.find_element("css selector", "img").get_attribute("src")

    def said(self):
        return self.root.find_element("css selector", "[role=status]").text

    def list(self, label):
        """The list beside a label."""
        script = """
        for (const each of arguments[0].querySelectorAll('.widget-inline-hbox')) {
          if (each.querySelector('.widget-label')?.textContent.trim() === arguments[1])
            return each.querySelector('select, input');
        }
        return null;"""
        found = self.driver.execute_script(script, self.root, label)
        assert found is not None, f"no control is labelled {label}"
        return found

    def options(self, label):
        return [option.text for option in self.list(label).find_elements("css selector", "option")]

    def choose(self, label, start):
        """Choose the first option that starts so, with the keyboard alone: Space, arrows, Enter."""
        options = self.options(label)
        place = next(n for n, text in enumerate(options) if text.startswith(start))
        control = self.list(label)
        focus = "const it = arguments[0]; it.scrollIntoView({block: 'center'}); it.focus();"
        steps = place - self.driver.execute_script(focus + "return it.selectedIndex", control)
        control.send_keys(" ")
        time.sleep(0.3)
        control.send_keys((DOWN if steps > 0 else UP) * abs(steps))
        control.send_keys(ENTER)


def wait(condition, why):
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        try:
            if condition():
                return
        except Exception as error:
            if "stale" not in str(error).lower() and "index" not in str(error).lower():
                raise
        time.sleep(0.1)
    pytest.fail(f"waited {PATIENCE} s in vain: {why}")


def open_and_run(driver, address, notebook, explorers):
    """Open a notebook, run all its cells, and wait for its explorers."""
    driver.get(f"{address}/lab/tree/notebooks/{notebook}?reset")
    wait(lambda: driver.execute_script(READY), "the notebook opens")
    assert driver.execute_async_script(RUN) is True, "a cell failed"
    found = "return [...document.querySelectorAll('.autopilot-explorer [role=status]')].length"
    wait(lambda: driver.execute_script(found) >= explorers, "the explorers appear")


def shoot(driver, shots, name, target):
    driver.execute_script("arguments[0].scrollIntoView({block: 'start'})", target)
    time.sleep(0.3)
    driver.save_screenshot(str(shots / f"{name}.png"))


@pytest.fixture(scope="module")
def fleet_study(browser, lab):
    address, _ = lab
    open_and_run(browser, address, "06_fleet_study.ipynb", 3)
    return browser


def test_a_dropdown_changes_the_picture(fleet_study, shots):
    timings = Explorer(fleet_study, 0)
    before = timings.picture()
    shoot(fleet_study, shots, "timings-before", timings.root)
    timings.choose("Quantile", "90th")
    wait(lambda: timings.picture() != before, "the picture changes")
    assert "90th percentile" in timings.root.find_element("css selector", "img").get_attribute("alt")
    shoot(fleet_study, shots, "timings-after", timings.root)


def test_a_drill_down_reaches_one_device(fleet_study, shots):
    failures = Explorer(fleet_study, 1)
    failures.choose("Stage", "MDM")
    wait(lambda: failures.said().startswith("showing"), "the failures of that stage are counted")
    code, *_, count = failures.options("Code")[1].split(" ")
    failures.choose("Code", code)
    wait(lambda: failures.said().startswith(f"showing {count} of"), "the failures of that code are counted")
    device = failures.options("Device")[1].split(" ")[0]
    failures.choose("Device", device)
    wait(lambda: f"One of them: {device}" in failures.said(), "one device is reached")
    tables = failures.root.find_elements("css selector", "caption")
    assert any(f"Every attempt of {device}" in table.text for table in tables)
    shoot(fleet_study, shots, "failures", failures.root)


def test_two_groups_are_set_against_each_other(fleet_study, shots):
    contrasts = Explorer(fleet_study, 2)
    before = contrasts.picture()
    contrasts.choose("Group by", "Profile")
    wait(lambda: "User driven" in contrasts.said() and contrasts.picture() != before, "the groups change")
    shoot(fleet_study, shots, "contrasts", contrasts.root)


def test_a_live_explorer_is_not_shown_twice_and_fits_the_window(fleet_study):
    twice = """const around = '.jp-OutputArea:has(.autopilot-explorer)';
      return [...document.querySelectorAll(around + ' .jp-RenderedImage')]
        .filter(each => each.offsetParent !== null).length"""
    assert fleet_study.execute_script(twice) == 0
    wide = """const parts = '.autopilot-explorer .widget-hbox, .autopilot-explorer img';
      return [...document.querySelectorAll(parts)]
        .filter(each => each.getBoundingClientRect().right > window.innerWidth).length"""
    assert fleet_study.execute_script(wide) == 0


@pytest.fixture(scope="module")
def device_notebook(browser, lab):
    """A notebook with the explorers that stand in none of ours, and hostile names in the fleet."""
    address, folder = lab
    hostile = HOSTILE.replace("'", "\\'")
    sources = [
        "from autopilot_analysis import explore_devices, load_deployments, load_story, pick_export\n"
        "from autopilot_analysis.widgets import explore_failures, fill_form\nimport polars as pl\n"
        "tables, trace, findings = load_story('../data/mdm-enrollment-refused.cab')",
        "explore_devices(tables, trace, findings)",
        "bad = load_deployments('../data/fleet').deployments.with_columns("
        f"*(pl.lit('{hostile}').alias(c) for c in ('device', 'name', 'model', 'code', 'failure_text')))\n"
        "explore_failures(bad)",
        "pick_export('../data/esp-app-timeout.zip')",
        "fill_form('01_device_trace', out='..')",
    ]
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in sources])
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.write(notebook, folder / "notebooks" / "widgets.ipynb")
    open_and_run(browser, address, "widgets.ipynb", 3)
    return browser


def test_a_record_of_a_device_is_read_with_its_neighbours(device_notebook, shots):
    devices = Explorer(device_notebook, 0)
    before = devices.picture()
    devices.choose("Attempt", "2")
    wait(lambda: devices.picture() != before, "the trace of the attempt is drawn")
    record = devices.options("Record")[1]
    devices.choose("Record", record)
    wait(lambda: "Its neighbours" in devices.root.text, "the record is shown")
    assert "Event ID" in devices.root.text
    captions = [each.text for each in devices.root.find_elements("css selector", "caption")]
    name, number = record.rsplit(" · ", 2)[-2:]
    assert any(name in caption and f"record {number}" in caption for caption in captions)
    near = next(
        each for each in devices.root.find_elements("css selector", "table") if "neighbours" in each.text
    )
    assert len(near.find_elements("css selector", "tbody tr")) >= 6
    shoot(device_notebook, shots, "device", devices.root)


def test_names_in_an_export_do_not_act(device_notebook, shots):
    failures = Explorer(device_notebook, 1)
    failures.choose("Stage", "MDM")
    wait(lambda: "showing" in failures.said(), "the stage is chosen")
    failures.choose("Device", "<img")
    wait(lambda: "One of them: <img" in failures.said(), "the device is chosen")
    assert device_notebook.execute_script("return window.owned") is None
    shoot(device_notebook, shots, "hostile", failures.root)


def test_an_export_is_picked_and_its_coverage_shown(device_notebook, shots):
    picker = Explorer(device_notebook, 2)
    button = next(b for b in picker.root.find_elements("css selector", "button") if b.text.strip() == "Read")
    button.send_keys(" ")
    wait(lambda: "Read: 1 device" in picker.said(), "the export is read")
    assert picker.picture().startswith("data:image/png")
    shoot(device_notebook, shots, "picker", picker.root)


def test_a_form_runs_a_notebook_and_links_the_page(device_notebook, lab, shots):
    _, folder = lab
    button = next(
        b
        for b in device_notebook.find_elements("css selector", "button")
        if b.text.strip().startswith("Run and")
    )
    button.send_keys(" ")
    wait(lambda: list(folder.glob("*-device-trace.html")), "the page is written")
    link = "return document.querySelector('.jp-OutputArea a[href*=\"device-trace.html\"]')?.href"
    wait(lambda: device_notebook.execute_script(link), "the page is linked")
    assert "/files/" in device_notebook.execute_script(link)
    shoot(device_notebook, shots, "form", button)
