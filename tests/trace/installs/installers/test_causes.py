"""The line of an installer's log that explains how it ended."""

from __future__ import annotations

import polars as pl
import pytest

from autopilot_analysis.trace.installs.installers.causes import BEFORE, QUOTED_SIGNS, find_cause


def lines(*messages, severity="info"):
    return pl.DataFrame(
        {
            "record": range(1, len(messages) + 1),
            "message": messages,
            "severity": [severity] * len(messages),
        }
    )


FAILED = "Action ended 8:00:00: InstallFiles. Return value 3."


def test_windows_installers_own_message_before_the_failed_action_is_the_cause():
    own = "Error 1925. You do not have sufficient privileges."
    assert find_cause("msi", lines("Action start 8:00:00: InstallFiles.", own, FAILED)) == (
        f"{own} (action InstallFiles, return value 3)",
        2,
    )


def test_what_a_custom_action_printed_is_named_with_the_action_that_failed():
    custom = "CustomAction CheckDisk returned actual error code 1603"
    quote, record = find_cause("msi", lines("The disk could not be read", custom, FAILED))
    assert record == 1
    assert quote == "The disk could not be read (action CheckDisk in InstallFiles, return value 3)"


def test_where_nothing_says_why_the_failed_action_itself_is_quoted():
    assert find_cause("msi", lines("Action start 8:00:00: InstallFiles.", FAILED)) == (FAILED, 2)


def test_lines_further_than_so_many_before_the_end_are_of_another_action():
    near = ["Error 1925. Near."] + ["MSI (s) (10:20) [08:00:00:000]: chatter"] * (BEFORE - 1) + [FAILED]
    far = ["Error 1925. Far."] + ["MSI (s) (10:20) [08:00:00:000]: chatter"] * BEFORE + [FAILED]
    assert find_cause("msi", lines(*near))[1] == 1
    assert find_cause("msi", lines(*far)) == (FAILED, len(far))


@pytest.mark.parametrize("family", ["burn", "toolkit"])
def test_another_installation_at_work_goes_before_the_first_error(family):
    busy = "Another MSI installation is already in progress."
    assert find_cause(family, lines("first", busy, severity="error")) == (busy, 2)
    assert find_cause(family, lines("first", "second", severity="error")) == ("first", 1)


def test_an_exit_code_explains_a_toolkit_run_alone_and_only_without_an_error():
    text = "Execution failed with exit code [1603]."
    assert find_cause("toolkit", lines("begins", text)) == (text, 2)
    assert find_cause("burn", lines("begins", text)) is None


def test_a_long_line_is_cut_and_says_so():
    quote, _ = find_cause("burn", lines("x" * 2 * QUOTED_SIGNS, severity="error"))
    assert len(quote) == QUOTED_SIGNS
    assert quote.endswith("…")


def test_a_sentence_that_windows_installer_broke_is_quoted_whole():
    printed = [
        "WixQuietExec:  C:\\a.ps1 : Cannot dot-source this command because it was defined ",
        "WixQuietExec:  in a different language mode.",
        "WixQuietExec:   ",
        "WixQuietExec:  Error 0x80070001: QuietExec Failed",
    ]
    quote, record = find_cause("msi", lines(*printed, FAILED))
    assert record == 1
    whole = "it was defined in a different language mode. (action InstallFiles, return value 3)"
    assert quote.endswith(whole)
    other = find_cause("msi", lines(printed[0], "CAQuietExec:  in a different language mode.", FAILED))
    assert other[0].endswith("it was defined (action InstallFiles, return value 3)")
