"""Names of people and their accounts: mail addresses, SIDs, profile folders, whoever acts or owns."""

from __future__ import annotations

import re

from autopilot_analysis.privacy.shapes.shape import Found, Shape, last, whole

ROOTS = frozenset(
    ["builtin", "software", "system", "hklm", "hkcu", "hkcr", "hku", "authority", "service", "apppool"]
)
"""What stands before a backslash and is no domain."""


def _account(match: str) -> Found:
    domain, _, name = match.rsplit(maxsplit=1)[-1].replace("\\\\", "\\").partition("\\")
    if match.rstrip().endswith("\\") or domain.lower() in ROOTS or domain.lower().startswith("hkey"):
        return []
    return [("tenant", domain), ("user", name)]


def _folder(match: str) -> Found:
    name = re.split(r"[\\/]+|%5[cC]|%2[fF]", match)[-1].strip().rstrip(".)'")
    first = re.split(r"[\s)'\]]", name, maxsplit=1)[0]
    spaced = name if name.count(" ") <= 2 and len(name) <= 40 else first
    return [("user", spaced), ("user", first)] if len(first) > 1 else []


SHAPES = {
    "user": Shape(
        r"[\p{L}\p{N}._%+'-]{1,64}@[\p{L}\p{N}-]{1,63}(?:\.[\p{L}\p{N}-]{1,63})+",
        whole("user"),
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
        _account,
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
    "whoami": Shape(
        r"\b[\p{L}\p{N}-]{2,15}\\{1,4}[\p{L}\p{N}._$ -]{2,64}?\s{1,8}S-1-(?:5-21|12-1)-",
        lambda match: _account(match.rsplit(maxsplit=1)[0]),
    ),
    "account_of": Shape(
        r"(?i)(?:user|owner|account)(?:[ _]?(?:name|context))?\\{0,3}\"?\s{0,2}[:=]"
        r"\s{0,2}\\{0,3}\"?[A-Z0-9][A-Z0-9-]{1,14}\\{1,4}[\p{L}\p{N}._$-]{2,64}[\\ ]?",
        lambda match: _account(re.split(r"[:=]\s*\\*\"?", match, maxsplit=1)[1]),
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
