"""Where acts are told: instants moved by seconds, and JSON without blanks."""

from datetime import UTC, datetime

from autopilot_analysis.samples.installs.stage import compact, shift

AT = datetime(2026, 3, 2, 8, tzinfo=UTC)


def test_an_instant_is_moved_by_seconds_and_parts_of_them():
    assert shift(AT, 90.5) == datetime(2026, 3, 2, 8, 1, 30, 500_000, tzinfo=UTC)


def test_the_agent_writes_json_without_blanks():
    assert compact({"a": [1, 2]}) == '{"a":[1,2]}'
