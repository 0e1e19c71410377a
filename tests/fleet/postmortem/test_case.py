"""Which attempts an incident holds: of the group, in its time, and whom it befell."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from autopilot_analysis.errors import BadInput
from autopilot_analysis.fleet.postmortem.case import pick_case, read_day, read_group


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("", {}),
        ("model=Slate 12, build=26100.6584", {"model": "Slate 12", "build": "26100.6584"}),
        ("profile=Kiosk, hall 3=east", {"profile": "Kiosk, hall 3=east"}),
    ],
)
def test_a_group_is_read_as_it_is_written(text, where):
    assert read_group(text) == where


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("", None),
        ("2026-03-02", datetime(2026, 3, 2, tzinfo=UTC)),
        ("2026-03-02T08:00:00+02:00", datetime(2026, 3, 2, 6, tzinfo=UTC)),
    ],
)
def test_a_day_is_one_of_utc_unless_it_says_otherwise(text, day):
    assert read_day(text, "since") == day


def test_what_cannot_be_read_is_said_in_one_line():
    with pytest.raises(BadInput, match="write column=value"):
        read_group("Slate 12")
    with pytest.raises(BadInput, match="write a day like"):
        read_day("last week", "since")


def test_an_incident_holds_its_time_from_its_first_instant_up_to_its_end(case_of):
    rows = [(f"D{n}", None, 60 * n, 5, "failed" if n % 2 else "succeeded", n < 4) for n in range(6)]
    case = case_of(rows)
    since = case.judged["started_at"][1]
    bounded = replace(case, since=since, until=since + timedelta(hours=3))
    devices = {
        name: getattr(bounded, name)["device"].to_list()
        for name in ("group", "before", "during", "hits", "rest")
    }
    assert devices == {
        "group": ["D0", "D1", "D2", "D3"],
        "before": ["D0"],
        "during": ["D1", "D2", "D3"],
        "hits": ["D1", "D3"],
        "rest": [],
    }
    assert case.rest["device"].to_list() == ["D4", "D5"]
    assert case.before.is_empty()


def test_a_first_day_later_than_the_last_is_refused(tmp_path):
    with pytest.raises(BadInput, match=r"since \(2026-04-20\) is later than until \(2026-04-14\)"):
        pick_case(tmp_path, since="2026-04-20", until="2026-04-14")
