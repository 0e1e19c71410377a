"""Finds what names a person, a device or an organisation: by its column, its label or its shape."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache

import polars as pl

from autopilot_analysis.facts import read_facts
from autopilot_analysis.privacy.structure import TELEMETRY, enrolments, named_cells
from autopilot_analysis.privacy.words import generic, is_public_host, well_known_sid
from autopilot_analysis.tables import SCHEMAS

WHOLE = {
    "device": "device", "serial": "serial", "name": "host", "computer": "host", "user": "user",
    "user_sid": "sid", "identity": "user", "host": "host",
    "tenant_id": "tenant", "tenant_domain": "tenant", "entra_device_id": "id", "intune_device_id": "id",
}  # fmt: skip
"""Columns whose whole value is one identifier, where the schema calls them personal, and of what kind."""

SHAPES: dict[str, str] = {
    "user": r"[\p{L}\p{N}._%+'-]{1,64}@[\p{L}\p{N}-]{1,63}(?:\.[\p{L}\p{N}-]{1,63})+",
    "sid": r"(?i)\bS[-_]1[-_](?:5[-_]21|12[-_]1|5[-_]83[-_]1|5[-_]82)(?:[-_]\d{1,10}){3,8}",
    "mac_spaced": r"(?i)\b(?:bssid|mac(?: ?address)?|physical ?address)\W{0,6}"
    r"[0-9a-f]{2}(?: [0-9a-f]{2}){5}\b",
    "mac": r"(?i)\b[0-9a-f]{2}(?:[:-][0-9a-f]{2}){5,}\b|\b[0-9a-f]{4}\.[0-9a-f]{4}\.[0-9a-f]{4}\b",
    "ipv4": r"(?i)_\d{1,10}(?:\.\d{1,10}){3}_(?:x64|x86|arm|neutral)|"
    r"(?:\b(?:file|product|agent|app|client|os|min|max)?_?ver(?:sion)?"
    r"[\"'\\]{0,3}\s{0,2}(?:\bis\b)?\s{0,2}[:=]?\s{0,2}[\"'\\]{0,3}v?)?"
    r"\d{1,10}(?:\.\d{1,10})+",
    "ipv6": r"(?i)\b[0-9a-f]{1,4}(?::[0-9a-f]{0,4}){2,7}(?:%\w{1,16})?",
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
    "account": r"(?i)\bAzureAD\\{1,4}[\p{L}\p{N}._-]{2,64}",
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
    r"[0-9a-f]{40}\b"
    r"|\d\d:\d\d:\d\d(?: [AP]M)?\|[0-9a-f]{40}\b",
    "volume": r"(?i)\bvolume\{[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}",
    "possession": r"\b\p{Lu}[\p{L}-]{1,30}['’]s\s(?:"
    r"iPhone|iPad|AirPods|Buds|Galaxy|Phone|phone|Laptop|laptop|PC|MacBook|"
    r"Surface|headphones|Headphones|mouse|Mouse|keyboard|Keyboard)\b",
    "place": r"(?i)\b(?:lat|lon|lng)(?:itude|gitude)?[\"']{0,2}\s?[:=]\s?[\"']?-?\d{1,3}\.\d{3,15}",
    "certificate": r"(?i)\b(?:CN|OU|O|DC|E|SERIALNUMBER|emailAddress)\s?=\s?"
    r"(?:\\?\"[^\"\\\r\n]{1,120}|[^,;\"'\r\n<>+/\\\]}]{1,120})",
    "key": r"(?i)\b[A-Z0-9]{5}(?:-[A-Z0-9]{5}){4}\b|\b\d{6}(?:-\d{6}){7}\b|\b\d{5}-\d{5}-\d{5}-[A-Z0-9]{5}\b",
    "token": r"\beyJ[A-Za-z0-9_-]{8,}(?:\.[A-Za-z0-9_-]{4,}){1,2}",
    "secret": r"(?i)[?&](?:sig|signature|token|code|access_token|"
    r"client_secret|assertion|password)=[^&\s\"'<>]{6,}",
    "credential": r"(?i)\b(?:bearer|basic|negotiate)\s[A-Za-z0-9+/=._~-]{16,}",
    "hash": r"\bT0[A-Za-z0-9+/]{30,}={0,2}|[A-Za-z0-9+/]{100,}={0,2}",
    "phone": r"\+\d{1,3}[ .-]?\(?\d{2,4}\)?(?:[ .-]\d{2,5}){2,4}\b"
    r"|\+[1-9]\d{0,2}[ .-]?\(?\d{2,5}\)?[ .-]\d{5,10}\b",
}
"""What can be told by its shape alone; each is linear in Polars' regular expressions."""

FULL_NAME = re.compile(r"[^\W\d_]{2,30}[._][^\W\d_]{2,30}")
"""A mail name of two words is somebody's name, which may stand with a blank elsewhere."""
ROOTS = frozenset(
    ["builtin", "software", "system", "hklm", "hkcu", "hkcr", "hku", "authority", "service", "apppool"]
)
"""What stands before a backslash and is no domain."""
LONGEST = 20_000
"""No identifier is longer, in characters; a hardware hash has about 4,000."""
LABELLED = 160
"""How long a value behind a label may be, in characters."""


def find_identifiers(frames: Mapping[str, pl.DataFrame]) -> dict[str, str]:
    """Return every identifier found in the frames, each once whatever its letter case, and its kind.

    Args:
        frames: Frames under their table's names; frames of other names are read for text only.
    """
    found = _Found()
    for kind, original in _from_columns(frames):
        found.keep(kind, original, certain=True)
    texts = _texts(frames)
    labelled = (*_from_rows(frames), *_from_labels(texts), *_from_pairs(texts), *_from_telemetry(texts))
    for kind, original in (*labelled, *enrolments(frames), *_from_shapes(texts)):
        found.keep(kind, original)
    for kind, original in list(_from_domains(texts, found.tenants())):
        found.keep(kind, original)
    return dict(found.by_text.values())


def personal_columns(table: str) -> list[str]:
    """Return the columns of a table whose whole value is one identifier."""
    schema = SCHEMAS.get(table)
    columns = schema.columns() if schema is not None else {}
    return [
        name for name, column in columns.items() if name in WHOLE and (column.metadata or {}).get("personal")
    ]


@cache
def labels() -> dict[str, str]:
    """Return the names of values that identify, letters and digits only, and the kind of each."""
    facts = read_facts("identifiers")
    return {
        re.sub(r"[^a-z0-9]", "", name): kind for name, kind in zip(facts["label"], facts["kind"], strict=True)
    }


class _Found:
    """Identifiers, each once, as first written; compound ones with their parts."""

    def __init__(self) -> None:
        self.by_text: dict[str, tuple[str, str]] = {}

    def keep(self, kind: str, original: str, *, certain: bool = False) -> None:
        """Add one, unless it names nobody; a value from a column of its own is certain to name somebody."""
        original = original.strip().strip("\"'").strip()
        if not original or len(original) > LONGEST or original.lower() in self.by_text:
            return
        if generic(original, kind=kind, certain=certain) or (kind == "sid" and well_known_sid(original)):
            return
        if kind == "user" and "@" in original:
            local, _, domain = original.rpartition("@")
            self.keep("user", local)
            if FULL_NAME.fullmatch(local):
                self.keep("user", re.sub(r"[._]", " ", local))
            if not is_public_host(domain):
                self.keep("tenant", domain)
        elif kind in ("user", "host", "tenant") and "\\" in original:
            domain, _, name = original.replace("\\\\", "\\").rpartition("\\")
            self.keep("tenant" if kind == "user" else "host", domain.strip("\\"))
            self.keep(kind, name)
            return
        elif kind in ("host", "tenant") and is_public_host(original):
            return
        self.by_text[original.lower()] = (original, kind)

    def tenants(self) -> list[str]:
        """Return the domains of organisations."""
        names = [original for original, kind in self.by_text.values() if kind == "tenant"]
        return [name for name in names if re.fullmatch(r"[\w-]+(?:\.[\w-]+)+", name)]


def _from_columns(frames: Mapping[str, pl.DataFrame]) -> Iterator[tuple[str, str]]:
    order = list(WHOLE)
    pairs = [
        (name, table) for table in frames for name in personal_columns(table) if name in frames[table].columns
    ]
    for name, table in sorted(pairs, key=lambda pair: order.index(pair[0])):
        for original in frames[table][name].drop_nulls().unique(maintain_order=True).to_list():
            kind = WHOLE[name]
            sid = original.upper().startswith("S-1-")
            yield ("sid" if sid else kind), original


def _texts(frames: Mapping[str, pl.DataFrame]) -> pl.Series:
    """Return every distinct text of every frame."""
    parts = [
        frame[name].unique()
        for frame in frames.values()
        for name in frame.columns
        if frame.schema[name] == pl.String
    ]
    texts = pl.concat([part.rename("text") for part in parts]) if parts else pl.Series("text", [], pl.String)
    return texts.drop_nulls().unique()


def _from_rows(frames: Mapping[str, pl.DataFrame]) -> Iterator[tuple[str, str]]:
    """Yield values of name and value tables whose name tells what they are."""
    for frame in frames.values():
        if not {"name", "value"} <= set(frame.columns) or frame.schema["value"] != pl.String:
            continue
        plain = pl.col("name").str.to_lowercase().str.replace_all(r"[^a-z0-9]", "")
        kind = plain.replace_strict(labels(), default=None)
        if "key" in frame.columns:  # the networks a computer has known
            listed = pl.col("key").str.contains(r"(?i)\\NetworkList\\(?:Profiles|Signatures)\\")
            named = plain.is_in(["profilename", "description", "firstnetwork", "dnssuffix"])
            kind = pl.when(listed & named).then(pl.lit("network")).otherwise(kind)
        told = frame.select(kind.alias("kind"), "value").drop_nulls().unique()
        for kind, value in told.rows():
            yield from _told(kind, value)


def _from_labels(texts: pl.Series) -> Iterator[tuple[str, str]]:
    names = "|".join(
        sorted(
            (name.replace(" ", "[ _-]?") for name in read_facts("identifiers")["label"]),
            key=len,
            reverse=True,
        )
    )
    quoted = rf"(?i)(?:\b|_)(?:{names})\\{{0,2}}\"\s?[:=]\s?\\{{0,2}}\"[^\"\r\n]{{2,{LABELLED}}}"
    tagged = rf"(?i)<(?:\w{{1,20}}:)?(?:{names})>[^<\r\n]{{2,{LABELLED}}}<"
    valued = rf"(?i)\b(?:{names})\"\s{{1,4}}value=\"[^\"\r\n]{{2,{LABELLED}}}\""
    plain = rf"(?i)\b(?:{names})(?:\(s\))?\\{{0,2}}[\"']?\s{{0,12}}"
    plain += r"(?:(?:\bis\s{0,3})?[:=]|->|\bis\b)\s{0,3}\\{0,2}"
    plain += rf"[\"'\[{{(]?[^\s\"',;<>\[\]{{}}()|]{{2,{LABELLED}}}"
    value = re.compile(
        r"(?:value=|>|[:=]|->|\sis\s{1,3}[:=]?)[\s\\\"'\[{(]*([^\s\"'\[{(].*?)[\\\"<'.:]*\Z",
        re.IGNORECASE | re.DOTALL,
    )
    label = re.compile(rf"(?:<(?:\w{{1,20}}:)?|_)?({names})", re.IGNORECASE)
    for pattern in (quoted, tagged, valued, plain):
        for match in _matches(texts, pattern):
            told = label.match(match)
            body = value.search(match, told.end()) if told else None
            prose = body is not None and " is " in body[0][:4] and not re.search(r"[\d@\\\\]", body[1])
            if told and body and not prose:
                yield from _told(labels()[re.sub(r"[^a-z0-9]", "", told[1].lower())], body[1])


def _from_pairs(texts: pl.Series) -> Iterator[tuple[str, str]]:
    """Yield values whose name stands in a field of its own beside them, as traces write settings."""
    names = "|".join(name.replace(" ", "[ _-]?") for name in read_facts("identifiers")["label"])
    pair = rf'(?i)"(?:\w{{0,20}}name|message1)"\s?:\s?"({names})"\s?,\s?'
    pair += r'(?:"\w{1,20}"\s?:\s?[\w.-]{1,20}\s?,\s?)?'
    pair += rf'"(?:\w{{0,20}}value|\w{{0,20}}data|message2)"\s?:\s?"([^"\r\n]{{2,{LABELLED}}})"'
    taken = re.compile(pair)
    for match in _matches(texts, pair):
        if told := taken.match(match):
            yield from _told(labels()[re.sub(r"[^a-z0-9]", "", told[1].lower())], told[2])


def _from_telemetry(texts: pl.Series) -> Iterator[tuple[str, str]]:
    """Yield what rows of the agent's telemetry hold under their own names of columns."""
    for name, value in named_cells(_matches(texts, TELEMETRY)):
        if kind := labels().get(re.sub(r"[^a-z0-9]", "", name.lower())):
            yield from _told(kind, value)


def _told(kind: str, value: str) -> Iterator[tuple[str, str]]:
    """Yield what a labelled value holds; lists are taken apart, and prose is not an identifier."""
    for part in re.split(r"[,;\x00\n]\s*", value):
        original = part.strip()
        if (
            kind in ("id", "address", "certificate")
            and not any(sign.isdigit() for sign in original)
            and "=" not in original
        ):
            continue
        if kind == "id" and len(original) < 12:
            continue
        if kind in ("host", "tenant") and re.search(r"&.*=", original):  # a parameter of a web address
            original = original.split("&", maxsplit=1)[0]
            if "." not in original:
                continue
        if kind == "address":
            yield from _addresses(original)
        elif kind == "host":
            yield kind, re.sub(r"^\w{2,8}=|^\w{2,8}://|^\*\.|:\d{1,5}$", "", original)
        elif len(original) >= 3:
            yield kind, original


def _addresses(text: str) -> Iterator[tuple[str, str]]:
    plain = re.sub(r"\(.*", "", text).split("%")[0].split("/")[0]
    try:
        address = ipaddress.ip_address(plain)
    except ValueError:
        yield "mac" if re.fullmatch(r"[0-9A-Fa-f:.-]{12,17}", plain) else "ip", plain
    else:
        if _private(address):
            yield "ip", plain


def _from_shapes(texts: pl.Series) -> Iterator[tuple[str, str]]:
    versions: set[str] = set()
    plain: list[str] = []
    for kind, pattern in SHAPES.items():
        for match in _matches(texts, pattern):
            if kind == "ipv4":
                (
                    plain.append
                    if match[0].isdigit()
                    else lambda told: versions.update(re.findall(r"(?<!\d)\d+(?:\.\d+)+", told))
                )(match)
            else:
                yield from _shaped(kind, match)
    for candidate in plain:
        if candidate not in versions and candidate.count(".") == 3:
            yield from _shaped("ipv4", candidate)


def _shaped(kind: str, match: str) -> Iterable[tuple[str, str]]:
    """Return the identifiers in one match of a shape, or none when a closer look says otherwise."""
    if kind in ("ipv4", "ipv6"):
        return _ip(kind, match.split("%", maxsplit=1)[0])
    if kind == "host":
        return [("host", match)] if not match.islower() or re.search(r"\d", match) else []  # "win-session"
    if kind == "hash_file":
        return [("host", match[len("DeviceHash_") : -len(".csv")])]
    if kind == "inner_host":
        return [("host", match)] if not generic(match.split(".", maxsplit=1)[0]) else []
    if kind == "mac" and "." in match and match.replace(".", "").isdigit():
        return []  # a version, not Cisco's way to write an address
    if kind == "mac":
        return [("mac", match)] if len(match) in (14, 17) and len(set(match) - set(":-.")) > 1 else []
    if kind == "folder":
        return _folder(re.split(r"[\\/]+|%5[cC]|%2[fF]", match)[-1])
    if kind == "unc":
        return [("host", re.sub(r"^[\s\"'=(,;]?\\+|\\+.?$", "", match))]
    if kind == "account":
        return [("user", re.split(r"\\+", match)[1])]
    if kind == "certificate":
        return _subject(match)
    if kind in TOLD:
        return TOLD[kind](match)
    if kind == "hash":
        mixed = (
            any(s.islower() for s in match)
            and any(s.isupper() for s in match)
            and any(s.isdigit() for s in match)
        )
        return [("hash", match)] if mixed and match.count("/") * 15 < len(match) else []
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


TOLD: dict[str, Callable[[str], list[tuple[str, str]]]] = {
    "mac_spaced": lambda match: [("mac", match[-17:])],
    "acting": _acting,
    "renamed": _renamed,
    "archive": lambda match: [("host", re.sub(r"(?i)^DiagLogs-|-\d{8}T?\d*$", "", match))],
    "serial": _serial,
    "proxy": lambda match: [("host", re.sub(r"^\w+=|:\d+$", "", match))],
    "bypass": _bypass,
    "alternative": lambda match: [("host", re.sub(r"(?i)^DNS(?: ?Name)?[:=]\s?(?:\*\.)?", "", match))],
    "wireless": _wireless,
    "network_name": lambda match: [("network", match.split('"')[3])],
    "directory": lambda match: [("tenant", match[-36:])],
    "join": lambda match: [("certificate", match[-40:])],
    "thumbprint": lambda match: [("certificate", match[-40:])],
    "volume": lambda match: [("id", match[-36:])],
    "possession": lambda match: [("user", re.split(r"['’]s", match)[0])],
    "place": lambda match: [("place", re.split(r"[:=\s\"']+", match)[-1])],
    "credential": lambda match: [("key", match.split()[-1])] if re.search(r"\d", match) else [],
}
"""What is told from the rest of a match, for shapes that hold more than the identifier."""


def _ip(kind: str, match: str) -> Iterable[tuple[str, str]]:
    try:
        address = ipaddress.ip_address(match.rstrip(":") if not match.endswith("::") else match)
    except ValueError:
        return []
    if kind == "ipv6" and not (match[:2].lower() in ("fe", "fd", "fc", "ff") or match[0] in "23"):
        return []
    return [("ip", str(match))] if _private(address) else []


def _private(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    """Whether an address can point at somebody: not loopback, unset, multicast or a mask."""
    special = address.is_loopback or address.is_unspecified or address.is_multicast
    return not (special or str(address).startswith(("255.", "0.", "224.", "127.")))


def _folder(name: str) -> Iterable[tuple[str, str]]:
    whole = name.strip().rstrip(".)'")
    first = re.split(r"[\s)'\]]", whole, maxsplit=1)[0]
    spaced = whole if whole.count(" ") <= 2 and len(whole) <= 40 else first
    return [("user", spaced), ("user", first)] if len(first) > 1 else []


def _subject(match: str) -> Iterable[tuple[str, str]]:
    part, _, value = match.partition("=")
    value = value.strip().strip('\\"')
    if part.strip().upper() == "DC" and len(value) < 4:
        return []
    return [("certificate", value)] if len(value) > 2 else []


def _url(match: str) -> Iterable[tuple[str, str]]:
    host = re.split(r"://|%3a%2f%2f|:\\/\\/", match, maxsplit=1, flags=re.IGNORECASE)[1]
    found = []
    login, at, rest = re.split(r"[/\\?#]|%2f", host, maxsplit=1, flags=re.IGNORECASE)[0].rpartition("@")
    if at:
        found += [("user", part) for part in login.split(":") if len(part) > 2]
    name = rest.split(":")[0].strip(".")
    return [*found, ("host", name)] if "." in name or "-" in name or len(name) > 5 else found


def _from_domains(texts: pl.Series, domains: list[str]) -> Iterator[tuple[str, str]]:
    """Yield hosts under the organisation's own domains, and the organisation's name within them."""
    for domain in domains:
        yield "tenant", domain.split(".")[0]
    for start in range(0, len(domains), 200):
        names = "|".join(re.escape(domain) for domain in domains[start : start + 200])
        yield from (
            ("host", match)
            for match in _matches(
                texts, rf"(?i)\b[a-z0-9][a-z0-9-]{{0,62}}(?:\.[a-z0-9-]{{1,63}}){{0,3}}\.(?:{names})\b"
            )
        )


def _matches(texts: pl.Series, pattern: str) -> list[str]:
    hits = texts.filter(texts.str.contains(pattern))
    return hits.str.extract_all(pattern).explode().drop_nulls().unique(maintain_order=False).sort().to_list()
