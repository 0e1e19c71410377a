"""Apps that do not by themselves say why a deployment failed, at their limits."""

from datetime import timedelta

import pytest

GOOD = [("succeeded", None, "user_driven", 0, 60, None)]


@pytest.mark.parametrize(("minutes", "found"), [(10, 0), (10.1, 1)])
def test_an_installer_is_slow_from_more_than_ten_minutes_on(proofs, minutes, found):
    install = {"outcome": "succeeded", "waited": timedelta(minutes=minutes)}
    assert proofs("APP-SLOW", attempts=GOOD, installs=[install]).height == found


def test_an_installer_is_slow_only_for_a_deployment(proofs):
    install = {"outcome": "succeeded", "waited": timedelta(minutes=11), "attempt": None}
    assert proofs("APP-SLOW", attempts=GOOD, installs=[install]).is_empty()


@pytest.mark.parametrize(
    ("boots", "found"), [([], 0), ([29], 0), ([30], 1), ([60], 1), ([61], 0), ([31, 35], 1)]
)
def test_an_app_restarted_the_device_where_windows_started_within_half_an_hour(proofs, at, boots, found):
    install = {"outcome": "succeeded", "exit_class": "HardReboot", "exit_code": 1641, "ended_at": at(30)}
    steps = [("boot", minute, None, None) for minute in boots]
    assert proofs("APP-RESTART", attempts=GOOD, installs=[install], steps=steps).height == found


@pytest.mark.parametrize(("tries", "found"), [(2, 0), (3, 3)])
def test_three_tries_in_one_attempt_are_many(proofs, tries, found):
    installs = [{"try_number": n, "outcome": "succeeded"} for n in range(1, tries + 1)]
    assert proofs("APP-RETRIED", attempts=GOOD, installs=installs).height == found


def test_tries_in_two_attempts_are_not_added_up(proofs):
    installs = [{"try_number": n, "attempt": n, "outcome": "succeeded"} for n in (1, 2, 3)]
    assert proofs("APP-RETRIED", attempts=GOOD * 3, installs=installs).is_empty()


@pytest.mark.parametrize(("items", "found"), [(["a"], 0), (["a", "a"], 0), (["a", "b"], 2)])
def test_two_apps_that_failed_are_several_and_one_that_failed_twice_is_not(proofs, items, found):
    rows = proofs("APPS-SEVERAL-FAILED", attempts=GOOD, installs=[{"item": item} for item in items])
    assert rows.height == found
    assert set(rows["item"]) <= {"2 apps"}


def test_an_app_that_failed_is_said_by_its_last_try(proofs):
    installs = [{"outcome": "failed"}, {"outcome": "succeeded", "try_number": 2}]
    assert proofs("APP-FAILED", attempts=GOOD, installs=installs).is_empty()
    assert proofs("APP-FAILED", attempts=GOOD, installs=installs[::-1])["severity"].to_list() == ["info"]


WELL = ("succeeded", None, "user_driven", 0, 60, None)
OPEN = ("unfinished", None, "user_driven", 0, None, None)
DEVICE_DONE = [(1, "device_setup", "succeeded", 5, 40, None, None)]
SETTING_UP = [(1, "device_setup", "unfinished", 5, None, None, None)]
OFFERED = '{"offered": true}'
"""The detail of a try at an app that users may ask for."""
SEEN = [("events_mdm_admin", "partial")]


@pytest.mark.parametrize(
    "case",
    [
        ([WELL], [], {}, "APP-FAILED", "info"),
        ([OPEN], DEVICE_DONE, {"ended_at": 20}, "APP-FAILED", "info"),
        ([OPEN], DEVICE_DONE, {"ended_at": 50, "phase": "device"}, "APP-FAILED", "info"),
        ([OPEN], DEVICE_DONE, {"ended_at": 50, "phase": None}, "APP-FAILED-UNSEEN", "warning"),
        ([OPEN], SETTING_UP, {"ended_at": 20}, "APP-FAILED-UNSEEN", "warning"),
        ([OPEN], SETTING_UP, {"ended_at": 20, "blocking": True}, "APP-FAILED-TRACKED", None),
        ([], [], {"attempt": None}, "APP-FAILED-UNSEEN", "info"),
        ([WELL], [], {"attempt": None, "ended_at": 180}, "APP-FAILED-OUTSIDE", "info"),
        ([WELL], [], {"detail": OFFERED}, "APP-FAILED-OUTSIDE", "info"),
        ([OPEN], SETTING_UP, {"detail": OFFERED}, "APP-FAILED-OUTSIDE", "info"),
        ([], [], {"detail": OFFERED, "attempt": None}, "APP-FAILED-UNSEEN", "info"),
        ([OPEN], SETTING_UP, {"outcome": "succeeded"}, None, None),
    ],
)
def test_an_app_failed_beside_the_page_only_where_the_page_is_known_to_have_gone_on(proofs, at, case):
    attempts, runs, install, rule, severity = case
    given = {"blocking": None, **install} | (
        {"ended_at": at(install["ended_at"])} if "ended_at" in install else {}
    )
    world = {"attempts": attempts, "runs": runs, "installs": [given], "coverage": SEEN}
    rules = (
        "APP-FAILED",
        "APP-FAILED-OUTSIDE",
        "APP-FAILED-UNSEEN",
        "APP-FAILED-TRACKED",
        "APP-FAILED-UNPLACED",
    )
    found = {name: rows["severity"][0] for name in rules if (rows := proofs(name, **world)).height}
    assert found == ({rule: severity} if rule else {})


@pytest.mark.parametrize(
    ("kind", "name", "package"),
    [("msi", None, True), ("msi", "IntuneWindowsAgent.msi", False), ("win32", "Contoso.msi", False)],
)
def test_a_package_of_management_is_called_that(proofs, kind, name, package):
    (quote,) = proofs("APP-FAILED", attempts=[WELL], installs=[{"kind": kind, "name": name}])["quote"]
    assert ("line-of-business MSI" in quote) is package


@pytest.mark.parametrize(
    ("phase", "words"), [("device", "device setup"), ("account", "account setup"), (None, "")]
)
def test_an_app_of_no_known_deployment_tells_in_which_phase_the_agent_was(proofs, phase, words):
    install = {"phase": phase, "attempt": None, "blocking": None}
    (quote,) = proofs("APP-FAILED-UNPLACED", installs=[install])["quote"]
    shown = f"; the status page was in {words} then, by the agent's log" if words else ""
    assert quote.partition(";")[1:] == shown.partition(";")[1:]
