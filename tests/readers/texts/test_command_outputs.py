import pytest

from autopilot_analysis.errors import NotThisFormat
from autopilot_analysis.readers.formats import READERS
from autopilot_analysis.readers.texts.command_outputs import read_command_outputs

EVENT = """Log Name:      Microsoft-Windows-DeviceManagement-Enterprise-Diagnostics-Provider/Admin
Source:        Microsoft-Windows-DeviceManagement-Enterprise-Diagnostics-Provider
Date:          2/11/2026 3:22:07 PM
Event ID:      404
Level:         Error
Computer:      NB-00100
Description:
MDM ConfigurationManager: Command failure status.
"""


def rows(text):
    return read_command_outputs(text.encode()).rows["properties"].select("section", "name", "value").rows()


@pytest.mark.parametrize(
    ("line", "output"),
    [
        ("    Windows RE status:         Disabled", ("reagentc", "Windows RE status", "Disabled")),
        ("    WinRE-Status:              Deaktiviert", ("reagentc", "Windows RE status", "Disabled")),
        ("    Statut de Windows RE :     Activé", ("reagentc", "Windows RE status", "Enabled")),
        (
            "REAGENTC.EXE: Das Windows RE-Image wurde nicht gefunden.",
            ("reagentc", "Windows RE image", "not found"),
        ),
        (
            "> REAGENTC.EXE: The Windows RE image was not found.",
            ("reagentc", "Windows RE image", "not found"),
        ),
        ("OS Name:          Microsoft Windows 11 Home", ("systeminfo", "Edition of the name", "Core")),
        ("Betriebssystemname:   Microsoft Windows 10 Home N", ("systeminfo", "Edition of the name", "CoreN")),
        ("Current Edition : CoreSingleLanguage", ("dism", "EditionID", "CoreSingleLanguage")),
        ("Aktuelle Edition : Professional", ("dism", "EditionID", "Professional")),
        ("Edition : Enterprise", ("Get-WindowsEdition", "EditionID", "Enterprise")),
        ("WindowsEditionId  : Core", ("Get-ComputerInfo", "EditionID", "Core")),
        ("    EditionID    REG_SZ    Core", ("reg query", "EditionID", "Core")),
        (
            "Name: Windows(R), CoreSingleLanguage edition",
            ("slmgr", "Edition of the licence", "CoreSingleLanguage"),
        ),
    ],
)
def test_a_line_of_a_command_says_the_same_in_every_language(line, output):
    assert rows(f"C:\\>command\n\n{line}\n") == [output]


@pytest.mark.parametrize(
    "line",
    [
        "Edition : the second, of spring",
        "OS Name: Microsoft Windows 11 Pro",
        "We found the Windows RE status: Disabled",
        "REAGENTC.EXE: Operation Successful.",
        "our current edition: Core",
    ],
)
def test_other_lines_are_of_no_command(line):
    with pytest.raises(NotThisFormat):
        read_command_outputs(f"{line} of some devices\n".encode())


def test_a_text_with_events_and_commands_gives_both():
    pasted = "    Windows RE status:         Disabled\n    EditionID    REG_SZ    Core\n"
    text = f"{EVENT}\nC:\\>reagentc /info\n{pasted}"
    reading = READERS["event_log"].read(text.encode(), "mail.txt")
    assert reading.rows["events"]["event_id"].to_list() == [404]
    assert reading.rows["properties"]["value"].to_list() == ["Disabled", "Core"]
