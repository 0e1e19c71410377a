"""Enrolment gets an answer of the right kind and without a word in it."""

from __future__ import annotations

from pathlib import Path

from cases.outside import Code, Machine, at
from cases.outside_noise import lived
from cases.outside_stages import ask_enrol, boot, join, leave, profile, screen

PROXY = """
Current WinHTTP proxy settings:

    Proxy Server(s) :  proxy.contoso.com:8080
    Bypass List     :  *.contoso.com
"""


def build(folder: Path) -> Path:
    m = Machine(
        "enrolment-answered-with-nothing",
        at(2026, 6, 23, 8, 50),
        build="26100.8521",
        zone="Europe/Dublin",
        name="WS-8119",
        serial="WS-8119-U",
    )
    lived(m, 30)
    boot(m, -4)
    profile(m, 0)
    for n in range(2):
        t = 2 + n * 9
        join(m, t)
        ask_enrol(m, t + 1)
        m.event("enrol", t + 1.3, 11, 2, HRESULT=Code(0x80180029))
        m.event("enrol", t + 1.302, 71, 2, HRESULT=Code(0x80180029))
        screen(m, t + 1.5, "CDJUIError", "80180029")
        screen(m, t + 1.51, "CDJUIShowPage", "idErrorPage")
        leave(m, t + 1.7)
    m.commands["netsh.exe winhttp show proxy"] = PROXY
    return m.as_collection(folder)
