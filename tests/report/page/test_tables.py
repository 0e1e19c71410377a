from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import polars as pl

from autopilot_analysis.codes import explain
from autopilot_analysis.facts.addresses import address_of
from autopilot_analysis.report.page.frames import lay_out
from autopilot_analysis.report.page.tables import FIRST, FOLDED_FROM, WIDE_FROM, record_anchor, table_html
from autopilot_analysis.tables.verdict import SEVERITIES


def html(frame, most=100, **options):
    return table_html(lay_out(frame, most=most), **options)


def test_a_table_says_how_many_rows_there_are_and_how_to_see_the_rest():
    frame = pl.DataFrame({"n": range(5)})
    assert '<figcaption class="count">5 rows<' in html(frame)
    assert '<figcaption class="count">first 2 of 5 rows; ask for them<' in html(frame, 2, rest="ask for them")


def test_no_rows_are_one_sentence():
    assert "No rows." in html(pl.DataFrame({"n": []}))
    assert "<table" not in html(pl.DataFrame({"n": []}))


def test_text_of_an_export_is_escaped_wherever_it_stands():
    frame = pl.DataFrame({"<b>": ["<i>x</i>", "<script>"], "same": ["<u>", "<u>"]})
    page = html(frame, label="<s>")
    assert not [tag for tag in ("<b>", "<i>", "<script>", "<u>", "<s>") if tag in page.lower()]


def test_a_state_is_a_mark_of_its_own_colour_however_it_is_called():
    page = html(
        pl.DataFrame(
            {"outcome": pl.Series(["in_progress", "failed"], dtype=pl.Enum(["in_progress", "failed"]))}
        )
    )
    assert '<span class="mark in_progress">in progress</span>' in page


def test_a_state_is_a_mark_and_nothing_known_is_a_dash():
    page = html(pl.DataFrame({"outcome": ["failed", None], "n": [1, 2]}))
    assert '<span class="mark failed">failed</span>' in page
    assert '<span aria-label="nothing known">–</span>' in page


def test_a_severity_is_sorted_by_how_grave_it_is_and_not_by_its_word():
    page = html(pl.DataFrame({"severity": [*SEVERITIES, None]}))
    assert re.findall(r'<td data-v="(\d)"><span class="mark (\w+)">', page) == [
        (str(place), severity) for place, severity in enumerate(SEVERITIES)
    ]


def test_a_number_is_sorted_by_its_value_and_not_by_its_text():
    assert '<td class="n tiny" data-v="12345.0">12,345</td>' in html(pl.DataFrame({"records": [12345, 1]}))


def test_a_text_of_twelve_signs_is_never_broken_and_one_of_more_may_be_on_paper():
    page = html(pl.DataFrame({"a": ["x" * 12, "x" * 13], "b": [1, 2]}))
    assert f'<td class="short tiny">{"x" * 12}</td>' in page
    assert f'<td class="short">{"x" * 13}</td>' in page


def test_a_very_long_text_is_folded_and_whole():
    words = " ".join(f"word{number}" for number in range(FOLDED_FROM))
    page = html(pl.DataFrame({"quote": [words]}))
    summary = page.split("<summary>")[1].split("</summary>")[0]
    assert len(summary) <= FIRST
    assert page.replace("</summary>", "").count(words) == 1
    assert "<details>" not in html(pl.DataFrame({"quote": ["x" * FOLDED_FROM]}))


def test_only_addresses_that_a_page_may_link_to_are_links():
    frame = pl.DataFrame({"page": ["https://good.example/", "https://evil.example/"]})
    page = html(frame, link=lambda address: address if "good" in address else None)
    assert '<a href="https://good.example/"' in page
    assert 'href="https://evil' not in page


def test_the_first_row_of_a_record_carries_its_anchor():
    frame = pl.DataFrame({"member": ["a.evtx", "a.evtx", "b.txt"], "record": [5, 5, None]})
    anchors: set[str] = set()
    page = html(frame, anchors=anchors)
    assert anchors == {record_anchor("a.evtx, record 5"), record_anchor("b.txt")}
    assert page.count(f'id="{record_anchor("a.evtx, record 5")}"') == 1
    assert "id=" not in html(frame, anchors=anchors)


def test_a_code_and_a_page_lead_to_what_microsoft_says_of_them():
    frame = pl.DataFrame(
        {
            "code": ["0x80180014", "0x87654321"],
            "page": ["Microsoft: Enrollment Status Page", "genuine files"],
        }
    )
    assert re.findall(r'<a href="([^"]*)"[^>]*>([^<]*)</a>', html(frame)) == [
        (address_of(explain("0x80180014").page), "0x80180014"),
        ("https://learn.microsoft.com/autopilot/enrollment-status", "Microsoft: Enrollment Status Page"),
    ]


def test_records_of_two_devices_that_are_called_alike_have_two_anchors():
    rows = {"device": ["SN-1", "SN-2"], "member": ["a.evtx"] * 2, "record": [5] * 2, "quote": ["x", "y"]}
    anchors: set[str] = set()
    html(pl.DataFrame(rows), anchors=anchors)
    alone: set[str] = set()
    html(
        pl.DataFrame(rows).with_columns(device=pl.lit("SN-1"), member=pl.Series(["a.evtx", "b"])),
        anchors=alone,
    )
    assert anchors == {record_anchor("a.evtx, record 5", name) for name in ("SN-1", "SN-2")}
    assert record_anchor("a.evtx, record 5", "SN-1") in alone


def test_a_table_of_many_columns_is_printed_in_smaller_type():
    row = {f"c{n}": [n, n + 1] for n in range(WIDE_FROM + 1)}
    assert '<figure class="grid few wide">' in html(pl.DataFrame(row))
    assert '<figure class="grid few">' in html(pl.DataFrame(row).drop("c0"))


def test_a_single_row_stands_upright_and_keeps_its_anchor():
    row = pl.DataFrame({"device": ["d"], "member": ["a.evtx"], "record": [7], "outcome": ["failed"]})
    anchors = set()
    page = html(row, anchors=anchors)
    (anchor,) = anchors
    assert f'<figure class="grid few facts" id="{anchor}">' in page
    assert '<th scope="row">Outcome</th><td><span class="mark failed">failed</span></td>' in page
    assert "<thead>" not in page
    assert "<thead>" not in html(row.select("device"))
    assert "<thead>" in html(pl.concat([row, row]), most=1)
    assert "<thead>" in html(pl.concat([row, row.with_columns(record=pl.lit(8, pl.Int64))]))


def test_an_instant_says_on_hover_what_the_clock_of_its_device_showed():
    at = datetime(2026, 7, 2, 8, 30, 15, tzinfo=UTC)
    frame = pl.DataFrame({"device": ["a", "b"], "started_at": [at, at + timedelta(hours=1)]})
    page = html(frame, zones={"a": "America/New_York"})
    assert (
        'title="2026-07-02 04:30:15 on the device (UTC-04:00, America/New_York)">2026-07-02 08:30:15<' in page
    )
    assert page.count("title=") == 1
    both = html(frame.drop("device"), zones={"a": "Europe/Berlin"})
    assert 'title="2026-07-02 10:30:15 on the device (UTC+02:00, Europe/Berlin)"' in both
    assert "title=" not in html(frame.drop("device"), zones={"a": "Europe/Berlin", "b": "Asia/Tokyo"})
    assert "title=" not in html(frame, zones={"a": "No/Zone"})
    one = frame.with_columns(device=pl.lit("a"))
    assert html(one, zones={"a": "Asia/Tokyo", "b": "Europe/Berlin"}).count("Asia/Tokyo") == 2
