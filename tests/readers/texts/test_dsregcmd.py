from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autopilot_analysis.errors import NotThisFormat
from autopilot_analysis.readers.reading import Reading
from autopilot_analysis.readers.texts.dsregcmd import read_dsregcmd

STATUS = """
+----------------------------------------------------------------------+
| Device State                                                         |
+----------------------------------------------------------------------+

             AzureAdJoined : YES
                DomainName :
+----------------------------------------------------------------------+
+----------------------------------------------------------------------+
| SSO State                                                            |
+----------------------------------------------------------------------+

                AzureAdPrt : NO
            Attempt Status : 0xc000006d
  Server Error Description : AADSTS50126: Wrong name.
Trace ID: 00000000-0000-0000-0000-000000000001
Timestamp: 2026-01-02 03:04:05Z
             EnterprisePrt : NO

+----------------------------------------------------------------------+
| Diagnostic Data                                                      |
+----------------------------------------------------------------------+

        AadRecoveryEnabled: NO
    Executing Account Name : EXAMPLE\\user, user@example.com
            Attempt Status : 0x0
+----------------------------------------------------------------------+

For more information, please visit https://www.example.com/errors
"""


def found(text):
    return read_dsregcmd(text.encode()).rows["properties"].rows()


def test_fields_stand_under_the_title_of_their_box_with_their_line():
    rows = found(STATUS)
    assert rows[0] == (6, "Device State", "AzureAdJoined", "YES")
    assert rows[1] == (7, "Device State", "DomainName", "")
    assert (24, "Diagnostic Data", "AadRecoveryEnabled", "NO") in rows
    assert rows[-2][2:] == ("Executing Account Name", "EXAMPLE\\user, user@example.com")


def test_a_message_over_several_lines_is_one_value():
    value = next(row[3] for row in found(STATUS) if row[2] == "Server Error Description")
    assert value.split("\n") == [
        "AADSTS50126: Wrong name.",
        "Trace ID: 00000000-0000-0000-0000-000000000001",
        "Timestamp: 2026-01-02 03:04:05Z",
    ]


def test_a_name_in_two_boxes_leaves_two_rows():
    rows = [(row[1], row[3]) for row in found(STATUS) if row[2] == "Attempt Status"]
    assert rows == [("SSO State", "0xc000006d"), ("Diagnostic Data", "0x0")]


def test_text_after_the_last_box_is_no_field():
    assert len(found(STATUS)) == 9


def test_a_field_behind_a_closed_box_has_no_section():
    border = "+----------+"
    text = f"{border}\n| User State |\n{border}\n  NgcSet : NO\n{border}\n  Loose : YES\n"
    assert [row[1:3] for row in found(text)] == [("User State", "NgcSet"), ("", "Loose")]


def test_fields_without_a_box_have_no_section():
    assert found("  AzureAdJoined : NO\n") == [(1, "", "AzureAdJoined", "NO")]


def test_another_text_is_refused():
    with pytest.raises(NotThisFormat):
        read_dsregcmd(b"Name : value\n")


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=200) | st.text(alphabet="+-| :aN\n\t", max_size=200).map(str.encode))
def test_any_bytes_give_a_reading_or_are_refused(noise):
    assert isinstance(read_dsregcmd(STATUS.encode() + noise), Reading)
    with suppress(NotThisFormat):
        assert isinstance(read_dsregcmd(noise), Reading)


@pytest.mark.parametrize(
    ("name", "fields"),
    [("prejoin_directory_error", 17), ("prejoin_discovery_fail", 12), ("hybrid_joined_with_prt_failure", 74)],
)
def test_the_published_samples_read_to_the_last_field(name, fields, genuine):
    rows = read_dsregcmd((genuine / "dsregcmd" / f"{name}.txt").read_bytes()).rows["properties"]
    assert rows.height == fields
    assert "" not in rows["section"].to_list()


PARTLY = """DeviceAuthStatus : FAILED. Error: 0xc000023c
Previous Prt Attempt : 2026-01-02 03:04:05.000 UTC
      Attempt Status : 0xc000023c
"""
BY_HAND = r"""C:\Windows\system32>dsregcmd /join /debug

preCheckResult: Join
resultCode: 0x0
AdalLog: Token is not in the cache ; HRESULT: 0x0
AdalErrorCode: 0x2ee7
AutoEnrollAsComputer: No access token. Example failed with error 0x801c0001.
             AzureAdJoined : NO
DeleteFileW returned 0x00000001.
"""


def test_a_part_without_boxes_is_known_by_a_field_of_its_own():
    assert [row[2:] for row in found(PARTLY)] == [
        ("DeviceAuthStatus", "FAILED. Error: 0xc000023c"),
        ("Previous Prt Attempt", "2026-01-02 03:04:05.000 UTC"),
        ("Attempt Status", "0xc000023c"),
    ]


def test_a_value_ends_at_its_line_whatever_stands_below_it():
    rows = found("  AzureAdPrt : NO\nSome other program wrote this line.\n  NgcSet : NO\n")
    assert [row[3] for row in rows] == ["NO", "NO"]


@pytest.mark.parametrize("foreign", ["wmain: done", r"C:\Windows>exit", "Level: Error"])
def test_a_message_ends_before_a_line_that_is_another_programs(foreign):
    text = f"  AzureAdPrt : NO\n  Server Error Description : AADSTS50126: Wrong.\nTrace ID: 1\n{foreign}\nx\n"
    assert found(text)[1][3] == "AADSTS50126: Wrong.\nTrace ID: 1"


def test_failures_of_a_join_by_hand_are_read_and_its_good_steps_are_not():
    assert [row[2:] for row in found(BY_HAND)] == [
        ("preCheckResult", "Join"),
        ("Failed step", "AdalErrorCode: 0x2ee7"),
        ("Failed step", "AutoEnrollAsComputer: No access token. Example failed with error 0x801c0001."),
        ("AzureAdJoined", "NO"),
    ]


@pytest.mark.parametrize("mark", ["# ", "> ", ">> ", "  # "])
def test_what_notes_and_mails_put_before_each_line_belongs_to_none(mark):
    text = (
        "my notes on laptop 7: it hangs\n"
        f"{mark}DsrCmdJoinHelper::Join: ExampleStep failed with error code 0x801c0021.\n"
        f"{mark}\n{mark}         AzureAdJoined : NO\n{mark}see event log: Admin\n"
    )
    rows = read_dsregcmd(text.encode()).rows["properties"].rows()
    assert [row[2:] for row in rows] == [
        ("Failed step", "DsrCmdJoinHelper::Join: ExampleStep failed with error code 0x801c0021."),
        ("AzureAdJoined", "NO"),
    ]


def test_a_field_has_one_name_however_it_is_spelt():
    text = "  AzureADJoined : YES\n  Server ErrorCode : invalid_grant\n  Another Field : x\n"
    assert [row[2] for row in found(text)] == ["AzureAdJoined", "Server ErrorCode", "Another Field"]


@pytest.mark.parametrize(
    ("line", "read"),
    [
        ("wmain: failed with error code 0x80090016.", True),
        ("DsrDeviceAutoJoin failed 0x80090016.", True),
        ("DsrBeginDeviceJoin: BeginJoin failed with error code: 0x80280036.", True),
        ("DsrDeviceAutoJoin began 0x00000000.", False),
        ("Example failed 0x80090016.", False),
        ("main: failed with error code 0x80090016.", False),
    ],
)
def test_a_bare_line_of_the_join_s_own_functions_is_one_of_the_join(line, read):
    if read:
        assert [row[2:] for row in found(f"{line}\n")] == [("Failed step", line)]
    else:
        with pytest.raises(NotThisFormat):
            found(f"{line}\n")


BEFORE_A_JOIN = (
    "PreJoinChecks Complete.\npreCheckResult: DoNotJoin\ndeviceKeysHealthy: undefined\nisDcAvailable: NO\n"
    "The device can NOT be joined because a domain controller could not be located.\n"
)


def test_the_check_before_a_join_is_read_though_its_fields_have_no_gap():
    assert [row[2:] for row in found(BEFORE_A_JOIN)] == [
        ("preCheckResult", "DoNotJoin"),
        ("deviceKeysHealthy", "undefined"),
        ("isDcAvailable", "NO"),
        ("Refused join", BEFORE_A_JOIN.splitlines()[-1]),
    ]


def test_a_field_of_no_output_needs_a_gap():
    with pytest.raises(NotThisFormat):
        found("Subject: preCheckResult\nNote: isDcAvailable\n")


FAILS = "failed with error code 0x801c0021."


@pytest.mark.parametrize(
    ("lines", "names"),
    [
        (["dsregcmd /leave /debug", f"wmain: {FAILS}"], ["Failed leave"]),
        (["C:\\> dsregcmd.exe /debug /leave", f"wmain: {FAILS}"], ["Failed leave"]),
        ([f"DsrCmdJoinHelper::Leave: {FAILS}"], ["Failed leave"]),
        (["dsregcmd /refreshprt", f"wmain: {FAILS}"], ["Failed token refresh"]),
        (["dsregcmd /leave", "dsregcmd /join", f"wmain: {FAILS}"], ["Failed step"]),
        (["dsregcmd /leave", f"DsrCmdJoinHelper::Join: {FAILS}"], ["Failed step"]),
        ([f"DsrCmdJoinHelper::Join: {FAILS}"], ["Failed step"]),
    ],
)
def test_a_failure_is_of_what_its_line_names_else_of_the_command_above(lines, names):
    assert [row[2] for row in found("\n".join(lines) + "\n")] == names
