"""The parts of the status page, as its own record in the registry leaves them."""

import json

import pytest
from findings.rule_worlds import at

from autopilot_analysis.findings import answer, find
from autopilot_analysis.findings.rules.page_parts import failed_step, open_parts, without_done

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


def test_what_the_page_wrote_of_parts_that_are_done_is_no_word_on_its_failure():
    _, _, status = page(Certificates="inProgress", Apps="notRequired", SecurityPolicies="succeeded")
    left = without_done(status)
    assert "Certificates text" in left
    assert "Apps text" not in left
    assert "SecurityPolicies text" not in left
    assert without_done("Certificates text") == "Certificates text"


def test_a_page_whose_time_ended_without_a_known_cause_says_what_it_waited_for(world):
    given = {
        "attempts": [("failed", "device_setup", "user_driven", 0, 60, "0x800705B4")],
        "runs": [(1, "device_setup", "failed", 10, 60, "0x800705B4", "esp_timed_out")],
        "marks": [("esp_timed_out", "device_setup", 60, "0x800705B4", "{}")],
        "registry": [page(Certificates="inProgress", Apps="succeeded")],
    }
    tables, trace = world(**given)
    (device,) = answer(tables, trace, find(tables, trace)).devices
    happened = [line.text for line in device.sections[0].lines]
    assert happened[:2] == [
        "The Enrollment Status Page ran out of time (0x800705B4).",
        "The status page waited for: device setup: Certificates text.",
    ]


@pytest.mark.parametrize("state", ["succeeded", "notRequired", "notStarted"])
def test_what_is_done_or_was_never_begun_is_not_open(world, state):
    tables, _ = world(registry=[page(Certificates=state)])
    assert open_parts(tables).is_empty()


@pytest.mark.parametrize(
    ("states", "items"),
    [
        ({"Certificates": "inProgress", "Apps": "succeeded"}, [PROFILE.removeprefix("ModelName=")]),
        ({"Certificates": "inProgress", "Apps": "notStarted"}, [PROFILE.removeprefix("ModelName=")]),
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


def given_up(stage, mark, part=None, *, record=None, **item):
    """A phase that the page gave up, at the part that its event names, with its record and one try inside."""
    words = json.dumps({"Value": json.dumps({"message": f"BootstrapStatus: {part or 'x'}"})})
    phase = "device" if stage == "device_setup" else "account"
    kept = page(**(record or {}))
    named = (SETTINGS, kept[1].replace("Device", phase.title()), kept[2].replace("Device", phase.title()))
    return {
        "attempts": [("failed", stage, "user_driven", 0, 60, "0x800705B4")],
        "runs": [(1, stage, "failed", 10, 60, "0x800705B4", mark)],
        "marks": [(mark, stage, 60, "0x800705B4", words)],
        "registry": [named] if record else [],
        "installs": [{"phase": phase, "blocking": None} | item],
    }


WORDS = {
    "Apps": "Apps (Identifying)",
    "Certificates": "Certificates (No setup needed)",
    "SecurityPolicies": "Security policies (1 of 1 applied)",
    "NetworkConnections": "Network connections (0 of 1 added)",
}
GERMAN = {
    "Apps": "Apps (Wird identifiziert)",
    "Certificates": "Zertifikate (Keine Einrichtung erforderlich)",
    "SecurityPolicies": "Sicherheitsrichtlinien (1 von 1 angewendet)",
    "NetworkConnections": "Netzwerkverbindungen (0 von 1 hinzugefügt)",
}


@pytest.mark.parametrize("words", [WORDS, GERMAN], ids=["English", "German"])
def test_a_record_in_words_alone_says_what_is_open(world, words):
    parts = {f"DeviceSetup.{part}Subcategory": text for part, text in words.items()}
    value = json.dumps({**parts, "categoryState": "inProgress"}, ensure_ascii=False)
    tables, _ = world(registry=[(SETTINGS, "DeviceSetupCategory.Status", value)])
    shown = open_parts(tables).select("part", "state", "words").rows()
    assert shown == [(part, "inProgress", words[part]) for part in ("Apps", "NetworkConnections")]


def test_words_that_nobody_knows_say_nothing(world):
    value = json.dumps({"DeviceSetup.AppsSubcategory": "Apps (zzz)", "categoryState": "inProgress"})
    tables, _ = world(registry=[(SETTINGS, "DeviceSetupCategory.Status", value)])
    assert open_parts(tables).is_empty()


DONE_BUT_CERTIFICATES = {"Certificates": "inProgress", "Apps": "succeeded"}
AT_APPS, AT_CERTIFICATES = "DeviceSetup.AppsSubcategory", "DeviceSetup.CertificatesSubcategory"
AT_NETWORKS = "AccountSetup.NetworkConnectionsSubcategory"


@pytest.mark.parametrize(
    ("rule", "gone"),
    [
        (
            "ESP-APP-NOT-DETECTED",
            given_up("device_setup", "esp_timed_out", AT_CERTIFICATES, outcome="not_detected"),
        ),
        (
            "ESP-APP-FAILED",
            given_up("account_setup", "esp_timed_out", AT_NETWORKS, record={"Apps": "succeeded"}, kind="msi"),
        ),
        (
            "ESP-CERTIFICATE-FAILED",
            given_up("device_setup", "esp_apps_failed", AT_APPS, record={"Certificates": "succeeded"},
                     kind="certificate"),
        ),
        (
            "ESP-APP-HUNG",
            given_up("device_setup", "esp_timed_out", record=DONE_BUT_CERTIFICATES, outcome="unfinished"),
        ),
    ],
)  # fmt: skip
def test_what_fails_beside_the_part_that_ended_the_page_is_no_cause(proofs, rule, gone):
    assert proofs(rule, **gone).is_empty()


@pytest.mark.parametrize(
    ("rule", "gone"),
    [
        (
            "ESP-APP-FAILED",
            given_up("device_setup", "esp_timed_out", AT_CERTIFICATES, record={"Apps": "failed"}),
        ),
        (
            "ESP-APP-FAILED",
            given_up("device_setup", "esp_apps_failed", AT_APPS, record={"Apps": "succeeded"}),
        ),
        ("ESP-APP-FAILED", given_up("device_setup", "esp_failed", record={"Certificates": "failed"})),
        ("ESP-APP-HUNG", given_up("device_setup", "esp_timed_out", AT_CERTIFICATES, outcome="unfinished")),
        (
            "ESP-CERTIFICATE-FAILED",
            given_up("device_setup", "esp_timed_out", AT_CERTIFICATES, kind="certificate"),
        ),
    ],
)
def test_what_belongs_to_a_part_that_was_open_at_the_end_is_a_cause(proofs, rule, gone):
    assert proofs(rule, **gone).height == 1


def test_the_pages_record_is_of_the_last_attempt(proofs):
    world = given_up("device_setup", "esp_timed_out", record=DONE_BUT_CERTIFICATES)
    world["attempts"].append(("failed", "device_setup", "user_driven", 100, 160, "0x800705B4"))
    world["runs"].append((2, "device_setup", "failed", 110, 160, "0x800705B4", None))
    world["installs"].append(world["installs"][0] | {"attempt": 2})
    assert proofs("ESP-APP-FAILED", **world)["attempt"].to_list() == [1]


def test_an_app_that_failed_beside_the_page_is_said_behind_its_cause(proofs):
    beside = given_up("device_setup", "esp_timed_out", AT_CERTIFICATES)
    assert proofs("APP-FAILED-BESIDE", **beside)["item"].to_list() == ["Example VPN"]
    waited_for = given_up("device_setup", "esp_timed_out", AT_CERTIFICATES, record={"Apps": "failed"})
    assert proofs("APP-FAILED-BESIDE", **waited_for).is_empty()


@pytest.mark.parametrize(("minute", "found"), [(75, 1), (59, 0)])
def test_a_certificate_that_came_after_the_page_gave_up_had_not_come_in_time(proofs, minute, found):
    came = {"kind": "certificate", "outcome": "succeeded", "started_at": at(20), "ended_at": at(minute)}
    world = given_up("device_setup", "esp_timed_out", AT_CERTIFICATES, **came)
    assert proofs("ESP-CERTIFICATE-LATE", **world).height == found


OFFICE = {"kind": "office", "item": "office", "name": "Microsoft 365 Apps", "outcome": "unfinished"}
OTHER = {"item": "other", "name": "Contoso Reader"}


@pytest.mark.parametrize(
    ("mark", "record", "apps", "found"),
    [
        ("esp_failed", {"Apps": "inProgress"}, ({}, {"outcome": "succeeded"}), 1),
        ("esp_failed", {"Apps": "inProgress"}, ({"outcome": "waiting"}, {"outcome": "succeeded"}), 1),
        ("esp_timed_out", None, ({}, {"outcome": "succeeded"}), 1),
        ("esp_failed", None, ({}, {"outcome": "succeeded"}), 0),
        ("esp_timed_out", None, ({}, {"outcome": "unfinished"}), 0),
        ("esp_timed_out", None, ({"blocking": False}, {"outcome": "succeeded"}), 0),
        ("esp_timed_out", DONE_BUT_CERTIFICATES, ({}, {"outcome": "succeeded"}), 0),
        ("esp_timed_out", None, ({"outcome": "succeeded"}, {"outcome": "unfinished"}), 0),
    ],
)
def test_office_is_what_the_page_waited_for_where_it_alone_was_open(proofs, mark, record, apps, found):
    office, beside = apps
    gone = given_up("device_setup", mark, record=record)
    gone["runs"] = [(1, "device_setup", "failed", 10, 60, None, mark)]
    own = {"phase": "device", "blocking": True}
    both = [OFFICE | own | office, OTHER | own | beside]
    assert proofs("ESP-OFFICE-OPEN", **(gone | {"installs": both})).height == found


def preparation(*steps):
    """The page's record of device preparation: the state and the words of each step."""
    parts = {
        f"DevicePreparation.Step{n}Subcategory": {"subcategoryState": state, "subcategoryStatusText": words}
        for n, (state, words) in enumerate(steps)
    }
    return (SETTINGS, "DevicePreparationCategory.Status", json.dumps({"categoryState": "failed", **parts}))


@pytest.mark.parametrize(
    ("states", "step"),
    [
        (("failed", "notStarted"), "Securing your hardware"),
        (("succeeded", "failed"), "Joining your organization's network"),
        (("succeeded", "succeeded"), None),
        (("succeeded", "inProgress"), None),
    ],
)
def test_the_step_of_preparation_that_failed_is_called_as_the_page_calls_it(world, states, step):
    words = ["Securing your hardware (Failed: 0x81039001)", "Joining your organization's network (Previous)"]
    tables, _ = world(registry=[preparation(*zip(states, words, strict=True))])
    (device,) = tables.devices["device"]
    assert failed_step(tables, device) == step
    assert failed_step(tables, "another") is None
