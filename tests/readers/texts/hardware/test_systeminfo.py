"""What systeminfo writes, whole or cut down, in any language; every computer is made up."""

import pytest

from autopilot_analysis import open_export, read_tables
from autopilot_analysis.errors import NotThisFormat
from autopilot_analysis.readers.texts.hardware.systeminfo import read_systeminfo

VALUES = [
    "AP-0001", "Microsoft Windows 11 Pro", "10.0.26100 N/A Build 26100", "Microsoft Corporation",
    "Standalone Workstation", "Multiprocessor Free", "N/A", "", "00000-00000-00000-AAAAA", "01.05.2026",
    "02.05.2026", "Example Corp.", "Notebook 9000", "x64-based PC", "1 Processor(s) Installed.",
    "Example 1.2, 03.04.2026", r"C:\WINDOWS",
]  # fmt: skip
ENGLISH = [
    "Host Name", "OS Name", "OS Version", "OS Manufacturer", "OS Configuration", "OS Build Type",
    "Registered Owner", "Registered Organization", "Product ID", "Original Install Date", "System Boot Time",
    "System Manufacturer", "System Model", "System Type", "Processor(s)", "BIOS Version", "Windows Directory",
]  # fmt: skip
GERMAN = [
    "Hostname", "Betriebssystemname", "Betriebssystemversion", "Betriebssystemhersteller",
    "Betriebssystemkonfiguration", "Betriebssystem-Buildtyp", "Registrierter Benutzer",
    "Registrierte Organisation", "Produkt-ID", "Ursprüngliches Installationsdatum", "Systemstartzeit",
    "Systemhersteller", "Systemmodell", "Systemtyp", "Prozessor(en)", "BIOS-Version", "Windows-Verzeichnis",
]  # fmt: skip
FRENCH = ["Nom de l'hôte", "Nom du système d'exploitation", "Version du système", *GERMAN[3:]]
CUT = (0, 1, 2, 11, 12, 13)
HARDWARE = ["Example Corp.", "Notebook 9000", "x64-based PC"]


def output(names, places=None, **changed):
    """The lines of those places, an indented one behind the processors."""
    lines, wide = ["", "C:\\>systeminfo", ""], max(map(len, names)) + 2
    for place, (name, value) in enumerate(zip(names, VALUES, strict=True)):
        if places is None or place in places:
            lines.append(f"{name + ':':<{wide}}{changed.get(f'at{place}', value)}")
        if place == 14:
            lines.append(f"{'':<{wide}}[01]: Example: x64-4 ~1400 MHz")
    return "\r\n".join(lines)


def read(text):
    return read_systeminfo(text.encode()).rows["properties"]


@pytest.mark.parametrize("names", [ENGLISH, GERMAN, FRENCH])
def test_an_output_is_read_by_the_order_of_its_lines_in_every_language(names):
    rows = read(output(names))
    assert rows["section"].unique().to_list() == ["systeminfo"]
    assert rows["name"].to_list() == [
        "Host Name", "OS Name", "OS Build", "System Manufacturer", "System Model", "System Type",
        "BIOS Version",
    ]  # fmt: skip
    assert rows["value"].to_list() == [*VALUES[:2], "26100", *HARDWARE, VALUES[15]]
    assert rows["record"].to_list()[:2] == [4, 5]


@pytest.mark.parametrize(("names", "hardware"), [(ENGLISH, HARDWARE), (GERMAN, [])])
def test_of_an_output_that_was_cut_down_only_lines_that_name_themselves_are_known(names, hardware):
    assert read(output(names, CUT))["value"].to_list() == [*VALUES[:2], "26100", *hardware]


def test_lines_in_other_places_are_no_hardware():
    names = [*GERMAN[:5], "Neue Zeile", *GERMAN[6:]]
    shifted = output(names, {*range(17)} - {3})
    assert read(shifted)["name"].to_list() == ["Host Name", "OS Name", "OS Build"]


@pytest.mark.parametrize("changed", [{"at1": "Example OS"}, {"at2": "11.2"}, {"at0": ""}])
def test_another_text_is_none(changed):
    with pytest.raises(NotThisFormat):
        read(output(ENGLISH, **changed))


@pytest.mark.parametrize("name", ["systeminfo.txt", "PC_systeminfo.txt", "notes.txt"])
def test_the_device_takes_maker_model_and_build_from_it(tmp_path, name):
    (tmp_path / name).write_text(output(GERMAN), encoding="utf-8")
    tables = read_tables(open_export(tmp_path))
    (device,) = tables.devices.to_dicts()
    assert [device[one] for one in ("name", "manufacturer", "model", "build")] == [
        "AP-0001", "Example Corp.", "Notebook 9000", "26100"
    ]  # fmt: skip
