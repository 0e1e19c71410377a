"""Two pages of Graph: the deployments of a fortnight, and the tags of the devices; one site fails."""

from __future__ import annotations

from pathlib import Path

from cases.outside import DAY, Machine, at
from cases.outside_fifteen import happened, registered
from cases.outside_mail import page as graph_page

TAGS = ("SITE-WIEN", "SITE-GRAZ", "SITE-LINZ", "SITE-BRNO")
MODELS = ("Contoso Book 14", "Contoso Book 15", "Contoso Desk Mini")


def build(folder: Path) -> Path:
    m = Machine("one-site-by-its-group-tag", at(2026, 2, 9, 7, 0))
    path = folder / "graph"
    path.mkdir()
    events, identities = [], []
    for n in range(64):
        tag = TAGS[n % 4]
        bad = (tag == "SITE-BRNO" and n not in (11, 39)) or n in (16, 41)
        events.append(
            happened(m, n, (n // 5) * DAY + (n % 5) * 95, bad=bad, minutes=61 if bad else 31 + (n * 7) % 19)
        )
        identities.append(registered(m, n, tag, MODELS[(n // 4 + n) % 3]))
    graph_page(path, "autopilotEvents.json", "deviceManagement/autopilotEvents", events)
    graph_page(
        path,
        "windowsAutopilotDeviceIdentities.json",
        "deviceManagement/windowsAutopilotDeviceIdentities",
        identities,
    )
    return path
