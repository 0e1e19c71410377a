from contextlib import suppress

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autopilot_analysis.errors import NotThisFormat
from autopilot_analysis.export import open_export
from autopilot_analysis.readers.mdm_report.mdm_report_html import read_mdm_report_html
from autopilot_analysis.readers.reading import Reading


def page(body):
    return f"<html><head><title>MDM Diagnostic Report</title></head><body>{body}</body></html>".encode()


def table(title, headings, *rows):
    head = "".join(f"<th>{cell}</th>" for cell in headings)
    body = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)
    above = f'<div class="SectionTitle">{title}</div>'
    return f"{above}<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def found(name, body):
    return [row[1:] for row in read_mdm_report_html(page(body)).rows[name].rows()]


def test_a_managed_policy_tells_its_source_and_its_default():
    headings = ["Area", "Policy", "Default Value", "Current Value", "Target", "Dynamic", "Config Source"]
    body = table(
        "Managed policies", headings, ["Update", "Pause", "0", "1 &lt; 2", "device", "Yes", "Example"]
    )
    assert found("settings", body) == [
        ("device", "Update", "Pause", "1 < 2", "in effect, from Example", None)
    ]
    assert found("properties", body) == [("default value/Update", "Pause", "0")]


def test_a_blocked_group_policy_tells_what_blocks_it():
    headings = ["Blocked GP Entity", "Blocked GP Value Name", "Blocked Value", "MDM Uris Blocking GP"]
    body = table("Blocked Group Policies", headings, ["Software\\Policies\\A", "B", "1", "./Vendor/MSFT/B"])
    assert found("settings", body) == [
        (None, "Software\\Policies\\A", "B", "1", "blocked by ./Vendor/MSFT/B", None)
    ]


def test_policies_that_nobody_manages_are_counted_by_area_and_are_no_settings():
    lines = "First (No default value)<br />Second (1)<br>Third"
    body = table("Unmanaged policies", ["Area", "Policy (and default value)"], ["Start", lines])
    assert found("settings", body) == []
    assert found("properties", body) == [("Unmanaged policies", "Start", "3")]


def test_other_tables_are_properties_under_their_title():
    body = table("Device Info", [], ["PC name", "EXAMPLE-1"]) + table(
        "Certificates", ["Issued to", "Issued by", "Days"], ["a", "b", "3"]
    )
    assert found("properties", body) == [
        ("Device Info", "PC name", "EXAMPLE-1"),
        ("Certificates/row 1", "issued to", "a"),
        ("Certificates/row 1", "issued by", "b"),
        ("Certificates/row 1", "days", "3"),
    ]


def test_scripts_and_comments_tell_nothing():
    body = (
        "<script>if (a < b) '<table><tr><td>x</td><td>y</td></tr></table>'</script><!-- <table><tr><td>1 -->"
    )
    assert found("properties", "<div>01/02/2026   03:04:05PM</div>" + body) == [
        ("", "report created", "01/02/2026   03:04:05PM")
    ]


def test_a_cut_page_keeps_the_rows_before_the_cut():
    body = page(table("Device Info", [], ["PC name", "EXAMPLE-1"], ["Domain", "example.com"]))
    reading = read_mdm_report_html(body[: body.index(b"Domain") - 4])
    assert reading.rows["properties"]["value"].to_list() == ["EXAMPLE-1"]
    assert len(reading.unread) == 1


def test_another_text_is_refused():
    for content in (b"", b"<html><body>hello</body></html>"):
        with pytest.raises(NotThisFormat):
            read_mdm_report_html(content)


@pytest.mark.parametrize(
    "piece", ["<a ", "<!--", "<![", "</", "<a href='", "<script>", "<table><tr><td>", "&"]
)
def test_broken_markup_costs_no_more_than_its_length(piece, calls):
    once, ten = (
        calls(lambda count=count: read_mdm_report_html(b"MDM Diagnostic" + piece.encode() * count))
        for count in (200, 2_000)
    )
    assert ten < 11 * once


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=200) | st.text(alphabet="<>/tdrable!-&; ", max_size=200).map(str.encode))
def test_any_bytes_give_a_reading_or_are_refused(noise):
    assert isinstance(read_mdm_report_html(page("<table><tr><td>") + noise), Reading)
    with suppress(NotThisFormat):
        assert isinstance(read_mdm_report_html(noise), Reading)


def test_the_genuine_page_reads_to_its_end(genuine):
    member = next(
        m
        for m in open_export(genuine / "mdm-diagnostics-23h2.cab").members
        if m.path.endswith("MDMDiagHTMLReport.html")
    )
    reading = read_mdm_report_html(member.read())
    assert reading.unread == ()
    assert reading.rows["settings"].is_empty()
    unmanaged = reading.rows["properties"].filter(pl.col("section") == "Unmanaged policies")
    assert unmanaged["value"].cast(pl.Int64).sum() == 3137
