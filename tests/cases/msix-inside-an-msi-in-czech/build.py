"""An MSI installs an MSIX as the system; its log is Czech."""

from __future__ import annotations

from pathlib import Path

from cases.outside import Machine, at
from cases.outside_agent import announced, app, ended, loads, looks, runs, tracked, verdict
from cases.outside_page import ready

LOG = r"""=== Verbose logging started: 13.12.2023  9:27:28  Build type: SHIP UNICODE 5.00.10011.00  Calling process: C:\Windows\SysWOW64\msiexec.exe ===
MSI (c) (78:B0) [09:27:28:402]: Resetting cached policy values
MSI (c) (78:B0) [09:27:28:402]: ******* RunEngine:
           ******* Product: linuxruntime.2.0.9.0.x64.msi
           ******* Action:
           ******* CommandLine: **********
MSI (s) (60:0C) [09:27:28:610]: Running installation inside multi-package transaction C:\Windows\IMECache\APPID_1\linuxruntime.2.0.9.0.x64.msi
MSI (s) (60:0C) [09:27:28:640]: Note: 1: 1402 2: HKEY_CURRENT_USER\Software\Microsoft\Windows\CurrentVersion\Policies\Explorer 3: 2
Akce začala 9:27:31: InstallExecute.
MSI (s) (60:0C) [09:27:31:540]: Executing op: ActionStart(Name=InstallMsix,,)
MSI (s) (60:0C) [09:27:31:860]: Executing op: CustomActionSchedule(Action=InstallMsix,ActionType=3073,Source=BinaryData,Target=InstallMsix,)
MSI (s) (60:8C) [09:27:31:862]: Invoking remote custom action. DLL: C:\Windows\Installer\MSIAB16.tmp, Entrypoint: InstallMsixAsUser
MSI (s) (60!84) [09:27:31:926]: Note: 1: 2205 2:  3: Error
MSI (s) (60!84) [09:27:31:926]: Note: 1: 2228 2:  3: Error 4: SELECT `Message` FROM `Error` WHERE `Error` = 1709
MSI (s) (60!84) [09:27:31:926]: Product: Linux Runtime -- Balíček MSIX nelze nainstalovat (chyba: Instalace se nezdařila. Obraťte se na dodavatele softwaru. ).

CustomAction InstallMsix returned actual error code 1603 (note this may not be 100% accurate if translation happened inside sandbox)
Akce skončila 9:27:31: InstallExecute. Vrácená hodnota 3.
MSI (s) (60:0C) [09:27:32:080]: Note: 1: 1402 2: HKEY_LOCAL_MACHINE\Software\Microsoft\Windows\CurrentVersion\Installer\Rollback\Scripts 3: 2
MSI (s) (60:0C) [09:27:32:100]: Product: Linux Runtime -- Instalace se nezdařila.

MSI (s) (60:0C) [09:27:32:110]: Instalační služba systému Windows nainstalovala produkt. Název produktu: Linux Runtime. Verze produktu: 2.0.9.0. Jazyk produktu: 1033. Výrobce: Fabrikam Software. Stav úspěšnosti či chyby instalace: 1603.
MSI (s) (60:CC) [09:27:32:119]: Custom Action Manager thread ending.
MSI (c) (78:B0) [09:27:32:120]: Decrementing counter to disable shutdown. If counter >= 0, shutdown will be denied.  Counter after decrement: -1
MSI (c) (78:B0) [09:27:32:120]: MainEngineThread is returning 1603
=== Verbose logging stopped: 13.12.2023  9:27:32 ===
"""


def build(folder: Path) -> Path:
    m = Machine(
        "msix-inside-an-msi-in-czech",
        at(2023, 12, 13, 8, 14),
        build="22631.2861",
        zone="Europe/Prague",
        name="WS-6170",
        serial="WS-6170-C",
    )
    t = ready(m)
    n = "Linux Runtime"
    announced(m, t + 0.3, "Archive Tool", n)
    app(m, t + 0.5, "Archive Tool")
    looks(m, t + 5, n)
    tracked(m, t + 5.1, n, 2)
    loads(m, t + 5.2, n, 130_000_000, minutes=1.5)
    runs(m, t + 7.4, n)
    ended(m, t + 7.55, 1603)
    verdict(m, t + 7.6, n, 0x80070643)
    m.rows.clear()
    m.texts.clear()
    path = m.as_folder(folder)
    log = LOG.replace("APPID", m.id(n)).replace("\n", "\r\n")
    (path / "linuxruntime_install.log").write_bytes(("\ufeff" + log).encode("utf-16-le"))
    return path
