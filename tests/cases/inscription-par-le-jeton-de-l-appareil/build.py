"""A list of the management client's log, saved on a French Windows: automatic enrolment with the device's credential."""

from __future__ import annotations

from pathlib import Path

from cases.outside import DAY, Machine, at
from cases.outside_nine import FRENCH
from cases.outside_seven import viewer_list

SAYS = (
    "Inscription MDM automatique : informations d’identification de l’appareil (0x1), échec (Code d’erreur Win32 "
    "inconnu : 0x80180001)"
)


def build(folder: Path) -> Path:
    m = Machine("inscription-par-le-jeton-de-l-appareil", at(2026, 4, 6, 6, 0))
    rows = []
    for n in range(12):
        t = (n // 4) * DAY + (n % 4) * 62
        rows.append((m.clock(t), 76, "Erreur", SAYS))
        rows.append(
            (
                m.clock(t + 5),
                831,
                "Information",
                "Stratégie MDM PolicyManager : la stratégie a été fusionnée.",
            )
        )
    return viewer_list(folder / "Admin.csv", rows, FRENCH, "Europe/Paris", none="Aucun")
