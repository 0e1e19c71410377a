"""Lines of the Intune agent in a pasted text: which they are, and what is left beside them."""

from __future__ import annotations

import pytest

from autopilot_analysis.facts.agent_lines import apart_from_agent_lines

TOLD = "The app fails in Company Portal with 0x80070643."
BARE = "[Win32App] Creating file stream"
RECORD = (
    '<![LOG[[Win32App] Creating file stream]LOG]!><time="09:14:02.1234567" date="4-14-2026" '
    'component="IntuneManagementExtension" context="" type="1" thread="12" file="">'
)


@pytest.mark.parametrize("line", [BARE, RECORD, "[StatusService] Received DownloadReport.", "[HS] ran it"])
def test_a_line_of_the_agent_and_other_words_each_keep_their_line(line: str) -> None:
    parts = apart_from_agent_lines(f"{TOLD}\n\n{line}\r\nRegards")
    assert parts is not None
    assert parts.agent.split("\n") == ["", "", line, ""]
    assert parts.rest.split("\n") == [TOLD, "", "", "Regards"]


def test_a_known_message_between_two_lines_of_the_agent_is_its_own() -> None:
    parts = apart_from_agent_lines(f"{TOLD}\n{BARE}\nlpExitCode 1603\n{BARE}\nlpExitCode is what I see")
    assert parts is not None
    assert parts.agent.split("\n") == ["", BARE, "lpExitCode 1603", BARE, ""]


def test_words_between_two_lines_of_the_agent_are_not_its_own() -> None:
    parts = apart_from_agent_lines(f"{BARE}\n{TOLD}\n{BARE}")
    assert parts is not None
    assert parts.rest.strip() == TOLD


@pytest.mark.parametrize(
    "text",
    [
        TOLD,
        f"{BARE}\n\n{BARE}",
        f"{RECORD}\n{RECORD}",
        f'ended with 0x80070643]LOG]!><time="09:14:02.1"\n{RECORD}',
        f"{RECORD}\n<![LOG[it failed with 0x80070643",
        f"{RECORD}\n2026-04-14 09:14:02 it failed with 0x80070643",
        "The line reads [Win32App] Creating file stream.",
    ],
    ids=["words", "bare", "records", "torn at first", "torn at last", "dated", "inside a sentence"],
)
def test_words_alone_a_log_alone_and_a_torn_log_are_not_taken_apart(text: str) -> None:
    assert apart_from_agent_lines(text) is None
