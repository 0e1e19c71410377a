"""The report page as a browser sees it: no network, no errors, and paper."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from autopilot_analysis.report import find_data, write_pdf, write_report


@pytest.fixture(scope="module")
def page(selenium, tmp_path_factory):
    folder = tmp_path_factory.mktemp("page")
    return write_report("01_device_trace", out=folder, export=str(find_data() / "mdm-enrollment-refused.cab"))


def requests_of(browser, page):
    """Return every address asked for since the last look, other than the page and what lies inside it."""
    sent = [json.loads(entry["message"])["message"] for entry in browser.get_log("performance")]
    asked = [m["params"]["request"]["url"] for m in sent if m["method"] == "Network.requestWillBeSent"]
    return [url for url in asked if not url.startswith("data:") and url != page.as_uri()]


def test_the_page_asks_nothing_of_the_network_and_has_no_errors(browser, page, shots):
    browser.get("about:blank")
    browser.get_log("performance"), browser.get_log("browser")
    browser.get(page.as_uri())
    browser.save_screenshot(str(shots / "page.png"))
    browser.execute_script("window.scrollTo(0, document.body.scrollHeight)")
    assert requests_of(browser, page) == []
    assert browser.get_log("browser") == []
    drawn = """return [...document.querySelectorAll('figure.figure :is(img, svg[role=img])')]
      .map(each => each.getBoundingClientRect().width > 0 && Boolean(each.alt || each.ariaLabel))"""
    seen = browser.execute_script(drawn)
    assert len(seen) == 2  # of apps and device setup nothing was seen: those parts are left out
    assert all(seen)


def test_the_page_fits_a_phone_and_turns_dark(browser, page, shots):
    browser.get(page.as_uri())
    phone = {"width": 390, "height": 800, "deviceScaleFactor": 1, "mobile": True}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", phone)
    dark = {"features": [{"name": "prefers-color-scheme", "value": "dark"}]}
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", dark)
    try:
        assert browser.execute_script("return document.documentElement.scrollWidth") <= 390
        back = browser.execute_script("return getComputedStyle(document.body).backgroundColor")
        assert max(map(int, re.findall(r"\d+", back)[:3])) < 80
        browser.save_screenshot(str(shots / "page-phone-dark.png"))
        ground = "return getComputedStyle(document.querySelector('figure.figure')).backgroundColor"
        assert max(map(int, re.findall(r"\d+", browser.execute_script(ground))[:3])) < 80
        wide = "document.querySelector('figure.figure :is(img, svg)').getBoundingClientRect().width"
        assert browser.execute_script(f"return {wide}") >= 700  # legible, moved sideways
        figure = "const one = document.querySelector('figure.figure')"
        hint = f"{figure}; return getComputedStyle(one, '::after').content"
        assert "move it sideways" in browser.execute_script(hint)
        edge = f"{figure}; one.scrollLeft = arguments[0]; await new Promise(requestAnimationFrame)"
        edge += "; await new Promise(requestAnimationFrame); return getComputedStyle(one).maskPosition"
        assert [browser.execute_script(edge, at) for at in (0, 9999)] == ["100% 0px", "0% 0px"]
    finally:
        browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
        browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": []})


def test_tables_sort_and_filter_offline(browser, page):
    browser.get(page.as_uri())
    grid = next(
        each
        for each in browser.find_elements("css selector", "figure.grid")
        if each.find_elements("css selector", "input.filter") and "severity" not in each.text
    )
    rows = grid.find_elements("css selector", "tbody tr")
    first = grid.find_elements("css selector", "thead button")[1]
    browser.execute_script("arguments[0].scrollIntoView({block: 'center'}); arguments[0].click()", first)
    cells = "return [...arguments[0].querySelectorAll('tbody tr')].map(r => r.cells[1].textContent)"
    up = browser.execute_script(cells, grid)
    browser.execute_script("arguments[0].click()", first)
    assert browser.execute_script(cells, grid) != up
    grid.find_element("css selector", "input.filter").send_keys(up[0])
    shown = [row for row in grid.find_elements("css selector", "tbody tr") if row.is_displayed()]
    assert 0 < len(shown) < len(rows)
    assert f"{len(shown)} of {len(rows)} rows match" in grid.text
    assert browser.find_elements("css selector", ".contents a")


def pages_of(pdf):
    """Return the lines of each printed page, blank ones left out."""
    done = subprocess.run(["pdftotext", "-layout", str(pdf), "-"], capture_output=True, check=True)
    pages = done.stdout.decode().split("\f")
    return [[line.strip() for line in text.splitlines() if line.strip()] for text in pages if text.strip()]


@pytest.mark.skipif(
    not shutil.which("pdftotext"), reason="pdftotext is not installed (Debian: poppler-utils)"
)
def test_no_printed_page_ends_with_a_heading_and_no_figure_or_row_is_cut(selenium, browser, page, shots):
    pdf = write_pdf(page, Path(shots) / "breaks.pdf", overwrite=True)
    browser.get(page.as_uri())
    script = "return [...document.querySelectorAll('h2, h3, .count')].map(h => h.textContent.trim())"
    heads = {" ".join(text.split()) for text in browser.execute_script(script)}
    sheets = pages_of(pdf)
    title = browser.title.partition(" – ")[0]
    assert all(lines[0].startswith(title) for lines in sheets)
    feet = [str(number) for number in range(1, len(sheets) + 1)]
    assert [lines[-1].rpartition("  ")[2] for lines in sheets] == feet
    printed = [lines[1:-1] for lines in sheets]
    assert heads & {line for lines in printed for line in lines}
    assert any(line.startswith("Boots and power") for lines in printed for line in lines)  # of the timeline
    assert [lines[-1] for lines in printed if lines[-1] in heads] == []
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    try:
        kept = """return [...document.querySelectorAll('figure.figure, tr, figure.grid.few')]
          .filter(each => getComputedStyle(each).breakInside !== 'avoid').length"""
        assert browser.execute_script(kept) == 0
        chained = """return [...document.querySelectorAll('tbody tr:last-child')]
          .filter(each => getComputedStyle(each).breakAfter === 'avoid').length"""
        assert browser.execute_script(chained) == 0  # a table of two rows binds no part to the next
        tall = """return Math.max(...[...document.querySelectorAll('figure.figure :is(img, svg)')]
          .map(each => each.getBoundingClientRect().height))"""
        assert browser.execute_script(tall) <= 235 / 25.4 * 96 + 1  # no figure is higher than a page
        paper = {"width": 688, "height": 970, "deviceScaleFactor": 1, "mobile": False}
        browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", paper)  # A4 between its margins
        assert browser.execute_script("return document.documentElement.scrollWidth") <= paper["width"]
    finally:
        browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
        browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": ""})


def test_the_page_prints_with_its_figures(selenium, page, shots):
    pdf = write_pdf(page, Path(shots) / "page.pdf", overwrite=True).read_bytes()
    assert pdf.startswith(b"%PDF-")
    assert 2 <= len(re.findall(rb"/Type\s*/Page\b", pdf)) <= 30
    assert len(re.findall(rb"/Subtype\s*/Image", pdf)) >= 3
