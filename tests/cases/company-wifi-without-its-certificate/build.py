"""Device setup: the company's wireless profile comes before its certificate, and the device falls off the network."""

from __future__ import annotations

from pathlib import Path

from cases.outside import Code, Machine, at
from cases.outside_agent import announced, app, loads, looks, says, tracked
from cases.outside_eight import runs_out
from cases.outside_eleven import not_authenticated, wireless
from cases.outside_noise import lived
from cases.outside_page import ready
from cases.outside_stages import sync


def build(folder: Path) -> Path:
    m = Machine(
        "company-wifi-without-its-certificate",
        at(2026, 3, 3, 8, 10),
        build="26100.7840",
        zone="Europe/Vienna",
        name="WS-1102",
        serial="WS-1102-B",
    )
    t = ready(m)
    wireless(m, -2, 8001, "Contoso-Staging", PHYType="802.11ax", AuthenticationAlgorithm="WPA2-Personal")
    announced(m, t + 0.1, "Archive Tool", "Design Studio")
    app(m, t + 0.3, "Archive Tool")
    looks(m, t + 3, "Design Studio")
    tracked(m, t + 3.1, "Design Studio", 2)
    loads(m, t + 3.2, "Design Studio", 2_900_000_000, got=410_000_000, minutes=4)
    gone = {
        "Name": "Contoso-Staging",
        "Description": "Contoso-Staging",
        "Guid": "{" + m.id("net") + "}",
        "Type": 0,
    }
    wireless(m, t + 7.3, 8003, "Contoso-Staging", Reason="The network is disconnected by the driver.")
    m.event("net", t + 7.35, 10001, **gone, State=0, Category=0)
    for n in range(9):
        w = t + 7.4 + n * 6
        not_authenticated(m, w, "Contoso-Corp")
    for n in range(6):
        w = t + 9 + n * 8
        m.event("sync", w, 201, 2, HRESULT=Code(0x80072EE7))
        sync(m, w + 0.02, 0x80072EE7)
        says(
            m,
            w + 0.5,
            "[SendWebRequestInternal] Web Exception occurs when sending network request, the exception is "
            "System.Net.WebException: The remote name could not be resolved: 'fef.example.manage.microsoft.com'",
            log="IntuneManagementExtension",
            kind=3,
        )
    runs_out(m, t + 60, "DeviceSetup.Apps", Apps=("inProgress", "Apps (1 of 2 installed)"))
    lived(m, t + 80)
    return m.as_folder(folder)
