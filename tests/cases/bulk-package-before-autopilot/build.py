"""A technician's provisioning package has enrolled the PC before Autopilot's user comes."""

from __future__ import annotations

from pathlib import Path

from cases.outside import CACHE, Code, Machine, at, compact
from cases.outside_noise import lived
from cases.outside_stages import answered, ask_enrol, boot, enrol, halt, join, query


def build(folder: Path) -> Path:
    m = Machine(
        "bulk-package-before-autopilot",
        at(2026, 4, 14, 8, 30),
        build="26100.7840",
        zone="Europe/Oslo",
        name="WS-1101",
        serial="WS-1101-A",
    )
    lived(m, 60)
    boot(m, -20)
    query(m, -18)
    pack = {"Message1": "Contoso-Bulk-Enrol.ppkg", "Message2": "{" + m.id("package") + "}"}
    m.event("packages", -15, 20, **pack)
    m.user = "package_7c1d2f0a-6b1e-4a52-9d37-51e0c2a40f11"
    join(m, -14, token=False)
    enrol(m, -13)
    m.event("packages", -12, 21, **pack)
    halt(m, -11, "restart", r"C:\Windows\System32\ProvTool.exe")
    boot(m, -10)
    query(m, -9)
    answered(m, -8.9, 3)
    kept = {"CloudAssignedTenantDomain": m.domain, "DeploymentProfileName": "Staff laptops"}
    m.key(CACHE, PolicyJsonCache=compact(kept), ProfileAvailable=1)
    m.user = "robin"
    m.event("winlogon", -2, 7001, TSId=1, UserSid=m.sid())
    for n in range(2):
        t = 12 + n * 8
        ask_enrol(m, t)
        m.event("enrol", t + 0.3, 71, 2, HRESULT=Code(0x8018000A))
    return m.as_zip(folder)
