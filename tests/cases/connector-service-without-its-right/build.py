"""Hybrid: the connector's service may not log on at its server, so nobody answers the device."""

from __future__ import annotations

from pathlib import Path

from cases.outside import Code, Machine, Signed, at
from cases.outside_event_log import write_evtx
from cases.outside_noise import lived
from cases.outside_stages import boot, enrol, profile, screen, sync

SERVICE = "Intune ODJConnector Service"


def build(folder: Path) -> Path:
    m = Machine(
        "connector-service-without-its-right",
        at(2025, 7, 8, 9, 30),
        build="26100.4652",
        zone="Europe/Copenhagen",
        name="DESKTOP-QH7T2RD",
        serial="WS-1107-G",
    )
    lived(m, 60)
    boot(m, -4)
    profile(m, 0, "hybrid", name="Hybrid laptops")
    enrol(m, 3)
    m.event("dm", 3.6, 111, Boolean1=True)
    for n in range(5):
        m.event("dm", 3.7 + n * 5, 109, HexInt1=Code(1))
        sync(m, 4 + n * 5)
    m.event("dm", 28.7, 110, HexInt1=Code(3))
    m.event("shell", 3.8, 62404, CXID="OobeDomainJoin")
    screen(m, 28.9, "CDJUIError", "80070774")
    screen(m, 28.91, "CDJUIShowPage", "idErrorPage")
    s = Machine("server", at(2025, 7, 8, 5, 0), build="20348.3807", name="ODJ-SRV-3", named=-1e9)
    s.event("eventlog", -1, 6005, plain=[""])
    for n in range(4):
        s.event("scm", n * 60, 7041, 2, param1=SERVICE, param2="CONTOSO\\msaODJ4c2f1$")
        s.event("scm", n * 60 + 0.01, 7000, 2, param1=SERVICE, param2="%%1069")
    s.event("kernel", 250, 1, NewTime=s.clock(250), OldTime=s.clock(250), TimeDeltaInMs=Signed(3), Reason=1)
    m.texts["ODJ-SRV-3 System.evtx"] = write_evtx(s.channels()["System"])
    return m.as_folder(folder)
