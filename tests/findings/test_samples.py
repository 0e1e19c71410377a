"""Whole exports: the cause first, healthy ones at most info, unknown when the source is gone."""

import itertools

import polars as pl
import pytest
from told_samples import tell_samples

from autopilot_analysis.export import open_export
from autopilot_analysis.findings import check_activities, conclude, find, rules_not_run
from autopilot_analysis.readers import read_tables
from autopilot_analysis.trace import build_trace

FIRST = {
    "mdm_enrollment_refused": ("MDM-ENROLLMENT-REFUSED", "mdm_enrollment", "0x80180014"),
    "tpm_attestation_failure": ("TPM-ATTESTATION-FAILED", "device_preparation", "0x81039001"),
    "esp_app_timeout": ("ESP-APP-HUNG", "device_setup", None),
    "esp_app_failure": ("ESP-APP-NOT-DETECTED", "device_setup", "0x87D1041C"),
    "blank_profile_then_reboot": ("PROFILE-BLANK-CACHED", "profile_download", None),
    "hybrid_join_failure": ("HYBRID-BLOB-MISSING", "entra_join", "0x80070774"),
    "network_blocked": ("NETWORK-NO-INTERNET", "network", None),
}
HEALTHY = [
    "user_driven_success",
    "pre_provisioning_success",
    "clock_step",
    "not_autopilot",
    "device_preparation_success",
]
SOURCES = [
    "moderndeployment-diagnostics-provider",
    "enterprise-diagnostics",
    "user device registration",
    "shell-core",
    "registrydump",
    "intunemanagement",
    "appworkload",
]
ALLOWED = {"ESP-TIMEOUT", "ESP-APPS-FAILED", "DEVICE-ENROLLMENT-FAILED", "STAGE-FAILED", "HYBRID-JOIN-FAILED"}
"""Consequences of the true causes: named when what shows the cause itself is gone."""
LESS = [pair for place, pair in enumerate(itertools.product(FIRST, SOURCES)) if place % 2 == 0]
"""Each scenario without every second source, each source gone from every second scenario."""
GONE = (*SOURCES, ".evtx", ".reg", ".log", "dsregcmd", "mdmdiag", ".json", ".xml")
LAYOUTS = ["cab", "diaglogs_flattened"]


@pytest.fixture(scope="module")
def exported(tmp_path_factory):
    """Tables, trace and findings of a sample, some without members; all are told together."""
    asked = [*itertools.product(FIRST, LAYOUTS, [()]), *((name, "cab", ()) for name in HEALTHY)]
    asked += [(scenario, "folder", (source,)) for scenario, source in LESS]
    asked.append(("mdm_enrollment_refused", "folder", GONE))
    told = tell_samples(tmp_path_factory.mktemp("exports"), list(dict.fromkeys(asked)))
    return lambda scenario, layout="cab", without=(): told[scenario, layout, without][1:]


@pytest.mark.parametrize("scenario", FIRST)
@pytest.mark.parametrize("layout", LAYOUTS)
def test_the_first_finding_names_stage_code_and_cause(exported, scenario, layout):
    _, _, findings = exported(scenario, layout)
    first = findings.findings.row(0, named=True)
    assert (first["rule"], first["stage"], first["code"], first["role"]) == (*FIRST[scenario], "cause")
    assert first["title"]
    assert first["meaning"]
    assert first["remedy"]
    proof = findings.evidence.filter(pl.col("rule") == first["rule"])
    assert proof.height
    assert proof["member"].null_count() == 0


@pytest.mark.parametrize("scenario", HEALTHY)
def test_a_healthy_export_carries_nothing_above_info(exported, scenario):
    _, _, findings = exported(scenario)
    assert set(findings.findings["severity"]) <= {"info"}


def test_four_equal_refusals_are_one_finding_of_four_attempts(exported):
    _, _, findings = exported("mdm_enrollment_refused")
    refused = findings.findings.filter(pl.col("rule") == "MDM-ENROLLMENT-REFUSED")
    assert refused["title"].to_list() == ["MDM enrolment was refused (0x80180014), in 4 attempts"]
    assert refused["attempt"].to_list() == [None]
    proof = findings.evidence.filter(pl.col("rule") == "MDM-ENROLLMENT-REFUSED")
    assert set(proof["attempt"]) == {1, 2, 3, 4}


def test_a_hung_app_explains_the_time_out(exported):
    _, _, findings = exported("esp_app_timeout")
    roles = dict(findings.findings.select("rule", "role").iter_rows())
    assert (roles["ESP-APP-HUNG"], roles["ESP-TIMEOUT"]) == ("cause", "consequence")
    assert "STAGE-FAILED" not in roles


@pytest.mark.parametrize(("scenario", "without"), LESS)
def test_with_one_source_less_the_cause_is_right_or_unknown_never_another(exported, scenario, without):
    tables, trace, findings = exported(scenario, "folder", (without,))
    causes = findings.findings.filter(pl.col("role") == "cause", pl.col("severity") != "info")
    assert set(causes["rule"]) <= {FIRST[scenario][0], *ALLOWED}
    verdict = conclude(tables, trace, findings).row(0, named=True)
    if causes.is_empty():
        assert verdict["cause"] is None
        assert verdict["outcome"] in ("unknown", "failed", "unfinished", "succeeded")
        if verdict["outcome"] == "failed":
            assert "cause unknown" in verdict["verdict"]


def test_an_export_without_any_log_is_unknown_not_well(exported):
    tables, trace, findings = exported("mdm_enrollment_refused", "folder", GONE)
    verdict = conclude(tables, trace, findings).row(0, named=True)
    assert verdict["outcome"] == "unknown"
    assert "nothing failed" not in verdict["verdict"]
    assert set(check_activities(tables, trace, findings)["result"]) <= {"unknown", "fail"}


def test_rules_whose_source_is_gone_are_listed_as_not_looked_at(exported):
    tables, _, _ = exported("mdm_enrollment_refused", "folder", ("moderndeployment-diagnostics-provider",))
    whole, _, _ = exported("mdm_enrollment_refused", "cab")
    assert "TPM-NOT-CAPABLE" in set(
        rules_not_run(
            tables.__class__.of(
                {**tables.frames(), "coverage": tables.coverage.filter(pl.col("source") != "tpm_text")}
            )
        )["rule"]
    )
    assert "TPM-NOT-CAPABLE" not in set(rules_not_run(whole)["rule"])


def test_the_control_capture_carries_nothing_above_info(genuine):
    cabinet = genuine / "mdm-diagnostics-23h2.cab"
    tables = read_tables(open_export(cabinet))
    trace = build_trace(tables)
    findings = find(tables, trace)
    assert set(findings.findings["severity"]) <= {"info"}
    assert conclude(tables, trace, findings)["outcome"].to_list() == ["nothing_ran"]
