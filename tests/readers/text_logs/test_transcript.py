"""Transcripts of PowerShell, written by hand after their documented shape; every name is made up."""

from __future__ import annotations

import polars as pl
import pytest

from autopilot_analysis.errors import NotThisFormat
from autopilot_analysis.export.magic import kinds_of, text_of
from autopilot_analysis.export.sources import classify
from autopilot_analysis.readers.text_logs.transcript import read_transcript

BARS = "**********************\n"
AGENT = r"C:\Program Files (x86)\Microsoft Intune Management Extension"
ENGLISH = f"""{BARS}Windows PowerShell transcript start
Start time: 20260302081500
Username: CONTOSO\\SYSTEM
RunAs User: CONTOSO\\SYSTEM
Machine: PC-0101 (Microsoft Windows NT 10.0.22631.0)
Host Application: {AGENT}\\agentexecutor.exe -powershell powershell.exe -NoProfile -file {AGENT}\\Policies\\Scripts\\a.ps1
Process ID: 1
{BARS}Transcript started, output file is C:\\Logs\\a.log
PS>TerminatingError(Get-Item): "Cannot find path 'C:\\Atlas'"
>> TerminatingError(Get-Item): "Cannot find path 'C:\\Atlas'"
Get-Item : an Exception of the script's own words
{BARS}Windows PowerShell transcript end
End time: 20260302081630
{BARS}"""  # noqa: E501
GERMAN = f"""{BARS}Start der Windows PowerShell-Aufzeichnung
Startzeit: 20260302081500
Benutzername: CONTOSO\\anna
Computer: PC-0101 (Microsoft Windows NT 10.0.22631.0)
Hostanwendung: pwsh.exe -File "C:\\Tools\\Karten holen.ps1"
{BARS}fertig
"""


def facts(text):
    rows = read_transcript(text.encode()).rows["properties"]
    return list(rows.select("name", "value", "record").iter_rows())


def test_the_head_tells_machine_script_and_beginning_and_the_end_its_own_time():
    assert facts(ENGLISH) == [
        ("Machine", "PC-0101", 6),
        ("Started", "20260302081500", 3),
        ("Script", rf"{AGENT}\Policies\Scripts\a.ps1", 7),
    ]
    lines = read_transcript(ENGLISH.encode()).rows["log_lines"].drop_nulls("written_at")
    assert [str(at) for at in lines["written_at"]] == ["2026-03-02 08:15:00", "2026-03-02 08:16:30"]


def test_the_head_is_read_in_any_language():
    assert facts(GERMAN) == [
        ("Machine", "PC-0101", 5),
        ("Started", "20260302081500", 3),
        ("Script", r"C:\Tools\Karten holen.ps1", 6),
    ]


def test_each_transcript_of_a_file_tells_its_own():
    started = [
        value for name, value, _ in facts(ENGLISH + GERMAN.replace("0815", "0917")) if name == "Started"
    ]
    assert started == ["20260302081500", "20260302091700"]


def test_only_an_error_that_ends_a_command_is_one():
    lines = read_transcript(ENGLISH.encode()).rows["log_lines"]
    errors = lines.filter(severity="error")
    assert errors["record"].to_list() == [11, 12]
    assert lines.filter(record=13)["severity"].to_list() == [None]
    said = ENGLISH.replace("PS>Term", "It wrote Term").replace(">> Term", "Again, Term")
    assert read_transcript(said.encode()).rows["log_lines"].filter(severity="error").is_empty()


BLOCK = """robocopy : no such share
a further line of it
In Zeile:1 Zeichen:4
+    robocopy \\\\files\\apps C:\\Apps
+    ~~~~~~~~
    + CategoryInfo          : NotSpecified: (no such share:String) [], RemoteException
    + FullyQualifiedErrorId : NativeCommandError

done
"""


@pytest.mark.parametrize(
    ("block", "begins", "rest"),
    [
        (BLOCK, "robocopy : no such share", ["fertig", "done"]),
        (BLOCK.replace("robocopy : no", "no"), "In Zeile:1 Zeichen:4", ["further line", "fertig", "done"]),
        (BLOCK.replace("further", "b\n" * 9), "In Zeile:1 Zeichen:4", ["robocopy : no", "fertig", "done"]),
        (BLOCK[BLOCK.index("+ ") :], "+    robocopy", ["fertig", "done"]),
    ],
)
def test_the_block_of_an_error_is_one_record_of_which_its_command_is_the_beginning(block, begins, rest):
    lines = read_transcript((GERMAN + block).encode()).rows["log_lines"]
    (error,) = lines.filter(severity="error")["message"]
    assert error.startswith(begins)
    assert error.endswith("NativeCommandError")
    others = "\n".join(lines.filter(pl.col("severity").is_null())["message"])
    assert all(words in others for words in rest)


@pytest.mark.parametrize(
    ("line", "host", "errors"),
    [
        ('PS>TerminatingError(): "System error."', "pwsh.exe", 0),
        ('PS>TerminatingError(): "The pipeline has been stopped."', "pwsh.exe", 0),
        ('PS>TerminatingError(): "No licence is left"', "pwsh.exe", 1),
        ('PS>TerminatingError(): "No licence is left"', r"C:\Windows\system32\wsmprovhost.exe -Embedding", 0),
        ('PS>TerminatingError(Get-Item): "None"', r"C:\Windows\system32\wsmprovhost.exe -Embedding", 1),
    ],
)
def test_what_the_host_notes_of_itself_is_no_error_of_a_command(line, host, errors):
    text = GERMAN.replace("pwsh.exe", host) + line + "\n"
    read = read_transcript(text.encode()).rows["log_lines"]
    assert read.filter(severity="error").height == errors


def test_the_host_of_one_transcript_is_not_that_of_the_next():
    remote = GERMAN.replace("pwsh.exe", r"C:\Windows\system32\wsmprovhost.exe")
    text = f'{remote}{GERMAN}PS>TerminatingError(): "No licence is left"\n'
    assert read_transcript(text.encode()).rows["log_lines"].filter(severity="error").height == 1


def test_a_cut_transcript_is_read_and_a_text_without_a_head_is_none():
    assert read_transcript(ENGLISH[:700].encode()).rows["log_lines"].height > 5
    for text in (f"{BARS}Report of stock\nCount: 12\n", "Start time: 20260302081500\n", ""):
        with pytest.raises(NotThisFormat, match="no head of a transcript"):
            read_transcript(text.encode())


@pytest.mark.parametrize("text", [ENGLISH, GERMAN, ENGLISH.replace("\n", "\r\n")])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_transcript_is_known_by_its_head_whatever_its_name(text, encoding):
    head = text.encode(encoding)
    assert classify("PowerShell_transcript.txt", kinds_of(head), text_of(head)).source == "transcript"


def test_a_text_under_asterisks_is_no_transcript():
    head = f"{BARS}Report of stock\nCount: 12\n".encode()
    assert classify("stock.txt", kinds_of(head), text_of(head)) is None
