"""One thing on the wall clock: it keeps what was written beside the best instant, and leads back."""

from autopilot_analysis.tables.timeline import LANES, LEVELS, NO_FINDINGS, OCCURRENCES, Occurrence


def test_an_occurrence_may_have_no_instant_and_never_lacks_its_lane():
    columns = Occurrence.columns()
    assert all(columns[name].nullable for name in ("at", "ended_at", "recorded_at", "written_at", "record"))
    assert not any(columns[name].nullable for name in ("lane", "track", "kind", "open", "title"))
    assert (columns["recorded_at"].dtype.time_zone, columns["written_at"].dtype.time_zone) == ("UTC", None)


def test_lanes_begin_with_the_power_and_end_with_what_no_lane_claims():
    assert (LANES[0], LANES[-1], len(set(LANES))) == ("power", "records", len(LANES))
    assert LEVELS == ["critical", "error", "warning", "info", "verbose"]
    assert {"event", "log_line", "finding"} <= set(OCCURRENCES)


def test_what_proves_no_finding_holds_an_empty_list_of_ids(rows):
    frame = rows("timeline", {"id": 1}).with_columns(findings=NO_FINDINGS)
    assert frame["findings"].to_list() == [[]]
