"""Every table of every page: nothing raw, nothing cut."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

import pytest

from autopilot_analysis.report import list_notebooks, write_report

DATA = Path(__file__).parents[2] / "data"
FLEETS = [name for name in list_notebooks() if name[:2] in ("02", "03", "04", "05", "06")]
PAGES = [(name, "fleet") for name in FLEETS] + [
    ("01_device_trace", "mdm-enrollment-refused.cab"),
    ("01_device_trace", "oobe-error-page.cab"),
    ("05_postmortem", "oobe-error-page.cab"),
    ("07_side_by_side", "esp-app-timeout.zip"),
]
RAW = ("µs", "μs", '{"', "…", "PT0S")


@pytest.mark.parametrize(("name", "export"), PAGES)
def test_no_table_shows_a_raw_span_raw_json_or_a_cut_sentence(name, export, tmp_path):
    html = write_report(name, export=DATA / export, out=tmp_path / "page.html").read_text("utf-8")
    body = html[html.index("<main") : html.index("</main>")]
    cells = [
        unescape(re.sub("<[^<>]*>", "", cell)) for cell in re.findall(r"<t[dh][^>]*>(.*?)</t[dh]>", body)
    ]
    assert cells
    assert not [cell for cell in cells if any(raw in cell for raw in RAW)]
    assert not [cell for cell in cells if re.fullmatch(r"(mdm_enrollment|device_setup|not_autopilot)", cell)]
    answer = body.index('<section class="answer')
    assert answer < body.index("<h2")
    assert body.index("What happened") < body.index("Proof") < body.index("<h2")
