"""A policy puts the company's domain behind the setup account, so it cannot sign in after the restart of device setup."""

from __future__ import annotations

from pathlib import Path

from cases.outside import Machine, at
from cases.outside_agent import announced, app
from cases.outside_noise import lived
from cases.outside_page import ready
from cases.outside_stages import boot, halt, sync

POLICY = r"software\microsoft\policymanager\current\device\Authentication"


def build(folder: Path) -> Path:
    m = Machine(
        "preferred-tenant-name-breaks-the-logon",
        at(2023, 10, 20, 9, 0),
        build="22621.2428",
        zone="Europe/Vienna",
        name="WS-2044",
        serial="WS-2044-W",
    )
    t = ready(m)
    m.key(POLICY, PreferredAadTenantDomainName="contoso.com", PreferredAadTenantDomainName_ProviderSet=1)
    announced(m, t + 0.3, "Archive Tool", "Contoso Reader")
    app(m, t + 0.5, "Archive Tool")
    app(m, t + 3, "Contoso Reader", 3010)
    halt(
        m,
        t + 6,
        "restart",
        r"C:\Program Files (x86)\Microsoft Intune Management Extension\Microsoft.Management.Services.IntuneWindowsAgent.exe",
    )
    boot(m, t + 7)
    for n in range(5):
        sync(m, t + 12 + n * 30)
    lived(m, t + 160)
    return m.as_zip(folder)
