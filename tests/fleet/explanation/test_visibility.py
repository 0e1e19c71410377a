from datetime import UTC, datetime, timedelta

import polars as pl

from autopilot_analysis.fleet.explanation.visibility import list_limits, too_few

DAY = datetime(2026, 3, 2, tzinfo=UTC)


def fleet(**columns):
    told = {
        "outcome": ["succeeded"] * 59 + ["failed"],
        "started_at": [DAY] * 60,
        "total": [timedelta(minutes=40)] * 60,
        "model": ["Slate 12", "Desk Mini 5"] * 30,
    }
    return pl.DataFrame(told | columns)


def test_a_fleet_that_tells_all_that_is_asked_leaves_nothing_unanswered():
    assert list_limits(fleet(), outcome="slow") == []
    assert list_limits(fleet().clear()) == []


def test_attempts_without_a_start_cannot_say_since_when():
    assert list_limits(fleet(started_at=[None] + [DAY] * 59)) == [
        "since when: 1 of 60 deployments does not say when it began"
    ]


def test_lengths_are_missed_only_where_they_are_asked_for():
    frame = fleet().drop("total")
    assert list_limits(frame) == []
    assert list_limits(frame, outcome="slow") == ["how long: 60 of 60 that ended do not say how long it took"]


def test_without_attributes_no_group_can_differ():
    assert list_limits(fleet(model=["Slate 12"] * 60))[0].startswith("which group: no model")


def test_a_success_of_enrolment_is_no_finished_deployment():
    frame = fleet(flags=["enrollment_only"] * 20 + [None] * 40)
    assert list_limits(frame) == [
        "success: 20 of 60 deployments tell of MDM enrolment only, not of what came after it"
    ]


def test_too_few_to_compare_is_said_with_what_was_asked_for():
    assert too_few(fleet()) is None
    only = "Few to compare: {} deployments ended; only single values were compared, and times hour by hour."
    assert too_few(fleet().head(59)) == only.format(59)
    assert too_few(fleet().head(12)) == only.format(12)
    assert too_few(fleet().head(12), outcome="slow").endswith(
        "only single values were compared, and no days."
    )
    assert too_few(fleet().head(11)) == "Too few to compare: 11 deployments ended; at least 12 are needed."
    assert too_few(fleet().drop("total"), outcome="slow") == (
        "Too few to compare: 0 deployments that ended say how long they took; at least 12 are needed."
    )


def test_a_month_in_which_no_attempt_began_is_not_known_and_a_holiday_is_none():
    days = [*range(31), *range(61, 90)]
    assert list_limits(fleet(started_at=[DAY + timedelta(days=day) for day in days])) == [
        "what happened from 2026-04-02 to 2026-05-01, with 30 in the 30 days before and 29 in those after: "
        "no attempt that was read began then"
    ]
    assert (
        list_limits(fleet(started_at=[DAY + timedelta(days=day // 5 * 7 + day % 5) for day in range(60)]))
        == []
    )
