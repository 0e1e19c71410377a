"""Every rule of its own: a world that shows it, and a near miss that must stay silent."""

from datetime import timedelta

import polars as pl
import pytest
from findings.rule_worlds import (
    CASES,
    DIAGNOSTICS,
    ENROLLMENT,
    GOOD,
    LOADING,
    OPEN,
    PAGE,
    RESET_NODE,
    SCEP,
    SETUP,
    TIMED,
    WANTED,
    WIFI,
    at,
    attested,
    bad,
    ended,
    msi,
    refused_token,
    resealed,
    wrapped,
)

from autopilot_analysis.facts import read_facts
from autopilot_analysis.findings import RULES, find, words
from autopilot_analysis.findings.rules.client_setup_time import RESTARTS, SLOW
from autopilot_analysis.tables import Tables

ON_SCREEN = {
    "SIGN-IN-OTHER-TENANT", "REGISTRATION-LOST", "PRE-PROVISIONING-UNREGISTERED", "NETWORK-CAPTIVE-PORTAL",
    "OOBE-ERROR-PAGE", "SIGN-IN-PAGE-GENERIC", "RESET-CHOSEN", "NETWORK-TLS-CHECK-FAILED",
}  # fmt: skip
"""Shown in test_screens.py."""
ELSEWHERE = ON_SCREEN | {"EVIDENCE-DAMAGED", "APP-SLOW", "APP-SUCCEEDED-THEN-FAILED", "AGENT-TOKEN-REFUSED"}
ELSEWHERE |= {
    "AGENT-NO-CERTIFICATE",
    "AGENT-TLS-INTERCEPTED",
    "CONFIGURATION-FILE-GENERALIZED",
    "DOMAIN-RENAME-FAILED",
    "DOMAIN-NAMES-NOT-WRITTEN",
}
ELSEWHERE |= {
    "HYBRID-JOIN-LATE",
    "AGENT-CERTIFICATE-EXPIRED",
    "ENROLLMENT-SIGN-IN-STOPPED",
    "AGENT-TOKEN-ASKED",
    "AGENT-TOKEN-ASKED-LATER",
    "USER-TOKEN-ASKED",
    "ESP-APP-LISTED-FAILED",
    "ESP-APPS-NOT-COMPUTED",
    "KIOSK-SIGN-IN-BLOCKED",
    "PAGE-APP-OPEN",
    "AUTOMATIC-JOIN-FAILED",
    "AGENT-REQUESTS-REFUSED",
    "AGENT-PROGRAM-CRASHED",
    "AWAITED-PROGRAM-CRASHED",
    "NETWORK-NOT-AUTHENTICATED",
    "NETWORK-PROXY-UNREACHED",
    "APP-LEFT-ALONE",
    "APP-FAILED-UNSEEN",
    "ESP-OFFICE-OPEN",
    "AGENT-TOKEN-DENIED",
    "AGENT-REFUSED-ONCE",
    "NETWORK-NAME-UNRESOLVED",
    "AGENT-STOPPED-FOR-RESTART",
    "NETWORK-NO-ADDRESS",
    "NETWORK-WANTS-SIGN-IN",
    "PAGE-CERTIFICATES-FAILED",
}
FAMILIES = {
    "KNOWN-ISSUES",
    "CONFIGURATION",
    "NETWORK-SIGNS",
    "CONFLICTS",
    "ATTESTATION-ANSWERS",
    "SCRIPT-ERRORS",
    "EVENT-FAILURES",
    "APPS-BLOCKED",
    "SETUP-ERRORS",
    "CONFIGMGR-SETUP",
    "CONFIGMGR-SETUP-TIME",
    "CERTIFICATES-IN-VAIN",
    "CONNECTOR-ANSWERS",
    "DOMAIN-JOIN-ANSWERS",
    "DOMAIN-JOIN-STEPS",
    "SWITCHED-OFF",
    "SIGN-IN-DENIED",
    "TPM-ANSWERS",
    "TPM-ENROLLMENT-ANSWERS",
    "QUOTED-ERRORS",
    "REPORTED-CODES",
    "INSTALLER-SCRIPTS",
}
BY_FACTS = [
    "attestation_answers",
    "reported_codes",
    "script_errors",
    "event_failures",
    "blocking_events",
    "setup_errors",
    "client_setup_errors",
    "certificate_refusals",
    "domain_join_errors",
    "domain_join_steps",
    "sign_in_policies",
    "http_refusals",
    "tpm_tool",
    "tunnel_errors",
    "quotes",
]
ANSWERS = {name for facts in BY_FACTS for name in read_facts(facts)["rule"].drop_nulls()}
ANSWERS |= set(read_facts("domain_join_errors")["connector"].drop_nulls())
ANSWERS |= {SLOW, RESTARTS, "ESP-APPS-UNANSWERED"}


@pytest.mark.parametrize("name", CASES)
def test_the_rule_shows_and_its_near_miss_is_silent(world, name):
    shows, near = CASES[name]
    only = (
        {name: RULES[name]}
        if name != "STAGE-FAILED"
        else {n: RULES[n] for n in (name, "MDM-ENROLLMENT-REFUSED")}
    )
    assert name in set(find(*world(**shows), rules=only).findings["rule"])
    assert name not in set(find(*world(**near), rules=only).findings["rule"])


WEIGHED_ELSEWHERE = {
    "KIOSK-SIGN-IN-BLOCKED",
    "EVIDENCE-DAMAGED",
    "APP-SUCCEEDED-THEN-FAILED",
    "NETWORK-PROXY-UNREACHED",
    "APP-FAILED-UNSEEN",
}
"""Rules that weigh all they find, and are not among the cases here."""


@pytest.mark.parametrize("name", CASES)
def test_a_rule_has_a_severity_in_its_words_where_its_function_gives_none(world, name):
    proofs = RULES[name](*world(**CASES[name][0]))
    severity = dict(read_facts("rules").select("rule", "severity").iter_rows())[name]
    assert (severity is None) is (proofs["severity"].null_count() == 0)


def test_the_words_of_every_other_rule_have_a_severity():
    empty = read_facts("rules").filter(pl.col("severity").is_null())["rule"]
    assert set(empty) - set(CASES) == WEIGHED_ELSEWHERE


def test_every_rule_has_words_a_page_and_a_test_here():
    named = set(read_facts("rules")["rule"])
    assert set(RULES) - FAMILIES == named - ANSWERS
    assert named == set(CASES) | ELSEWHERE | ANSWERS
    assert words()["page"].null_count() == 0


def test_findings_of_a_succeeded_device_never_weigh_more_than_info_for_conditions(world):
    tables, trace = world(
        attempts=GOOD, registry=[(DIAGNOSTICS, "TenantMatched", "0"), (ENROLLMENT, "SkipUserStatusPage", "1")]
    )
    assert set(find(tables, trace).findings["severity"]) <= {"info"}


@pytest.mark.parametrize(
    ("days", "outcome", "severity"),
    [
        (200, "failed", "warning"),
        (200, "succeeded", "info"),
        (20, "failed", "warning"),
        (0.01, "failed", "warning"),
    ],
)
def test_the_reseal_gap_weighs_by_its_length_and_by_what_came_of_it(world, days, outcome, severity):
    found = find(*world(**resealed(days, outcome)), rules={"RESEAL-GAP": RULES["RESEAL-GAP"]}).findings
    assert found["severity"].to_list() == [severity]


def test_an_app_drawn_in_by_a_failed_dependency_is_no_cause_of_its_own(world):
    installs = [
        {"item": "runtime", "outcome": "failed", "exit_code": 1603, "code": "0x80070643"},
        {"item": "suite", "name": "Example Suite", "outcome": "failed", "reason": "dependency failed"},
    ]
    found = find(*world(**SETUP, installs=installs)).findings
    assert found.filter(found["rule"] == "ESP-APP-FAILED")["code"].to_list() == ["0x80070643"]
    assert found.filter(found["rule"] == "APP-DEPENDENCY").height == 1
    alone = find(*world(**SETUP, installs=installs[1:])).findings
    assert alone.filter(alone["rule"] == "ESP-APP-FAILED").height == 1


@pytest.mark.parametrize(
    "beside",
    [{"kind": "script"}, {"kind": "certificate"}, {"kind": "policy"}, {"phase": "account"}],
)
def test_what_the_failed_phase_does_not_wait_for_is_not_blamed(world, beside):
    found = find(*world(**SETUP, installs=[{"outcome": "failed", "exit_code": 1} | beside])).findings
    assert "ESP-APP-FAILED" not in set(found["rule"])


@pytest.mark.parametrize("answer", ["809", "815"])
def test_an_answer_of_the_service_that_no_profile_is_assigned_is_the_cause(world, answer):
    marks = [
        ("profile_service_answered", "profile_download", 5, "0x80070491", f'{{"ErrorCode":{answer}}}'),
        ("profile_download_failed", "profile_download", 60, "0x80070491", "{}"),
    ]
    failed = ended("profile_download", "profile_download_failed", "0x80070491")
    story = {**failed, "marks": marks, "attempts": bad("profile_download")}
    found = find(*world(**story)).findings
    roles = dict(zip(found["rule"], found["role"], strict=True))
    assert roles["PROFILE-NOT-ASSIGNED"] == "cause"
    assert roles["PROFILE-DOWNLOAD-FAILED"] == "consequence"


def test_no_domain_controller_is_the_cause_also_where_device_preparation_ended_with_it(world):
    failed = ended("device_preparation", "device_enrollment_failed", "0x80070774")
    found = find(*world(**failed, attempts=bad("device_preparation", "hybrid_join"))).findings
    roles = dict(zip(found["rule"], found["role"], strict=True))
    assert roles["HYBRID-DC-UNREACHABLE"] == "cause"
    assert roles["DEVICE-ENROLLMENT-FAILED"] == "consequence"
    alone = find(*world(**failed, attempts=bad("device_preparation"))).findings
    assert "HYBRID-DC-UNREACHABLE" not in set(alone["rule"])


def test_a_known_issue_told_by_the_build_alone_weighs_no_more_than_info(world):
    device = {"build": "26100.2314", "edition": "Professional"}
    story = {"attempts": bad("profile_download"), **ended("profile_download", "profile_download_failed")}
    found = find(*world(device=device, properties=[("CurrentBuild", "26100")], **story)).findings
    assert found.filter(found["rule"] == "KNOWN-AP-03")["severity"].to_list() == ["info"]


def test_a_missing_source_is_called_by_its_title(world):
    proofs = find(*world(coverage=[("events_mdm_admin", "absent")])).evidence
    quote = proofs.filter(proofs["rule"] == "EVIDENCE-MISSING")["quote"][0]
    assert quote == "MDM Admin event log (events_mdm_admin) is not among the members"


def test_a_device_that_asked_for_the_internet_again_and_again_never_had_it(world):
    asked = [("internet_missing", "network", minute, None, "{}") for minute in range(4)]
    assert find(*world(marks=asked)).findings["rule"][0] == "NETWORK-NO-INTERNET"
    came = [*asked, ("internet_available", "network", 5, None, "{}")]
    assert "NETWORK-NO-INTERNET" not in set(find(*world(marks=came)).findings["rule"])


def test_a_device_in_daily_use_that_is_offline_now_and_then_is_no_device_without_internet(world):
    asked = [("internet_missing", "network", day * 1440, None, "{}") for day in range(9)]
    assert find(*world(marks=asked)).findings.is_empty()
    at_once = [("internet_missing", "network", minute, None, "{}") for minute in range(9)]
    enrolled = find(*world(marks=at_once, device={"enrolled": True})).findings
    assert "NETWORK-NO-INTERNET" not in set(enrolled["rule"])


@pytest.mark.parametrize(("minute", "severity"), [(30, "warning"), (90 * 1440, "info")])
def test_what_comes_long_after_a_failed_attempt_explains_nothing_of_it(world, minute, severity):
    asked = [("dm:2800", {"Message1": "./Vendor/MSFT/AppLocker/ApplicationLaunchRestrictions"}, minute, None)]
    found = find(*world(**SETUP, events=asked), rules={"CONFLICTS": RULES["CONFLICTS"]}).findings
    assert found["severity"].to_list() == [severity]


def test_an_error_of_entra_long_after_the_failed_sign_in_is_daily_work(world):
    late = [("aad:1081", {"Error": "AADSTS50076: more"}, 24 * 60 * 30, None)]
    assert find(*world(attempts=bad("entra_join"), events=late)).findings.is_empty()


def test_an_error_of_entra_explains_a_failed_enrolment_and_says_what_it_means(world):
    told = [("aad:1098", {"AdditionalInformation": "AADSTS53003: blocked"}, 20, None)]
    world_of = world(attempts=bad("mdm_enrollment"), events=told)
    (found,) = find(*world_of, rules={"TOKEN-BLOCKED": RULES["TOKEN-BLOCKED"]}).findings.iter_rows(named=True)
    assert (found["item"], found["severity"], found["role"]) == ("AADSTS53003", "critical", "cause")
    assert found["meaning"].endswith("AADSTS53003: Conditional access blocks the sign-in.")


@pytest.mark.parametrize("code", ["0x80180010", "0x8018000A", "0x80180026", "0x8018002A"])
def test_an_enrolment_that_broke_on_the_device_or_on_the_way_was_not_refused(world, code):
    shown = {"attempts": bad("mdm_enrollment"), **ended("mdm_enrollment", "enrollment_failed", code)}
    assert find(*world(**shown)).findings["rule"][0] == "MDM-ENROLLMENT-FAILED"


def test_outputs_of_several_commands_are_not_mixed(world):
    tables, trace = world(
        properties=[("Error Phase", "join"), ("Client ErrorCode", "0x801c03f2"),
                    ("Error Phase", "discover"), ("Client ErrorCode", "0x801c0021")],
    )  # fmt: skip
    members = pl.Series(["a.txt", "a.txt", "b.txt", "b.txt"])
    apart = Tables.of(tables.frames() | {"properties": tables.properties.with_columns(member=members)})
    found = find(apart, trace, rules={"JOIN-PHASE": RULES["JOIN-PHASE"]}).findings
    assert sorted(found.select("item", "code").rows()) == [
        ("discover", "0x801C0021"),
        ("join", "0x801C03F2"),
    ]


def test_where_no_log_tells_of_an_attempt_the_join_state_weighs_by_itself(world):
    told = [("Error Phase", "join"), ("Client ErrorCode", "0x801c03f2")]
    rules = {"JOIN-PHASE": RULES["JOIN-PHASE"]}
    assert find(*world(properties=told), rules=rules).findings["severity"].to_list() == ["warning"]
    seen = find(*world(properties=told, attempts=GOOD), rules=rules).findings
    assert seen["severity"].to_list() == ["info"]


def test_a_failed_try_at_a_token_brings_its_code_and_the_systems_silence_does_not_weigh(world):
    joined = [("AzureAdJoined", "YES"), ("AzureAdPrt", "NO")]
    tried = [*joined, ("Attempt Status", "0xc000006d"), ("Server Error Code", "invalid_grant")]
    rules = {"JOIN-NO-TOKEN": RULES["JOIN-NO-TOKEN"]}
    found = [
        find(*world(properties=told), rules=rules).findings.row(0, named=True) for told in (joined, tried)
    ]
    assert [(one["severity"], one["code"]) for one in found] == [("info", None), ("warning", "0xC000006D")]


@pytest.mark.parametrize(
    ("world_of", "severity"),
    [
        ({}, "info"),
        ({"attempts": bad("entra_join")}, "warning"),
        ({"device": {"registered": True}}, "warning"),
    ],
)
def test_a_device_that_nobody_wanted_to_enrol_lacks_nothing(world, world_of, severity):
    key = r"HKEY_LOCAL_MACHINE\software\microsoft\enrollments\0000"
    device = {"enrolled": False} | world_of.get("device", {})
    tables, trace = world(**{**world_of, "device": device}, registry=[(key, "ProviderID", "x")])
    found = find(tables, trace, rules={"NOT-ENROLLED": RULES["NOT-ENROLLED"]}).findings
    assert found["severity"].to_list() == [severity]


def test_a_code_of_the_page_itself_meets_the_known_issues(world):
    device = {"scenario": "hybrid_join", "build": "26100.4000"}
    shown = {
        "attempts": bad("account_setup", "hybrid_join"),
        **ended("account_setup", "esp_failed", "0x80004005"),
    }
    found = find(*world(device=device, **shown)).findings
    assert "KNOWN-AP-48" in set(found["rule"])


@pytest.mark.parametrize(
    ("attempts", "runs"),
    [
        (bad("entra_join", "self_deploying"), []),
        (bad("device_setup"), []),
        (OPEN, [(1, "entra_join", "succeeded", 5, 10, None, None)]),
    ],
)
def test_who_joined_or_never_signed_in_is_of_no_other_tenant(world, attempts, runs):
    tables, trace = world(attempts=attempts, runs=runs, registry=[(DIAGNOSTICS, "TenantMatched", "0")])
    assert find(tables, trace, rules={"TENANT-MISMATCH": RULES["TENANT-MISMATCH"]}).findings.is_empty()


def test_a_step_of_the_correlation_vector_is_no_answer_of_the_service(world):
    detail = '{"HRESULT":"0x80072EE7","Message1":"EXAMPLE+aBc.0.908","Message2":""}'
    failed = [("profile_download_failed", "profile_download", 60, "0x80072EE7", detail)]
    found = find(*world(marks=failed), rules={"HARDWARE-MISMATCH": RULES["HARDWARE-MISMATCH"]}).findings
    assert found.is_empty()


def test_a_phase_whose_time_out_only_the_registry_tells_ran_out_of_time(world):
    told = {"attempts": bad("device_setup"), **ended("device_setup", "device_setup_state", "0x800705B4")}
    hung = {"installs": [{"outcome": "unfinished"}]}
    assert {"ESP-TIMEOUT", "ESP-APP-HUNG"} <= set(find(*world(**told, **hung)).findings["rule"])
    other = {"attempts": bad("device_setup"), **ended("device_setup", "device_setup_state", "0x80070643")}
    assert not {"ESP-TIMEOUT", "ESP-APP-HUNG"} & set(find(*world(**other, **hung)).findings["rule"])


@pytest.mark.parametrize(
    ("rule", "message"),
    [
        ("TPM-FIRMWARE-REFUSED", "The firmware needs an update"),
        ("TPM-AUTHORITY-UNKNOWN", "The authority 'example' does not exist"),
        ("TPM-ANSWER", "The request was refused"),
    ],
)
def test_an_answer_about_the_tpm_counts_only_where_an_attempt_failed_on_it(world, rule, message):
    for attempts, shown in ((bad("entra_join"), {rule}), (GOOD, set())):
        tables, trace = world(attempts=attempts, properties=[("Message", message)])
        output = tables.properties.with_columns(member=pl.lit("CertReq_enrollaik_Output.txt"))
        found = find(Tables.of(tables.frames() | {"properties": output}), trace).findings
        assert set(found["rule"]) & ANSWERS == shown


def test_a_later_detection_is_quoted_beside_the_failure_of_the_installer(world):
    app = "d0c4a1f2-54b6-4b5a-8d0e-000000000001"
    tables, trace = world(
        **SETUP | {"installs": [{"item": app, "exit_code": 1, "code": "0x80070001", "ended_at": at(40)}]},
        lines=[("info", f"Detection for policy with id: {app} resulted in detection state: Detected.")],
    )
    for minute, quoted in ((90, True), (30, False)):
        later = tables.log_lines.with_columns(at=pl.lit(at(minute)).cast(pl.Datetime("us", "UTC")))
        found = find(Tables.of(tables.frames() | {"log_lines": later}), trace)
        quotes = " ".join(found.evidence["quote"])
        assert ("a later pass found it installed" in quotes) is quoted


def test_a_package_that_windows_handles_itself_is_no_app_of_the_page(world):
    package = {"kind": "modern", "blocking": None, "phase": None, "ended_at": at(30)}
    for reason, blamed in (("asked for by svchost.exe,AppXSvc", False), (None, True)):
        found = find(*world(**SETUP, installs=[package | {"reason": reason}])).findings
        assert ("ESP-APP-FAILED" in set(found["rule"])) is blamed


def test_a_scep_key_kept_by_hello_is_blamed_for_its_own_certificate_alone(world):
    for protection, told in (("4", True), ("1", False)):
        story = TIMED | {"installs": [WANTED], "registry": [(SCEP, "KeyProtection", protection)]}
        found = set(find(*world(**story)).findings["rule"])
        assert ("ESP-CERTIFICATE-HELLO" in found, "ESP-CERTIFICATE-LATE" in found) == (told, not told)


@pytest.mark.parametrize(
    ("other", "exit_code", "told"),
    [((15, 35), 60001, True), ((15, 25), 60001, False), ((25, 35), 60001, False), ((15, 35), 1602, False)],
)
def test_an_installer_that_was_busy_throughout_is_blamed_where_the_app_says_nothing_else(
    world, other, exit_code, told
):
    installs = [wrapped(20, 30) | {"exit_code": exit_code}, msi(*other)]
    assert ("ESP-INSTALLER-BUSY" in set(find(*world(**PAGE, installs=installs)).findings["rule"])) is told


@pytest.mark.parametrize(
    ("marks", "told"),
    [
        ([("esp_page_left", None, 70, None, "")], False),
        ([("esp_page_left", None, 70, None, ""), ("logon_tasks_done", "desktop", 71, None, "")], True),
        ([("account_setup_step_began", "account_setup", 70, None, "")], True),
    ],
)
def test_a_page_that_was_left_tells_of_going_on_only_where_something_came_after(world, marks, told):
    story = SETUP | {"marks": [*SETUP["marks"], *marks]}
    assert ("ESP-CONTINUED-ANYWAY" in set(find(*world(**story)).findings["rule"])) is told


@pytest.mark.parametrize(
    ("properties", "runs", "told"),
    [
        ([("AzureAdJoined", "YES"), ("MdmUrl", "")], [], True),
        ([("AzureAdJoined", "YES"), ("MdmUrl", "-")], [], True),
        ([("AzureAdJoined", "YES"), ("MdmUrl", "https://mdm.example.com")], [], False),
        ([("AzureAdJoined", "NO"), ("MdmUrl", "")], [], False),
        (
            [("AzureAdJoined", "YES"), ("MdmUrl", "")],
            [(1, "mdm_enrollment", "unfinished", 30, None, None, None)],
            False,
        ),
    ],
)
def test_a_device_that_joined_and_never_asked_to_enrol_was_named_no_mdm_service(
    world, properties, runs, told
):
    joined = (1, "entra_join", "succeeded", 10, 20, None, None)
    attempts = [("unknown", None, "user_driven", 0, 20, None)]
    found = find(*world(attempts=attempts, runs=[joined, *runs], properties=properties)).findings
    assert ("MDM-NOT-CONFIGURED" in set(found["rule"])) is told


def test_an_app_that_the_agent_locked_says_until_when(world):
    lock = {"exit_code": 1602, "code": "0x80070642", "next_retry_at": at(1500)}
    proofs = find(*world(**TIMED, installs=[lock])).evidence
    quote = proofs.filter(pl.col("rule") == "ESP-APP-FAILED")["quote"].item()
    assert "locks it for 24 hours (GRS) and tries again from 2026-03-03 09:00 UTC on" in quote


def test_how_long_the_agent_locks_an_app_is_told_by_what_the_trace_reckons_with(world, monkeypatch):
    monkeypatch.setattr("autopilot_analysis.findings.rules.page_tries.LEFT_ALONE", timedelta(hours=8))
    proofs = find(*world(**TIMED, installs=[{"exit_code": 1602, "next_retry_at": at(1500)}])).evidence
    assert "locks it for 8 hours (GRS)" in proofs.filter(pl.col("rule") == "ESP-APP-FAILED")["quote"].item()


def test_packages_that_setup_brings_itself_are_no_failed_store_apps(world):
    edge = {"kind": "modern", "blocking": None, "phase": None, "ended_at": at(5)}
    for reason, told in (("asked for by Setup", False), (None, True)):
        found = set(find(*world(**SETUP, installs=[edge | {"reason": reason}])).findings["rule"])
        assert bool(found & {"APP-STORE-FAILED", "ESP-APP-FAILED"}) is told


@pytest.mark.parametrize(("times", "told"), [(2, False), (3, True)])
def test_two_sessions_in_vain_are_a_hitch_and_three_are_a_service_out_of_reach(world, times, told):
    events = [("dm:204", {}, 12 + n, "0x80072EFD") for n in range(times)]
    assert ("MDM-UNREACHABLE" in set(find(*world(**SETUP, events=events)).findings["rule"])) is told


@pytest.mark.parametrize(
    ("story", "cause", "consequence"),
    [
        (refused_token("AADSTS53003: blocked"), "TOKEN-BLOCKED", "MDM-ENROLLMENT-REFUSED"),
        (attested("0x80072EE2"), "TPM-ATTESTATION-UNREACHABLE", "DEVICE-ENROLLMENT-FAILED"),
        (TIMED | {"installs": [WIFI]}, "ESP-NETWORK-LATE", "ESP-TIMEOUT"),
        (TIMED | {"installs": [WANTED]}, "ESP-CERTIFICATE-LATE", "ESP-TIMEOUT"),
        (
            TIMED | {"events": [("dm:204", {}, n, "0x80072EFD") for n in (12, 14, 16)]},
            "MDM-UNREACHABLE",
            "ESP-TIMEOUT",
        ),
    ],
)
def test_what_stood_in_the_way_is_the_cause_of_what_the_page_shows(world, story, cause, consequence):
    found = find(*world(**story)).findings
    roles = dict(found.select("rule", "role").iter_rows())
    assert (roles[cause], roles[consequence]) == ("cause", "consequence")


def test_a_refused_reset_needs_its_own_code(world):
    events = [("dm:404", {"Message5": RESET_NODE}, 5, "0x86000002")]
    assert "RESET-REFUSED" not in set(find(*world(events=events)).findings["rule"])


def test_an_app_whose_installer_ended_well_hangs_in_its_detection(world):
    for code, told in ((0, True), (None, False)):
        hung = {"outcome": "unfinished", "exit_code": code, "started_at": at(20)}
        proofs = find(*world(**TIMED, installs=[hung])).evidence
        quote = proofs.filter(pl.col("rule") == "ESP-APP-HUNG")["quote"].item()
        assert ("its detection had not come to an end" in quote) is told


def test_a_page_that_was_left_is_not_called_neglected(world):
    page, device = {"visible_at": at(5), "ended_at": at(9)}, {"collected_at": at(35)}
    assert "OOBE-LEFT" not in set(find(*world(screens=[page], device=device)).findings["rule"])


def test_an_attempt_without_an_end_names_the_app_that_was_begun(world):
    runs = [(1, "device_setup", "unfinished", 10, None, None, None)]
    for begun, named in ((at(20), "device setup, Example VPN not finished"), (None, "device setup")):
        app = {"outcome": "unfinished", "started_at": begun}
        found = find(*world(attempts=OPEN, runs=runs, installs=[app])).findings
        assert found.filter(pl.col("rule") == "ATTEMPT-UNFINISHED")["item"].to_list() == [named]


def test_a_download_without_an_end_is_told_as_such_and_never_as_a_hung_installer(world):
    stood = {"downloaded_bytes": 200, "download_size": 1000, "stalls": 1, "stalled": timedelta(minutes=9)}
    found = find(*world(**TIMED, installs=[LOADING | stood]))
    rules = set(found.findings["rule"])
    assert "ESP-DOWNLOAD-OPEN" in rules
    assert not rules & {"ESP-APP-HUNG", "APP-DOWNLOAD-STALLED"}
    quotes = found.evidence.filter(pl.col("rule") == "ESP-DOWNLOAD-OPEN")["quote"]
    assert "200 of 1000 bytes downloaded, no byte came for 9 minutes in all" in quotes[0]


def test_a_busy_installer_is_told_by_the_reason_whatever_the_exit_code(world):
    app = {"exit_code": 60001, "reason": "another installation was in progress: Contoso Agent"}
    log = {
        "cause": "Another MSI installation is in progress",
        "cause_member": "viewer.log",
        "cause_record": 7,
    }
    found = find(*world(**SETUP, installs=[app | log | {"cause_record": 7}]))
    told = found.evidence.filter(rule="ESP-INSTALLER-BUSY").select("member", "record", "quote").rows()
    assert ("agent.log", 1, "exit code 60001: another installation was in progress: Contoso Agent") in told
    assert ("viewer.log", 7, "Another MSI installation is in progress") in told


def test_an_app_that_waits_for_a_restart_is_none_that_was_never_started(world):
    found = find(*world(**SETUP, installs=[{"outcome": "waiting", "reason": "reboot"}])).findings
    assert "APP-WAITS-FOR-RESTART" in set(found["rule"])
    assert "APP-NEVER-STARTED" not in set(found["rule"])


def test_a_disabled_service_is_the_cause_of_a_download_that_it_ended(world):
    lost = {"download_outcome": "failed", "download_code": "0x80D01001"}
    for start, shown in (("4", True), ("3", False)):
        service = [(r"HKLM\System\CurrentControlSet\Services\DoSvc", "Start", start)]
        found = find(*world(**SETUP, installs=[lost], registry=service)).findings
        assert ("DELIVERY-OPTIMIZATION-DISABLED" in set(found["rule"])) is shown
