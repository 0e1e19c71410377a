"""Rules of the status page, at their limits."""

import pytest
from findings.rule_worlds import at

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


@pytest.mark.parametrize(
    ("app", "rule"),
    [
        ({"download_outcome": "failed"}, "ESP-APP-CONTENT"),
        ({"download_outcome": "failed", "exit_code": 1603}, "ESP-APP-FAILED"),
        ({"download_outcome": "failed", "started_at": at(20)}, "ESP-APP-FAILED"),
        ({"download_outcome": "succeeded"}, "ESP-APP-FAILED"),
        ({"download_outcome": "failed", "code": "0x80070070"}, None),
    ],
)
def test_an_app_that_ended_with_its_content_is_no_failing_installer(proofs, failure, app, rule):
    given = failure("device_setup", code="0x81036502") | {"installs": [{"outcome": "failed"} | app]}
    rules = ("ESP-APP-CONTENT", "ESP-APP-FAILED")
    assert [name for name in rules if proofs(name, **given).height] == ([rule] if rule else [])
