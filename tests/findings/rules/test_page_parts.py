"""The parts of the status page, as its own record in the registry leaves them."""

import json

import pytest

from autopilot_analysis.findings.rules.page_parts import open_parts

SETTINGS = r"HKEY_LOCAL_MACHINE\software\microsoft\provisioning\AutopilotSettings"
PROFILE = "ModelName=AC_11111111-2222-4333-8444-555555555555"
CERTIFICATE = {
    "kind": "certificate", "phase": "device", "outcome": "never_started", "blocking": True, "exit_code": None,
    "item": f"./Vendor/MSFT/ClientCertificateInstall/SCEP/{PROFILE.replace('=', '%3D')}", "name": None,
}  # fmt: skip


def page(**states):
    """The page's record of device setup, each part in some state."""
    parts = {
        f"DeviceSetup.{part}Subcategory": {"subcategoryState": state, "subcategoryStatusText": f"{part} text"}
        for part, state in states.items()
    }
    return (SETTINGS, "DeviceSetupCategory.Status", json.dumps({"categoryState": "failed", **parts}))


def test_a_part_is_open_when_it_was_begun_and_is_not_done(world):
    tables, _ = world(registry=[page(Certificates="inProgress", Apps="failed", SecurityPolicies="succeeded")])
    rows = open_parts(tables).select("phase", "part", "state", "words").rows()
    assert rows == [
        ("device", "Certificates", "inProgress", "Certificates text"),
        ("device", "Apps", "failed", "Apps text"),
    ]


@pytest.mark.parametrize("state", ["succeeded", "notRequired", "notStarted"])
def test_what_is_done_or_was_never_begun_is_not_open(world, state):
    tables, _ = world(registry=[page(Certificates=state)])
    assert open_parts(tables).is_empty()


@pytest.mark.parametrize(
    ("states", "items"),
    [
        ({"Certificates": "inProgress", "Apps": "succeeded"}, [PROFILE]),
        ({"Certificates": "inProgress", "Apps": "notStarted"}, [PROFILE]),
        ({"Certificates": "inProgress", "Apps": "inProgress"}, []),
        ({"Certificates": "inProgress", "Apps": "failed"}, []),
        ({"Certificates": "succeeded", "Apps": "inProgress"}, []),
        ({"Certificates": "failed", "Apps": "succeeded"}, []),
    ],
)
def test_a_certificate_is_to_blame_without_a_timer_where_it_is_all_the_page_waits_for(
    proofs, failure, states, items
):
    failed = failure("device_setup")
    rows = proofs("ESP-CERTIFICATE-LATE", **failed, installs=[CERTIFICATE], registry=[page(**states)])
    assert rows["item"].to_list() == items


@pytest.mark.parametrize(
    ("part", "words", "named"),
    [
        ("Apps", "Apps (Identifying)", "Apps (Identifying)"),
        ("SecurityPolicies", "Identifying", "Security policies: Identifying"),
        ("NetworkConnections", "network connections (0 of 1)", "network connections (0 of 1)"),
    ],
)
def test_a_part_whose_words_do_not_begin_with_its_name_is_named(world, part, words, named):
    state = {"subcategoryState": "inProgress", "subcategoryStatusText": words}
    value = json.dumps({f"DeviceSetup.{part}Subcategory": state})
    tables, _ = world(registry=[(SETTINGS, "DeviceSetupCategory.Status", value)])
    assert open_parts(tables)["named"].to_list() == [named]
