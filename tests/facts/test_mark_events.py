"""Which event records are which mark."""

from autopilot_analysis.facts.mark_events import events_of_marks

MANAGEMENT = "microsoft-windows-devicemanagement-enterprise-diagnostics-provider"


def test_a_device_is_enrolled_by_two_events_of_the_management_provider():
    assert events_of_marks(["enrolled"]).select("mark", "provider", "event_id").rows() == [
        ("enrolled", MANAGEMENT, 72),
        ("enrolled", MANAGEMENT, 75),
    ]


def test_one_event_is_another_mark_by_its_fields():
    rows = events_of_marks(["profile_available", "profile_not_provisioned"]).filter(event_id=153)
    patterns = dict(rows.select("mark", "pattern").rows())
    assert patterns["profile_available"] != patterns["profile_not_provisioned"]


def test_no_event_is_a_mark_that_nobody_knows():
    assert events_of_marks(["nothing"]).is_empty()
