"""What Settings exports of a device in use, with the registry dump beside it: nothing is wrong."""

from __future__ import annotations

from pathlib import Path

from cases.outside import DAY, Machine, at
from cases.outside_agent import announced, app
from cases.outside_files import write_dump
from cases.outside_noise import lived
from cases.outside_page import finish, ready

AREAS = (
    ("Defender", "AllowCloudProtection", "1", "1"),
    ("DeviceLock", "MinDevicePasswordLength", "4", "8"),
    ("Update", "DeferQualityUpdatesPeriodInDays", "0", "3"),
    ("Experience", "AllowCortana", "1", "0"),
)


def build(folder: Path) -> Path:
    m = Machine(
        "html-report-and-dump-of-a-good-device",
        at(2026, 3, 3, 7, 10),
        name="WS-1166",
        serial="WS-1166-L",
        build="22631.5335",
    )
    lived(m, 21 * DAY)
    t = ready(m)
    announced(m, t + 0.3, "Archive Tool", "Contoso Reader")
    app(m, t + 0.5, "Archive Tool")
    app(m, t + 3, "Contoso Reader")
    finish(m, t + 6)
    path = folder / "html-report-and-dump-of-a-good-device"
    path.mkdir()
    (path / "MDMDiagReport.html").write_bytes(_page(m).replace("\n", "\r\n").encode("utf-8-sig"))
    (path / "MDMDiagReport.xml").write_bytes(m.report()["MDMDiagReport.xml"])
    (path / "MdmDiagReport_RegistryDump.reg").write_bytes(write_dump(m.keys))
    return path


def _page(m: Machine) -> str:
    rows = "".join(
        f"<tr><td>{area}</td><td>{name}</td><td>{default}</td><td>{now}</td><td>Device</td><td>{m.enrolment}</td></tr>\n"
        for area, name, default, now in AREAS
    )
    return f"""<html><head><title>MDM Diagnostics Report</title></head><body>
<h1>MDM Diagnostics Report</h1>
<h2>Device Info</h2>
<table><tr><td>PC name</td><td>{m.name}</td></tr>
<tr><td>Organization</td><td>Contoso</td></tr>
<tr><td>Edition</td><td>{m.edition}</td></tr>
<tr><td>OS Build</td><td>10.0.{m.build}</td></tr></table>
<h2>Connection Info</h2>
<table><tr><td>Managed by</td><td>{m.provider}</td></tr>
<tr><td>Last sync</td><td>The sync was successful</td></tr>
<tr><td>Last sync error</td><td>0x0</td></tr></table>
<h2>Managed policies</h2>
<table><tr><th>Area</th><th>Policy</th><th>Default Value</th><th>Current Value</th><th>Target</th><th>Config Source</th></tr>
{rows}</table>
<h2>Blocked Group Policies</h2>
<table><tr><th>Policy</th><th>Error</th></tr></table>
</body></html>
"""
