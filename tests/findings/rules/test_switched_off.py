"""A value of the registry explains a failure only where both are there, in an attempt that failed."""

import polars as pl
import pytest

from autopilot_analysis.facts import read_facts
from autopilot_analysis.findings import RULES, find, words
from autopilot_analysis.findings.rules.switched_off import whole_sign
from autopilot_analysis.findings.signs.signs import answerable

ONLY = {"SWITCHED-OFF": RULES["SWITCHED-OFF"]}
SERVICES = r"HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Services"
TLS = r"HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Control\SecurityProviders\SCHANNEL\Protocols"
MODE = r"HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\PolicyManager\current\device\DeliveryOptimization"
JOIN = r"HKEY_LOCAL_MACHINE\SOFTWARE\Policies\Microsoft\Windows\WorkplaceJoin"
NO_JOIN = "preCheckResult: DoNotJoin isJoined: {}"


def told(found):
    return found.select("rule", "severity", "item").rows()


@pytest.mark.parametrize(
    ("start", "code", "found"), [("4", "0x80070422", 2), ("2", "0x80070422", 0), ("4", "0x80070643", 0)]
)
def test_a_download_fails_for_a_service_that_is_switched_off(proofs, failure, start, code, found):
    service = [(rf"{SERVICES}\DoSvc", "Start", start)]
    rows = proofs("SWITCHED-OFF", **failure("device_setup"), installs=[{"code": code}], registry=service)
    assert told(rows) == [("DELIVERY-OPTIMIZATION-DISABLED", None, "Example VPN")] * found


def test_a_content_that_did_not_come_counts_and_one_that_came_in_the_end_does_not(proofs, failure):
    service = [(rf"{SERVICES}\DoSvc", "Start", "4")]
    lost = {"download_code": "0x80D01001", "code": "0x87D30000"}
    for outcome, found in (("failed", 2), ("succeeded", 0)):
        given = failure("device_setup") | {"installs": [lost | {"outcome": outcome}]}
        assert proofs("SWITCHED-OFF", **given, registry=service).height == found


def test_the_value_is_shown_with_every_failure_that_it_explains(proofs, failure):
    apps = [{"item": name, "name": name, "code": "0x80070422"} for name in ("one", "two")]
    rows = proofs(
        "SWITCHED-OFF",
        **failure("device_setup"),
        installs=apps,
        registry=[(rf"{SERVICES}\DoSvc", "Start", "4")],
    )
    shown = rows.group_by("item", maintain_order=True).agg(pl.col("member").sort())
    assert sorted(shown.rows()) == [("one", ["agent.log", "dump.reg"]), ("two", ["agent.log", "dump.reg"])]


@pytest.mark.parametrize(
    ("outcome", "severity"), [("failed", None), ("unfinished", None), ("succeeded", "info")]
)
def test_what_an_attempt_overcame_is_not_told_aloud(proofs, outcome, severity):
    rows = proofs(
        "SWITCHED-OFF",
        attempts=[(outcome, None if outcome == "succeeded" else "device_setup", "user_driven", 0, 60, None)],
        installs=[{"code": "0x80070422"}],
        registry=[(rf"{SERVICES}\DoSvc", "Start", "4")],
    )
    assert set(rows["severity"]) == {severity}


@pytest.mark.parametrize(
    ("service", "failed", "named"),
    [
        ("DmEnrollmentSvc", ("mdm_enrollment", "0x80070422"), "ENROLLMENT-SERVICE-DISABLED"),
        ("DmEnrollmentSvc", ("mdm_enrollment", "0x80180014"), None),
        ("DmEnrollmentSvc", ("entra_join", "0x80070422"), None),
        ("DiagTrack", ("mdm_enrollment", "0x80070422"), None),
        ("wlidsvc", ("profile_download", "0x80070422"), "SIGN-IN-ASSISTANT-DISABLED"),
        ("wlidsvc", ("mdm_enrollment", "0x80070422"), None),
        ("dmwappushservice", ("mdm_enrollment", "0x80180023"), "PUSH-ROUTING-DISABLED"),
        ("IntuneManagementExtension", ("device_setup", "0x800705B4"), "AGENT-SERVICE-DISABLED"),
        ("IntuneManagementExtension", ("device_setup", "0x87D1041C"), None),
    ],
)
def test_a_service_explains_the_stage_that_needs_it_by_its_own_code(world, failure, service, failed, named):
    stage, code = failed
    tables, trace = world(**failure(stage, code=code), registry=[(rf"{SERVICES}\{service}", "Start", "4")])
    assert list(find(tables, trace, rules=ONLY).findings["rule"]) == [named] * bool(named)


def test_the_failure_is_a_consequence_of_the_value_that_explains_it(world, failure):
    given = failure("mdm_enrollment", code="0x80070422")
    off = [(rf"{SERVICES}\DmEnrollmentSvc", "Start", "4")]
    roles = find(*world(**given, registry=off)).findings.select("rule", "role")
    assert ("ENROLLMENT-SERVICE-DISABLED", "cause") in roles.rows()
    assert ("MDM-ENROLLMENT-FAILED", "consequence") in roles.rows()
    alone = find(*world(**given)).findings.select("rule", "role")
    assert ("MDM-ENROLLMENT-FAILED", "cause") in alone.rows()


@pytest.mark.parametrize(
    ("place", "found"),
    [
        ((r"TLS 1.2\Client", "Enabled", "0"), True),
        ((r"TLS 1.2\Client", "DisabledByDefault", "1"), True),
        ((r"TLS 1.2\Client", "Enabled", "1"), False),
        ((r"TLS 1.2\Server", "Enabled", "0"), False),
        ((r"TLS 1.0\Client", "Enabled", "0"), False),
        ((r"TLS 1.3\Client", "Enabled", "0"), False),
    ],
)
def test_tls_is_switched_off_only_by_the_version_that_every_service_needs(proofs, failure, place, found):
    key, name, value = place
    lost = failure("profile_download", code="0x80072F7D")
    rows = proofs("SWITCHED-OFF", **lost, registry=[(rf"{TLS}\{key}", name, value)])
    assert ("TLS-SWITCHED-OFF" in set(rows["rule"])) is found


def test_the_signs_of_a_blocked_network_give_way_to_the_switch(world, failure):
    given = failure("profile_download", code="0x80072F7D") | {
        "events": [("ap:164", {}, 20, None), ("ap:710", {}, 30, "0x80072F7D")]
    }
    off = [(rf"{TLS}\TLS 1.2\Client", "Enabled", "0")]
    found = set(find(*world(**given, registry=off)).findings["rule"])
    assert "TLS-SWITCHED-OFF" in found
    assert not {rule for rule in found if rule.startswith("NETWORK-N")}
    assert {"NETWORK-N3", "NETWORK-N13"} <= set(find(*world(**given)).findings["rule"])


@pytest.mark.parametrize(
    ("build", "load", "found"),
    [
        ("26100.1", ("100", "0x80D02002"), True),
        ("19045.1", ("100", "0x80D02002"), False),
        ("26100.1", ("99", "0x80D02002"), False),
        ("26100.1", ("100", "0x80070643"), False),
    ],
)
def test_the_mode_bypass_matters_on_windows_11_where_content_did_not_come(
    proofs, failure, build, load, found
):
    value, code = load
    given = failure("device_setup") | {"device": {"build": build}}
    rows = proofs(
        "SWITCHED-OFF", **given, installs=[{"code": code}], registry=[(MODE, "DODownloadMode", value)]
    )
    assert ("DOWNLOAD-MODE-BYPASS" in set(rows["rule"])) is found


@pytest.mark.parametrize(
    ("value", "device", "found"),
    [
        ("0", ("NO", "hybrid_join"), True),
        ("1", ("NO", "hybrid_join"), False),
        ("0", ("YES", "hybrid_join"), False),
        ("0", ("NO", "user_driven"), False),
    ],
)
def test_a_policy_forbids_the_hybrid_join_where_the_joins_own_check_says_so(
    proofs, failure, value, device, found
):
    joined, scenario = device
    rows = proofs(
        "SWITCHED-OFF",
        **failure("account_setup", scenario=scenario, code="0x800705B4"),
        events=[("udr:331", {"DebugOutput": NO_JOIN.format(joined)}, 30, None)],
        registry=[(JOIN, "autoWorkplaceJoin", value)],
    )
    assert ("WORKPLACE-JOIN-FORBIDDEN" in set(rows["rule"])) is found


ENROLLMENTS = r"HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\Enrollments"
STATUS = "ExternallyManagedStatus"


@pytest.mark.parametrize(
    ("given", "code", "found"),
    [
        ({"registry": [(ENROLLMENTS, "ExternallyManaged", "1")]}, "0x80180026", True),
        ({"properties": [(STATUS, "1", "MDMDiagReport.xml")]}, "0x80180026", True),
        ({"registry": [(ENROLLMENTS, "ExternallyManaged", "0")]}, "0x80180026", False),
        ({"properties": [(STATUS, "0", "MDMDiagReport.xml")]}, "0x80180026", False),
        ({"registry": [(rf"{ENROLLMENTS}\1", "ExternallyManaged", "1")]}, "0x80180026", False),
        ({"registry": [(ENROLLMENTS, "ExternallyManaged", "1")]}, "0x80180018", False),
    ],
)
def test_another_products_hold_on_the_device_is_why_windows_refuses_to_enrol(
    world, failure, given, code, found
):
    first = find(*world(**failure("mdm_enrollment", code=code), **given)).findings.row(0, named=True)
    assert (first["rule"] == "ENROLLMENT-HELD-BY-ANOTHER") is found
    assert ("Disable MDM Enrollment" in first["remedy"]) is (not found and code == "0x80180026")


INSTALLER = r"HKEY_LOCAL_MACHINE\SOFTWARE\Policies\Microsoft\Windows\AppInstaller"
STORE = r"HKEY_LOCAL_MACHINE\SOFTWARE\Policies\Microsoft\WindowsStore"
OF_MDM = r"HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\PolicyManager\current\device"


@pytest.mark.parametrize(
    ("place", "rule"),
    [
        ((INSTALLER, "EnableMicrosoftStoreSource", "0"), "STORE-SOURCE-FORBIDDEN-BY-POLICY"),
        (
            (rf"{OF_MDM}\DesktopAppInstaller", "EnableMicrosoftStoreSource", "<disabled/>"),
            "STORE-SOURCE-FORBIDDEN-BY-POLICY",
        ),
        ((INSTALLER, "EnableAppInstaller", "0"), "STORE-APPS-FORBIDDEN-BY-POLICY"),
        (
            (rf"{OF_MDM}\DesktopAppInstaller", "EnableAppInstaller", "<disabled/>"),
            "STORE-APPS-FORBIDDEN-BY-POLICY",
        ),
        ((STORE, "RemoveWindowsStore", "1"), "STORE-FORBIDDEN-BY-POLICY"),
        ((STORE, "RequirePrivateStoreOnly", "1"), "STORE-FORBIDDEN-BY-POLICY"),
        (
            (rf"{OF_MDM}\ApplicationManagement", "RequirePrivateStoreOnly", "1"),
            "STORE-FORBIDDEN-BY-POLICY",
        ),
        ((INSTALLER, "EnableMicrosoftStoreSource", "1"), None),
        ((rf"{OF_MDM}\DesktopAppInstaller", "EnableMicrosoftStoreSource", "<enabled/>"), None),
        ((STORE, "RequirePrivateStoreOnly", "0"), None),
    ],
)
def test_the_policy_that_closes_the_store_is_named_where_the_store_says_so(proofs, failure, place, rule):
    given = failure("device_setup") | {"registry": [place]}
    blocked, other = ({"kind": "winget", "code": code} for code in ("0x8A15001B", "0x80073CF3"))
    assert set(proofs("SWITCHED-OFF", **given, installs=[blocked])["rule"]) == {rule} - {None}
    for near in (other, blocked | {"outcome": "succeeded"}, blocked | {"kind": "win32"}):
        assert proofs("SWITCHED-OFF", **given, installs=[near]).is_empty()


UNANSWERED = {"kind": "winget", "reason": "the agent could not compute its detection"}
STORE_POLICIES = r"HKEY_LOCAL_MACHINE\SOFTWARE\Policies\Microsoft\Windows\AppInstaller"


@pytest.mark.parametrize(
    ("policy", "app", "found"),
    [
        (("EnableMicrosoftStoreSource", "0"), UNANSWERED, True),
        (("EnableAppInstaller", "0"), UNANSWERED, True),
        (
            ("EnableAppInstaller", "0"),
            UNANSWERED | {"reason": "only the status page's own list tells"},
            True,
        ),
        (("EnableMicrosoftStoreSource", "1"), UNANSWERED, False),
        (("EnableMicrosoftStoreSource", "0"), UNANSWERED | {"kind": "win32"}, False),
        (("EnableMicrosoftStoreSource", "0"), {"kind": "winget", "code": "0x80073CF3"}, False),
        (("EnableMicrosoftStoreSource", "0"), UNANSWERED | {"outcome": "succeeded"}, False),
    ],
)
def test_a_closed_store_is_what_a_store_app_without_an_answer_may_have_failed_by(
    proofs, failure, policy, app, found
):
    given = failure("device_setup") | {"registry": [(STORE_POLICIES, *policy)], "installs": [app]}
    assert set(proofs("SWITCHED-OFF", **given)["rule"]) == ({"STORE-POLICY-UNANSWERED"} if found else set())


def test_every_row_names_places_and_failures_and_rules_that_exist():
    known = set(words()["rule"])
    for row in read_facts("switched_off").iter_rows(named=True):
        assert answerable(row["place"])
        assert answerable(row["failure"])
        assert all(
            part.startswith(("registry=", "setting=", "property=")) for part in row["place"].split(" | ")
        )
        assert {*(row["explains"] or "").split(), *(row["implies"] or "").split()} <= known, row["rule"]
        assert (row["role"] == "cause") is bool(row["explains"]), row["rule"]


def test_a_sign_holds_where_any_place_meets_any_failure():
    assert whole_sign("a | b", "c; d | e") == "a; c; d | a; e | b; c; d | b; e"
