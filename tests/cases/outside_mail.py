"""What people mail besides the tool's cabinet: numbered collections, single files, pages of a service, foreign Windows."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

from cases.outside import AGENT, Machine
from cases.outside_files import write_cab, write_reg, write_zip


def numbered(m: Machine, folder: Path, *, cabinet: bool = True) -> Path:
    """Collect diagnostics as older builds upload it: a folder a directive, results.xml beside them."""
    made = m.clock(m.collected)
    cab = f"mdmlogs-{made:%Y-%m-%d-%H-%M-%S}.cab"
    agent = {k: v for k, v in m.keys.items() if k.startswith(AGENT)}
    work: list[tuple[str, str, dict[str, bytes]]] = [
        (
            "RegistryKey",
            r"HKLM\SOFTWARE\Microsoft\IntuneManagementExtension",
            {"export.reg": write_reg(agent)} if agent else {},
        )
    ]
    for name, content in m.commands.items():
        work.append(("Command", rf"%windir%\system32\{name}", {"output.log": content.encode()}))
    for name, content in m.beside().items():
        asked = name.removesuffix(".evtx").replace("%4", "/")
        work.append(("Events", asked, {"Events.evtx": content}))
    work.append(
        ("FoldersFiles", r"%ProgramData%\Microsoft\IntuneManagementExtension\Logs\*.*", m.agent_logs())
    )
    inside = {cab: write_cab(m.cab_members())} if cabinet else {}
    work.append(("FoldersFiles", rf"%temp%\MDMDiagnostics\{cab}", inside))
    rows = [
        f'  <{kind} HRESULT="{0 if found else -2147024893}">{asked}</{kind}>' for kind, asked, found in work
    ]
    files = {
        f"{n}/{name}": content for n, (_, _, found) in enumerate(work, 1) for name, content in found.items()
    }
    head = f'<Collection HRESULT="0">\r\n  <ID>{m.id("request")}</ID>\r\n'
    files["results.xml"] = (head + "\r\n".join(rows) + "\r\n</Collection>").encode()
    path = folder / f"DiagLogs-{m.name}-{made:%Y%m%dT%H%M%SZ}.zip"
    path.write_bytes(write_zip(files))
    return path


def page(folder: Path, name: str, context: str, rows: list[dict], *, more: bool = False) -> Path:
    """One page of Graph as it was saved from the browser."""
    root = "https://graph.microsoft.com/beta"
    answer: dict = {"@odata.context": f"{root}/$metadata#{context}", "@odata.count": len(rows)}
    if more:
        answer["@odata.nextLink"] = f"{root}/{context}?$skiptoken=50"
    answer["value"] = rows
    path = folder / name
    path.write_text(json.dumps(answer, indent=2), encoding="utf-8")
    return path


def sheet(folder: Path, name: str, columns: list[str], rows: list[list[str]]) -> Path:
    """A list downloaded from the portal."""
    out = io.StringIO()
    writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerows([columns, *rows])
    path = folder / name
    path.write_bytes(b"\xef\xbb\xbf" + out.getvalue().encode())
    return path
