"""Lists of events are known by names or by the shape of their cells, and nothing else is."""

from __future__ import annotations

import pytest

from autopilot_analysis.facts.event_lists import (
    channel_listed,
    full_name,
    is_event_clixml,
    level_of,
    list_shape,
    provider_of_channel,
    provider_of_message,
)

DM = "Microsoft-Windows-DeviceManagement-Enterprise-Diagnostics-Provider"
GERMAN = "Ebene,Datum und Uhrzeit,Quelle,Ereignis-ID,Aufgabenkategorie\r\n"


def places(text):
    shape = list_shape(text)
    return None if shape is None else dict(shape.columns)


def test_a_list_in_a_language_without_facts_is_known_by_its_cells():
    text = f"Livell,Data,Burġ,Nru,Kat\r\nĦażin,12.05.2026 09:10:04,{DM},71,Xejn,Xi ħaġa marret ħażin\r\n"
    assert places(text) == {"at": 1, "event_id": 3, "provider": 2, "message": 5}


def test_names_of_powershell_tell_columns_in_any_order():
    header = '"Message","Id","ProviderName","LogName","TimeCreated","RecordId"'
    text = f'{header}\r\n"Failed","71","{DM}","{DM}/Admin","14/05/2026 09:02:11","900"\r\n'
    assert places(text) == {
        "message": 0, "event_id": 1, "provider": 2, "channel": 3, "at": 4, "record": 5,
    }  # fmt: skip


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_the_message_is_the_column_without_a_name(delimiter):
    cells = ["Fehler", "12.05.2026 09:10:04", "AAD", "1098", "Keine", "Kurz"]
    text = GERMAN.replace(",", delimiter) + delimiter.join(cells) + "\r\n"
    assert places(text)["message"] == 5
    assert list_shape(text).delimiter == delimiter


def test_a_row_that_the_beginning_of_the_file_cuts_is_not_judged():
    text = f"{GERMAN}Fehler,12.05.2026 09:10:04,AAD,1098,Keine,Text\r\nFehler,12.05."
    assert places(text)["event_id"] == 3


@pytest.mark.parametrize(
    "row",
    [
        "Fehler,gestern,AAD,1098,Keine,Text",
        "Fehler,12.05.2026 09:10:04,AAD,viele,Keine,Text",
        "gut,12.05.2026 09:10:04,Beschaffung,1098,Keine",
    ],
)
def test_without_a_time_a_number_or_a_provider_and_message_it_is_none(row):
    assert places(f"{GERMAN}{row}\r\n") is None


def test_columns_beyond_the_widest_list_are_not_looked_at():
    header, dated = ["x"] * 66, ["12.05.2026 09:10:04", DM, *[""] * 64]
    for place, known in ((63, True), (64, False)):
        row = [*dated[:place], "71", *dated[place + 1 :]]
        assert (places(f"{','.join(header)}\r\n{','.join(row)}\r\n") is not None) is known


SIGN_IN = ["Date (UTC)", "Username", "Application", "Status", "Latency", "User agent"]
SIGNED = ["2026-05-05T09:03:00Z", "u@example.com", "Intune", "Failure", "245", "Mozilla/5.0 " + "x" * 60]


@pytest.mark.parametrize(
    ("more", "known"),
    [
        ([""] * (24 - len(SIGN_IN)), True),
        ([""] * (25 - len(SIGN_IN)), False),
        (["Sign-in error code"], False),
    ],
)
def test_a_log_of_sign_ins_with_dates_numbers_and_long_texts_is_no_list_of_events(more, known):
    header = [*SIGN_IN, *(name or f"Column {place}" for place, name in enumerate(more))]
    row = [*SIGNED, *["x"] * len(more)]
    assert (places(f"{','.join(header)}\r\n{','.join(row)}\r\n") is not None) is known


def test_a_report_of_the_service_is_no_list_of_events():
    header = "Device name,Serial number,Enrollment date,Attempts,State"
    row = "WS-1,AP-0001,2026-05-12 09:10:04,3,Error"
    assert places(f"{header}\r\n{row}\r\n") is None


@pytest.mark.parametrize(
    ("text", "channel"),
    [
        (f"{GERMAN}Fehler,12.05.2026 09:10:04,{DM},71,Keine,Text\r\n", f"{DM}/Admin"),
        (f"{GERMAN}Fehler,12.05.2026 09:10:04,MsiInstaller,1033,Keine,Text\r\n", ""),
        ("TimeCreated,Id,Message\r\n2026-05-12 09:10:04,71,MDM Enroll: Failed\r\n", f"{DM}/Admin"),
        ('[{"TimeCreated":"x","Id":5,"LogName":"Example/Admin"}]', "Example/Admin"),
        (f'[{{"TimeCreated":"x","Id":71,"ProviderName":"{DM}"}}]', f"{DM}/Admin"),
        ('[{"TimeCreated":"x","Id":5}]', ""),
        ('[{"serialNumber":"AP-0001","id":"5"}]', None),
        ("a line of text", None),
    ],
)
def test_the_first_event_tells_the_channel(text, channel):
    assert channel_listed(text) == channel


def test_xml_of_powershell_is_one_of_events_where_it_holds_their_properties():
    begins = '<Objs Version="1.1.0.1" xmlns="http://schemas.microsoft.com/powershell/2004/04"><Obj><Props>'
    assert is_event_clixml(begins + '<DT N="TimeCreated">2026-05-06T10:00:11+02:00</DT>')
    assert not is_event_clixml(begins + '<S N="DisplayName">Print Spooler</S>')


@pytest.mark.parametrize(
    ("word", "level"),
    [("Fehler", 2), (" ERREUR ", 2), ("警告", 3), ("Información", 4), ("3", 3), ("0", None), ("gut", None)],
)
def test_words_of_many_languages_are_levels(word, level):
    assert level_of(word) == level


def test_providers_have_the_name_under_which_they_register():
    assert full_name("DeviceManagement-Enterprise-Diagnostics-Provider") == DM
    assert full_name("user device registration") == "Microsoft-Windows-User Device Registration"
    assert full_name("Service Control Manager") == "Service Control Manager"
    assert full_name(" Contoso Agent ") == "Contoso Agent"


def test_the_beginning_of_a_message_tells_its_provider_where_no_other_writes_so():
    assert provider_of_message("MDM Enroll: Failed") == DM
    assert provider_of_message("The system has resumed") is None


@pytest.mark.parametrize(("length", "known"), [(40, True), (39, False)])
def test_a_column_of_long_texts_is_the_message(length, known):
    row = f"12.05.2026 09:10:04,{'x' * length},{DM},71"
    assert ("message" in places(f"a,b,c,d\r\n{row}\r\n")) is known


@pytest.mark.parametrize(
    ("channel", "provider"),
    [
        (f"{DM}/Admin", DM),
        ("Microsoft-Windows-AAD/Operational", "Microsoft-Windows-AAD"),
        ("System", None),
        ("Application", None),
        ("Contoso/Operational", None),
    ],
)
def test_a_log_of_one_provider_names_it(channel, provider):
    assert provider_of_channel(channel) == provider
