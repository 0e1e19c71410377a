"""Staged on an open network, moved to the company's Wi-Fi in the middle, a proxy found by itself: and it goes well."""

from __future__ import annotations

from pathlib import Path

from cases.outside import Code, Machine, Signed, at
from cases.outside_agent import announced, app
from cases.outside_noise import lived
from cases.outside_page import finish, ready
from cases.outside_stages import sync


def net(m: Machine, t: float, number: int, name: str) -> None:
    state = 9 if number == 10000 else 0
    guid = "{" + m.id(name) + "}"
    m.event("net", t, number, Name=name, Description=name, Guid=guid, Type=0, State=state, Category=0)


def build(folder: Path) -> Path:
    m = Machine(
        "staging-wifi-then-the-companys",
        at(2026, 6, 9, 7, 30),
        build="26200.7171",
        zone="Europe/Vienna",
        name="WS-1177",
        serial="WS-1177-W",
    )
    t = ready(m)
    announced(m, t + 0.3, "Archive Tool", "Contoso Reader")
    app(m, t + 0.5, "Archive Tool")
    m.event("dm", t + 1.2, 1503, UInt1=0, Message1="CONTOSO-STAFF", HRESULT=Code(0))
    net(m, t + 3, 10001, "Staging")
    net(m, t + 3.2, 10000, "CONTOSO-STAFF")
    m.event(
        "join",
        t + 3.3,
        336,
        dwInternetStatus=0x20000000,
        dwResult=5,
        dwError=12180,
        InternetStatus="WINHTTP_CALLBACK_STATUS_REQUEST_ERROR",
        Result="API_GET_PROXY_FOR_URL",
    )
    m.event("join", t + 3.5, 338, ProxyCount=1)
    m.event(
        "join",
        t + 3.51,
        339,
        fProxy="TRUE",
        fBypass="FALSE",
        INTERNET_SCHEME=1,
        pwszProxy="proxy.contoso.com",
        ProxyPort=8080,
    )
    sync(m, t + 3.1, 0x80072EE7)
    sync(m, t + 4)
    app(m, t + 5, "Contoso Reader")
    m.event("power", t + 6, 105, AcOnline=False, RemainingCapacity=41200, FullChargeCapacity=60100)
    m.event("kernel", t + 6.2, 1, TimeDeltaInMs=Signed(0), Reason=3, TimeZoneBias=Signed(-120))
    end = finish(m, t + 8)
    lived(m, end + 60)
    return m.as_collection(folder)
