from datetime import timedelta
from pathlib import Path

import polars as pl
import pytest

from autopilot_analysis.fleet import compare_captures, load_story
from autopilot_analysis.fleet.dataset.story import Story
from autopilot_analysis.fleet.postmortem.comparison import OLD, UNASKED, compare_stories
from autopilot_analysis.tables import Findings, Tables

DATA = Path(__file__).parents[3] / "data"
REFUSED, FINE = DATA / "mdm-enrollment-refused.cab", DATA / "user-driven-success.cab"


@pytest.fixture(scope="module")
def refused():
    return load_story(REFUSED)


@pytest.fixture(scope="module")
def fine():
    return load_story(FINE)


def collected(story, at):
    """The story of a capture that was made at another time."""
    devices = story.tables.devices.with_columns(collected_at=pl.lit(at).cast(pl.Datetime("us", "UTC")))
    return story._replace(tables=Tables.of({**story.tables.frames(), "devices": devices}))


def test_a_refusal_that_was_cured_went_and_the_stages_stand_side_by_side(refused, fine):
    compared = compare_captures(REFUSED, FINE)
    row = compared.findings.row(by_predicate=pl.col("rule") == "MDM-ENROLLMENT-REFUSED", named=True)
    assert (row["state"], row["role"], row["records_after"]) == ("went", "cause", 0)
    assert row["records_before"] == refused.findings.evidence.filter(rule="MDM-ENROLLMENT-REFUSED").height
    enrolment = compared.timings.row(by_predicate=pl.col("stage") == "mdm_enrollment", named=True)
    waited = [
        story.trace.stage_runs.filter(stage="mdm_enrollment").sort("attempt")["waited"][-1]
        for story in (refused, fine)
    ]
    assert (enrolment["outcome_before"], enrolment["outcome_after"]) == ("failed", "succeeded")
    assert [enrolment["waited_before"], enrolment["waited_after"]] == waited
    assert enrolment["change"] == waited[1] - waited[0]
    assert "different devices: SN-0002 and SN-0001" in repr(compared.summary)


def test_the_same_capture_twice_shows_that_everything_stayed(refused):
    compared = compare_stories(refused, refused)
    assert set(compared.findings["state"]) == {"stayed"}
    assert set(compared.timings["change"].drop_nulls()) == {timedelta()}


def test_records_a_log_still_holds_from_before_the_fix_are_no_new_finding(refused):
    starts = refused.trace.attempts["started_at"].sort()
    before = collected(refused, starts[2])
    old = refused.findings.evidence.filter(pl.col("at") < starts[2])
    after = refused._replace(findings=Findings(refused.findings.findings, old))
    rows = compare_stories(before, after).findings
    assert rows.filter(rule="MDM-ENROLLMENT-REFUSED").select("state", "note").row(0) == ("went", OLD)
    kept = compare_stories(before, refused).findings
    assert kept.filter(rule="MDM-ENROLLMENT-REFUSED")["state"].to_list() == ["stayed"]


def test_a_finding_whose_source_is_missing_later_is_not_gone(refused, fine):
    absent = fine.tables.coverage.with_columns(
        presence=pl.lit("absent").cast(fine.tables.coverage["presence"].dtype)
    )
    blind = Story(Tables.of({**fine.tables.frames(), "coverage": absent}), fine.trace, fine.findings)
    row = compare_stories(refused, blind).findings.filter(rule="MDM-ENROLLMENT-REFUSED")
    assert row.select("state", "note").row(0) == ("not asked", UNASKED)


def test_without_an_earlier_capture_there_is_nothing_to_compare():
    compared = compare_captures("", FINE)
    assert compared.tables == []
    assert repr(compared.summary) == "No earlier capture of the same device was given."
