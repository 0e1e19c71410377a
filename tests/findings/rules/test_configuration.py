"""A requirement is unmet only where the device's own evidence shows it."""

import pytest

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


PROXY, TICKET = ("udr:336", {}, 15, None), ("ap:710", {}, 15, None)
WITHOUT_A_TPM = ("ap:209", {}, 15, None)


@pytest.mark.parametrize(
    ("asked", "event", "mark"),
    [
        (("configuration_checks", "sign", "CF34"), PROXY, "joined"),
        (("configuration_checks", "sign", "CF16"), WITHOUT_A_TPM, "tpm_identity_confirmed"),
        (("network_signs", "rule_sign", "N5"), WITHOUT_A_TPM, "tpm_identity_confirmed"),
    ],
)
def test_what_was_mended_before_the_failing_step_weighs_no_more_than_info(world, failure, asked, event, mark):
    facts, sign, rule = asked
    given = failure("device_preparation", scenario="hybrid_join")

    def severity(*marks):
        found = unmet(*world(events=[event], marks=marks, **given), facts, sign, "")
        return found.filter(found["rule"] == rule)["severity"].to_list()

    assert severity() == ["warning"]
    assert severity((mark, None, 20, None, "")) == ["info"]
    assert severity((mark, None, 70, None, "")) == ["warning"]


@pytest.mark.parametrize(("minute", "weight"), [(None, "warning"), (20, "info"), (70, "warning")])
def test_a_service_that_was_reached_later_was_not_blocked_at_the_failing_step(world, failure, minute, weight):
    marks = [] if minute is None else [("profile_available", None, minute, None, "")]
    story = world(events=[TICKET], marks=marks, **failure("profile_download"))
    found = unmet(*story, "network_signs", "rule_sign", "")
    assert found.filter(found["rule"] == "N3")["severity"].to_list() == [weight]
