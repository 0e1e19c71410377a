"""Collect diagnostics whose cabinet is missing: registry export and commands alone."""

from __future__ import annotations

from pathlib import Path

from cases.outside import AGENT, DEVICE, Machine, at
from cases.outside_agent import kept
from cases.outside_files import write_reg, write_zip


def build(folder: Path) -> Path:
    m = Machine("collection-without-a-cabinet", at(2026, 4, 21, 15, 0), name="WS-1712", serial="WS-1712-T")
    kept(m, "Archive Tool", exit_code=0, code=0, state=1000)
    kept(m, "Tax Forms", exit_code=0, code=0x87D1041C, state=5000)
    m.key(rf"{AGENT}\SideCarPolicies\StatusServiceReports\{DEVICE}\{m.id('Tax Forms')}", Status=3000)
    members = {
        "results.xml": (
            b'<Collection HRESULT="0">\r\n  <ID>3c0d7c1e-51a7-4a43-8c55-0f8a4f4b1f3b</ID>\r\n'
            b'  <RegistryKey HRESULT="0">HKLM\\SOFTWARE\\Microsoft\\IntuneManagementExtension</RegistryKey>\r\n'
            b'  <Command HRESULT="0">%windir%\\system32\\ipconfig.exe /all</Command>\r\n'
            b'  <Command HRESULT="-2147024895">%windir%\\system32\\mdmdiagnosticstool.exe -area Autopilot</Command>\r\n'
            b'  <FoldersFiles HRESULT="-2147024894">%temp%\\MDMDiagnostics\\mdmlogs-2026-04-21-15-00-00.cab</FoldersFiles>\r\n'
            b"</Collection>"
        ),
        "1/export.reg": write_reg(m.keys),
        "2/output.log": b"\r\nWindows IP Configuration\r\n\r\n   Host Name . . . . . . . . . . . . : WS-1712\r\n",
    }
    made = folder / "DiagLogs-WS-1712-20260421T150000Z.zip"
    made.write_bytes(write_zip(members))
    return made
