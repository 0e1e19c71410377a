"""Rules of the status page, at their limits."""

import pytest

from autopilot_analysis.findings import RULES, find

FIRST_SYNC = r"HKEY_LOCAL_MACHINE\software\microsoft\enrollments\0000\FirstSync"


@pytest.mark.parametrize(("minutes", "found"), [(40, False), (41, True), (80, True), (81, False)])
def test_hybrid_join_adds_forty_minutes_to_the_limit_of_the_page(world, minutes, found):
    ran = world(
        attempts=[("failed", "device_setup", "hybrid_join", 0, minutes, None)],
        registry=[(FIRST_SYNC, "SyncFailureTimeout", "40")],
        runs=[(1, "device_setup", "failed", 0, minutes, None, None)],
    )
    rule = {"ESP-HYBRID-EXTRA": RULES["ESP-HYBRID-EXTRA"]}
    assert (find(*ran, rules=rule).findings.height == 1) is found
