"""A support mail's folder: the offline profile lies in the right place under a name that Windows does not look for."""

from __future__ import annotations

from pathlib import Path

from cases.outside import Machine, at, compact
from cases.outside_noise import lived
from cases.outside_stages import boot, empty, screen

PLACE = r"\provisioning\autopilot\AutopilotConfigurationFile.json"
LISTING = """ Directory of C:\\Windows\\Provisioning\\Autopilot

04/30/2026  09:12    <DIR>          .
04/30/2026  09:12    <DIR>          ..
04/30/2026  09:12               642 Contoso_AutopilotConfigurationFile.json
               1 File(s)            642 bytes
"""
MAIL = """Hello,

the image has our Autopilot profile in it, but OOBE asks for region, keyboard and "work or personal" as if there was
none. Logs are attached, also the file and a dir of the folder. What do we do wrong?
"""


def build(folder: Path) -> Path:
    m = Machine(
        "configuration-file-under-another-name",
        at(2026, 4, 30, 9, 40),
        build="26100.8246",
        name="DESKTOP-QH7T2RD",
        serial="WS-7019-J",
    )
    lived(m, 30)
    for n in range(2):
        t = n * 12
        boot(m, t - 2)
        m.event("autopilot", t - 0.5, 310, Message1="%windir%" + PLACE, Message2=r"C:\Windows" + PLACE)
        empty(m, t)
        screen(m, t + 2, "OobeRegion")
        screen(m, t + 4, "OobeKeyboard")
    profile = {
        "Version": 2049,
        "CloudAssignedTenantId": m.id("tenant"),
        "CloudAssignedTenantDomain": "contoso.com",
        "CloudAssignedOobeConfig": 1310,
        "CloudAssignedDomainJoinMethod": 0,
        "CloudAssignedForcedEnrollment": 1,
        "ZtdCorrelationId": m.id("correlation"),
        "Comment_File": "Profile Contoso existing devices",
    }
    m.text("Contoso_AutopilotConfigurationFile.json", compact(profile), "ascii")
    m.text("dir.txt", LISTING)
    m.text("mail.txt", MAIL)
    return m.as_folder(folder)
