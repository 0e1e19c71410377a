"""Microsoft 365 Apps as a Win32 app: the Office Deployment Tool ends with 17002."""

from __future__ import annotations

from pathlib import Path

from cases.outside import Machine, at
from cases.outside_agent import announced, app, ended, kept, loads, looks, runs, says, tracked, verdict
from cases.outside_mail import numbered
from cases.outside_noise import lived
from cases.outside_page import page_fails, ready

NAME, CODE = "Microsoft 365 Apps", 17002


def build(folder: Path) -> Path:
    m = Machine(
        "office-tool-ends-with-17002",
        at(2026, 2, 24, 8, 20),
        zone="Europe/Paris",
        name="WS-4190",
        serial="WS-4190-M",
        build="26100.6584",
    )
    lived(m, 60)
    t = ready(m)
    announced(m, t + 0.3, "Archive Tool", NAME, "Contoso Reader")
    app(m, t + 0.5, "Archive Tool")
    looks(m, t + 3, NAME)
    tracked(m, t + 3.1, NAME, 2)
    loads(m, t + 3.2, NAME, 4_200_000)
    runs(m, t + 4, NAME)
    says(m, t + 4.05, '[Win32App] Cmdline: "setup.exe" /configure configuration.xml')
    ended(m, t + 12.5, CODE)
    verdict(m, t + 12.6, NAME, 0x80070000 + CODE, found=False)
    kept(m, NAME, exit_code=CODE, code=0x80070000 + CODE, state=5000)
    page_fails(m, t + 13, "DeviceSetup.Apps", 0x80070000 + CODE)
    m.commands["ipconfig.exe /all"] = (
        "\r\nWindows IP Configuration\r\n\r\n   Host Name . . . . . . . . . . . . : WS-4190\r\n"
    )
    return numbered(m, folder)
