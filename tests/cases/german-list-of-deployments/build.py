"""The portal's list of Autopilot deployments as a German administrator downloads it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

COLUMNS = ["Registrierungsdatum", "Registrierungsmethode", "Seriennummer des Geräts", "Gerätename", "Benutzer",
           "Autopilot-Profil", "Bereitstellungsstatus", "Dauer der Kontoeinrichtung", "Gesamtdauer"]  # fmt: skip


def build(folder: Path) -> Path:
    lines = [";".join(COLUMNS)]
    for number in range(220):
        at = datetime(2026, 3, 2, 7, 5, tzinfo=UTC) + timedelta(hours=7 * number)
        kiosk = number % 4 == 0
        failed = (kiosk and number > 110 and number % 12) or number % 29 == 5
        lines.append(";".join([
            f"{at:%d.%m.%Y, %H:%M}", "Microsoft Entra", f"DE{70000 + number}", f"NB-{number:04}",
            f"u{number:03}@example.com", "AP-Kiosk" if kiosk else "AP-Standard", "Fehler" if failed else "Erfolg",
            f"00:1{number % 9}:00", f"00:{40 + number % 15}:10",
        ]))  # fmt: skip
    path = folder / "Autopilot-Bereitstellungen.csv"
    path.write_bytes(b"\xef\xbb\xbf" + "\r\n".join([*lines, ""]).encode())
    return path
