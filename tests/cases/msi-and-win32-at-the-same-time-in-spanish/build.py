"""A Spanish Windows: the management client's MSI meets the agent's installer."""

from __future__ import annotations

from pathlib import Path

from cases.outside import Machine, at
from cases.outside_agent import announced, app
from cases.outside_mail import numbered
from cases.outside_noise import lived
from cases.outside_page import GOOD, msi, page_fails, ready, state

PRODUCT = "{9C1E6F02-55A8-4D7B-B3C0-0E7A4F18D263}"


def build(folder: Path) -> Path:
    m = Machine(
        "msi-and-win32-at-the-same-time-in-spanish",
        at(2026, 5, 12, 6, 15),
        build="22631.5335",
        zone="Europe/Madrid",
        fresh="ESCRITORIO-7QK2",
        name="WS-5520",
        serial="WS-5520-E",
    )
    lived(m, 45)
    t = ready(m)
    announced(m, t + 0.3, "Gestor de Planos", "Archive Tool")
    app(m, t + 0.5, "Gestor de Planos", minutes=6)
    msi(m, t + 1.6, PRODUCT, "ClienteFichaje.msi", minutes=0.8, code=0x80070652)
    m.event(
        "installer",
        t + 2.3,
        11708,
        plain=[
            "Producto: Cliente de Fichaje -- Error en la operación de instalación. Ya hay otra instalación en curso.",
            "(NULL)",
            "(NULL)",
            "(NULL)",
            "(NULL)",
            "",
        ],
    )
    page_fails(m, t + 7, "DeviceSetup.Apps", 0x80070652)
    state(m, "DeviceSetup", "failed", **GOOD, Apps=("failed", "Aplicaciones (Error: 0x80070652)"))
    m.commands["ipconfig.exe /all"] = (
        "\r\nConfiguración IP de Windows\r\n\r\n   Nombre de host. . . . . . . . . : ws-5520\r\n"
        "   Sufijo DNS principal  . . . . . : \r\n\r\nAdaptador de Ethernet Ethernet:\r\n\r\n"
        "   Dirección IPv4. . . . . . . . . . . . . . : 192.0.2.41(Preferido)\r\n"
        "   Servidores DNS. . . . . . . . . . . . . . : 192.0.2.1\r\n"
    )
    return numbered(m, folder)
