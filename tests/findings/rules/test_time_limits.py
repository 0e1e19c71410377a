"""Apps whose installer was still running when the agent's time for it was over."""

from datetime import timedelta

import pytest

from autopilot_analysis.facts import shared_reasons
from autopilot_analysis.findings import find

LATE = shared_reasons()["installer time limit"]
END = ("error", "[Win32App] Installation is timeout, collecting result", 80)
OTHER = ("error", "[Win32App] Installation is timeout, collecting result", 50)
PAGE = {
    "attempts": [("failed", "device_setup", "user_driven", 0, 90, "0x87D300C9")],
    "runs": [(1, "device_setup", "failed", 10, 90, "0x87D300C9", None)],
}
WELL = {"attempts": [("succeeded", None, "user_driven", 0, 60, None)]}


def tried(at, **more):
    whole = {"outcome": "failed", "reason": LATE, "code": "0x87D300C9", "exit_code": None, "cause": None}
    return whole | {"started_at": at(20), "ended_at": at(80), "waited": timedelta(minutes=60)} | more


@pytest.mark.parametrize(
    ("story", "more", "rules"),
    [
        (PAGE, {}, {"APP-TIME-LIMIT": "critical"}),
        (WELL, {}, {"APP-TIME-LIMIT": "info"}),
        ({}, {"attempt": None, "blocking": None}, {"APP-TIME-LIMIT": "warning"}),
        ({}, {"attempt": None}, {"APP-TIME-LIMIT": "warning"}),
        (PAGE, {"reason": None, "exit_code": 1603}, {"ESP-APP-FAILED": "critical"}),
        (WELL, {"outcome": "succeeded", "exit_code": 0}, {}),
    ],
)
def test_an_installer_past_its_limit_is_told_in_place_of_the_app_that_failed(world, at, story, more, rules):
    found = find(*world(**story, installs=[tried(at, **more)], lines=[END])).findings
    apps = found.filter(found["rule"].str.contains("^(?:ESP-)?APP-(?:FAILED|TIME)"))
    assert dict(apps.select("rule", "severity").iter_rows()) == rules


def test_a_later_try_that_ended_otherwise_is_what_counts(proofs, at):
    good = {"outcome": "succeeded", "try_number": 2, "exit_code": 0}
    other = {"outcome": "failed", "try_number": 2, "exit_code": 1603}
    for later in (good, other):
        assert proofs("APP-TIME-LIMIT", **PAGE, installs=[tried(at), later], lines=[END]).is_empty()


def test_the_line_of_the_own_end_is_quoted_with_how_long_it_ran_and_a_command_without_a_switch(proofs, at):
    install = tried(at, detail='{"command": "setup.exe"}')
    rows = proofs("APP-TIME-LIMIT", **PAGE, installs=[install], lines=[OTHER, END])
    line = rows.filter(rows["quote"].str.contains("timeout"))
    assert line.select("record", "item", "code").rows() == [(2, "Example VPN", "0x87D300C9")]
    assert "it had run for 60 minutes" in line["quote"][0]
    assert "the status page was in device setup then" in line["quote"][0]
    assert line["quote"][0].endswith("its install command is setup.exe alone, without a switch")


def test_where_no_phase_and_no_command_are_known_none_is_told(proofs, at):
    rows = proofs("APP-TIME-LIMIT", **PAGE, installs=[tried(at, phase=None)], lines=[END])
    assert rows["quote"][0] == f"{END[1]}; it had run for 60 minutes"
