"""Apps that were not done when the page gave up."""

import pytest
from findings.rule_worlds import RESTARTS, TIMED

HELD = {"item": "held", "name": "Contoso Reader", "outcome": "waiting", "reason": "waits for a restart"}


def test_an_app_that_waits_for_a_restart_is_named_and_not_those_behind_it(proofs):
    rows = proofs("ESP-RESTART-AWAITED", **TIMED, installs=[HELD, RESTARTS])
    assert rows["item"].to_list() == ["Example VPN"]
    assert rows["quote"].to_list() == ["reboot, exit code 3010"]


def test_apps_that_only_the_agent_keeps_waiting_are_named_where_none_asked(proofs):
    rows = proofs("ESP-RESTART-AWAITED", **TIMED, installs=[HELD])
    assert rows["item"].to_list() == ["Contoso Reader"]


@pytest.mark.parametrize(("minute", "found"), [(29, 1), (31, 0), (59, 0), (61, 1)])
def test_a_start_of_windows_after_the_request_and_in_time_is_that_restart(proofs, minute, found):
    steps = [("boot", minute, None, None)]
    assert proofs("ESP-RESTART-AWAITED", **TIMED, installs=[RESTARTS], steps=steps).height == found
    assert proofs("ESP-APP-HUNG", **TIMED, installs=[RESTARTS], steps=steps).height == 1 - found


def test_no_installer_hung_where_a_restart_was_awaited(proofs):
    rows = proofs("ESP-APP-HUNG", **TIMED, installs=[HELD, RESTARTS])
    assert rows.is_empty()
