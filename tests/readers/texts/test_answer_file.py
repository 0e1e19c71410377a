"""An answer file is read for what it answers in place of a person, and for nothing else."""

import pytest

from autopilot_analysis.errors import NotThisFormat
from autopilot_analysis.readers.texts.answer_file import read_answer_file

WHOLE = """<?xml version="1.0" encoding="utf-8"?>
<unattend xmlns="urn:schemas-microsoft-com:unattend">
  <settings pass="oobeSystem">
    <component name="Microsoft-Windows-Shell-Setup">
      <OOBE><SkipMachineOOBE> True </SkipMachineOOBE><ProtectYourPC>3</ProtectYourPC></OOBE>
      <UserAccounts>
        <AdministratorPassword><Value>example-secret</Value></AdministratorPassword>
        <LocalAccounts><LocalAccount><Name>example-user</Name></LocalAccount></LocalAccounts>
      </UserAccounts>
      <AutoLogon><Enabled>true</Enabled><Username>example-user</Username></AutoLogon>
    </component>
  </settings>
</unattend>
"""
SHELL = "oobeSystem/Microsoft-Windows-Shell-Setup"


def rows(text):
    return read_answer_file(text.encode()).rows["properties"].select("section", "name", "value").rows()


def test_what_goes_round_a_step_is_read_with_its_pass_and_component():
    assert rows(WHOLE) == [
        (SHELL, "OOBE/SkipMachineOOBE", "true"),
        (SHELL, "UserAccounts/LocalAccounts/LocalAccount", "(there)"),
        (SHELL, "AutoLogon/Enabled", "true"),
    ]


def test_no_name_and_no_password_is_kept():
    assert "example" not in str(rows(WHOLE))


def test_a_file_that_breaks_off_keeps_what_stood_before_and_says_so():
    reading = read_answer_file(WHOLE[: WHOLE.index("<UserAccounts>")].encode())
    assert reading.rows["properties"]["name"].to_list() == ["OOBE/SkipMachineOOBE"]
    assert [unread.reason for unread in reading.unread] == [
        "the XML breaks off or is ill-formed; settings after it are missing"
    ]


@pytest.mark.parametrize(
    "text",
    ["", "no XML", "<Collection/>", '<!DOCTYPE unattend [<!ENTITY a "b">]><unattend>&a;</unattend>'],
)
def test_what_is_no_answer_file_is_refused(text):
    with pytest.raises(NotThisFormat):
        read_answer_file(text.encode())
