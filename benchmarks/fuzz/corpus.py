"""Valid inputs to start from: what the samples room writes, small invented texts, genuine files beside us."""

from __future__ import annotations

import tempfile
from collections import defaultdict
from functools import cache
from pathlib import Path

from autopilot_analysis.export import open_export
from autopilot_analysis.samples import write_sample
from autopilot_analysis.samples.device.oobe_capture import oobe_capture
from autopilot_analysis.samples.fleet.files import (
    graph_pages,
    identity_pages,
    log_analytics_csv,
    report_v1_csv,
    report_v2_csv,
)
from autopilot_analysis.samples.fleet.fleet import simulate_fleet

ROOT = Path(__file__).parents[2]
GENUINE = ROOT.parent / "shared" / "real"
LAYOUTS = ("cab", "diaglogs_flattened", "diaglogs_numbered", "page", "folder")

TEXTS: dict[str, list[str]] = {
    "aik_text": [
        "Certificate chain\r\n  Subject: CN=AIK\r\n  AIK certificate: present\r\nHRESULT: 0x80090034\r\n"
    ],
    "uefi_text": ["Name: SecureBoot\r\nValue: 01\r\nGuid: {8be4df61-93ca-11d2-aa0d-00e098032b8c}\r\n"],
    "winhttp_proxy": [
        "\r\nCurrent WinHTTP proxy settings:\r\n\r\n    Proxy Server(s) :  proxy.example.com:8080\r\n"
    ],
    "ipconfig": [
        "Windows IP Configuration\r\n\r\n   Host Name . . . : AP-0001\r\n\r\n"
        "Ethernet adapter Ethernet:\r\n\r\n"
        "   IPv4 Address. . : 192.0.2.10(Preferred)\r\n   DNS Servers . . : 192.0.2.1\r\n      192.0.2.2\r\n"
    ],
    "netsh_wlan": [
        "There is 1 interface on the system:\r\n\r\n    Name : Wi-Fi\r\n"
        "    State : connected\r\n    SSID : a:b\r\n"
    ],
    "msinfo": [
        '<?xml version="1.0"?><MsInfo><Metadata><Version>8.0</Version></Metadata>'
        '<Category name="System Summary">'
        "<Data><Item><![CDATA[OS Name]]></Item>"
        "<Value><![CDATA[Windows 11]]></Value></Data></Category></MsInfo>"
    ],
    "configuration_file_json": [
        '{"CloudAssignedTenantId":"00000000-0000-0000-0000-000000000001","Version":2049,"Comment_File":"x",'
        '"CloudAssignedAadServerData":"{\\"ZeroTouchConfig\\":{\\"CloudAssignedTenantDomain\\":\\"example.com\\"}}"}'
    ],
    "codes": [
        "0x80180014",
        "-2145910764",
        "Error 0x87D1041C then 2149056532",
        "80070005h",
        "NTSTATUS 0xC0000022",
        "E_FAIL",
    ],
}
"""Formats that the samples room does not write, a few lines each."""


@cache
def seeds() -> dict[str, list[bytes]]:
    """Return valid inputs under the name of the reader that reads them."""
    found: dict[str, list[bytes]] = defaultdict(list)
    for path in export_files():
        with open_export(path) as export:
            for member in export.members:
                if member.reader is not None:
                    found[member.reader].append(member.read())
    for name, texts in TEXTS.items():
        found[name] += [text.encode() for text in texts]
    found["msinfo"].append(TEXTS["msinfo"][0].encode("utf-16"))
    found["trace_log"] += [text for name, text in oobe_capture(7)[0].items() if ".etl" in name]
    fleet = simulate_fleet(6, seed=0)[0]
    found["report_csv"] += [report_v1_csv(fleet), report_v2_csv(fleet), log_analytics_csv(fleet)]
    found["graph_json"] += graph_pages(fleet) + identity_pages(fleet)
    return {name: _smallest(contents) for name, contents in found.items()}


@cache
def export_files() -> tuple[Path, ...]:
    """Return every export to learn from: ours in each layout, and the genuine files beside us."""
    folder = Path(tempfile.mkdtemp(prefix="fuzz-corpus-"))
    ours = [path for path in sorted((ROOT / "data").iterdir()) if path.suffix in (".cab", ".zip")]
    for layout in LAYOUTS:
        write_sample(folder / layout, "esp_app_failure", layout=layout, seed=7)
    genuine = (
        [path for path in sorted(GENUINE.iterdir()) if path.name != "README.md"] if GENUINE.is_dir() else []
    )
    return (*ours, *(folder / layout for layout in LAYOUTS), *genuine)


@cache
def genuine_files() -> tuple[Path, ...]:
    """Return every genuine file beside us that is small enough to be tried often; none where there are none."""
    found = sorted(GENUINE.rglob("*")) if GENUINE.is_dir() else []
    return tuple(path for path in found if path.is_file() and path.stat().st_size < 6 << 20)


def _smallest(contents: list[bytes], most: int = 12) -> list[bytes]:
    """Keep a dozen different inputs, the smallest first: mutation of a small one goes further."""
    return sorted(set(contents), key=lambda content: (len(content), content))[:most]
