"""Each stage shows itself in its own way; a skipped one only in the truth."""

from autopilot_analysis.samples.device.stages import tell
from autopilot_analysis.samples.device.story import Step
from autopilot_analysis.tables import STAGES


def test_a_skipped_stage_has_no_instant_and_takes_no_time(blank):
    story = blank()
    before = story.now
    tell(story, Step("user_authentication", outcome="skipped"))
    (row,) = story.rows
    assert (row.outcome, row.started_at, row.ended_at, story.now) == ("skipped", None, None, before)


def test_every_stage_can_be_told_and_moves_the_clock_to_its_end(blank):
    story = blank()
    for stage in STAGES:
        before = story.now
        tell(story, Step(stage, (30, 60)))
        assert story.now > before
    assert [row.stage for row in story.rows] == STAGES


def test_a_preparation_that_did_not_end_has_no_end(blank):
    story = blank()
    tell(story, Step("device_preparation", (30, 60), outcome="unfinished"))
    assert (story.rows[0].outcome, story.rows[0].ended_at) == ("unfinished", None)
