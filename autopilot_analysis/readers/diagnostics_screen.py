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
from autopilot_analysis.facts.error_records import error_records
from autopilot_analysis.facts.guids import EMPTY_ID, GUID
from autopilot_analysis.patterns import late
from autopilot_analysis.readers.event_log.lists.event_rows import Listed, events_of
from autopilot_analysis.readers.reading import NO_KIND, OF_THIS_TEXT, Reading, Unread, rows_of
from autopilot_analysis.readers.text import decode, split_lines, written_lines
from autopilot_analysis.readers.texts.properties import Properties

HEADING, TIMELINE = "AUTOPILOT DIAGNOSTICS", "OBSERVED TIMELINE:"
COLLECT = "collect the device's logs: they hold what the script leaves out"
SCRIPT_ERROR = "Error of Get-AutopilotDiagnostics"
"""Section of each error of the script itself; its name is the place in the script, its value the message."""
ALONE = f"{OF_THIS_TEXT} profile, apps, policies, certificates and known events were read"
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
_ITEM = late(
    r"(?P<kind>Policy|Cert|(?:Device |User )?UWP) (?:.{0,200} \()?(?P<item>[^\s()]{1,400})\)? : "
    r"(?P<state>[01]) \((?:Not )?Processed\)$"
)
_DONE = late(r"Processed\s+(?P<kind>Policy|Cert|UWP) (?:.{0,200} \()?(?P<item>[^\s()]{1,400})\)?$")
"""An item of the timeline, which holds those alone that are done."""
_SESSION = late(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ$")
_ITEMS = {
    "Policy": ("ExpectedPolicies", "{}"),
    "Cert": ("ExpectedSCEPCerts", "./Device/Vendor/MSFT/ClientCertificateInstall/SCEP/{}"),
    "UWP": (
        "ExpectedModernAppPackages",
        "./Device/Vendor/MSFT/EnterpriseModernAppManagement/AppManagement/AppStore/{}",
    ),
}
"""The list of the status page that each kind of item stands in, and the address that the script shortens."""
_IN_SCRIPT = r"(?P<script>Get-AutopilotDiagnostics\w{0,40}\.ps1):\s?(?P<line>\d{1,6})\b"
_PLACE, _PLACE_OF_7 = late(_IN_SCRIPT), late(rf"\w{{3,60}}: .{{0,260}}{_IN_SCRIPT}(?::\d{{1,4}})?$")
"""The first line of an error as PowerShell 7 shows it; bars stand before the lines below it."""
_BARRED = 8
"""So many lines may such an error have."""
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

    Of an app that several sessions of the status page name the last state counts, as in the registry. An
    error of the script itself is told apart: it is none of the device.

    Args:
        content: The whole file.
        member: Its path inside the export, for messages.

    Raises:
        NotThisFormat: The text has none of the script's headings, no line of an item and no error of it.
    """
    lines = [
        _COLOUR.sub("", line[:SEARCHED])[_margin(line) :].rstrip() for line in split_lines(decode(content))
    ]
    errors = _errors_of_the_script(lines)
    if not {HEADING, TIMELINE} & set(lines) and not errors and not any(map(_ITEM.match, lines)):
        raise NotThisFormat.of(member, "shows nothing of Get-AutopilotDiagnostics.")
    values: dict[tuple[str, str], Value] = {}
    events: list[Listed] = []
    found, user, session = Properties(), "", ""
    for name, message, record in errors:
        found.add(SCRIPT_ERROR, name, message, record)
    for record, line in enumerate(lines, 1):
        sid = _USER.match(line)
        user = sid["sid"] if sid else user
        session = line if _SESSION.match(line) else session
        if item := _item_of(line, user, session):
            values[item[0], item[1]] = (record, *item)
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


def _item_of(line: str, user: str, session: str) -> tuple[str, str, str] | None:
    """Return key, name and text of the registry value of a policy, a certificate or a modern app."""
    if shown := _SHOWN_AT.match(line):
        done = _DONE.match(shown["rest"])
        kind, item, state = (done["kind"], done["item"], "1") if done else ("", "", "")
        session = f"{shown['at']}Z"
    else:
        hit = _ITEM.match(line)
        kind, item, state = (hit["kind"], hit["item"], hit["state"]) if hit else ("", "", "")
    if not kind:
        return None
    listed, address = _ITEMS[kind.rpartition(" ")[2]]
    name = address.format(item)
    name = name.replace("./Device/", "./User/", 1) if kind.startswith("User") else name
    return f"{_page_of(user)}{listed}\\{_SHOWN} {session}".rstrip(), name, state


def _errors_of_the_script(lines: Sequence[str]) -> list[tuple[str, str, int]]:
    """Return the errors that a line of the script met: its place, the message, and where that stands."""
    found = []
    for record in error_records(lines):
        places = [at for at in record if _PLACE.search(lines[at])]
        if places:
            first = record.start if places[0] > record.start else max(record.start - 1, 0)
            found.append((_place(lines[places[0]]), lines[first], first + 1))
    for at, line in enumerate(lines):
        if _PLACE_OF_7.match(line) and lines[at + 1 : at + 2] == ["Line |"]:
            below = [other for other in lines[at + 2 : at + 2 + _BARRED] if other.startswith("|")]
            found.append((_place(line), below[-1].strip("| ") if below else line, at + 1))
    return found


def _place(line: str) -> str:
    """Return the script and the number of its line that a line names."""
    hit = _PLACE.search(line)
    return f"{hit['script']}, line {hit['line']}" if hit else ""


@cache
def _installed() -> frozenset[str]:
    """Return the status of a package that is installed."""
    states = read_facts("install_states").filter(scale="csp", outcome="succeeded")
    return frozenset(states["value"])


def _listed(node: str, user: str) -> tuple[str, str]:
    """Return key and name under which the status page keeps whether an app that it waits for is done."""
    scope = "User" if user else "Device"
    return f"{_page_of(user)}ExpectedMSIAppPackages\\{_SHOWN}", f"./{scope}/Vendor/MSFT/{node}"


def _page_of(user: str) -> str:
    """Return the key, up to its last sign, below which the status page keeps its lists."""
    page = f"{_SOFTWARE}\\Windows\\Autopilot\\EnrollmentStatusTracking\\ESPTrackingInfo\\Diagnostics"
    return f"{page}\\{user}\\" if user else f"{page}\\"


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
