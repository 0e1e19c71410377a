"""One event log of a laptop: its certificate server forbids each request, an hour long."""

from __future__ import annotations

from pathlib import Path

from cases.outside import Code, Machine, at
from cases.outside_fifteen import one_log
from cases.outside_stages import enrol, sync

SERVER = "https://ndes-contoso.msappproxy.example/certsrv/mscep/mscep.dll/pkiclient.exe"


def build(folder: Path) -> Path:
    m = Machine("scep-server-forbids-the-request", at(2026, 6, 2, 9, 0), build="22631.5413", name="WS-1508")
    enrol(m, 3)
    for n in range(7):
        s = 7 + n * 8.5
        sync(m, s)
        head = {"Message1": "1.3.6.1.5.5.7.3.2", "Message2": SERVER, "Message3": ""}
        m.event("dm", s + 0.2, 36, **head, HexInt1=Code(2), HexInt2=Code(1))
        m.event("dm", s + 0.23, 32, 2, HRESULT=Code(0x80190193))
    name = "Microsoft-Windows-DeviceManagement-Enterprise-Diagnostics-Provider%4Admin.evtx"
    return one_log(m, folder, name, "dm", "enrol", "sync")
