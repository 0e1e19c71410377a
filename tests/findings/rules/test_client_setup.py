"""The setup of the Configuration Manager client, by its own log."""

import re

import pytest
from findings.rule_worlds import installed

from autopilot_analysis import build_trace, open_export, read_tables
from autopilot_analysis.export.magic import kinds_of, text_of
from autopilot_analysis.export.sources import classify
from autopilot_analysis.facts import read_facts
from autopilot_analysis.findings import find
from autopilot_analysis.findings.rule import RULES

SETUP = {"members": (), "sources": {"agent.log": "ccmsetup_log"}}
BEGUN = "==========[ ccmsetup started in process 6120 ]=========="
ASKED = "Getting AAD info from CMG 'GATE.CONTOSO.EXAMPLE'"
TOKEN = "Failed to get AAD token for 'S-1-5-18' from WAM API. Error 0x800703f0"
FORBIDDEN = "[CCMHTTP] ERROR INFO: StatusCode=403 StatusText=CMGConnector_Clientcertificaterequired"
NO_NAME = (
    "[CCMHTTP] ERROR: URL=https://mp.contoso.example/ccm_system/request, Port=443, Options=480, Code=12007, "
    "Text=ERROR_WINHTTP_NAME_NOT_RESOLVED"
)
MSI = r"File C:\Windows\ccmsetup\{0A}\client.msi installation failed. Error text: ExitCode: 1603"
ADDED = (
    "Adding file 'HTTP://files.contoso.example:80/CCM_Client/x64/client.msi' to BITS job, saving as 'C:\\x'."
)
BITS = "Failed to download client files by BITS. Error 0x80190194"
NO_SPACE = "Failed to connect to policy namespace. Error 0x8004100e"
NOT_THERE = "Failed to successfully complete HTTP request. (StatusCode at WinHttpQueryHeaders: 404)"
ENDED = "CcmSetup failed with error code {}"
RETURNED = "CcmSetup is exiting with return code {}"
FAILED = ENDED.format("0x80004005")
PROVIDER = installed("ConfigMgr", "4", "0")
PREPARATION = ("failed", "device_preparation", "user_driven", 0, 60, None)


def lines(*messages, begun=0, apart=1):
    return [("error", message, begun + n * apart) for n, message in enumerate(messages)]


def setup(proofs, *messages, **more):
    return proofs("CONFIGMGR-SETUP", **SETUP, lines=lines(*messages), **more)


@pytest.mark.parametrize(
    ("messages", "rule", "code", "item"),
    [
        (
            (BEGUN, ASKED, TOKEN, ASKED, TOKEN, FAILED),
            "CONFIGMGR-SETUP-UNPROVED",
            "0x800703F0",
            "GATE.CONTOSO.EXAMPLE, 2 times, ended with 0x80004005",
        ),
        ((BEGUN, FORBIDDEN, FAILED), "CONFIGMGR-SETUP-REFUSED", "0x80004005", "ended with 0x80004005"),
        (
            (BEGUN, NO_NAME, ENDED.format("0x87d00215")),
            "CONFIGMGR-SETUP-UNREACHED",
            "0x87D00215",
            "mp.contoso.example, ended with 0x87d00215",
        ),
        ((BEGUN, TOKEN, MSI, ENDED.format("0x80070643")), "CONFIGMGR-SETUP-MSI", "0x80070643", None),
        (
            (BEGUN, ADDED, BITS, NO_SPACE, ENDED.format("0x80190194")),
            "CONFIGMGR-SETUP-FILES",
            "0x80190194",
            "files.contoso.example, ended with 0x80190194",
        ),
        (
            (BEGUN, NOT_THERE, ENDED.format("0x87d0027e")),
            "CONFIGMGR-SETUP-FILES",
            "0x87D0027E",
            "ended with 0x87d0027e",
        ),
        (
            (BEGUN, ADDED, BITS.replace("0x80190194", "0x80072ee7"), FAILED),
            "CONFIGMGR-SETUP-UNREACHED",
            "0x80072EE7",
            "files.contoso.example, ended with 0x80004005",
        ),
        ((BEGUN, ENDED.format("0x8007000e")), "CONFIGMGR-SETUP-FAILED", "0x8007000E", None),
        ((BEGUN, RETURNED.format("9")), "CONFIGMGR-SETUP-FAILED", None, "ended with 9"),
    ],
)
def test_the_last_run_is_named_by_the_reason_that_stands_last_in_its_log(proofs, messages, rule, code, item):
    rows = setup(proofs, *messages)
    assert set(rows.select("rule", "code").rows()) == {(rule, code)}
    assert set(rows["item"]) == {item or f"ended with {messages[-1].rpartition(' ')[2]}"}
    assert rows["quote"][-1] == messages[-1]


@pytest.mark.parametrize(
    "messages",
    [
        (BEGUN, TOKEN, RETURNED.format("0")),
        (BEGUN, TOKEN, FAILED, BEGUN, RETURNED.format("0")),
        (BEGUN, TOKEN, FAILED, BEGUN, RETURNED.format("7")),
        (BEGUN, TOKEN, RETURNED.format("0"), BEGUN, RETURNED.format("8")),
        (BEGUN, TOKEN, TOKEN),
        (BEGUN, "Task failed: CcmSetup failed with error code 0x80004005, as another log says"),
    ],
    ids=["well", "well later", "a restart comes", "another is at work", "no end", "quoted"],
)
def test_a_run_that_went_well_in_the_end_or_has_no_end_is_no_failure(proofs, messages):
    assert setup(proofs, *messages).is_empty()


def test_another_run_that_was_at_work_is_not_the_end(proofs):
    rows = setup(proofs, BEGUN, TOKEN, FAILED, BEGUN, RETURNED.format("8"))
    assert set(rows["rule"]) == {"CONFIGMGR-SETUP-UNPROVED"}


def test_another_log_is_not_the_log_of_setup(proofs):
    world = {"sources": {"agent.log": "cmtrace_other"}, "lines": lines(BEGUN, TOKEN, FAILED)}
    assert proofs("CONFIGMGR-SETUP", **world).is_empty()


def test_what_an_earlier_run_met_is_no_reason_of_the_last(proofs):
    rows = setup(proofs, BEGUN, TOKEN, FAILED, BEGUN, ENDED.format("0x8007000e"))
    assert rows.select("rule", "code").rows() == [("CONFIGMGR-SETUP-FAILED", "0x8007000E")]


@pytest.mark.parametrize(
    ("minutes", "rule"), [(15, "CONFIGMGR-SETUP-UNPROVED"), (16, "CONFIGMGR-SETUP-FAILED")]
)
def test_what_setup_went_on_from_long_before_its_end_is_no_reason(proofs, minutes, rule):
    told = [("error", BEGUN, 0), ("error", TOKEN, 1), ("error", FAILED, 1 + minutes)]
    assert set(proofs("CONFIGMGR-SETUP", **SETUP, lines=told)["rule"]) == {rule}


@pytest.mark.parametrize(
    ("given", "severity"),
    [
        ({}, None),
        ({"attempts": [("succeeded", None, "user_driven", 0, 60, None)]}, "warning"),
        ({"attempts": [("failed", "device_setup", "user_driven", 0, 60, None)]}, "info"),
        ({"attempts": [PREPARATION], "registry": PROVIDER}, None),
    ],
    ids=["alone", "deployed", "failed of something else", "the page waited for it"],
)
def test_beside_a_deployment_it_weighs_by_whether_the_page_waited_for_the_client(proofs, given, severity):
    assert set(setup(proofs, BEGUN, TOKEN, FAILED, **given)["severity"]) == {severity}


@pytest.mark.parametrize(
    ("reason", "rule"),
    [(TOKEN, "CONFIGMGR-SETUP-UNPROVED"), (BITS, "CONFIGMGR-SETUP-FILES"), ("x", "CONFIGMGR-SETUP-FAILED")],
)
def test_it_explains_why_the_page_waited_in_vain_for_the_client(world, reason, rule):
    runs = [(1, "device_preparation", "failed", 10, 60, None, None)]
    given = SETUP | {"lines": lines(BEGUN, reason, FAILED), "attempts": [PREPARATION], "runs": runs}
    found = find(*world(**given, registry=PROVIDER)).findings
    roles = dict(found.select("rule", "role").rows())
    assert roles[rule] == "cause"
    assert roles["CONFIGMGR-CLIENT-FAILED"] == "consequence"


def test_each_pattern_fits_its_example():
    for pattern, example in read_facts("client_setup_errors").select("pattern", "example").iter_rows():
        assert re.search(f"(?i){pattern}", example)


BARE = """Downloading prerequisites for the client
{}
  CcmSetup failed with error code 0x80070643
"""


@pytest.mark.parametrize(
    ("line", "rule"),
    [
        ("A line that nobody knows", "CONFIGMGR-SETUP-FAILED"),
        ("This computer does not contain the correct version of BITS.", "CONFIGMGR-SETUP-PREREQUISITE"),
    ],
)
def test_bare_lines_of_setup_tell_how_it_ended(tmp_path, line, rule):
    (tmp_path / "pasted.txt").write_text(BARE.format(line), encoding="utf-8")
    tables = read_tables(open_export(tmp_path))
    assert tables.members["source"].to_list() == ["ccmsetup_log"]
    found = find(tables, build_trace(tables), rules={"CONFIGMGR-SETUP": RULES["CONFIGMGR-SETUP"]})
    assert found.findings.select("rule", "code").rows() == [(rule, "0x80070643")]


def test_a_sentence_about_such_a_line_is_no_log():
    head = b"We saw that CcmSetup failed with error code 0x80070643 today.\nWhat now?\n"
    assert classify("mail.txt", kinds_of(head), text_of(head)) is None


FLAGGED = "[CCMHTTP]            : WINHTTP_CALLBACK_STATUS_FLAG_{} is set"
NUMBERED = "[CCMHTTP]                : *lpvStatusInformation is {}"
DISTRUSTED = ENDED.format("0x80072f8f")


@pytest.mark.parametrize(
    ("lines_of_it", "means"),
    [
        ([FLAGGED.format("CERT_REV_FAILED")], "revocation list"),
        ([NUMBERED.format("0x1")], "revocation list"),
        ([FLAGGED.format("CERT_CN_INVALID")], "another name"),
        ([NUMBERED.format("0x10")], "another name"),
        ([FLAGGED.format("INVALID_CA")], "at a root"),
        ([NUMBERED.format("0x8")], "at a root"),
        (
            [NUMBERED.format("0x9"), FLAGGED.format("CERT_REV_FAILED"), FLAGGED.format("INVALID_CA")],
            "at a root",
        ),
        ([FLAGGED.format("CERT_DATE_INVALID")], "the device's clock shows"),
        ([NUMBERED.format("0x20")], "the device's clock shows"),
        ([FLAGGED.format("CERT_REVOKED")], "was revoked"),
        ([NUMBERED.format("0x4")], "was revoked"),
        (
            ["[CCMHTTP] ERROR: Code=12175, Text: ERROR_WINHTTP_SECURE_FAILURE"],
            "TLS inspection, a missing root certificate or",
        ),
    ],
)
def test_what_was_not_in_order_with_a_certificate_stands_in_the_log(world, lines_of_it, means):
    found = find(*world(**SETUP, lines=lines(BEGUN, ASKED, *lines_of_it, DISTRUSTED))).findings
    assert found["rule"].to_list() == ["CONFIGMGR-SETUP-DISTRUSTED"]
    assert found["code"].to_list() == ["0x80072F8F"]
    assert means in found["meaning"][0]


@pytest.mark.parametrize(
    ("minute", "hours", "means"),
    [
        (60, 40, "the clock was wrong"),
        (60, -1, "the clock was wrong"),
        (60, 0.9, "could not be reached"),
        (-60, 40, "could not be reached"),
    ],
)
def test_a_clock_that_was_set_since_explains_a_list_that_was_not_valid(world, minute, hours, means):
    step = ("clock_step", minute, hours * 60, "clock went from 2026-03-01 to 2026-03-02 UTC")
    told = lines(BEGUN, FLAGGED.format("CERT_REV_FAILED"), DISTRUSTED)
    found = find(*world(**SETUP, lines=told, steps=[step])).findings
    assert means in found.filter(found["rule"] == "CONFIGMGR-SETUP-DISTRUSTED")["meaning"][0]
