"""Identifiers that their shape alone gives away, wherever they stand: addresses, folders, keys, hashes."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Iterable, Iterator
from functools import partial

import polars as pl

from autopilot_analysis.privacy.plausible import GUID, points_at_somebody
from autopilot_analysis.privacy.words import generic, is_public_authority

PARTS = "CN|OU|O|DC|E|L|S|ST|C|SERIALNUMBER|emailAddress"
PART_VALUE = r"\\?\"[^\"\\\r\n]+\\?\"?|[^,;\"'\r\n<>+/\\\]}]+"
NAME_PART = rf"(?:{PARTS})\s?=\s?(?:{PART_VALUE})"
"""One part of a name in a certificate or a directory."""
SHAPES: dict[str, str] = {
    "user": r"[\p{L}\p{N}._%+'-]{1,64}@[\p{L}\p{N}-]{1,63}(?:\.[\p{L}\p{N}-]{1,63})+",
    "sid": r"(?i)\bS[-_]1[-_](?:5[-_]21|12[-_]1|5[-_]83[-_]1|5[-_]82)(?:[-_]\d{1,10}){3,8}",
    "mac_spaced": r"(?i)\b(?:bssid|mac(?: ?address)?|physical ?address)\W{0,6}"
    r"[0-9a-f]{2}(?: [0-9a-f]{2}){5}\b",
    "mac": r"(?i)\b[0-9a-f]{2}(?:[:-][0-9a-f]{2}){5,}\b|\b[0-9a-f]{4}\.[0-9a-f]{4}\.[0-9a-f]{4}\b",
    "ipv4": r"(?i)(?:^|[^\\a-z0-9+/])[a-z0-9+/]{0,60}[a-z]\d{1,10}(?:\.\d{1,10})+|"
    r"title\\{0,2}\"\s?:\s?\\{0,2}\"[^\"\\]{1,300}|"
    r"\btime\.windows\.com,0x[0-9a-f]+ \([^()]{1,100}\)|"
    r"_\d{1,10}(?:\.\d{1,10}){3}_(?:x64|x86|arm|neutral)|"
    r"[a-z0-9+/]*[a-z+/]\.\d{1,10}(?:\.\d{1,10})+|~\d{1,10}(?:\.\d{1,10})+|"
    r"(?:\b\w{0,30}ver(?:sion)?"
    r"[\"'\\]{0,3}\s{0,2}(?:\bis\b)?\s{0,2}[:=]?\s{0,2}[\"'\\]{0,3}v?)?"
    r"\d{1,10}(?:\.\d{1,10})+",
    "ipv6": r"(?i)\b[0-9a-f]{1,4}(?::[0-9a-f]{0,4}){2,7}(?:\.\d{1,3}){0,3}(?:%\w{1,16})?",
    "host": r"(?i)\b(?:DESKTOP|LAPTOP|WIN|MININT|AUTOPILOT|CPC)-[A-Z0-9]{4,12}\b",
    "inner_host": r"(?i)\b[a-z0-9][a-z0-9-]{0,62}(?:\.[a-z0-9-]{1,63}){0,4}"
    r"\.(?:local|lan|corp|internal|intranet|intra|home)\b",
    "hash_file": r"(?i)DeviceHash_[A-Z0-9-]{1,63}\.csv",
    "url": r"(?i)\b(?:https?|ftp|ldaps?|wss?|sip|imaps?)(?:://|%3a%2f%2f|:\\/\\/)[^\s\"'<>,;|)\]}]{3,400}",
    "onmicrosoft": r"(?i)\b[a-z0-9-]{1,63}(?:\.mail)?\.(?:onmicrosoft|sharepoint)\.(?:com|de|us|cn)\b",
    "folder": r"(?i)(?:\busers|\b[a-z]:[\\/]{1,4}profiles|\bdocuments and settings|\bhomes?\$)"
    r"(?:[\\/]{1,4}|%5c|%2f)[^\\/:*?\"<>|\r\n\t,;%]{1,64}",
    "unc": r"(?:^|[\s\"'=(,;])\\\\[A-Za-z0-9][A-Za-z0-9._-]{0,62}\\[^\\\s]"
    r"|\\\\\\\\[A-Za-z0-9][A-Za-z0-9._-]{0,62}\\\\",
    "account": r"(?i)\bAzureAD\\{1,4}[\p{L}\p{N}._-]{2,64}|\b(?:for|user) AzureAD_[\p{L}\p{N}._-]{2,64}",
    "net_user": r"(?i)\bnet1?(?:\.exe)? user [\p{L}\p{N}._-]{2,64}",
    "person": rf"(?i)\b(?:for|of|and) user(?: (?:with )?id)?\s?[:=]?\s?{GUID}",
    "owner": rf"(?i)\\(?:Win32Apps|EspTrackingWin32Apps|StatusServiceReports|PassportForWork|"
    rf"IntuneManagementExtension\\{{1,2}}Policies|Scripts\\{{1,2}}(?:Execution|Reports))\\{{1,2}}{GUID}",
    "retries": rf"(?i){GUID}\\{{1,4}}GRS\b",
    "refused": rf"(?i)\bdevice (?:with id )?{GUID} is\b|\bZtdId\W{{0,3}}{GUID}",
    "reference": r"(?i)\bfileRef=\\?\"[0-9a-f]{40}\.cer",
    "stick": r"(?i)\bUSB(?:STOR)?\\{1,4}(?:VID|DISK|CDROM|OTHER)[^\\\"\s]{3,120}\\{1,4}"
    r"[A-Z0-9]{6,40}\b(?:&\d)?",
    "bluetooth": r"(?i)(?:BLUETOOTHDEVICE_|\bDEV_|BTHPORT\\{1,4}Parameters\\{1,4}(?:Devices|Keys)\\{1,4})"
    r"[0-9A-F]{12}\b",
    "acting": r"(?i)\b(?:as|user|account|owner|by)\s(?:user\s|account\s)?[A-Z0-9][A-Z0-9-]{1,14}\\{1,4}"
    r"[\p{L}\p{N}._$-]{2,64}[\\ ]?",
    "renamed": r"(?i)\brenam\w{0,5}\s(?:the\s)?(?:computer|machine|device|host)[^.\r\n]{0,30}"
    r"\sto\s\W?[A-Z0-9-]{3,15}\b"
    r"|\bname\s(?:was\s)?changed\sfrom\s\W?[A-Z0-9-]{3,15}\W?\sto\s\W?[A-Z0-9-]{3,15}\b",
    "archive": r"(?i)\bDiagLogs-[A-Z0-9-]{1,63}-\d{8}T?\d{0,6}",
    "serial": r"(?i)\b(?:serial(?: ?(?:number|no))?|service ?tag)\s{0,4}[:=]?\s{1,4}"
    r"[A-Z0-9][A-Z0-9-]{4,63}\b",
    "proxy": r"(?i)\b(?:https?|ftp|socks)=[a-z0-9.-]{1,80}:\d{2,5}\b",
    "bypass": r"(?i)\b(?:bypass[ -]?list|proxy[ _]?override)\s{0,12}[:=]\s{0,3}[^\r\n\"]{2,400}",
    "alternative": r"(?i)\bDNS(?: ?Name)?[:=]\s?(?:\*\.)?[a-z0-9][a-z0-9.-]{2,120}",
    "wireless": r"(?i)<(?:SSID|WLANProfile)[^<>]{0,200}>\s{0,40}(?:<hex>[0-9A-F]{2,64}</hex>\s{0,40})?"
    r"<name>[^<>]{1,64}</name>|<hex>[0-9A-F]{2,64}</hex>",
    "network_name": r"(?i)\"Name\"\s?:\s?\"[^\"\\]{2,64}\"\s?,\s?\"Desc(?:ription)?\"\s?:",
    "directory": r"(?i)(?:login\.(?:microsoftonline|windows)[\w.-]{0,20}|sts\.windows\.net|"
    r"enterpriseregistration[\w.-]{0,40}|\bTenantInfo)(?:[\\/]{1,4}|%2f)"
    r"\{?[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}",
    "join": r"(?i)\bJoinInfo[\\/]{1,4}[0-9a-f]{40}\b",
    "thumbprint": r"(?i)(?:cert(?:ificate)?|thumbprint)[\"'\\]{0,3}\s{0,3}[:=]?[\s\"'\\\[({]{0,4}"
    r"[0-9a-f]{40}\b",
    "embedded": r"(?i)(?:[^|\r\n]{1,200}\|)?[^|\r\n]{1,40}\|[^|\r\n]{1,40}\|[0-9a-f]{40}\b",
    "enrolment": rf"(?i)\bFirstSync under: \S{{0,60}}Enrollments\\{{1,4}}{GUID}"
    rf"|\bEnrollments\\{{1,4}}{GUID}\\{{1,4}}FirstSync",
    "volume": r"(?i)\bvolume\{[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}",
    "possession": r"\b\p{Lu}[\p{L}-]{1,30}['’]s\s(?:"
    r"iPhone|iPad|AirPods|Buds|Galaxy|Phone|phone|Laptop|laptop|PC|MacBook|"
    r"Surface|headphones|Headphones|mouse|Mouse|keyboard|Keyboard)\b",
    "place": r"(?i)\b(?:lat|lon|lng)(?:itude|gitude)?[\"']{0,2}\s?[:=]\s?[\"']?-?\d{1,3}\.\d{3,15}",
    "certificate": rf"(?i)\b{NAME_PART}(?:\s?[,+/]\s?{NAME_PART})*",
    "key": r"(?i)\b[A-Z0-9]{5}(?:-[A-Z0-9]{5}){4}\b|\b\d{6}(?:-\d{6}){7}\b|\b\d{5}-\d{5}-\d{5}-[A-Z0-9]{5}\b",
    "token": r"\beyJ[A-Za-z0-9_-]{8,}(?:\.[A-Za-z0-9_-]{4,}){1,2}",
    "secret": r"(?i)[?&](?:sig|signature|token|code|access_token|"
    r"client_secret|assertion|password)=[^&\s\"'<>]{6,}",
    "credential": r"(?i)\b(?:bearer|basic|negotiate)\s[A-Za-z0-9+/=._~-]{16,}",
    "hash": r"(?:^|[^A-Za-z0-9+/=])T0[A-Za-z0-9+/]{100,}={0,2}",
    "synced": r"(?i)\bOneDrive - [^\\/:*?\"<>|\r\n]{2,64}",
    "principal": r"\b(?i:HOST|RestrictedKrbHost|TERMSRV|WSMAN|RPCSS|MSSQLSvc|cifs|ldap|GC|DNS|krbtgt|HTTP)/"
    r"[A-Za-z0-9][A-Za-z0-9.-]{2,120}",
    "whoami": r"\b[\p{L}\p{N}-]{2,15}\\{1,4}[\p{L}\p{N}._$ -]{2,64}?\s{1,8}S-1-(?:5-21|12-1)-",
    "account_of": r"(?i)(?:user|owner|account)(?:[ _]?(?:name|context))?\\{0,3}\"?\s{0,2}[:=]"
    r"\s{0,2}\\{0,3}\"?[A-Z0-9][A-Z0-9-]{1,14}\\{1,4}[\p{L}\p{N}._$-]{2,64}[\\ ]?",
    "impersonated": r"(?i)\bAfter impersonation: [^\\\r\n]{1,15}\\{1,4}[\p{L}\p{N}._ -]{2,64}",
    "signed_in": r"(?i)\bWindowsLive:\((?:cert|token)\):name=[^;\"\s]{3,80}",
    "key_file": rf"(?i)\b(?:[0-9a-f]{{32}}_|(?:AIK|SCEPProtocolKey)-){GUID}",
    "adapter": rf"(?i)Tcpip6?(?:_|\\{{1,4}}Parameters\\{{1,4}}Interfaces\\{{1,4}}){GUID}",
    "mapped": rf"(?i)User_?Ids?(?:Map)?\s?[:=]\s?(?:\d{{1,3}}\s?:\s?)?{GUID}"
    rf"(?:\s?[,;]\s?(?:\d{{1,3}}\s?:\s?)?{GUID}){{0,20}}",
    "made": r"(?i)\b(?:user|account)(?: name)? ?[\[<'][\p{L}\p{N}._ -]{2,64}[\]>']",
    "naming": r"(?i)\b(?:computer|machine|device|host) ?name (?:changed |set )?to \W?[A-Z0-9-]{3,15}\b",
    "property": r"\b[A-Z][A-Z0-9_]{0,30}(?:TOKEN|PASSWORD|PASSWD|PWD|SECRET|KEY|LICENSE|LICENCE|CODE)"
    r"=\\{0,2}[\"']?[^\s\"'\\;,]{5,200}",
    "secure": r"(?i)\bConvertTo-SecureString(?:\s{1,4}-(?:String|AsPlainText|Force)){0,3}\s{1,4}"
    r"\\{0,2}[\"'][^\"'\\\r\n]{3,120}",
    "script": r"\b(?:PROXY|SOCKS5?|HTTPS?) [a-z0-9][a-z0-9.-]{2,120}:\d{2,5}\b",
    "phone": r"\+\d{1,3}[ .-]?\(?\d{2,4}\)?(?:[ .-]\d{2,5}){2,4}\b"
    r"|\+[1-9]\d{0,2}[ .-]?\(?\d{2,5}\)?[ .-]\d{5,10}\b",
}
"""What can be told by its shape alone; each is linear in Polars' regular expressions."""

ROOTS = frozenset(
    ["builtin", "software", "system", "hklm", "hkcu", "hkcr", "hku", "authority", "service", "apppool"]
)
"""What stands before a backslash and is no domain."""


def from_shapes(texts: pl.Series, versions: Iterable[str] = ()) -> Iterator[tuple[str, str]]:
    """Yield kind and text of what has the shape of an identifier.

    Args:
        texts: What is read, without nulls.
        versions: What is known to be a version, however much it looks like an address.
    """
    versions = set(versions)
    plain: list[str] = []
    for kind, pattern in SHAPES.items():
        for match in matches(texts, pattern):
            if kind == "ipv4":
                addresses, others = _numbers(match)
                plain += addresses
                versions.update(others)
            else:
                yield from _shaped(kind, match)
    for candidate in plain:
        if candidate not in versions and candidate.count(".") == 3:
            yield from _shaped("ipv4", candidate)


def _numbers(match: str) -> tuple[list[str], list[str]]:
    """Return dotted numbers that may be addresses, and those that are versions or belong to a public host."""
    if match[0].isdigit():
        return [match], []
    near, arrow, far = match.rpartition("->")
    dotted = r"(?<!\d)\d+(?:\.\d+)+"
    return re.findall(dotted, near) if arrow else [], re.findall(dotted, far)


def _shaped(kind: str, match: str) -> Iterable[tuple[str, str]]:
    """Return the identifiers in one match of a shape, or none when a closer look says otherwise."""
    if kind in ("ipv4", "ipv6"):
        return _ip(kind, match.split("%", maxsplit=1)[0])
    if kind == "host":
        return [("host", match)] if match.isupper() or re.search(r"\d", match) else []  # "win-session"
    if kind == "hash_file":
        return [("host", match[len("DeviceHash_") : -len(".csv")])]
    if kind == "inner_host":
        spelt = re.match(
            r"[A-Z][a-z]+(?:[A-Z][a-z]+)*\.[A-Z]", match
        )  # a name of code, as in "Cortana.Internal"
        return [("host", match)] if not (spelt or generic(match.split(".", maxsplit=1)[0])) else []
    if kind == "mac" and "." in match and match.replace(".", "").isdigit():
        return []  # a version, not Cisco's way to write an address
    if kind == "mac":
        return [("mac", match)] if len(match) in (14, 17) and len(set(match) - set(":-.")) > 1 else []
    if kind == "folder":
        return _folder(re.split(r"[\\/]+|%5[cC]|%2[fF]", match)[-1])
    if kind == "unc":
        return [("host", re.sub(r"^[\s\"'=(,;]?\\+|\\+.?$", "", match))]
    if kind == "account":
        return [("user", re.split(r"(?i)AzureAD(?:\\+|_)", match)[1])]
    if kind == "certificate":
        return _subject(match)
    if kind in TOLD:
        return TOLD[kind](match)
    if kind == "hash":
        return [("hash", match[match.index("T0") :])]
    if kind == "secret":
        return [("key", match.split("=", 1)[1])]
    if kind == "onmicrosoft":
        return [
            ("tenant", match),
            ("tenant", match.split(".", maxsplit=1)[0].removesuffix("-my").removesuffix("-admin")),
        ]
    if kind == "url":
        return _url(match)
    return [({"token": "key", "phone": "user"}.get(kind, kind), match)]


def _acting(match: str) -> list[tuple[str, str]]:
    domain, _, name = match.rsplit(maxsplit=1)[-1].replace("\\\\", "\\").partition("\\")
    if match.rstrip().endswith("\\") or domain.lower() in ROOTS or domain.lower().startswith("hkey"):
        return []
    return [("tenant", domain), ("user", name)]


def _renamed(match: str) -> list[tuple[str, str]]:
    """Return names after "from" and "to"; a word in lower case without a digit is a word, no name."""
    names = re.findall(r"(?i)\b(?:from|to)\s\W?([A-Z0-9-]{3,15})\b", match)
    return [("host", name) for name in names if name.isupper() or re.search(r"\d", name)]


def _principal(name: str) -> list[tuple[str, str]]:
    """Return the host of a service; a version of a protocol, such as HTTP/1.1, is none."""
    named = re.search(r"[A-Za-z]", name) and re.search(r"[.\d-]", name)
    return [("host", name.rstrip(".-"))] if named else []


def _property(value: str) -> list[tuple[str, str]]:
    """Return a secret handed to an installer; words, numbers and variables are none."""
    secret = re.search(r"\d", value) and re.search(r"[A-Za-z]", value) and value[0] not in "[%$<{"
    return [("key", value)] if secret else []


def _serial(match: str) -> list[tuple[str, str]]:
    value = re.split(r"[\s:=]+", match)[-1]
    return [("serial", value)] if re.search(r"\d", value) and len(value) > 4 else []


def _bypass(match: str) -> list[tuple[str, str]]:
    parts = re.split(r"[;,\s]+", re.split(r"[:=]", match, maxsplit=1)[1])
    names = [part.removeprefix("*").removeprefix(".") for part in parts]
    return [("host", name) for name in names if any(map(str.isalpha, _before_dots(name)))]


def _before_dots(name: str) -> str:
    """Return the parts of a host's name that stand before a dot and more; an address has digits only."""
    return "".join(re.findall(r"(?<![\w-])([\w-]++)(?=\.\w)", name))


def _wireless(match: str) -> list[tuple[str, str]]:
    return [("network", value) for value in re.findall(r"(?i)<(?:hex|name)>([^<>]+)<", match)]


def _guids(kind: str, match: str) -> list[tuple[str, str]]:
    return [(kind, found.strip("{}")) for found in re.findall(GUID, match)]


def _embedded(match: str) -> list[tuple[str, str]]:
    """Return the thumbprint behind subject, issuer and dates, unless a public authority issued it to all."""
    issuer = match.split("|", maxsplit=1)[0].rpartition(":")[2]
    public = is_public_authority(issuer) and not re.search(r"(?i)device|organization", issuer)
    return [] if public else [("certificate", match[-40:])]


def _stick(match: str) -> list[tuple[str, str]]:
    """Return the serial number of something plugged in, which has digits; Windows' own numbers hold a "&"."""
    name = re.split(r"\\+", match)[-1]
    return [("serial", name)] if re.search(r"\d{2}", name) and not VIRTUAL.search(match) else []


VIRTUAL = re.compile(r"(?i)VID_(?:0E0F|80EE|0627)\b|&VEN_(?:VMware|VBOX|QEMU|Msft)_?\b")
"""Makers of virtual hardware, which has the same number on every machine."""


Taken = Callable[[str], list[tuple[str, str]]]
"""From what a shape matched to the identifiers in it, each with its kind."""

IDS = ("enrolment", "person", "owner", "retries", "refused", "adapter", "mapped")
"""Shapes that hold nothing but ids."""

AT_THE_END = {
    "mac_spaced": ("mac", 17),
    "directory": ("tenant", 36),
    "join": ("certificate", 40),
    "thumbprint": ("certificate", 40),
    "volume": ("id", 36),
    "bluetooth": ("mac", 12),
}
"""Shapes whose last so many signs are the identifier, with its kind."""

OF_PEOPLE: dict[str, Taken] = {
    "acting": _acting,
    "renamed": _renamed,
    "net_user": lambda match: [("user", match.rsplit(" ", 1)[1])],
    "possession": lambda match: [("user", re.split(r"['’]s", match)[0])],
    "synced": lambda match: [("tenant", match.split(" - ", 1)[1])],
    "whoami": lambda match: _acting(match.rsplit(maxsplit=1)[0]),
    "account_of": lambda match: _acting(re.split(r"[:=]\s*\\*\"?", match, maxsplit=1)[1]),
    "impersonated": lambda match: [("user", match.rpartition("\\")[2])],
    "signed_in": lambda match: [("user", match.split("name=", 1)[1])],
    "made": lambda match: [("user", re.split(r"[\[\]<>']", match)[1])],
    "naming": lambda match: _renamed(match[-20:]),
}
"""Shapes that name a person, an account or whose device it is."""

OF_THINGS: dict[str, Taken] = {
    "archive": lambda match: [("host", re.sub(r"(?i)^DiagLogs-|-\d{8}T?\d*$", "", match))],
    "serial": _serial,
    "proxy": lambda match: [("host", re.sub(r"^\w+=|:\d+$", "", match))],
    "bypass": _bypass,
    "alternative": lambda match: [("host", re.sub(r"(?i)^DNS(?: ?Name)?[:=]\s?(?:\*\.)?", "", match))],
    "wireless": _wireless,
    "network_name": lambda match: [("network", match.split('"')[3])],
    "embedded": _embedded,
    "reference": lambda match: [("certificate", match[-44:-4])],
    "stick": lambda match: _stick(re.sub(r"&\d$", "", match)),
    "place": lambda match: [("place", re.split(r"[:=\s\"']+", match)[-1])],
    "principal": lambda match: _principal(match.split("/", 1)[1]),
    "key_file": lambda match: _guids("id", match[-37:]),
    "property": lambda match: _property(match.split("=", 1)[1].lstrip("\\\"'")),
    "secure": lambda match: [("key", re.split(r"[\"']", match)[1])],
    "script": lambda match: [("host", match.split()[1].rpartition(":")[0])],
    "credential": lambda match: [("key", match.split()[-1])] if re.search(r"\d", match) else [],
}
"""Shapes that name hosts, networks, keys and things plugged in."""


def _ending(kind: str, signs: int) -> Taken:
    return lambda match: [(kind, match[-signs:])]


TOLD: dict[str, Taken] = {
    **dict.fromkeys(IDS, partial(_guids, "id")),
    **{name: _ending(kind, signs) for name, (kind, signs) in AT_THE_END.items()},
    **OF_PEOPLE,
    **OF_THINGS,
}
"""What is told from the rest of a match, for shapes that hold more than the identifier."""


def _ip(kind: str, match: str) -> Iterable[tuple[str, str]]:
    try:
        if match.startswith(("1.3.", "2.5.")):  # the number of an object in certificates
            return []
        address = ipaddress.ip_address(match.rstrip(":") if not match.endswith("::") else match)
    except ValueError:
        return []
    if kind == "ipv6" and not (match[:2].lower() in ("fe", "fd", "fc", "ff") or match[0] in "23"):
        return []
    return [("ip", str(match))] if points_at_somebody(address) else []


def _folder(name: str) -> Iterable[tuple[str, str]]:
    whole = name.strip().rstrip(".)'")
    first = re.split(r"[\s)'\]]", whole, maxsplit=1)[0]
    spaced = whole if whole.count(" ") <= 2 and len(whole) <= 40 else first
    return [("user", spaced), ("user", first)] if len(first) > 1 else []


def _subject(match: str) -> Iterator[tuple[str, str]]:
    """Yield what a name in a certificate or a directory names; of a public authority only ids."""
    parts = re.findall(rf"({PARTS})\s?=\s?({PART_VALUE})", match, re.IGNORECASE)
    public = any(label.upper() == "O" and is_public_authority(value) for label, value in parts)
    for label, written in parts:
        value = written.strip().strip('\\" ')
        place = label.upper() in ("L", "S", "ST", "C") or (label.upper() == "DC" and len(value) < 4)
        named = AUTHORITY.search(value) or is_public_authority(value)
        if len(value) > 2 and not (place or named or (public and not re.fullmatch(GUID, value))):
            yield "certificate", value.strip("{}")


AUTHORITY = re.compile(r"\b(?:CA|Root|Certification|Certificate|Authority|Authorized)\b|\(c\)|^www\.|^http")
"""What only an authority is called, or what it says of itself."""


def _url(match: str) -> Iterable[tuple[str, str]]:
    host = re.split(r"://|%3a%2f%2f|:\\/\\/", match, maxsplit=1, flags=re.IGNORECASE)[1]
    found = []
    login, at, rest = re.split(r"[/\\?#]|%2f", host, maxsplit=1, flags=re.IGNORECASE)[0].rpartition("@")
    if "=" in rest:  # a name in a directory
        return []
    if at:
        found += [("user", part) for part in login.split(":") if len(part) > 2]
    name = rest.split(":")[0].strip(".")
    if re.fullmatch(r"\d+(?:\.\d+){3}", name):
        return [*found, *_ip("ipv4", name)]
    return [*found, ("host", name)] if "." in name or "-" in name or len(name) > 5 else found


def matches(texts: pl.Series, pattern: str) -> list[str]:
    """Return what a pattern finds in texts, each once, in order.

    Args:
        texts: What is searched.
        pattern: A regular expression as Polars takes it.
    """
    hits = texts.filter(texts.str.contains(pattern))
    return hits.str.extract_all(pattern).explode().drop_nulls().unique(maintain_order=False).sort().to_list()
