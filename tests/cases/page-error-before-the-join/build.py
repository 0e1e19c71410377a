"""Only OOBE's own page tells of the refused join."""

from __future__ import annotations

from pathlib import Path

from cases import stages
from cases.building import Device, utc


def build(folder: Path) -> Path:
    d = Device(
        "page-error-before-the-join",
        utc(2024, 10, 1, 7, 45),
        build="26100.1882",
        name="DESKTOP-4K7Q2LM",
        serial="TR-1717-X",
        domain="treyresearch.example",
        renamed_at=1e9,
    )
    stages.boot(d, -1)
    stages.profile(d, 0, registry=False)
    d.event("shell", 2, 62404, CXID="OobeAAD")
    d.event("shell", 2.01, 62406, Name="Visible")
    d.event("shell", 4, 62407, Name="CDJUICheckRequirementsAndJoin", Value="")
    d.event("shell", 4.3, 62407, Name="CDJUIError", Value="801c0003")
    d.event("shell", 4.31, 62407, Name="CDJUIShowPage", Value="idErrorPage")
    d.event("shell", 6, 62406, Name="CDJUIClickOnErrorTryAgain")
    d.event("shell", 6.1, 62407, Name="CDJUICheckRequirementsAndJoin", Value="")
    d.event("shell", 6.4, 62407, Name="CDJUIError", Value="801c0003")
    d.event("shell", 6.41, 62407, Name="CDJUIShowPage", Value="idErrorPage")
    d.collected = 15
    return d.as_folder(folder)
