"""The time between the technician's flow and the user's is odd below 90 minutes and beyond 14 days."""

import pytest

SEALED = [("white_glove_succeeded", "device_setup", 60, None, "")]


@pytest.mark.parametrize(
    ("gap", "item"),
    [
        (89, "89 minutes, too soon"),
        (90, None),
        (14 * 1440, None),
        (14 * 1440 + 1, "14 days, too late"),
        (200 * 1440, "200 days, too late"),
    ],
)
@pytest.mark.parametrize(("outcome", "severity"), [("failed", "warning"), ("succeeded", "info")])
def test_a_user_flow_too_soon_or_too_late_after_the_seal_is_named(proofs, gap, item, outcome, severity):
    begun = 60 + gap
    attempts = [
        ("succeeded", None, "pre_provisioning", 0, 60, None),
        (outcome, "device_setup", "pre_provisioning", begun, begun + 30, None),
    ]
    rows = proofs("RESEAL-GAP", attempts=attempts, marks=SEALED)
    assert rows.select("item", "severity").rows() == ([(item, severity)] if item else [])
