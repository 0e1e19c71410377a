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
