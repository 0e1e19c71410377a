"""Holes in the evidence weigh only where something failed that they could hide the cause of."""

import pytest

from autopilot_analysis.readers.device.coverage import FLOODED

BAD = [("failed", "device_setup", "user_driven", 0, 60, None)]


@pytest.mark.parametrize(("attempts", "severity"), [(BAD, "warning"), ([], "info")])
@pytest.mark.parametrize(
    ("rule", "reason"),
    [
        ("EVIDENCE-ROLLED-OVER", "the log rolled over"),
        ("EVIDENCE-FLOODED", f"{FLOODED}: more"),
    ],
)
def test_a_log_that_lost_records_is_named_by_why(proofs, rule, reason, attempts, severity):
    rows = proofs(rule, attempts=attempts, gaps=[("a.evtx", reason), ("b.evtx", "something else")])
    assert rows.select("member", "severity", "quote").rows() == [("a.evtx", severity, reason)]


def test_a_gap_of_the_export_as_a_whole_is_of_no_member(proofs):
    assert proofs("EVIDENCE-ROLLED-OVER", gaps=[(None, "the log rolled over")]).is_empty()


@pytest.mark.parametrize(
    ("source", "presence", "found"),
    [
        ("events_autopilot", "absent", 1),
        ("events_autopilot", "partial", 0),
        ("events_shell_core", "absent", 0),
    ],
)
def test_only_a_decisive_source_that_is_absent_is_missing(proofs, source, presence, found):
    rows = proofs("EVIDENCE-MISSING", coverage=[(source, presence)])
    assert rows.height == found
    assert rows["quote"].str.ends_with("(events_autopilot) is not among the members").all()
