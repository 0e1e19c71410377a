"""Two logs saved as .evtx, and the lists of two others as a German Event Viewer saves them: local time beside UTC."""

from __future__ import annotations

from pathlib import Path

from cases.outside import Machine, at
from cases.outside_seven import DM, GERMAN, viewer_list
from cases.outside_stages import join, profile

AAD = "Microsoft-Windows-AAD"
ANSWER = (
    "Error: 0xCAA2000C The request requires user interaction.\r\nCode: interaction_required\r\nDescription: AADSTS53003: "
    "Access has been blocked by Conditional Access policies. The access policy does not allow token issuance."
)
FAILED = "Automatische MDM-Registrierung: Fehler (Unbekannter Win32-Fehlercode: 0xcaa2000c)"


def build(folder: Path) -> Path:
    m = Machine("german-lists-beside-logs-in-utc", at(2026, 6, 9, 6, 40), name="WS-4410", serial="WS-4410-Z")
    profile(m, 0)
    join(m, 3)
    m.texts.clear()
    m.keys.clear()
    export = m.as_folder(folder)
    viewer_list(export / "AAD.csv", [(m.clock(4), 1098, "Fehler", ANSWER)], GERMAN, "Europe/Berlin", of=AAD)
    tries = [(m.clock(4.02 + 15 * n), 76, "Fehler", FAILED) for n in range(3)]
    viewer_list(export / "Admin.csv", tries, GERMAN, "Europe/Berlin", none="Keine", of=DM)
    return export
