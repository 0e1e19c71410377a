"""Event logs as people mail them: lists of many languages and tools lead to the answer of their log."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, datetime

import pytest

from autopilot_analysis import build_trace, find, open_export, read_tables
from autopilot_analysis.findings import answer

DM = "Microsoft-Windows-DeviceManagement-Enterprise-Diagnostics-Provider"
AP = "Microsoft-Windows-ModernDeployment-Diagnostics-Provider"
UDR = "Microsoft-Windows-User Device Registration"
SHORT = "DeviceManagement-Enterprise-Diagnostics-Provider"


def table(header, rows, delimiter=",", encoding="utf-8-sig", preface=""):
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter, lineterminator="\r\n")
    writer.writerow(header)
    writer.writerows(rows)
    return (preface + out.getvalue()).encode(encoding)


FRENCH = table(
    ["Niveau", "Date et heure", "Source", "ID de l’événement", "Catégorie de la tâche", ""],
    [
        ["Erreur", "16/05/2026 08:07", SHORT, 71, "Aucun",
         "Inscription MDM : échec (Code d’erreur Win32 inconnu : 0x80180014)"],
        ["Erreur", "16/05/2026 08:06", SHORT, 52, "Aucun",
         "Inscription MDM : Fault/Code/Subcode/Value=(DeviceNotSupported) Fault/Reason/Text=(Blocked)."],
        ["Information", "16/05/2026 08:02", SHORT, 4, "Aucun", "Inscription MDM : demande envoyée."],
    ],
    ";", "cp1252",
)  # fmt: skip
JAPANESE = table(
    ["レベル", "日付と時刻", "ソース", "イベント ID", "タスクのカテゴリ"],
    [
        ["エラー", "2026/05/06 8:04:03", AP, 301, "なし",
         "AutopilotManager device enrollment reported a blocking failure.  Overall error 0x801C03F3, "
         "last reported stage AADEnroll."],
        ["情報", "2026/05/06 8:02:23", AP, 178, "なし",
         "AutopilotManager began device enrollment with internal state 1."],
        ["情報", "2026/05/06 8:02:13", AP, 153, "なし", "ProfileState_Unknown to ProfileState_Available."],
        ["情報", "2026/05/06 8:02:03", AP, 160, "なし", "AutopilotRetrieveSettings beginning acquisition."],
    ],
    "\t", "utf-16",
)  # fmt: skip
SPANISH = table(
    ["Id. del evento", "Fecha y hora", "Nivel", "Categoría de la tarea", "Origen"],
    [
        [71, "14/5/2026 9:02:11 a. m.", "Error", "Ninguno", DM,
         "Inscripción de MDM: error (código de error Win32 desconocido: 0x80180013)"],
        [4, "14/5/2026 9:01:11 a. m.", "Información", "Ninguno", DM, "Inscripción de MDM: enviada."],
        [6, "14/5/2026 9:01:21 a. m.", "Información", "Ninguno", DM, "Inscripción de MDM: procesada."],
    ],
)  # fmt: skip
EXPORTED = table(
    ["LevelDisplayName", "Message", "Id", "ProviderName", "LogName", "RecordId", "TimeCreated", "Properties"],
    [
        ["Error", "MDM Enroll: Failed (Unknown Win32 Error code: 0x80180018)", 71, DM, f"{DM}/Admin", 900,
         "16/05/2026 08:02:03", "System.Collections.Generic.List`1[EventProperty]"],
    ],
    preface="#TYPE System.Diagnostics.Eventing.Reader.EventLogRecord\r\n",
)  # fmt: skip
SELECTED = table(
    ["TimeCreated", "Id", "LevelDisplayName", "Message"],
    [["5/16/2026 9:10:00 AM", 71, "Error", "MDM Enroll: Failed (Unknown Win32 Error code: 0x80180018)"]],
)
PROPERTIES = json.dumps(
    {
        "Id": 76, "Level": 2, "ProviderName": DM, "LogName": f"{DM}/Admin",
        "TimeCreated": "2026-05-06T10:00:11.1234567+02:00",
        "Properties": [{"Value": 0}, {"Value": 2149056554}], "Message": "Auto MDM Enroll",
    }
).encode()  # fmt: skip
WRAPPED = json.dumps(
    {
        "value": [
            {
                "TimeCreated": {"value": "/Date(1778050931123)/", "DisplayHint": 2, "DateTime": "Mittwoch"},
                "Id": 71, "ProviderName": DM, "LevelDisplayName": "Fehler",
                "Message": "MDM-Registrierung: Fehler (Unbekannter Win32-Fehlercode: 0x80180018)",
            }
        ],
        "Count": 1,
    }
).encode("utf-16")  # fmt: skip


def story(folder, **files):
    for name, content in files.items():
        (folder / name.replace("_", ".")).write_bytes(content)
    tables = read_tables(open_export(folder))
    trace = build_trace(tables)
    return tables, trace, find(tables, trace)


FILES = {
    "fr_csv": FRENCH, "ja_txt": JAPANESE, "es_csv": SPANISH, "all_csv": EXPORTED, "few_csv": SELECTED,
    "seven_json": PROPERTIES, "five_json": WRAPPED,
}  # fmt: skip


@pytest.mark.parametrize(
    ("name", "rule", "code", "at"),
    [
        ("fr_csv", "MDM-ENROLLMENT-REFUSED", "0x80180014", (2026, 5, 16, 8, 6)),
        ("ja_txt", "ENTRA-JOIN-FAILED", "0x801C03F3", (2026, 5, 6, 8, 4, 3)),
        ("es_csv", "MDM-ENROLLMENT-REFUSED", "0x80180013", (2026, 5, 14, 9, 2, 11)),
        ("all_csv", "MDM-ENROLLMENT-REFUSED", "0x80180018", (2026, 5, 16, 8, 2, 3)),
        ("few_csv", "MDM-ENROLLMENT-REFUSED", "0x80180018", (2026, 5, 16, 9, 10)),
        ("seven_json", "MDM-ENROLLMENT-FAILED", "0x8018002A", (2026, 5, 6, 8, 0, 11, 123456)),
        ("five_json", "MDM-ENROLLMENT-REFUSED", "0x80180018", (2026, 5, 6, 7, 2, 11, 123000)),
    ],
)
def test_a_mailed_list_leads_to_the_cause_that_its_log_shows(tmp_path, name, rule, code, at):
    found = story(tmp_path, **{name: FILES[name]})[2].findings
    cause = found.filter(role="cause").row(0, named=True)
    assert (cause["rule"], cause["code"]) == (rule, code)
    assert cause["at"] == datetime(*at, tzinfo=UTC)


def test_times_without_a_zone_are_not_called_utc(tmp_path):
    lines = answer(*story(tmp_path, fr_csv=FRENCH)).devices[0].in_lines()
    since = next(place for place, line in enumerate(lines) if line.startswith("Since when"))
    assert "on the device's own clock" in " ".join(lines[since : since + 2])
    assert not [line for line in lines if "UTC" in line]


def test_the_zone_that_another_file_tells_places_a_list(tmp_path):
    key = r"HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Control\TimeZoneInformation"
    zone = f'[{key}]\r\n"TimeZoneKeyName"="Romance Standard Time"\r\n'
    zone = f"Windows Registry Editor Version 5.00\r\n\r\n{zone}"
    tables, _, found = story(tmp_path, fr_csv=FRENCH, zone_reg=zone.encode("utf-16"))
    assert tables.events["clock"].unique().to_list() == ["device_zone"]
    assert found.findings.filter(role="cause")["at"][0] == datetime(2026, 5, 16, 6, 6, tzinfo=UTC)
    assert tables.gaps.filter(member="fr.csv").is_empty()


def test_a_list_whose_times_are_local_says_so_once(tmp_path):
    tables = story(tmp_path, fr_csv=FRENCH)[0]
    assert tables.gaps.select("member", "count").rows() == [("fr.csv", 3)]
    assert tables.gaps["reason"][0].startswith("its times are local and nothing tells the zone")


def test_a_join_that_goes_well_is_calm(tmp_path):
    rows = [
        ["Informatie", "16-05-2026 08:02:33", UDR, 105, "Geen", "Voltooid."],
        ["Informatie", "16-05-2026 08:02:18", UDR, 102, "Geen", "Invoer:\n JoinRequest: 1 (DEVICE)"],
    ]
    header = ["Niveau", "Datum en tijd", "Bron", "Gebeurtenis-id", "Taakcategorie"]
    found = story(tmp_path, nl_csv=table(header, rows))[2].findings
    assert found.filter(~found["severity"].is_in(["info"])).is_empty()


def test_two_lists_of_one_log_are_counted_once(tmp_path):
    tables, trace, _ = story(tmp_path, a_csv=EXPORTED, b_csv=EXPORTED)
    assert trace.attempts.height == 1
    assert tables.events["member"].to_list() == ["a.csv"]
    assert ("b.csv", "counted, not kept: events that another file of the export holds too", 1) in (
        tables.gaps.select("member", "reason", "count").rows()
    )
