r"""What the script Get-AutopilotDiagnostics shows on the screen -> the registry values and events it shows.

The script reads places of the registry and events of two logs; its lines are put back there. The times of its
timeline are the device's local ones although a Z stands behind them.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import polars as pl

from autopilot_analysis.errors import NotThisFormat
from autopilot_analysis.facts import read_facts
from autopilot_analysis.facts.guids import EMPTY_ID, GUID
from autopilot_analysis.patterns import late
from autopilot_analysis.readers.event_log.lists.event_rows import Listed, events_of
from autopilot_analysis.readers.reading import NO_KIND, Reading, Unread, rows_of
from autopilot_analysis.readers.text import decode, split_lines, written_lines
from autopilot_analysis.readers.texts.properties import Properties

HEADING, TIMELINE = "AUTOPILOT DIAGNOSTICS", "OBSERVED TIMELINE:"
COLLECT = "collect the device's logs: they hold what the script leaves out"
ALONE = "of this text only profile, Win32 apps, packages and known events were read"
SEARCHED = 2048
_SOFTWARE = "HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft"
_PROFILE = f"{_SOFTWARE}\\Provisioning\\Diagnostics\\Autopilot"
_VALUES = {
    "Profile": (_PROFILE, "DeploymentProfileName"),
    "TenantDomain": (_PROFILE, "CloudAssignedTenantDomain"),
    "TenantID": (_PROFILE, "CloudAssignedTenantId"),
    "OobeConfig": (_PROFILE, "CloudAssignedOobeConfig"),
    "ZTDID": (f"{_PROFILE}\\EstablishedCorrelations", "ZTDRegistrationID"),
    "EntDMID": (f"{_PROFILE}\\EstablishedCorrelations", "EntDMID"),
}
"""Where the script reads what stands behind these names."""
_HYBRID = ("CloudAssignedDomainJoinMethod", "1")
_OF_DEVICE = "S-0-0-00-0000000000-0000000000-000000000-000"
"""The user under whom device management keeps the packages of the device."""
_COLOUR = late(r"\x1b\[\d{0,3}m")
_MARGIN = late(r"[\s>]{0,64}")
_NAMED = late(r"(?P<name>\w{2,40}): (?P<value>\S.{0,255})$")
_USER = late(r"USER ESP for (?P<sid>S-1-[0-9-]{3,180}):")
_WIN32 = late(
    rf"(?i)Win32 (?:.{{0,200}}\()?Win32App_(?P<app>{GUID})_(?P<version>\d{{1,9}})\)? : "
    r"(?P<state>\d) \([^(),]{1,60}\)?(?:, rc = (?P<exit>-?\d{1,10})\)?)?$"
)
_MSI = late(rf"(?i)MSI (?:.{{0,200}}\()?(?P<app>\{{{GUID}\}})\)? : (?P<state>\d{{1,2}}) \([^()]{{0,60}}\)$")
_SHOWN_AT = late(r"(?P<at>\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)Z\s+(?P<rest>\S.{0,400})$")

_OFFICE = late(
    rf"(?i)Office (?:.{{0,200}}\()?(?P<app>{GUID})\)? : (?P<state>[01]) "
    r"\([^(),/]{1,60}(?:/ ?(?P<status>\d{1,5}))?\)$"
)
_SHOWN = "shown"
"""The key of a session of the status page, of which the script shows no instant that is sure."""
Value = tuple[int, str, str, str]
"""Line, key, name and text of a registry value."""


def find_screen(content: bytes) -> Reading | None:
    """Return what the script shows in a text that is something else, as a mail with events beside its output.

    Args:
        content: The whole file.
    """
    if not written_lines(content):
        return None
    try:
        return Reading(read_diagnostics_screen(content).rows)
    except NotThisFormat:
        return None


def read_diagnostics_screen(content: bytes, member: str = "") -> Reading:
    """Return what the script shows of the profile, of apps and of events.

    Of an app that several sessions of the status page name the last state counts, as in the registry.

    Args:
        content: The whole file.
        member: Its path inside the export, for messages.

    Raises:
        NotThisFormat: The text has none of the script's headings.
    """
    lines = [
        _COLOUR.sub("", line[:SEARCHED])[_margin(line) :].rstrip() for line in split_lines(decode(content))
    ]
    if HEADING not in lines and TIMELINE not in lines:
        raise NotThisFormat.of(member, "shows nothing of Get-AutopilotDiagnostics.")
    values: dict[tuple[str, str], Value] = {}
    events: list[Listed] = []
    found, user = Properties(), ""
    for record, line in enumerate(lines, 1):
        sid = _USER.match(line)
        user = sid["sid"] if sid else user
        for key, name, text in _values_of(line, user):
            values[key, name] = (record, key, name, text)
        if line.startswith("Scenario: Hybrid"):
            found.add("", *_HYBRID, record)
        events += _events_of(line, record)
    own = found.reading((Unread(ALONE, advice=COLLECT),))
    dated = events_of(events) if events else Reading()
    rows = {**own.rows, **dated.rows, "registry_values": _registry(list(values.values()))}
    return Reading(rows, (*own.unread, *dated.unread))


def _margin(line: str) -> int:
    """Return how many signs of a mail's margin a line begins with."""
    begin = _MARGIN.match(_COLOUR.sub("", line[:SEARCHED]))
    return begin.end() if begin else 0


def _values_of(line: str, user: str) -> list[tuple[str, str, str]]:
    """Return key, name and text of the registry values that a line shows."""
    named, win32, msi = _NAMED.match(line), _WIN32.match(line), _MSI.match(line)
    office = _OFFICE.match(line)
    if win32:
        app = f"{win32['app'].lower()}_{win32['version']}"
        page = f"{_SOFTWARE}\\Windows\\Autopilot\\EnrollmentStatusTracking\\{user or 'Device'}"
        state = (
            f"{page}\\Setup\\Apps\\Tracking\\Sidecar\\Win32App_{app}",
            "InstallationState",
            win32["state"],
        )
        if win32["exit"] is None or user:
            return [state]
        agent = f"{_SOFTWARE}\\IntuneManagementExtension\\Win32Apps\\{EMPTY_ID}\\{app}"
        return [state, (agent, "ExitCode", win32["exit"])]
    if msi:
        packages = f"{_SOFTWARE}\\EnterpriseDesktopAppManagement\\{user or _OF_DEVICE}\\MSI"
        listed = _listed(f"EnterpriseDesktopAppManagement/MSI/{msi['app']}/DownloadInstall", user)
        done = "1" if msi["state"] in _installed() else "0"
        return [(f"{packages}\\{msi['app']}", "Status", msi["state"]), (*listed, done)]
    if office:
        listed = _listed(f"Office/Installation/{office['app']}/FinalStatus", user)
        shown = [(*listed, office["state"])]
        status = (f"{_SOFTWARE}\\OfficeCSP\\{office['app']}", "FinalStatus", office["status"])
        return shown if office["status"] is None else [status, *shown]
    if named and named["name"] in _VALUES:
        return [(*_VALUES[named["name"]], named["value"])]
    return []


@cache
def _installed() -> frozenset[str]:
    """Return the status of a package that is installed."""
    states = read_facts("install_states").filter(scale="csp", outcome="succeeded")
    return frozenset(states["value"])


def _listed(node: str, user: str) -> tuple[str, str]:
    """Return key and name under which the status page keeps whether an app that it waits for is done."""
    page = f"{_SOFTWARE}\\Windows\\Autopilot\\EnrollmentStatusTracking\\ESPTrackingInfo\\Diagnostics"
    session = f"{page}\\{user}\\" if user else f"{page}\\"
    scope = "User" if user else "Device"
    return f"{session}ExpectedMSIAppPackages\\{_SHOWN}", f"./{scope}/Vendor/MSFT/{node}"


def _events_of(line: str, record: int) -> list[Listed]:
    """Return the event that a line of the timeline shows, where it is a known one."""
    shown = _SHOWN_AT.match(line)
    if not shown:
        return []
    words = " ".join(shown["rest"].split())
    for row in read_facts("diagnostics_screen").iter_rows(named=True):
        if words.startswith(row["status"]) and words.endswith(row["detail"]):
            cells = {
                "record": str(record),
                "at": shown["at"],
                "provider": row["provider"],
                "event_id": str(row["event_id"]),
            }
            return [Listed(cells, [row["value"]] if row["value"] else [])]
    return []


def _registry(values: Sequence[Value]) -> pl.DataFrame:
    records, keys, names, texts = (
        (list(column) for column in zip(*values, strict=True)) if values else ([],) * 4
    )
    columns = {"record": records, "key": keys, "name": names, "value": texts}
    return rows_of("registry_values", {**columns, "kind": [NO_KIND] * len(values)})
