"""Events pasted into a text, most without a time: what failed is answered, and nothing is called well."""

from __future__ import annotations

import pytest

from autopilot_analysis import build_trace, conclude, find, open_export, read_tables
from autopilot_analysis.findings.looking import failed_runs, undated_failures

AUTOPILOT = "Microsoft-Windows-ModernDeployment-Diagnostics-Provider"
DM = "Microsoft-Windows-DeviceManagement-Enterprise-Diagnostics-Provider"
UDR = "Microsoft-Windows-User Device Registration"


def copied(provider, number, message, at="<Date and Time>"):
    return (
        f"Log Name:      {provider}/Admin\nSource:        {provider}\nDate:          {at}\n"
        f"Event ID:      {number}\nLevel:         Error\nComputer:      AP-0001\nDescription:\n{message}\n\n"
    )


REFUSED = copied(DM, 71, "MDM Enroll: Failed (Unknown Win32 Error code: 0x80180014)")
JOIN = copied(UDR, 204, "The get join response operation callback failed with exit code: 0x801c03f3.")
WIPE = copied(
    DM,
    400,
    "MDM ConfigurationManager: Command failure status. Configuration Source ID: (7E), "
    "Enrollment Name: (MDMFull), Provider Name: (RemoteWipe), "
    "Command Type: (CmdType_Execute), CSP URI: (./Vendor/MSFT/RemoteWipe/doWipe), "
    "Result: ({}).",
)
AWAY = "does not exist as an installed service."
FAILED = copied(DM, 71, "MDM Enroll: Failed (Unknown Win32 Error code: 0x80180023)")
SERVICE = copied(
    DM, 77, "MDM Unenroll: Changing dmwappushservice startup type failed. Result: (The specified service {})"
)


def told(tmp_path, text):
    file = tmp_path / "pasted.txt"
    file.write_text(text, encoding="utf-8")
    tables = read_tables(open_export(file))
    trace = build_trace(tables)
    return tables, trace, find(tables, trace)


@pytest.mark.parametrize(
    ("text", "rule", "code"),
    [
        (REFUSED, "MDM-ENROLLMENT-REFUSED", "0x80180014"),
        (JOIN, "ENTRA-JOIN-FAILED", "0x801C03F3"),
        (WIPE.format("The request is not supported."), "WIPE-REFUSED", "0x80070032"),
        (WIPE.format("The system cannot find the file specified."), "WIPE-REFUSED", "0x80070002"),
        (
            f"{FAILED}{SERVICE.format(AWAY)}",
            "PUSH-ROUTING-MISSING",
            "0x80180023",
        ),
    ],
)
def test_a_failure_without_a_time_is_a_cause_on_a_device_without_an_attempt(tmp_path, text, rule, code):
    tables, trace, findings = told(tmp_path, text)
    found = findings.findings.filter(role="cause").select("rule", "code", "attempt", "at").rows()
    assert found == [(rule, code, None, None)]
    (verdict,) = conclude(tables, trace, findings).select("outcome", "verdict").rows()
    assert verdict[0] == "unknown"
    assert findings.findings["title"][0] in verdict[1]


def test_a_failure_without_a_time_and_without_a_known_cause_is_never_called_well(tmp_path):
    tables, trace, _ = told(tmp_path, REFUSED)
    (verdict,) = conclude(tables, trace, find(tables, trace, rules={})).select("outcome", "verdict").rows()
    assert verdict[0] == "unknown"
    assert "nothing failed in what was seen" not in verdict[1]


def test_beside_a_dated_attempt_a_failure_without_a_time_lies_in_no_run(tmp_path):
    dated = copied(
        DM, 71, "MDM Enroll: Failed (Unknown Win32 Error code: 0x80180013)", "5/14/2026 9:02:11 AM"
    )
    _, trace, _ = told(tmp_path, dated + REFUSED)
    assert undated_failures(trace).is_empty()
    assert failed_runs(trace, ["mdm_enrollment"])["code"].to_list() == ["0x80180013"]


def test_beside_an_attempt_that_did_not_come_so_far_a_failure_without_a_time_stands_for_one(tmp_path):
    came = "AutopilotManager reported the state changed from ProfileState_Unknown to ProfileState_Available."
    profile = copied(AUTOPILOT, 153, came, "5/14/2026 9:02:11 AM").replace("/Admin", "/Autopilot")
    tables, trace, _ = told(tmp_path, profile + REFUSED)
    assert trace.attempts["outcome"].to_list() == ["unknown"]
    assert failed_runs(trace, ["mdm_enrollment"])["code"].to_list() == ["0x80180014"]
    (verdict,) = conclude(tables, trace, find(tables, trace))["verdict"]
    assert "MDM enrolment was refused (0x80180014)" in verdict


SETTING = (
    "{} in the log\nMDM ConfigurationManager: Command failure status. Configuration Source ID: (7E), "
    "Enrollment Name: (MDMDeviceWithAAD), Provider Name: (Policy), Command Type: ({}), "
    "CSP URI: ({}), Result: (The system cannot find the file specified.).\n"
)
ADD, NODE = "Add: from Replace or Add", "Vendor/MSFT/Policy/Config/Area/Name"
TEMPLATE = "./Device/Vendor/MSFT/Policy/ConfigOperations/ADMXInstall/Reader/Properties/Policy/Version"


@pytest.mark.parametrize("scope", [".", "./Device", "./User"])
@pytest.mark.parametrize("number", ["Event error 404", "Event ID: 404"])
def test_a_refused_setting_that_somebody_quotes_is_answered_with_its_address(tmp_path, scope, number):
    _, _, findings = told(tmp_path, SETTING.format(number, ADD, f"{scope}/{NODE}"))
    found = findings.findings.select("rule", "item", "code").rows()
    assert found == [("POLICY-REFUSED-UNPLACED", f"{scope}/{NODE}", "0x80070002")]


@pytest.mark.parametrize(
    ("number", "command", "uri"),
    [
        ("Event 404", "CmdType_Get", f"./{NODE}"),
        ("Event 404", ADD, TEMPLATE),
        ("Somewhere", ADD, f"./{NODE}"),
    ],
)
def test_a_question_a_usual_refusal_and_an_event_without_a_number_are_no_refused_setting(
    tmp_path, number, command, uri
):
    _, _, findings = told(tmp_path, SETTING.format(number, command, uri))
    assert findings.findings.filter(rule="POLICY-REFUSED-UNPLACED").is_empty()


def test_a_dated_refusal_belongs_to_daily_work(tmp_path):
    text = copied(DM, 404, SETTING.format("x", ADD, f"./{NODE}").partition("\n")[2], "3/2/2026 8:00:00 AM")
    _, _, findings = told(tmp_path, text)
    assert findings.findings.filter(rule="POLICY-REFUSED-UNPLACED").is_empty()
