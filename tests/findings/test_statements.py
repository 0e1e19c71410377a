"""Each testable statement of the troubleshooting overview (facts/statements.csv), answered."""

import re
import sys

import polars as pl

from autopilot_analysis.facts import read_facts
from autopilot_analysis.findings import RULES, check_activities, find, rules_not_run
from autopilot_analysis.tables import STAGES

ENROLLMENT = r"HKEY_LOCAL_MACHINE\software\microsoft\enrollments\0000\FirstSync"


def rules_of(findings):
    return set(findings.findings["rule"])


def stages(trace, attempt=1):
    runs = trace.stage_runs.filter(pl.col("attempt") == attempt)
    return dict(runs.select("stage", "outcome").iter_rows())


def test_s02_stages_have_start_end_duration_and_outcome(exported):
    runs = exported("user_driven_success")[1].stage_runs
    assert runs["stage"].cast(pl.String).to_list() == STAGES
    assert runs.select("started_at", "ended_at", "waited").null_count().sum_horizontal()[0] == 0


def test_s03_attempts_at_the_profile_its_name_and_tenant(exported):
    tables, trace, _ = exported("blank_profile_then_reboot")
    assert {"profile_empty", "profile_available"} <= set(trace.marks["mark"])
    assert tables.devices.select("profile_name", "tenant_domain").null_count().sum_horizontal()[0] == 0


def test_s04_six_key_activities_pass_fail_or_unknown(exported):
    told = check_activities(*exported("user_driven_success"))
    on_screen = pl.col("activity").is_in(["expected_screens", "sign_in_page"])
    assert told.filter(on_screen)["result"].to_list() == ["unknown", "unknown"]  # it holds no page of OOBE
    checklist = told.filter(~on_screen)
    assert checklist["activity"].to_list() == [
        "configuration",
        "network",
        "oobe",
        "entra_join",
        "mdm_enrollment",
        "collected_logs",
    ]
    assert set(checklist["result"]) == {"pass"}
    refused = check_activities(*exported("mdm_enrollment_refused"))
    assert dict(refused.select("activity", "result").iter_rows())["mdm_enrollment"] == "fail"
    assert refused.filter(pl.col("result") == "fail")["member"].null_count() == 0


def test_s05_the_export_of_the_diagnostics_page_opens_like_any_other(exported):
    _, trace, findings = exported("mdm_enrollment_refused", "page")
    assert findings.findings["rule"][0] == "MDM-ENROLLMENT-REFUSED"
    assert trace.attempts.height == 4


def test_s06_whether_the_status_page_was_switched_on(world):
    assert "ESP-OFF" in rules_of(find(*world(registry=[(ENROLLMENT, "SkipDeviceStatusPage", "4294967295")])))
    assert "ESP-OFF" not in rules_of(find(*world(registry=[(ENROLLMENT, "SkipDeviceStatusPage", "0")])))


def test_s07_whether_collecting_logs_was_allowed(world):
    assert "ESP-NO-LOG-COLLECTION" in rules_of(
        find(*world(registry=[(ENROLLMENT, "AllowCollectLogsButton", "0")]))
    )


def test_s09_user_pages_do_not_apply_to_self_deploying(exported):
    _, trace, _ = exported("self_deploying_success")
    assert {stages(trace)[stage] for stage in ("user_authentication", "account_setup")} == {"skipped"}


def test_s10_the_archive_collected_after_a_failure_is_read(exported):
    tables, _, findings = exported("esp_app_timeout", "diaglogs_flattened")
    assert "collect_results" in set(tables.members["source"])
    assert findings.findings["rule"][0] == "ESP-APP-HUNG"


def test_s11_all_five_upload_hosts_are_known():
    hosts = read_facts("endpoints").filter(pl.col("group") == "Diagnostics upload")["hosts"][0].split()
    assert {host.split(".")[0] for host in hosts} == {
        "lgmsapeweu",
        "lgmsapewus2",
        "lgmsapesea",
        "lgmsapeaus",
        "lgmsapeind",
    }


def test_s13_when_the_network_came_up(exported):
    assert stages(exported("user_driven_success")[1])["network"] == "succeeded"
    assert exported("network_blocked")[2].findings["rule"][0] == "NETWORK-NO-INTERNET"


def test_s14_time_from_network_to_profile_and_a_blank_one(exported):
    runs = exported("user_driven_success")[1].stage_runs
    came = {row["stage"]: row for row in runs.iter_rows(named=True)}
    assert came["profile_download"]["started_at"] >= came["network"]["ended_at"]
    assert "PROFILE-BLANK-CACHED" in rules_of(exported("blank_profile_then_reboot")[2])


def test_s15_sign_in_result_error_and_wrong_tenant(world, failure):
    key = r"HKEY_LOCAL_MACHINE\software\microsoft\provisioning\Diagnostics\AutoPilot"
    events = [("aad:1081", {"Error": "AADSTS50076: more is asked"}, 30, None)]
    found = find(
        *world(events=events, registry=[(key, "TenantMatched", "0")], **failure("user_authentication"))
    )
    assert {"SIGN-IN-FAILED", "SIGN-IN-ERROR", "TENANT-MISMATCH"} <= rules_of(found)
    assert found.findings.filter(pl.col("rule") == "SIGN-IN-ERROR")["title"][0].endswith("AADSTS50076")


def test_s16_join_result_phase_and_server_code(world, failure):
    told = [("Error Phase", "auth"), ("Client ErrorCode", "0xcaa90056")]
    found = find(*world(properties=told, **failure("entra_join", code="0x801C0003")))
    assert {"ENTRA-JOIN-FAILED", "JOIN-PHASE"} <= rules_of(found)


def test_s17_enrolment_result_server_fault_and_address(exported):
    findings = exported("mdm_enrollment_refused")[2]
    proof = findings.evidence.filter(pl.col("rule") == "MDM-ENROLLMENT-REFUSED")
    assert proof["quote"].str.contains("s:DeviceNotSupported", literal=True).sum() == 4
    assert proof["quote"].str.contains("0x80180014", literal=True).sum() == 4


def test_s18_phases_and_items_and_what_blocks(exported):
    _, trace, findings = exported("esp_app_failure")
    assert stages(trace)["device_setup"] == "failed"
    assert trace.installs.filter(pl.col("outcome").is_in(["failed", "not_detected"])).height
    assert findings.findings["rule"][0] == "ESP-APP-NOT-DETECTED"


def test_s19_without_the_page_its_stages_are_skipped_not_failed(exported):
    _, trace, _ = exported("device_preparation_success")
    assert stages(trace)["device_setup"] == "skipped"


def test_s20_an_attempt_at_the_profile_for_each_start(exported):
    _, trace, _ = exported("blank_profile_then_reboot", "folder")
    assert trace.marks.filter(pl.col("mark") == "profile_sought").height == 2
    assert trace.attempts.height == 1


def test_s21_a_blank_profile_that_was_kept(exported):
    row = exported("blank_profile_then_reboot")[2].findings.row(0, named=True)
    assert (row["rule"], row["attempt"]) == ("PROFILE-BLANK-CACHED", None)


def test_s22_the_advice_to_restart_and_that_it_was_done(exported, world):
    findings = exported("blank_profile_then_reboot")[2].findings
    assert "Shift+F10" in findings["remedy"][0]
    asked = [("user32:1074", {"param1": r"C:\Windows\System32\shutdown.exe"}, 30, None)]
    found = find(*world(attempts=[("succeeded", None, "user_driven", 0, 60, None)], events=asked)).findings
    assert found["title"].to_list() == ["A restart was asked for: shutdown.exe"]


def test_s23_the_configuration_checklist(exported):
    checks = read_facts("configuration_checks")
    assert checks.height == 42
    assert "CHECK-CF7" in rules_of(exported("mdm_enrollment_refused")[2])


def test_s24_endpoint_groups_and_signs_of_blocks(exported):
    assert (read_facts("endpoints").height, read_facts("network_signs").height) == (24, 14)
    assert "NETWORK-N1" in rules_of(exported("network_blocked")[2])
    assert "NETWORK-N1" not in rules_of(exported("user_driven_success")[2])


def test_s25_the_profile_in_use_and_its_tenant(exported, world):
    assert exported("user_driven_success")[0].devices["tenant_domain"][0] == "example.com"
    assert "PROFILE-CACHE-LOST" not in rules_of(exported("user_driven_success")[2])


def test_s26_a_diagnosis_of_the_join(exported):
    assert exported("hybrid_join_failure")[2].findings["rule"][0] == "HYBRID-BLOB-MISSING"


def test_s27_a_diagnosis_of_the_enrolment_whatever_service(exported, world):
    assert "CHECK-CF2" in rules_of(find(*world(properties=[("MdmUrl", "https://mdm.example.com/discovery")])))
    assert exported("mdm_enrollment_refused")[2].findings["stage"][0] == "mdm_enrollment"


def test_s28_packages_inside_packages_are_opened(exported):
    members = exported("esp_app_timeout", "diaglogs_flattened")[0].members["member"]
    assert members.str.contains(r"\.cab/").any()


def test_s29_refused_enrolment_and_import_codes(exported, world):
    other = [("profile_download_failed", "profile_download", 5, None, "ErrorCode 808")]
    assert "DEVICE-IN-OTHER-TENANT" in rules_of(find(*world(marks=other)))
    assert "MDM-ENROLLMENT-REFUSED" in rules_of(exported("mdm_enrollment_refused")[2])


def test_s30_findings_on_the_profile(world):
    told = [("profile_download_failed", "profile_download", 5, None, "ZtdDeviceIsNotRegistered")]
    assert "DEVICE-NOT-REGISTERED" in rules_of(find(*world(marks=told)))


def test_s31_join_rights_and_limits(world, failure):
    for stage, event, code, rule in (
        ("entra_join", "udr:204", "0x801C03ED", "CHECK-CF4"),
        ("mdm_enrollment", "dm:71", "0x80180013", "CHECK-CF5"),
    ):
        found = find(*world(events=[(event, {}, 30, code)], **failure(stage, code=code)))
        assert rule in rules_of(found)


def test_s32_conflicting_policies(world):
    key = r"HKEY_LOCAL_MACHINE\software\microsoft\policymanager\current\device\DeviceLock"
    found = find(*world(registry=[(key, "MinDevicePasswordLength", "8")]))
    assert "CONFLICT-PC2" in rules_of(found)
    assert read_facts("policy_conflicts").height == 26


def test_s33_what_the_package_lacks(exported, world):
    assert "EVIDENCE-MISSING" in rules_of(find(*world(coverage=[("registry_dump", "absent")])))
    assert not rules_not_run(exported("user_driven_success")[0]).is_empty()


def test_s34_known_issues_that_fit_build_tpm_and_codes(world, failure, exported):
    told = [("Manufacturer", "Infineon"), ("Firmware Version", "15.22")]
    found = find(*world(properties=told, events=[("ap:171", {}, 30, None)], **failure("device_preparation")))
    assert "KNOWN-AP-10" in rules_of(found)
    assert "KNOWN-AP-13" in rules_of(exported("tpm_attestation_failure")[2])


def test_s35_the_mdm_report_and_the_registry_dump_are_read(exported):
    tables = exported("user_driven_success")[0]
    assert {"mdm_report_xml", "registry_dump"} <= set(tables.members["source"])
    assert tables.registry_values.height


def test_s36_build_and_edition_and_which_channels_the_build_has(exported):
    tables = exported("clock_step")[0]
    assert tables.devices["build"][0] == "26100.4349"
    assert "events_mdm_enrollment" in set(tables.coverage["source"])


def test_every_testable_statement_has_a_test_that_names_it():
    testable = set(read_facts("statements").filter(pl.col("testable") == "yes")["id"])
    named = {
        f"S{int(found[1])}"
        for name in dir(sys.modules[__name__])
        if (found := re.match(r"test_s(\d\d)_", name))
    }
    assert testable == named
    assert len(testable) == 33
    assert RULES
