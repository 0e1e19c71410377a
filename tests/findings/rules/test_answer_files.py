"""An answer file counts where it leaves OOBE out or makes accounts, and nothing else began."""

from __future__ import annotations

import pytest

from autopilot_analysis import build_trace, open_export, read_tables
from autopilot_analysis.findings import RULES

NAME = "ANSWER-FILE-INSTEAD"
LOCAL = ("UserAccounts/LocalAccounts/LocalAccount", "(there)")
SKIPPED = ("OOBE/SkipMachineOOBE", "true")
HIDDEN = ("OOBE/HideOnlineAccountScreens", "true")
ACCOUNT = "[Shell Unattend] UserAccounts: created account 'pc-user'"
SIGNS_IN = "[Shell Unattend] AutoLogon Username is 'pc-user'"
COMMANDS = "[Shell Unattend] LogonCommands: Set command 'cmd.exe /c finish.cmd'"


def file_with(*settings):
    """An answer file with some settings, and no other evidence."""
    return {
        "sources": {"unattend.xml": "answer_file"},
        "properties": [(name, value, "unattend.xml", "oobeSystem") for name, value in settings],
    }


@pytest.mark.parametrize(
    ("settings", "item"),
    [
        ([LOCAL], "LocalAccount"),
        ([("AutoLogon/Enabled", "true")], "AutoLogon/Enabled"),
        ([SKIPPED, HIDDEN], "SkipMachineOOBE, HideOnlineAccountScreens"),
        ([("OOBE/SkipUserOOBE", "true"), ("OOBE/HideWirelessSetupInOOBE", "true")], "SkipUserOOBE"),
        ([HIDDEN], None),
        ([("OOBE/SkipMachineOOBE", "false")], None),
        ([("OOBE/HideWirelessSetupInOOBE", "true")], None),
    ],
)
def test_a_file_counts_that_leaves_oobe_out_or_makes_an_account(proofs, settings, item):
    rows = proofs(NAME, **file_with(*settings))
    assert rows["item"].unique().to_list() == ([item] if item else [])
    assert rows["severity"].null_count() == rows.height


@pytest.mark.parametrize(
    "given",
    [
        {"attempts": [("failed", "device_setup", "user_driven", 0, 60, None)]},
        {"marks": [("profile_available", "profile_download", 5, None, "{}")]},
        {"device": {"enrolled": True}},
        {"device": {"registered": True}},
        {"properties": [*file_with(LOCAL)["properties"], ("AzureAdJoined", "YES", "d.txt", "Device State")]},
    ],
)
def test_a_file_is_no_cause_where_autopilot_began(proofs, given):
    assert proofs(NAME, **(file_with(LOCAL) | given)).is_empty()


def in_log(folder, *lines):
    text = "".join(f"2025-03-11 08:06:31, Info                        {line}\n" for line in lines)
    (folder / "setupact.log").write_text(text)
    tables = read_tables(open_export(folder))
    return RULES[NAME](tables, build_trace(tables))


def test_the_log_of_setup_shows_that_a_file_was_carried_out(tmp_path):
    rows = in_log(tmp_path, "[oobeldr.exe] Running oobeSystem pass", ACCOUNT, SIGNS_IN, COMMANDS)
    assert rows["item"].to_list() == ["LocalAccount, AutoLogon/Enabled"] * 2
    assert set(rows["severity"]) == {"critical"}


def test_a_makers_file_with_commands_alone_takes_nobodys_place(tmp_path):
    assert in_log(tmp_path, "[oobeldr.exe] Running oobeSystem pass", COMMANDS).is_empty()
