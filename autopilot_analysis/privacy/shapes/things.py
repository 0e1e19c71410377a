"""Ids and serial numbers of what belongs to somebody: enrolments, tenants, volumes, sticks, networks."""

from __future__ import annotations

import re
from urllib.parse import unquote

from autopilot_analysis.privacy.plausible import GUID
from autopilot_analysis.privacy.shapes.shape import Found, Shape, ending, ids

VIRTUAL = re.compile(r"(?i)VID_(?:0E0F|80EE|0627)\b|&VEN_(?:VMware|VBOX|QEMU|Msft)_?\b")
"""Makers of virtual hardware, which has the same number on every machine."""


def _stick(match: str) -> Found:
    """Return the serial number of something plugged in, which has digits; Windows' own numbers hold a "&"."""
    name = re.split(r"[\\#]+", re.sub(r"&\d$", "", match))[-1]
    return [("serial", name)] if re.search(r"\d{2}", name) and not VIRTUAL.search(match) else []


def _serial(match: str) -> Found:
    value = re.split(r"[\s:=]+", match)[-1]
    return [("serial", value)] if re.search(r"\d", value) and len(value) > 4 else []


def _wireless(match: str) -> Found:
    return [("network", value) for value in re.findall(r"(?i)<(?:hex|name)>([^<>]+)<", match)]


SHAPES = {
    "person": Shape(rf"(?i)\b(?:for|of|and) user(?: (?:with )?id)?\s?[:=]?\s?{GUID}", ids),
    "owner": Shape(
        rf"(?i)\\(?:Win32Apps|EspTrackingWin32Apps|StatusServiceReports|PassportForWork|"
        rf"IntuneManagementExtension\\{{1,2}}Policies|Scripts\\{{1,2}}(?:Execution|Reports))\\{{1,2}}{GUID}",
        ids,
    ),
    "retries": Shape(rf"(?i){GUID}\\{{1,4}}GRS\b", ids),
    "refused": Shape(rf"(?i)\bdevice (?:with id )?{GUID} is\b|\bZtdId\W{{0,3}}{GUID}", ids),
    "mapped": Shape(
        rf"(?i)User_?Ids?(?:Map)?\s?[:=]\s?(?:\d{{1,3}}\s?:\s?)?{GUID}"
        rf"(?:\s?[,;]\s?(?:\d{{1,3}}\s?:\s?)?{GUID}){{0,20}}",
        ids,
    ),
    "enrolment": Shape(
        rf"(?i)\bFirstSync under: \S{{0,60}}Enrollments\\{{1,4}}{GUID}"
        rf"|\bEnrollments\\{{1,4}}{GUID}\\{{1,4}}FirstSync"
        rf"|\bEnterpriseMgmt(?:NonCritical)?\\{{1,4}}{GUID}",
        ids,
    ),
    "protector": Shape(
        rf"(?i)\b(?:Password|TPM(?: And PIN)?|External Key):\s{{1,40}}ID:\s{{1,4}}{GUID}",
        ids,
    ),
    "registered": Shape(
        rf"(?i)\b(?:tenant|account|device|user) ?id(?: \w{{1,16}}){{1,3}}\s?(?:\bis\b|[:=])\s?{GUID}", ids
    ),
    "profile_path": Shape(
        r"(?i)/(?:WiFi/Profile|VPNv2)/[^/\"\s\\]{2,120}",
        lambda match: [("network", unquote(match.split("/")[-1]))],
    ),
    "directory": Shape(
        r"(?i)(?:login\.(?:microsoftonline|windows)[\w.-]{0,20}|sts\.windows\.net|"
        r"enterpriseregistration[\w.-]{0,40}|\bTenantInfo)(?:[\\/]{1,4}|%2f)"
        r"\{?[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}",
        ending("tenant", 36),
    ),
    "volume": Shape(r"(?i)\bvolume\{[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", ending("id", 36)),
    "adapter": Shape(rf"(?i)Tcpip6?(?:_|\\{{1,4}}Parameters\\{{1,4}}Interfaces\\{{1,4}}){GUID}", ids),
    "stick": Shape(
        r"(?i)(?:\b|_)USB(?:STOR)?[\\#]{1,4}(?:VID|DISK|CDROM|OTHER)[^\\#\"\s]{3,120}[\\#]{1,4}[A-Z0-9]{6,40}\b(?:&\d)?",
        _stick,
    ),
    "bluetooth": Shape(
        r"(?i)(?:BLUETOOTHDEVICE_|\bDEV_|BTHPORT\\{1,4}Parameters\\{1,4}(?:Devices|Keys)\\{1,4})"
        r"[0-9A-F]{12}\b",
        ending("mac", 12),
    ),
    "serial": Shape(
        r"(?i)\b(?:serial(?: ?(?:number|no))?|service ?tag)\s{0,4}[:=]?\s{1,4}[A-Z0-9][A-Z0-9-]{4,63}\b",
        _serial,
    ),
    "wireless": Shape(
        r"(?i)<(?:SSID|WLANProfile)[^<>]{0,200}>\s{0,40}(?:<hex>[0-9A-F]{2,64}</hex>\s{0,40})?"
        r"<name>[^<>]{1,64}</name>|<hex>[0-9A-F]{2,64}</hex>",
        _wireless,
    ),
    "network_name": Shape(
        r"(?i)\"Name\"\s?:\s?\"[^\"\\]{2,64}\"\s?,\s?\"Desc(?:ription)?\"\s?:",
        lambda match: [("network", match.split('"')[3])],
    ),
}
"""Where something has an id, a number or a name of its own."""
