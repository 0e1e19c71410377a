"""Names of people and their accounts: mail addresses, SIDs, profile folders, whoever acts or owns."""

from __future__ import annotations

import re
from functools import cache

from autopilot_analysis.facts import read_facts
from autopilot_analysis.privacy.shapes.shape import Found, Shape, last, whole

FILE = re.compile(r"(?i)\.(?:exe|dll|sys|msi|ps1|cmd|bat|vbs|log|txt|ini|inf|mui|etl|evtx|cab|dat)$")


@cache
def _not_domains() -> frozenset[str]:
    return frozenset(read_facts("not_domains")["word"])


def account(domain: str, name: str) -> Found:
    """Return a domain and its account, unless it is a path of the registry, of a device or of a file.

    Args:
        domain: What stands before the backslash.
        name: What stands behind it.
    """
    path = domain.lower() in _not_domains() or domain.lower().startswith("hkey") or FILE.search(name)
    return [] if path else [("tenant", domain), ("user", name)]


def _acting(match: str) -> Found:
    domain, _, name = match.rsplit(maxsplit=1)[-1].replace("\\\\", "\\").partition("\\")
    return [] if match.rstrip().endswith("\\") else account(domain, name)


def _alone(match: str) -> Found:
    """Return a domain in capitals and its account, between blanks, quotes, brackets or tags."""
    domain, _, name = match.strip(DELIMITERS).replace("\\\\", "\\").partition("\\")
    return account(domain, name) if re.search(r"[A-Z]{2}", domain) else []


DELIMITERS = " \t\r\n\"'<>()[]{}=:;,/"
CLIENT = r"\b(?:Client|Server): [\p{L}\p{N}._$-]{2,64} @ [\p{L}\p{N}.-]{2,120}"
SESSION = (
    r"(?m)^[ >][\p{L}\p{N}._-]{2,20} {1,24}(?:(?:console|rdp-tcp#\d{1,5}|services) {1,20})?"
    r"\d{1,5} {1,10}(?:Active|Disc)\b"
)
"""A line of `quser`."""
MEMBERS = (
    r"(?i)\b(?:Members|Mitglieder|Membres|Miembros|Membri|Leden)\s{1,4}-{20,}\r?\n"
    r"(?:[^\r\n]{2,64}\r?\n){1,60}"
)
"""What `net localgroup` lists, up to its last sentence."""


def _members(match: str) -> Found:
    lines = re.split(r"-{20,}", match)[1].split("\n")
    return [("user", line.strip()) for line in lines if not re.search(r"\.$|\s.*\s", line.strip())]


def _folder(match: str) -> Found:
    name = re.split(r"[\\/]+|%5[cC]|%2[fF]", match)[-1].strip().rstrip(".)'")
    first = re.split(r"[\s)'\]]", name, maxsplit=1)[0]
    spaced = name if name.count(" ") <= 2 and len(name) <= 40 else first
    return [("user", spaced), ("user", first)] if len(first) > 1 else []


SHAPES = {
    "user": Shape(
        r"[\p{L}\p{N}._%+'-]{1,64}@[\p{L}\p{N}-]{1,63}(?:\.[\p{L}\p{N}-]{1,63})+",
        whole("user"),
        near=r"[^\s]@\w",
    ),
    "sid": Shape(
        r"(?i)\bS[-_]1[-_](?:5[-_]21|12[-_]1|5[-_]83[-_]1|5[-_]82)(?:[-_]\d{1,10}){3,8}", whole("sid")
    ),
    "folder": Shape(
        r"(?i)(?:\busers|\b[a-z]:[\\/]{1,4}profiles|\bdocuments and settings|\bhomes?\$)"
        r"(?:[\\/]{1,4}|%5c|%2f)[^\\/:*?\"<>|\r\n\t,;%]{1,64}",
        _folder,
    ),
    "joined": Shape(
        r"(?i)\bAzureAD\\{1,4}[\p{L}\p{N}._-]{2,64}|\b(?:for|user) AzureAD_[\p{L}\p{N}._-]{2,64}",
        last("user", r"(?i)AzureAD(?:\\+|_)"),
    ),
    "net_user": Shape(r"(?i)\bnet1?(?:\.exe)? user [\p{L}\p{N}._-]{2,64}", last("user", " ")),
    "acting": Shape(
        r"(?i)\b(?:as|user|account|owner|by)\s(?:user\s|account\s)?[A-Z0-9][A-Z0-9-]{1,14}\\{1,4}"
        r"[\p{L}\p{N}._$-]{2,64}[\\ ]?",
        _acting,
    ),
    "possession": Shape(
        r"\b\p{Lu}[\p{L}-]{1,30}['’]s\s(?:"
        r"iPhone|iPad|AirPods|Buds|Galaxy|Phone|phone|Laptop|laptop|PC|MacBook|"
        r"Surface|headphones|Headphones|mouse|Mouse|keyboard|Keyboard)\b",
        lambda match: [("user", re.split(r"['’]s", match)[0])],
    ),
    "place": Shape(
        r"(?i)\b(?:lat|lon|lng)(?:itude|gitude)?[\"']{0,2}\s?[:=]\s?[\"']?-?\d{1,3}\.\d{3,15}",
        last("place", r"[:=\s\"']+"),
    ),
    "synced": Shape(
        r"(?i)\bOneDrive - [^\\/:*?\"<>|\r\n]{2,64}", lambda m: [("tenant", m.split(" - ", 1)[1])]
    ),
    "alone": Shape(
        r"(?:^|[\s\"'<>(\[=/])[A-Z0-9][A-Z0-9-]{1,14}\\{1,4}[\p{L}\p{N}][\p{L}\p{N}._$ -]{0,40}[\p{L}\p{N}_$]"
        r"(?:[\"'<>)\]}]|\s*$)"
        r"|(?:^|[\s\"'<>(\[=/])[A-Z0-9][A-Z0-9-]{1,14}\\{1,4}[\p{L}\p{N}][\p{L}\p{N}._$-]{1,63}[\s,;]",
        _alone,
    ),
    "ticket": Shape(
        CLIENT,
        lambda match: [("user", match.split()[1]), ("tenant", match.split()[-1])],
    ),
    "session": Shape(SESSION, lambda match: [("user", match[1:].split()[0])]),
    "members": Shape(MEMBERS, _members),
    "searched": Shape(r"(?i)\bidentity: '[^'\r\n=]{2,64}'", lambda match: [("user", match.split("'")[1])]),
    "managed": Shape(
        r"[\p{L}\p{N}._-]{2,64}_(?:Windows\w{0,4}|iPhone|iPad|Mac\w{0,4}|Android\w{0,20})"
        r"_\d{1,2}/\d{1,2}/\d{4}_\d{1,2}:\d{2} [AP]M",
        lambda match: [("user", match), ("user", re.split(r"_(?:W|iP|Mac|And)", match)[0])],
    ),
    "account_path": Shape(r"(?i)/Accounts/Users/[^/\"\s\\]{1,64}", last("user", "/")),
    "whoami": Shape(
        r"\b[\p{L}\p{N}-]{2,15}\\{1,4}[\p{L}\p{N}._$ -]{2,64}?\s{1,8}S-1-(?:5-21|12-1)-",
        lambda match: _acting(match.rsplit(maxsplit=1)[0]),
    ),
    "account_of": Shape(
        r"(?i)(?:user|owner|account)(?:[ _]?(?:name|context))?\\{0,3}\"?\s{0,2}[:=]"
        r"\s{0,2}\\{0,3}\"?[A-Z0-9][A-Z0-9-]{1,14}\\{1,4}[\p{L}\p{N}._$-]{2,64}[\\ ]?",
        lambda match: _acting(re.split(r"[:=]\s*\\*\"?", match, maxsplit=1)[1]),
    ),
    "impersonated": Shape(
        r"(?i)\bAfter impersonation: [^\\\r\n]{1,15}\\{1,4}[\p{L}\p{N}._ -]{2,64}", last("user", r"\\")
    ),
    "signed_in": Shape(
        r"(?i)\bWindowsLive:\((?:cert|token)\):name=[^;\"\s]{3,80}",
        lambda match: [("user", match.split("name=", 1)[1])],
    ),
    "made": Shape(
        r"(?i)\b(?:user|account)(?: name)? ?[\[<'][\p{L}\p{N}._ -]{2,64}[\]>']",
        lambda match: [("user", re.split(r"[\[\]<>']", match)[1])],
    ),
    "phone": Shape(
        r"\+\d{1,3}[ .-]?\(?\d{2,4}\)?(?:[ .-]\d{2,5}){2,4}\b"
        r"|\+[1-9]\d{0,2}[ .-]?\(?\d{2,5}\)?[ .-]\d{5,10}\b",
        whole("user"),
    ),
}
"""Where a person, an account or whose device it is, is named."""
