"""The Admin log of the management client, saved as CSV on a German Windows: a user without a licence."""

from __future__ import annotations

from pathlib import Path

from cases.outside import Machine, at
from cases.outside_seven import GERMAN, viewer_list

INFO, ERROR = "Informationen", "Fehler"
FAULT = (
    "MDM-Registrierung: Vom Server zurückgegebene Werte: Fault/Code/Subcode/Value=(UserLicense) "
    "Fault/Reason/Text=(License of user is in bad state blocking enrollment.)."
)


def build(folder: Path) -> Path:
    m = Machine("event-list-of-a-german-pc", at(2026, 5, 12, 7, 10))
    rows = []
    for n in range(3):
        t = n * 6.0
        rows += [
            (
                m.clock(t),
                4,
                INFO,
                "MDM-Registrierung: Zertifikatrichtlinienanforderung erfolgreich gesendet.",
            ),
            (
                m.clock(t + 0.05),
                6,
                INFO,
                "MDM-Registrierung: Zertifikatrichtlinienantwort erfolgreich verarbeitet.",
            ),
            (
                m.clock(t + 0.1),
                8,
                INFO,
                "MDM-Registrierung: Zertifikatregistrierungsanforderung erfolgreich gesendet.",
            ),
            (m.clock(t + 0.15), 52, ERROR, FAULT),
            (
                m.clock(t + 0.2),
                11,
                ERROR,
                "MDM-Registrierung: Fehler beim Empfangen oder Analysieren der Zertifikatregistrierungsantwort. "
                "Ergebnis: (Unbekannter Win32-Fehlercode: 0x80180018).",
            ),
            (
                m.clock(t + 0.25),
                71,
                ERROR,
                "MDM-Registrierung: Fehler (Unbekannter Win32-Fehlercode: 0x80180018)",
            ),
        ]
    return viewer_list(folder / "Admin.csv", rows, GERMAN, "Europe/Berlin", none="Keine")
