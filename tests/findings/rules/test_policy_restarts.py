"""A restart right after device management named a policy is that policy's; any other is not."""

from __future__ import annotations

import json

import pytest

from autopilot_analysis.readers.event_log.lists.event_message import fields_of

WINDOWS = {"param1": r"C:\Windows\system32\svchost.exe (AP-0001)"}
INSTALLER = {"param1": r"C:\Windows\System32\msiexec.exe (AP-0001)"}
LOCKER = "./Vendor/MSFT/AppLocker/ApplicationLaunchRestrictions/Corp01/EXE/Policy"
NODE = "AppLocker/ApplicationLaunchRestrictions/Corp01/EXE/Policy"
GUARD = "./Device/Vendor/MSFT/Policy/Config/DeviceGuard/EnableVirtualizationBasedSecurity"
OPEN = [("unfinished", None, None, 0, None, None)]


def asked(minute, *uris):
    words = f"The following URI has triggered a reboot: ({'; '.join(uris or (LOCKER,))})."
    return ("reboot_required_by_policy", None, minute, None, words)


def ordered(minute, who=WINDOWS):
    return ("user32:1074", who, minute, None)


def started(minute):
    return ("eventlog:6005", {}, minute, None)


@pytest.mark.parametrize(
    ("marks", "events", "item"),
    [
        ([asked(20)], [ordered(21), started(22)], NODE),
        ([asked(20, GUARD)], [ordered(22)], "DeviceGuard/EnableVirtualizationBasedSecurity"),
        ([asked(20, GUARD)], [started(25)], "DeviceGuard/EnableVirtualizationBasedSecurity"),
        (
            [asked(20, LOCKER, GUARD)],
            [ordered(21)],
            "AppLocker/ApplicationLaunchRestrictions/Corp01/EXE/Policy, "
            "DeviceGuard/EnableVirtualizationBasedSecurity",
        ),
    ],
)  # fmt: skip
def test_a_restart_right_after_a_policy_asked_for_one_names_it(proofs, marks, events, item):
    rows = proofs("POLICY-RESTART", attempts=OPEN, marks=marks, events=events)
    assert set(rows["item"]) == {item}
    assert set(rows["severity"]) == {"warning"}
    assert rows["code"].null_count() == rows.height


@pytest.mark.parametrize(
    ("marks", "events"),
    [
        ([asked(20), asked(30), asked(40)], []),
        ([asked(20)], [ordered(23)]),
        ([asked(20)], [started(26)]),
        ([asked(20)], [ordered(21, INSTALLER), started(22)]),
        ([asked(22)], [ordered(21)]),
    ],
)
def test_a_policy_without_a_restart_and_a_restart_of_another_are_not_tied(proofs, marks, events):
    assert proofs("POLICY-RESTART", attempts=OPEN, marks=marks, events=events).is_empty()


def test_the_reason_of_a_shutdown_is_no_result_code():
    message = (
        r"Der Prozess C:\Windows\system32\svchost.exe (AP-0001) hat den Neustart eingeleitet. "
        "Grundcode: 0x80020010  Herunterfahrtyp: Neu starten"
    )
    fields = json.loads(fields_of("User32", 1074, message))
    assert "HRESULT" not in fields
    assert (fields["param1"], fields["param4"]) == (r"C:\Windows\system32\svchost.exe", "0x80020010")
    failed = json.loads(fields_of("Service Control Manager", 7023, "It stopped with 0x80070005"))
    assert failed["HRESULT"] == "0x80070005"
