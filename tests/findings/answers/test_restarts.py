"""A restart of the page that nobody asked for stands on the first screen of a success, with its remedy."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from findings.answers.answer_parts import parts, texts
from findings.rule_worlds import RESTARTED

from autopilot_analysis.findings import RULES, answer, find

NODE = "./Device/Vendor/MSFT/"
BROKER, UPDATES = (
    [("user32:1074", {"Data": [rf"C:\Windows\{name} (PC-1)", "PC-1"]}, 29, None)]
    for name in (r"system32\CloudExperienceHostBroker.exe", r"uus\AMD64\MoUsoCoreWorker.exe")
)
RUNS = [
    (1, "device_setup", "succeeded", 10, 40, None, None),
    (1, "account_setup", "succeeded", 58, 70, None, None),
]
TOLD = ("ESP-REBOOT", "POLICY-RESTART", "APP-RESTART", "REBOOT-CAUSE")
ASK = "Assign the policy that asks for the restart to users, or after deployment."
NOTHING = ["Nothing that was read calls for action."]


def asked(policy, minute=20):
    return ("reboot_required_by_policy", None, minute, None, f"{NODE}Policy/Config/{policy}")


def first_screen(world, *, scenario="user_driven", boots=(30,), runs=RUNS, **more):
    """What happened, and what is to be done, on a device that went well."""
    tables, trace = world(
        attempts=[("succeeded", None, scenario, 0, 70, None)],
        runs=runs,
        steps=[("boot", minute, None, "") for minute in boots],
        **more,
    )
    found = find(tables, trace, rules={name: RULES[name] for name in TOLD})
    screen = parts(answer(tables, trace, found))
    return texts(screen["What happened"])[1:], texts(screen["What to do"])


def restarted(by, phase="device setup", at="08:30:00", later="; account setup began 28 min later"):
    return [
        f"The device restarted in {phase} at 2026-03-02 {at} UTC, {by}: the user had to sign in again{later}."
    ]


@pytest.mark.parametrize(
    ("given", "by", "remedy"),
    [
        (
            {"marks": [asked("DeviceGuard/LsaCfgFlags")]},
            "as the policy DeviceGuard/LsaCfgFlags had asked",
            ASK,
        ),
        (
            {"marks": [asked("Update/ManagePreviewBuilds")]},
            "as the policy Update/ManagePreviewBuilds had asked",
            ASK,
        ),
        (
            {"marks": [("reboot_required_by_policy", None, 20, None, f"{NODE}Accounts/Domain/ComputerName")]},
            "as the policy Accounts/Domain/ComputerName had asked",
            ASK,
        ),
        (
            {"installs": [RESTARTED]},
            "by the installer of Example VPN",
            "Map the return code to a soft reboot, or keep the installer from asking for one.",
        ),
        (
            {"events": UPDATES},
            "by Windows Update",
            "Keep updates that restart Windows, and their deadlines, away from devices while they are set "
            "up: assign the ring to users, or later.",
        ),
    ],
)
def test_a_success_says_when_and_for_whom_the_page_was_restarted(world, given, by, remedy):
    happened, to_do = first_screen(world, **given)
    assert happened == restarted(by)
    assert to_do == [remedy]


@pytest.mark.parametrize(
    "given",
    [
        {"marks": [asked("DmaGuard/DeviceEnumerationPolicy", 65)]},
        {"marks": [asked("DeviceGuard/LsaCfgFlags")], "boots": ()},
        {"marks": [asked("DeviceGuard/LsaCfgFlags")], "scenario": "self_deploying"},
        {"events": BROKER},
        {"marks": [asked("DeviceGuard/LsaCfgFlags")], "boots": (75,)},
        {"events": UPDATES, "boots": (5,)},
    ],
)
def test_without_a_restart_or_without_a_person_there_is_nothing_to_ask_for(world, given):
    assert first_screen(world, **given) == ([], NOTHING)


def test_of_one_restart_one_is_told_and_of_two_each_under_its_title(world):
    marks = [asked("DeviceGuard/LsaCfgFlags")]
    happened, to_do = first_screen(world, marks=marks, events=UPDATES)
    assert (len(happened), to_do) == (1, [ASK])
    happened, to_do = first_screen(
        world, marks=marks, installs=[RESTARTED | {"ended_at": hour(60)}], boots=(30, 61)
    )
    assert happened == [
        *restarted("as the policy DeviceGuard/LsaCfgFlags had asked"),
        *restarted("by the installer of Example VPN", "account setup", "09:01:00", ""),
    ]
    assert [line.split(": ")[0] for line in to_do] == [
        "The device restarted during the status page, as a policy had asked",
        "An app restarted the device",
    ]


def hour(minutes):
    return datetime.fromisoformat("2026-03-02T08:00:00+00:00") + timedelta(minutes=minutes)


def test_a_policy_without_a_name_is_called_a_policy(world):
    happened, _ = first_screen(world, marks=[("reboot_required_by_policy", None, 20, None, "{}")])
    assert happened == restarted("as a policy had asked")


def test_where_no_account_setup_was_seen_nothing_is_said_of_what_followed(world):
    happened, _ = first_screen(world, marks=[asked("DeviceGuard/LsaCfgFlags")], runs=RUNS[:1])
    assert happened == restarted("as the policy DeviceGuard/LsaCfgFlags had asked", later="")


def test_what_else_was_found_before_a_restart_did_not_ask_for_it(world):
    tables, trace = world(
        attempts=[("succeeded", None, "user_driven", 0, 70, None)],
        runs=RUNS,
        steps=[("clock_step", 20, 400, ""), ("boot", 30, None, "")],
    )
    screen = parts(
        answer(tables, trace, find(tables, trace, rules={"CLOCK-STEPPED": RULES["CLOCK-STEPPED"]}))
    )
    assert texts(screen["What to do"]) == NOTHING
