"""A report beside a device's own files tells an end that they do not show, or contradicts them."""

from __future__ import annotations

from datetime import timedelta

import polars as pl
import pytest
from findings.answers.answer_parts import parts, texts
from findings.conftest import at
from findings.service_tables import tables_of

from autopilot_analysis import answer
from autopilot_analysis.findings.answers.reported import reported_lines
from autopilot_analysis.fleet import load_story
from autopilot_analysis.tables import Tables, Trace


@pytest.fixture
def said(world):
    """What is told of a report's row, beside an attempt with that outcome."""

    def ask(outcome, report, *, by_report=False, afterwards=None):
        stage = "device_preparation"
        failed = stage if outcome == "failed" else None
        tables, trace = world(
            attempts=[(outcome, failed, "device_preparation", 0, 9, None)],
            runs=[(1, stage, outcome, 0, 9, None, None)],
            device={"serial": "EX-4711"},
        )
        row = {"device": "X", "deployment": "X/1", "origin": "report_v2", "serial": "EX-4711"}
        row |= {"started_at": at(1), "total": timedelta(seconds=412), "outcome": report}
        row |= {"failed_stage": stage, "code": "0x87D1041C"} if report == "failed" else {}
        given = Tables.of({**tables.frames(), "deployments": tables_of(deployments=[row]).deployments})
        frames = trace.frames()
        if by_report:
            frames["stage_runs"] = frames["stage_runs"].with_columns(ended_member=pl.lit(None, pl.String))
        if afterwards:
            frames["attempts"] = frames["attempts"].with_columns(afterwards=pl.lit(afterwards))
        return [line.text for line in reported_lines(given, Trace.of(frames), "D")]

    return ask


def test_an_end_that_a_report_alone_shows_is_told_as_its_word(said):
    text = "That it succeeded stands in the device preparation report alone."
    assert said("succeeded", "succeeded", by_report=True) == [text]
    assert said("succeeded", "succeeded") == []


@pytest.mark.parametrize(("own", "report"), [("succeeded", "failed"), ("failed", "succeeded")])
def test_a_contradiction_is_told_with_both_sides(said, own, report):
    (line,) = said(own, report)
    assert line.startswith(f"The device preparation report says otherwise: that it {report}")
    assert line.endswith(f"By the device's own records it {own}.")


def test_a_failure_of_a_report_brings_its_code_and_meaning(said):
    (line,) = said("succeeded", "failed")
    assert " in device preparation after 6 min 52 s with 0x87D1041C (" in line


@pytest.mark.parametrize("afterwards", ["continued", "tried_again"])
def test_the_end_after_a_failure_that_was_gone_past_contradicts_nothing(said, afterwards):
    assert said("failed", "succeeded", afterwards=afterwards) == []


def test_a_report_that_fits_no_stage_is_told_beside_the_open_end(said):
    (line,) = said("unfinished", "failed")
    assert line.endswith("what was read of the device does not.")


def test_without_a_report_nothing_is_told(world):
    tables, trace = world(attempts=[("unfinished", None, "device_preparation", 0, None, None)])
    assert list(reported_lines(tables, trace, "D")) == []


@pytest.mark.parametrize("name", ["note.txt", "note.md", "mail.eml"])
def test_a_share_of_devices_stands_in_the_answer_as_its_senders_count(tmp_path, name):
    words = "Device setup: Apps (0x81036502).\n41 of 50 laptops fail, in every office.\n"
    (tmp_path / name).write_text(words, encoding="utf-8")
    lines = texts(parts(answer(*load_story(tmp_path / name)))["What happened"])
    assert lines[1:] == [
        "The text speaks of several devices: “41 of 50 laptops fail, in every office”. That is its sender's "
        "count, not measured."
    ]
