"""Lines of the agent in a pasted text are read beside everything else in it, and nothing twice."""

from __future__ import annotations

from pathlib import Path

import pytest

from autopilot_analysis import build_trace, find, open_export, read_tables
from autopilot_analysis.readers.pasted.agent_lines import with_agent_lines
from autopilot_analysis.readers.texts.reported.quotes import read_quotes

TRY = "[Win32App] lpExitCode 1603"
PAGE = "The status page shows: Apps (Failed) with 0x80070643 in device setup."
STATE = (
    "| Device State                                                         |\n\n"
    "             AzureAdJoined : YES\n              DomainJoined : NO\n\n"
)
EVENT = (
    "Log Name:      Microsoft-Windows-User Device Registration/Admin\n"
    "Source:        Microsoft-Windows-User Device Registration\nDate:          5/14/2026 9:02:11 AM\n"
    "Event ID:      304\nLevel:         Error\nComputer:      AP-0001\nDescription:\n"
    "Automatic registration failed at join phase.\n"
)
RECORD = (
    '<![LOG[[Win32App] lpExitCode 1603]LOG]!><time="09:14:02.1234567" date="4-14-2026" '
    'component="IntuneManagementExtension" context="" type="1" thread="12" file="">'
)


def of_text(folder: Path, text: str) -> tuple[set[str], list[str], int, int]:
    """What a text tells: sections of properties, messages of log lines, events, and gaps of torn records."""
    path = folder / "mail.txt"
    path.write_text(text, encoding="utf-8")
    tables = read_tables(open_export(path))
    torn = sum("inside a record" in reason for reason in tables.gaps["reason"])
    return (
        {section for section in tables.properties["section"] if section},
        tables.log_lines["message"].to_list(),
        tables.events.height,
        torn,
    )


@pytest.mark.parametrize("line", [TRY, RECORD])
@pytest.mark.parametrize(
    ("other", "section", "events"),
    [(PAGE, "Quoted error", 0), (STATE, "Device State", 0), (EVENT, "", 1)],
    ids=["page", "join state", "event"],
)
def test_agent_lines_and_what_stands_beside_them_are_both_read(
    tmp_path: Path, line: str, other: str, section: str, events: int
) -> None:
    for parts in ([other, line], [line, other]):
        text = "\n\n".join(["Hello,", *parts, "Regards"])
        sections, messages, found, torn = of_text(tmp_path, text)
        assert section in sections | {""}
        assert messages == [TRY]
        assert (found, torn) == (events, 0)


def test_a_code_of_an_agent_line_is_not_reported_as_somebodys_words(tmp_path: Path) -> None:
    line = "[Win32App] app failed in ESP, enforcement error code 0x80070643, lpExitCode 1603"
    sections, messages, _, _ = of_text(tmp_path, f"{PAGE.replace(' with 0x80070643', '')}\n\n{line}\n")
    assert "Reported code" not in sections
    assert messages == [line]


def test_the_first_cause_is_what_the_text_says_whatever_the_agent_wrote_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "ticket.md"
    lines = "\n".join(["[Win32App] Creating file stream"] * 12)
    told = "The enrolment ended: Something went wrong. Error code: 80180018"
    path.write_text(f"## Problem\n{told}\n\n```\n{lines}\n```\n", encoding="utf-8")
    tables = read_tables(open_export(path))
    alone = tmp_path / "alone.md"
    alone.write_text(f"## Problem\n{told}\n", encoding="utf-8")
    tables_alone = read_tables(open_export(alone))
    first, first_alone = (find(one, build_trace(one)).findings["title"][0] for one in (tables, tables_alone))
    assert first == first_alone


def test_lines_of_the_agent_that_say_nothing_known_leave_the_rest_as_it_is() -> None:
    text = f"{PAGE}\n[Win32App] hums\n".encode()
    assert with_agent_lines(read_quotes)(text).rows.keys() == read_quotes(PAGE.encode()).rows.keys()
