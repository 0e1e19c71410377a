"""A text with pasted events is known by them, and the first says which channel it is of."""

from __future__ import annotations

import pytest

from autopilot_analysis.facts.event_texts import channel_pasted, channel_quoted, pasted_in

ADMIN = "Microsoft-Windows-DeviceManagement-Enterprise-Diagnostics-Provider/Admin"
RECORD = f"""<Event xmlns="http://schemas.microsoft.com/win/2004/08/events/event"><System>
<Provider Name="Microsoft-Windows-DeviceManagement-Enterprise-Diagnostics-Provider"/><EventID>76</EventID>
<Channel>{ADMIN}</Channel></System></Event>"""
LISTED = """TimeCreated  : 4/14/2026 8:30:00 AM
ProviderName : Microsoft-Windows-DeviceManagement-Enterprise-Diagnostics-Provider
Id           : 76
Message      : Auto MDM Enroll: Device Credential (0x0), Failed (Unknown Win32 Error code: 0x8018002b)
"""


def test_the_channel_of_a_record_in_xml_is_the_one_it_names():
    assert channel_pasted("Hello, see below:\n" + RECORD) == ADMIN


def test_a_record_cut_before_its_channel_is_known_by_what_is_whole_of_it():
    assert channel_pasted(RECORD.split("<Channel>", maxsplit=1)[0]) == ADMIN


@pytest.mark.parametrize("text", ["", "Hello, what does event 76 mean?", "<Event>76</Event>"])
def test_a_text_without_an_event_has_no_channel(text):
    assert channel_pasted(text) is None
    assert channel_quoted(text) is None


def test_events_that_powershell_listed_are_found_in_the_text_s_own_order():
    other = LISTED.replace("Id           : 76", "Id           : 75")
    blocks = pasted_in(f"First this:\n\n{LISTED}\n\nand then:\n\n{other}".splitlines())
    assert len(blocks) == 2
    assert blocks[0].begin < blocks[1].begin
    assert channel_pasted(LISTED) == ADMIN


def test_a_quoted_message_tells_its_channel():
    message = "Auto MDM Enroll: Device Credential (0x0), Failed (Unknown Win32 Error code: 0x8018002b)"
    assert channel_quoted(f"I only see this:\n{message}\nWhat now?") == ADMIN


TABLE = """
TimeCreated            Id LevelDisplayName Message
-----------            -- ---------------- -------
07.10.2026 10:35:03    76 Błąd             Automatyczne rejestrowanie: niepowodzenie (0x8018002b)
"""
UNWORDED = """
TimeCreated      : 07/10/2026 10:35:03
Id               : 76
LevelDisplayName : Erreur
Message          : Inscription automatique : échec (Code d’erreur : 0x8018000a)
"""


@pytest.mark.parametrize("shown", [TABLE, UNWORDED])
@pytest.mark.parametrize(
    ("command", "channel"),
    [
        (f"PS C:\\> Get-WinEvent -LogName '{ADMIN}' -MaxEvents 3 | ft", ADMIN),
        (f"Get-WinEvent -MaxEvents 1 -LogName {ADMIN}", ADMIN),
        (f"Get-WinEvent -FilterHashtable @{{LogName='{ADMIN}';Id=76}} | fl", ADMIN),
        (f"wevtutil qe {ADMIN} /c:1 /f:text", ADMIN),
        ("PS C:\\> Get-WinEvent -LogName System", "System"),
        (f"PS C:\\> Get-WinEvent -LogName {ADMIN}\nPS C:\\> Get-WinEvent -ProviderName X", ""),
        (f"PS C:\\> Get-WinEvent -LogName {ADMIN}\nPS C:\\> Get-WinEvent -LogName System", "System"),
        (f"PS C:\\> Get-WinEvent -LogName '{ADMIN}','System'", ""),
        ("Get-WinEvent -LogName System, Application", ""),
        ("Get-WinEvent -LogName *Management*", ""),
        ("Get-WinEvent -LogName $log", ""),
        ("what stands in the log below", ""),
    ],
)
def test_a_command_says_which_log_the_records_below_it_are_of(shown, command, channel):
    (block,) = pasted_in(f"{command}\n{shown}".splitlines())
    assert block.cells.get("channel", "") == channel


def test_a_provider_that_stands_there_is_not_put_into_the_log_of_a_command():
    (block,) = pasted_in(f"Get-WinEvent -LogName System\n\n{LISTED}".splitlines())
    assert "channel" not in block.cells
