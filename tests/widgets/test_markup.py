from __future__ import annotations

import polars as pl

from autopilot_analysis.report.cells import ROWS
from autopilot_analysis.widgets import markup

HOSTILE = "<img src=x onerror=alert(1)>\x1b[31m"


def test_nothing_from_an_export_becomes_markup():
    frame = pl.DataFrame({HOSTILE: [HOSTILE]})
    for html in (markup.table(HOSTILE, frame), markup.sentence(HOSTILE), markup.picture(b"", HOSTILE + '"')):
        assert "<img src=x" not in html
        assert "&lt;img src=x" in html
        assert "\x1b" not in html


def test_a_long_table_says_how_much_of_it_is_shown():
    html = markup.table("All", pl.DataFrame({"n": range(1000)}))
    assert html.count("<tr>") == ROWS + 1
    assert f"showing {ROWS} of 1,000 rows" in html


def test_one_thing_is_not_called_things():
    assert markup.showing(1, 1, "devices") == "1 device"
    assert markup.showing(200, 10_000, "devices") == "showing 200 of 10,000 devices"


def test_a_table_reads_as_it_does_on_a_page():
    frame = pl.DataFrame(
        {"stage": ["mdm_enrollment", "network"], "share": [0.123, 0.5], "empty": [None, None], "n": 7}
    )
    html = markup.table("Stages", frame)
    assert '<td class="short">MDM enrolment</td><td class="short">12.3 %</td></tr>' in html
    assert "<caption>Stages In every row: N 7.</caption>" in html
    assert "Empty" not in html
