"""Every table of every page: nothing raw, nothing cut."""

from __future__ import annotations

import re
from functools import cache
from html import unescape
from pathlib import Path

import pytest

from autopilot_analysis import load_story
from autopilot_analysis.report import list_notebooks

DATA = Path(__file__).parents[2] / "data"
FLEETS = [name for name in list_notebooks() if name[:2] in ("02", "03", "04", "05", "06")]
PAGES = [(name, "fleet") for name in FLEETS] + [
    ("01_device_trace", "mdm-enrollment-refused.cab"),
    ("01_device_trace", "oobe-error-page.cab"),
    ("05_postmortem", "oobe-error-page.cab"),
    ("07_side_by_side", "esp-app-timeout.zip"),
]
ALONE = [name for name in list_notebooks() if name[:2] in ("02", "03", "04", "06")]
"""Notebooks of a fleet, which one device may be handed to as well."""
DEVICES = [(name, "esp-app-timeout.zip") for name in ("01_device_trace", "05_postmortem", "07_side_by_side")]
IDS = ("Item",)
"""Columns of ids: the name stands beside them."""
RAW = ("µs", "μs", '{"', "…", "PT0S")


@pytest.mark.parametrize(("name", "export"), PAGES)
def test_no_table_shows_a_raw_span_raw_json_or_a_cut_sentence(name, export, page_of):
    html = page_of(name, export)
    body = html[html.index("<main") : html.index("</main>")]
    cells = [text_of(cell) for cell in re.findall(r"<t[dh][^>]*>(.*?)</t[dh]>", body)]
    assert cells
    assert not [cell for cell in cells if any(raw in cell for raw in RAW)]
    assert not [cell for cell in cells if re.fullmatch(r"(mdm_enrollment|device_setup|not_autopilot)", cell)]
    answer = body.index('<section class="answer')
    assert answer < body.index("<h2")
    opening = re.search("What happened|First to differ", body)
    assert opening
    assert opening.start() < body.index("Proof") < body.index("<h2")


@pytest.mark.parametrize("name", ALONE)
def test_a_page_of_a_fleet_on_one_device_is_about_it_and_shows_neither_trend_nor_empty_table(name, page_of):
    html = page_of(name, "esp-app-timeout.zip")
    body = html[html.index("<main") : html.index("</main>")]
    assert "<strong>SN-0003</strong>: 1 attempt on 1 device; the one that ended failed" in body
    cells = [text_of(cell) for cell in re.findall(r"<t[dh][^>]*>(.*?)</t[dh]>", body)]
    assert not [cell for cell in cells if any(raw in cell for raw in RAW)]
    assert not [word for word in ("No rows.", "1 attempts", "1 deployments", "1 failures") if word in body]
    assert not {"The trend", "Since when", "When it fails", "What fails together"} & set(
        re.findall(r"<h2[^>]*>(.*?)</h2>", body)
    )


@pytest.mark.parametrize(("name", "export"), DEVICES)
def test_no_table_shows_an_id_whose_name_is_known(name, export, page_of):
    installs = story_of(export).trace.installs.drop_nulls("name")
    known = {item.lower() for item in installs["item"] if item not in set(installs["name"])}
    assert len(known) >= 3
    html = page_of(name, export)
    shown = []
    for table in re.findall(r"<table>.*?</table>", html, re.DOTALL):
        heads = [text_of(head) for head in re.findall(r"<th[^>]*>(.*?)</th>", table, re.DOTALL)]
        for row in re.findall(r"<tr[^>]*>(.*?)</tr>", table, re.DOTALL):
            cells = [text_of(cell) for cell in re.findall(r"<td[^>]*>(.*?)</td>", row, re.DOTALL)]
            shown += [cell.lower() for head, cell in zip(heads, cells, strict=False) if head not in IDS]
    assert shown
    assert not [cell for cell in shown for item in known if item in cell]


@cache
def story_of(export):
    return load_story(DATA / export)


def text_of(html):
    return unescape(re.sub("<[^<>]*>", "", html))
