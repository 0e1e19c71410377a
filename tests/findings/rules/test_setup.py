"""What setup's own logs say of an image that cannot come as far as Autopilot."""

import re

import pytest

from autopilot_analysis.facts import read_facts

FILE = r"[C:\Windows\Panther\unattend.xml]"
STOPPED = (
    f"Windows could not parse or process unattend answer file {FILE} for pass [specialize]. It is invalid."
)
COMPONENT = STOPPED.replace("It is invalid.", "Settings of component [Example-Component] cannot be applied.")
ENDED = "Failed to run unattend pass [specialize]; hr = 0x80220005"
SETUP = {"members": (), "sources": {"agent.log": "setup_log"}}


def stopped(proofs, *lines, **story):
    return proofs("SETUP-ERRORS", lines=lines, **(SETUP | story))


def test_the_place_at_which_setup_stopped_is_named_with_its_code(proofs):
    rows = stopped(proofs, ("error", COMPONENT), ("error", ENDED))
    assert set(rows["item"]) == {"pass specialize, component Example-Component"}
    assert set(rows["code"]) == {"0x80220005"}
    assert set(rows["rule"]) == {"SETUP-ANSWER-FILE"}


def test_a_line_that_both_logs_hold_is_one_record(proofs):
    assert stopped(proofs, ("error", STOPPED), ("error", STOPPED)).height == 1


@pytest.mark.parametrize(
    ("severity", "line"),
    [
        ("info", f"Running oobeSystem pass with answer file {FILE}..."),
        ("error", "Hit an error (hr = 0x8030000b) while deserializing setting [Example]"),
        ("info", STOPPED),
    ],
    ids=["a pass that runs", "a setting that is passed over", "no error"],
)
def test_a_pass_that_goes_on_is_no_failure(proofs, severity, line):
    assert stopped(proofs, (severity, line)).is_empty()


def test_the_same_words_in_another_log_are_none_of_setup_s(proofs):
    assert stopped(proofs, ("error", STOPPED), sources={"agent.log": "ime"}).is_empty()


def test_a_device_that_was_deployed_came_past_its_answer_file(proofs):
    went = stopped(proofs, ("error", STOPPED), attempts=[("succeeded", None, "user_driven", 0, 60, None)])
    assert went["severity"].to_list() == ["info"]
    assert stopped(proofs, ("error", STOPPED))["severity"].to_list() == [None]


def test_every_error_of_setup_has_an_example_that_it_fits():
    for pattern, example in read_facts("setup_errors").select("pattern", "example").iter_rows():
        assert re.search(f"(?i){pattern}", example)


LOOKED = "CInstallUI::GetDefaultLanguage(2027): Result = 0x80070002[gle=0x00000002]"
WINDOW = "CInstallUI::OnProgressChanged(575): Result = 0x800704D3"
HOST, MANAGER = "CSetupHost::Execute(433): Result = {}", "CSetupManager::Execute(295): Result = {}"
ENCRYPTED = (
    "BitLocker-Sysprep: BitLocker is on for the OS volume. Turn BitLocker off to run Sysprep. (0x80310039)"
)
HALTED = (
    "RunDlls:An error occurred while running registry sysprep DLLs, halting sysprep execution. dwRet = 0x{}"
)
PACKAGE = "Package Contoso.Viewer_1.0_x64__0a1b was installed for a user, but not provisioned for all users."
REMOVED = "Failed to remove apps for the current user: 0x80073cf2."
OLD = r"Failed to delete C:\Windows.old\Windows\System32\x.dll; hr = 0x80070005"


@pytest.mark.parametrize(
    ("lines", "rule", "code", "number"),
    [
        (
            (LOOKED, WINDOW, MANAGER.format("0x800704C7"), HOST.format("0x800704C7")),
            "CANCELLED",
            "0x800704C7",
            2,
        ),
        ((WINDOW, HOST.format("0x800704D3")), "CANCELLED", "0x800704D3", 1),
        ((LOOKED, HOST.format("0xC1900101")), "FAILED", "0xC1900101", 1),
        ((ENCRYPTED, HALTED.format("80310039")), "BITLOCKER", "0x80310039", 2),
        ((PACKAGE, REMOVED, HALTED.format("80073cf2")), "PER-USER", "0x80073CF2", 2),
        ((LOOKED, WINDOW), None, None, 0),
        ((OLD, OLD.replace("x.dll", "y.dll")), None, None, 0),
        ((HOST.format("0x00000000"),), None, None, 0),
        ((HALTED.format("80070002"),), None, None, 0),
    ],
)
def test_the_line_that_decides_is_named_and_not_the_first(proofs, lines, rule, code, number):
    rows = stopped(proofs, *(("error", line) for line in lines))
    assert rows.height == number
    assert set(rows["code"]) == ({code} if rule else set())
    assert all(name.endswith(rule) for name in rows["rule"])
