"""Which number of a list's dates is the day: what other files of the device show, and where doubt stays."""

from datetime import UTC, datetime

import polars as pl
import pytest

from autopilot_analysis.readers.captured import Capture
from autopilot_analysis.readers.local_times import DOUBTFUL
from autopilot_analysis.readers.placing.day_order import settle_days, swapped
from autopilot_analysis.readers.reading import Unread

LIST, LOG = "list.csv", "MDM.evtx"
READ = datetime(2026, 11, 12, 9, 11, tzinfo=UTC)
OTHER = datetime(2026, 12, 11, 9, 11, tzinfo=UTC)


def settled(rows, *days):
    """Return the list's instant and whether it is still in doubt, beside a log of these days."""
    capture = Capture()
    capture.gaps.append((LIST, Unread(DOUBTFUL.format(order="month and day"), count=1)))
    listed = {"member": LIST, "clock": "unknown", "at": READ, "recorded_at": READ}
    logged = [{"member": LOG, "clock": "declared", "at": day, "recorded_at": day} for day in days]
    frames = {"events": rows("events", listed, *logged), "log_lines": rows("log_lines")}
    events = settle_days(frames, capture)["events"]
    at, recorded = events.filter(member=LIST).select("at", "recorded_at").row(0)
    assert at == recorded
    return at, bool(capture.gaps)


def test_a_day_that_another_file_holds_settles_how_it_was_read(rows):
    assert settled(rows, READ) == (READ, False)


def test_a_day_that_another_file_holds_the_other_way_turns_it(rows):
    assert settled(rows, OTHER) == (OTHER, False)


@pytest.mark.parametrize("days", [(), (READ, OTHER), (datetime(2026, 5, 1, tzinfo=UTC),)])
def test_days_of_both_readings_or_of_none_leave_the_doubt(rows, days):
    assert settled(rows, *days) == (READ, True)


@pytest.mark.parametrize(("apart", "in_doubt"), [(1, False), (2, True)])
def test_a_zone_may_put_the_same_hour_a_day_apart_and_no_more(rows, apart, in_doubt):
    assert settled(rows, READ.replace(day=12 + apart)) == (READ, in_doubt)


def test_the_listed_order_of_another_file_is_none_of_its_business(rows):
    capture = Capture()
    capture.gaps += [(LIST, Unread("the list breaks off")), (None, Unread("something else"))]
    frames = {"events": rows("events", {"member": LIST, "at": READ}), "log_lines": rows("log_lines")}
    assert settle_days(frames, capture) is frames
    assert len(capture.gaps) == 2


def test_a_date_without_such_a_month_has_no_other_reading():
    days = pl.DataFrame({"day": [READ.replace(day=13), READ]})
    assert days.select(swapped("day"))["day"].to_list() == [None, OTHER]
