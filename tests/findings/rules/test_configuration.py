"""A requirement is unmet only where the device's own evidence shows it."""

from autopilot_analysis.facts import read_facts
from autopilot_analysis.findings.rules.configuration import unmet
from autopilot_analysis.findings.signs.signs import answerable


def test_a_device_that_shows_nothing_fails_no_check(world):
    assert unmet(*world(), "configuration_checks", "sign", "CHECK-").is_empty()


def test_some_checks_can_be_answered_and_those_that_cannot_are_never_unmet(world, failure):
    checks = read_facts("configuration_checks")
    can = [answerable(sign) for sign in checks["sign"]]
    assert 0 < sum(can) < checks.height
    for stage in ("network", "mdm_enrollment", "device_setup"):
        found = unmet(*world(**failure(stage)), "configuration_checks", "sign", "CHECK-")
        cannot = checks.filter(~checks["sign"].map_elements(answerable, return_dtype=bool, skip_nulls=False))
        assert not set(found["rule"]) & {f"CHECK-{name}" for name in cannot["id"]}
