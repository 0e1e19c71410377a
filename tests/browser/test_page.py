"""The report page as a browser sees it: no network, no errors, and paper."""

from __future__ import annotations

import json
import re
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
    drawn = "return [...document.images].filter(i => i.complete && i.naturalWidth > 0 && i.alt).length"
    assert browser.execute_script(drawn) == browser.execute_script("return document.images.length") >= 3


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
    finally:
        browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
        browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": []})


def test_the_page_prints_with_its_figures(selenium, page, shots):
    pdf = write_pdf(page, Path(shots) / "page.pdf", overwrite=True).read_bytes()
    assert pdf.startswith(b"%PDF-")
    assert 2 <= len(re.findall(rb"/Type\s*/Page\b", pdf)) <= 30
    assert len(re.findall(rb"/Subtype\s*/Image", pdf)) >= 3
