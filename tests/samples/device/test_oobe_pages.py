"""The trace of a story's pages: what was told of its stages is what the screens say."""

from __future__ import annotations

from datetime import timedelta

import pytest

from autopilot_analysis import load_story
from autopilot_analysis.findings import check_activities
from autopilot_analysis.samples import write_sample
from autopilot_analysis.samples.device.oobe_pages import PRESSED, SHOWN


@pytest.fixture(scope="module", params=[0, 7])
def told(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp("pages")
    sample = write_sample(folder / "oobe.cab", "oobe_error_page", seed=request.param)
    return load_story(sample.path), sample.stages


def test_the_pages_are_one_sitting_in_their_order_with_a_sign_in_page_an_attempt(told):
    screens = told[0].trace.screens
    assert screens.select("sitting", "attempt", "screen").rows() == [
        (1, 1, "OobeRegion"), (1, 1, "OobeKeyboard"), (1, 1, "OobeWireless"), (1, 1, "OobeAAD"),
        (1, 2, "OobeAAD"),
    ]  # fmt: skip
    assert screens["visible_at"].null_count() == 0


def test_each_refusal_is_an_error_page_that_stands_until_its_button_is_pressed(told):
    story, stages = told
    pages = story.trace.screens.filter(screen="OobeAAD").to_dicts()
    refused = [row for row in stages if row.stage == "mdm_enrollment"]
    signs = [row for row in stages if row.stage == "user_authentication"]
    assert [page["at"] for page in pages] == [row.started_at for row in signs]
    assert [page["error_at"] for page in pages] == [row.ended_at + SHOWN for row in refused]
    assert {page["code"] for page in pages} == {"0x80180014"}
    waited = signs[1].started_at - PRESSED - (refused[0].ended_at + SHOWN)
    assert abs(pages[0]["error_waited"] - waited) <= timedelta(milliseconds=1)
    assert pages[0]["choices"] == "CDJUIClickOnErrorTryAgain"
    assert (pages[1]["ended_at"], pages[1]["error_waited"]) == (None, None)


def test_the_sign_in_page_was_branded_and_the_trace_says_it_was_open(told):
    story, _ = told
    lines = check_activities(story.tables, story.trace, story.findings)
    told_by = dict(lines.select("activity", "result").iter_rows())
    assert (told_by["expected_screens"], told_by["sign_in_page"]) == ("fail", "pass")
    assert story.tables.gaps.filter(member="CloudExperienceHostOobe.etl.001")["reason"].str.contains(
        "still being written"
    ).to_list() == [True]
