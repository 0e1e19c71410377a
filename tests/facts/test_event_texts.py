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
