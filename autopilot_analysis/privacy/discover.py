"""Finds what names a person, a device or an organisation: by its column, its label or its shape."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from typing import NamedTuple

import polars as pl

from autopilot_analysis.facts import read_facts
from autopilot_analysis.privacy.plausible import GUID, identifiers_in, points_at_somebody
from autopilot_analysis.privacy.structure import TELEMETRY, enrolments, named_cells, named_fields
from autopilot_analysis.privacy.unfold import unfold
from autopilot_analysis.privacy.words import generic, is_public_host, well_known_sid
from autopilot_analysis.tables import SCHEMAS

WHOLE = {
    "device": "device",
    "serial": "serial",
    "name": "host",
    "computer": "host",
    "user": "user",
    "user_sid": "sid",
    "identity": "user",
    "host": "host",
    "tenant_id": "tenant",
    "tenant_domain": "tenant",
    "entra_device_id": "id",
    "intune_device_id": "id",
}
"""Columns whose whole value is one identifier, where the schema calls them personal, and of what kind."""

SHAPES: dict[str, str] = {
    "user": r"[\p{L}\p{N}._%+'-]{1,64}@[\p{L}\p{N}-]{1,63}(?:\.[\p{L}\p{N}-]{1,63})+",
    "sid": r"(?i)\bS[-_]1[-_](?:5[-_]21|12[-_]1|5[-_]83[-_]1|5[-_]82)(?:[-_]\d{1,10}){3,8}",
    "mac_spaced": r"(?i)\b(?:bssid|mac(?: ?address)?|physical ?address)\W{0,6}"
    r"[0-9a-f]{2}(?: [0-9a-f]{2}){5}\b",
    "mac": r"(?i)\b[0-9a-f]{2}(?:[:-][0-9a-f]{2}){5,}\b|\b[0-9a-f]{4}\.[0-9a-f]{4}\.[0-9a-f]{4}\b",
    "ipv4": r"(?i)_\d{1,10}(?:\.\d{1,10}){3}_(?:x64|x86|arm|neutral)|"
    r"[a-z0-9+/]*[a-z+/]\.\d{1,10}(?:\.\d{1,10})+|~\d{1,10}(?:\.\d{1,10})+|"
    r"(?:\b\w{0,30}ver(?:sion)?"
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
    "hash": r"(?:^|[^A-Za-z0-9+/=])T0[A-Za-z0-9+/]{100,}={0,2}",
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
    split = _texts(frames)
    texts = split.both()
    labelled = [*_from_rows(frames), *_from_labels(split.plain), *_from_labels(split.windows, certain=True)]
    labelled += [*_from_pairs(texts), *_from_telemetry(texts)]
    for kind, original in (*labelled, *enrolments(frames), *named_fields(frames), *_from_shapes(texts)):
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


def own_word(kind: str, original: str) -> bool:
    """Whether the key of a device is the plain word its export was called by, such as "ime" or "logs".

    It is hidden where it stands as the key of a device. In texts the same word means something else.
    """
    return kind == "device" and original.islower() and re.sub(r"[-_ .]", "", original).isalpha()


class _Found:
    """Identifiers, each once, as first written; compound ones with their parts."""

    def __init__(self) -> None:
        self.by_text: dict[str, tuple[str, str]] = {}

    def keep(self, kind: str, original: str, *, certain: bool = False) -> None:
        """Add one, unless it names nobody; a value from a column of its own is certain to name somebody."""
        original = original.strip().strip("\"'").strip()
        known = self.by_text.get(original.lower())
        if len(original) < 2 or len(original) > LONGEST or (known and not own_word(*reversed(known))):
            return
        if generic(original, kind=kind, certain=certain) or well_known_sid(original):
            return
        if kind == "user" and original.endswith("$"):  # the account of a computer
            self.keep("host", original[:-1].rpartition("\\")[2])
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


def _texts(frames: Mapping[str, pl.DataFrame]) -> _Texts:
    """Return every distinct text of every frame, and what is wrapped in it."""
    said, other = [], []
    for frame in frames.values():
        columns = [name for name in frame.columns if frame.schema[name] == pl.String]
        if {"provider", "data"} <= set(columns):
            means = frame.select(pl.col("provider").is_null() | names_by_label()).to_series()
            said.append(frame.filter(~means)["data"].unique().rename("text"))
            other.append(frame.filter(means)["data"].unique().rename("text"))
            columns.remove("data")
        other += [frame[name].unique().rename("text") for name in columns]
    return _Texts(_unfolded(other), _unfolded(said))


class _Texts(NamedTuple):
    """Texts by what a label in them means."""

    plain: pl.Series
    """Where every label means what it says."""
    windows: pl.Series
    """Data of events whose provider calls other things a device, a machine or a user too."""

    def both(self) -> pl.Series:
        """Return all of them, each once."""
        return pl.concat([self.plain, self.windows]).unique()


def _unfolded(parts: list[pl.Series]) -> pl.Series:
    """Return texts and what is wrapped in them; JSON only with its escapes undone."""
    texts = pl.concat(parts or [pl.Series("text", [], pl.String)]).drop_nulls().unique()
    views = unfold(texts)["text"]
    escaped = texts.filter(texts.str.contains(r"^\s*[{\[]") & texts.str.contains(r'\\["\\/nrt]'))
    return views.filter(~views.is_in(escaped.implode())).unique()


def names_by_label() -> pl.Expr:
    """Return whether a provider's events mean somebody by a label such as "device name"."""
    listed = [re.escape(name) for name in read_facts("naming_providers")["provider"]]
    provider = pl.col("provider")
    return ~provider.str.contains(r"(?i)^(?:Microsoft-)?Windows-|^Service Control Manager$|^Disk$") | (
        provider.str.contains(rf"(?i)^(?:{'|'.join(listed)})")
    )


def _from_rows(frames: Mapping[str, pl.DataFrame]) -> Iterator[tuple[str, str]]:
    """Yield values of name and value tables whose name says what they are."""
    for frame in frames.values():
        if not {"name", "value"} <= set(frame.columns) or frame.schema["value"] != pl.String:
            continue
        plain = pl.col("name").str.to_lowercase().str.replace_all(r"[^a-z0-9]", "")
        kind = plain.replace_strict(labels(), default=None)
        if "key" in frame.columns:  # the networks a computer has known
            listed = pl.col("key").str.contains(r"(?i)\\NetworkList\\(?:Profiles|Signatures)\\")
            named = plain.is_in(["profilename", "description", "firstnetwork", "dnssuffix"])
            kind = pl.when(listed & named).then(pl.lit("network")).otherwise(kind)
        labelled = frame.select(kind.alias("kind"), "value").drop_nulls().unique()
        readings = unfold(labelled["value"])
        for row, value in readings.rows():
            yield from identifiers_in(labelled["kind"][row], value)


def _spelt(*, certain: bool) -> str:
    """Return a pattern of the labels, longest first.

    Args:
        certain: Only those that mean the same wherever they stand.
    """
    facts = read_facts("identifiers")
    known = facts.filter(pl.col("ambiguous").is_null()) if certain else facts
    names = (name.replace(" ", "[ _-]?") for name in known["label"])
    return "|".join(sorted(names, key=len, reverse=True))


def _from_labels(texts: pl.Series, *, certain: bool = False) -> Iterator[tuple[str, str]]:
    names = _spelt(certain=certain)
    start = rf"(?i)(?:\b|_)(?:{names})"
    quoted = rf"{start}\\{{0,2}}\"\s?[:=]\s?\\{{0,2}}\"[^\"\r\n]{{2,{LABELLED}}}"
    given = rf"{start}(?:\(s\))?\s?[:=]\s?\\{{0,2}}\"[^\"\r\n]{{2,{LABELLED}}}"
    tagged = rf"(?i)<(?:\w{{1,20}}:)?(?:{names})>[^<\r\n]{{2,{LABELLED}}}<"
    valued = rf"(?i)\b(?:{names})\"\s{{1,4}}value=\"[^\"\r\n]{{2,{LABELLED}}}\""
    plain = rf"(?i)\b(?:{names})(?:\(s\))?\\{{0,2}}[\"']?\s{{0,12}}"
    plain += r"(?:(?:\bis\s{0,3})?[:=]|->|\bis\b)\s{0,3}\\{0,2}"
    plain += rf"['\[{{(]?[^\s\"',;<>\[\]{{}}()|]{{2,{LABELLED}}}"
    value = re.compile(
        r"(?:value=|>|[:=]|->|\sis\s{1,3}[:=]?)[\s\\\"'\[{(]*([^\s\"'\[{(].*?)[\\\"<'.:]*\Z",
        re.IGNORECASE | re.DOTALL,
    )
    label = re.compile(rf"(?:<(?:\w{{1,20}}:)?|_)?({names})", re.IGNORECASE)
    for pattern in (quoted, given, tagged, valued, plain):
        for match in _matches(texts, pattern):
            named = label.match(match)
            body = value.search(match, named.end()) if named else None
            prose = body is not None and " is " in body[0][:4] and not re.search(r"[\d@\\\\]", body[1])
            if named and body and not prose:
                yield from identifiers_in(labels()[re.sub(r"[^a-z0-9]", "", named[1].lower())], body[1])


def _from_pairs(texts: pl.Series) -> Iterator[tuple[str, str]]:
    """Yield values whose name stands in a field of its own beside them, as traces write settings."""
    names = _spelt(certain=False)
    pair = rf'(?i)"(?:\w{{0,20}}name|message1)"\s?:\s?"({names})"\s?,\s?'
    pair += r'(?:"\w{1,20}"\s?:\s?[\w.-]{1,20}\s?,\s?)?'
    pair += rf'"(?:\w{{0,20}}value|\w{{0,20}}data|message2)"\s?:\s?"([^"\r\n]{{2,{LABELLED}}})"'
    taken = re.compile(pair)
    for match in _matches(texts, pair):
        if found := taken.match(match):
            yield from identifiers_in(labels()[re.sub(r"[^a-z0-9]", "", found[1].lower())], found[2])


def _from_telemetry(texts: pl.Series) -> Iterator[tuple[str, str]]:
    """Yield what rows of the agent's telemetry hold under their own names of columns."""
    for name, value in named_cells(_matches(texts, TELEMETRY)):
        if kind := labels().get(re.sub(r"[^a-z0-9]", "", name.lower())):
            yield from identifiers_in(kind, value)


def _from_shapes(texts: pl.Series) -> Iterator[tuple[str, str]]:
    versions: set[str] = set()
    plain: list[str] = []
    for kind, pattern in SHAPES.items():
        for match in _matches(texts, pattern):
            if kind == "ipv4":
                (
                    plain.append
                    if match[0].isdigit()
                    else lambda text: versions.update(re.findall(r"(?<!\d)\d+(?:\.\d+)+", text))
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


def _stick(match: str) -> list[tuple[str, str]]:
    """Return the serial number of something plugged in, which has digits; Windows' own numbers hold a "&"."""
    name = re.split(r"\\+", match)[-1]
    return [("serial", name)] if re.search(r"\d{2}", name) else []


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
    "reference": lambda match: [("certificate", match[-44:-4])],
    "net_user": lambda match: [("user", match.rsplit(" ", 1)[1])],
    "person": lambda match: _guids("id", match),
    "owner": lambda match: _guids("id", match),
    "retries": lambda match: _guids("id", match),
    "refused": lambda match: _guids("id", match),
    "stick": lambda match: _stick(re.sub(r"&\d$", "", match)),
    "bluetooth": lambda match: [("mac", match[-12:])],
    "possession": lambda match: [("user", re.split(r"['’]s", match)[0])],
    "place": lambda match: [("place", re.split(r"[:=\s\"']+", match)[-1])],
    "credential": lambda match: [("key", match.split()[-1])] if re.search(r"\d", match) else [],
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


def _subject(match: str) -> Iterable[tuple[str, str]]:
    part, _, value = match.partition("=")
    value = value.strip().strip('\\"')
    if part.strip().upper() == "DC" and len(value) < 4:
        return []
    named = re.search(
        r"\b(?:CA|Root|Certification|Certificate|Authority|Authorized)\b|\(c\)|^www\.|^http", value
    )
    return [("certificate", value)] if len(value) > 2 and not named else []


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
