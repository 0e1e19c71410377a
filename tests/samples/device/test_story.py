"""A story keeps true time; records carry the device's own clock and only what its build can write."""

from datetime import timedelta

import pytest

from autopilot_analysis.facts import read_facts
from autopilot_analysis.samples.device.story import Step, fields, ids_of


def test_fields_of_all_parts_stand_in_their_order():
    assert list(fields({"a": 1}, {"b": 2}, {"a": 3}).items()) == [("a", 3), ("b", 2)]


def test_a_step_carries_its_code_as_events_do():
    assert Step("mdm_enrollment", code="0x80180014").result.number == 0x80180014
    assert Step("mdm_enrollment").result.number == 0


@pytest.mark.parametrize(
    ("build", "channel", "place"),
    [("26100.1", "DM", "DME"), ("22631.1", "DM", "DMA"), ("17763.1", "AP", "APO"), ("22631.1", "AP", "AP")],
)
def test_an_event_goes_to_the_channel_where_its_release_writes_it(blank, ids, build, channel, place):
    story = blank(build=build)
    story.event(channel, 72 if channel == "DM" else 161, story.now)
    assert len(ids(story, place)) == 1


def test_an_event_that_the_release_cannot_write_is_not_written(blank, ids):
    story = blank(build="19045.1")
    story.event("AP", 285, story.now)
    assert ids(story, "AP") == []


def test_records_are_numbered_in_true_order_and_dated_by_the_wrong_clock(blank):
    story = blank()
    story.clock_error = timedelta(hours=3)
    story.event("AP", 161, story.now, after=500)
    story.event("AP", 160, story.now)
    first, second = story.records("AP")
    assert [(record.record_id, record.event_id) for record in (first, second)] == [(1, 160), (2, 161)]
    assert first.at == story.now + timedelta(hours=3)


def test_an_end_is_drawn_so_that_its_companions_fit_into_its_second(blank):
    story = blank()
    end = story.end_of(Step("network", (5, 9)), story.now)
    assert 5 <= (end - story.now).total_seconds() < 10
    assert 200_000 <= end.microsecond < 600_000


def test_the_events_of_marks_are_those_of_the_facts_each_once():
    ids = dict(read_facts("stages").filter(kind="event").select("mark", "event_id").reverse().iter_rows())
    assert ids_of("enrolled", "enrolled_preparing") == [int(ids["enrolled"])]
    assert ids["enrolled"] == ids["enrolled_preparing"]
