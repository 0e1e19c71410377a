"""Writes lines in which § stands for an identifier into files that the readers know, beginnings included."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from pathlib import Path


class Filed(NamedTuple):
    """One kind of identifier in one line of one file."""

    kind: str
    secret: str
    file: str
    text: str


AGENT, EXECUTOR, WORKLOAD = "IntuneManagementExtension.log", "AgentExecutor.log", "AppWorkload.log"
HEALTH, CLIENT, CERTIFICATE = "HealthScripts.log", "ClientHealth.log", "ClientCertCheck.log"
DUMP, MSI, BURN, TOOLKIT = "MDMDiagReport_RegistryDump.reg", "vendor_msi.txt", "bundle.txt", "toolkit.txt"
AGENTS = (AGENT, EXECUTOR, WORKLOAD, HEALTH, CLIENT, CERTIFICATE)
"""Logs in CMTrace format."""

_HEADS = {
    MSI: "=== Verbose logging started: 5/1/2026  10:00:00  Build type: SHIP UNICODE 5.00.10011.00  Calling process: C:\\Windows\\system32\\msiexec.exe ===\n",
    BURN: "[0A10:0B20][2026-05-01T10:00:00]i001: Burn x86 v3.14.0.5722, Windows v10.0 x64 (Build 22631: Service Pack 0), path: C:\\Windows\\Temp\\setup.exe\n",
    DUMP: "Windows Registry Editor Version 5.00\n\n",
    "dsregcmd.txt": "+------------+\n| Device State                                                         |\n+------------+\n\n             AzureAdJoined : YES\n",
    "ipconfig.txt": "\nWindows-IP-Konfiguration\n\n",
    "netsh_wlan_show_profiles.txt": "\nProfiles on interface Wi-Fi:\n\nUser profiles\n-------------\n",
    "msinfo32.txt": "System Information report written at: 05/01/26 10:00:00\n[System Summary]\n\nItem\tValue\n",
}  # fmt: skip


def write_lines(folder: Path, filed: Iterable[Filed]) -> dict[str, str]:
    """Write the lines into their files and return secret by kind."""
    filed = list(filed)
    for file in dict.fromkeys(one.file for one in filed):
        lines = [_line(one) for one in filed if one.file == file]
        (folder / file).write_text(_HEADS.get(file, "") + "\n".join(lines) + "\n", "utf-8")
    return {one.kind: one.secret for one in filed}


def write_row(folder: Path, file: str, cells: dict[str, tuple[str, str]]) -> dict[str, str]:
    """Write a CSV of one row, under each column's name its kind and secret, and return secret by kind."""
    heads, row = (
        ",".join(f'"{text}"' for text in texts) for texts in (cells, [s for _, s in cells.values()])
    )
    (folder / file).write_text(f"{heads}\r\n{row}\r\n", "utf-8-sig")
    return {kind: secret for kind, secret in cells.values() if kind}


def write_graph(folder: Path, name: str, kind: str, fields: dict[str, tuple[str, str]]) -> dict[str, str]:
    """Write a page of Graph with one resource, under each field its kind and secret; return secret by kind."""
    resource = {
        "@odata.type": f"#microsoft.graph.{kind}",
        "id": "00000000-0000-4000-8000-00000000000a",
        **{field: secret for field, (_, secret) in fields.items()},
    }
    context = f"https://graph.microsoft.com/beta/$metadata#deviceManagement/{name}"
    write_json(folder / f"{name}.json", {"@odata.context": context, "value": [resource]})
    return dict(fields.values())


def write_json(path: Path, value: object) -> None:
    """Write a value as JSON."""
    path.write_text(json.dumps(value), "utf-8")


def _line(one: Filed) -> str:
    text = one.text.replace("§", one.secret)
    if one.file in AGENTS:
        component = one.file.removesuffix(".log")
        return f'<![LOG[{text}]LOG]!><time="10:00:00.0000000" date="5-1-2026" component="{component}" context="" type="1" thread="4" file="">'
    if one.file == DUMP:
        key, name, value = text.split("|", 2)
        value = value.replace("\\", "\\\\")
        return f'[{key}]\n"{name}"="{value}"\n'
    return text
