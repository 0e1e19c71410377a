"""What `netsh` and `ipconfig` print about proxy, firewall, adapters and wireless networks -> named facts."""

from __future__ import annotations

import re

from autopilot_analysis.errors import NotThisFormat
from autopilot_analysis.facts import shared_pattern
from autopilot_analysis.patterns import late
from autopilot_analysis.readers.reading import Reading
from autopilot_analysis.readers.text import decode
from autopilot_analysis.readers.texts.key_value import read_sections
from autopilot_analysis.readers.texts.properties import Properties

_PROXY = late(r"winhttp|proxy|proxi", re.IGNORECASE)
_PROXY_PAIR = late(r"\s++(?P<name>[^:\s][^:]{0,59}?)[\s\u00a0]*+:\s+(?P<value>\S.*)")

_POLICY = late(shared_pattern("FIREWALL POLICY") + r"\b", re.IGNORECASE)
"""What the firewall does with traffic that no rule is about; it is spelt so in every language."""
_COLUMNS = late(r"(?P<name>\S.{0,59}?)\s{2,}(?P<value>\S.*)")


def read_winhttp_proxy(content: bytes, member: str = "") -> Reading:
    """Return what `netsh winhttp show proxy` says: direct access, or a proxy and what goes past it.

    The command prints two pairs, server and bypass list, in this order in every language, or one indented
    sentence without a pair when access is direct.

    Args:
        content: The whole file.
        member: Its path inside the export, for messages.

    Returns:
        A reading of properties: "proxy server" and "bypass list"; "access" is "proxy" or "direct", and absent
        when a sentence in another language than English is all there is; each other line is "text". Section
        is the heading as written.

    Raises:
        NotThisFormat: The text mentions neither WinHTTP nor a proxy.
    """
    text = decode(content)
    if not _PROXY.search(text):
        raise NotThisFormat.of(member, "mentions neither WinHTTP nor a proxy.")
    found, names = Properties(), ["proxy server", "bypass list"]
    section = ""
    for record, line in enumerate(text.splitlines(), 1):
        pair = _PROXY_PAIR.match(line[:8192])
        if line.strip() and not line[0].isspace():
            section = line.strip(" :\t")
        elif pair and names:
            if len(names) == 2:
                found.add(section, "access", "proxy", record)
            found.add(section, names.pop(0), pair["value"].strip(), record)
        elif line.strip():
            if "direct access" in line.lower():
                found.add(section, "access", "direct", record)
            found.add(section, "text", line.strip(), record)
    return found.reading()


def read_ipconfig(content: bytes, member: str = "") -> Reading:
    """Return what `ipconfig /all` says, adapter by adapter.

    Args:
        content: The whole file.
        member: Its path inside the export, for messages.

    Returns:
        A reading of properties: section is the adapter's heading as written, name without dot leaders; a
        field with several values, such as DNS servers, leaves one row a value.

    Raises:
        NotThisFormat: No line has a name with dot leaders.
    """
    text = decode(content)
    if " . :" not in text and ". . :" not in text:
        raise NotThisFormat.of(member, "has no line with dot leaders as ipconfig prints them.")
    found = Properties()
    for line in read_sections(text):
        found.add(line.section, line.name or "text", line.value, line.record)
    return found.reading()


def read_netsh_wlan(content: bytes, member: str = "") -> Reading:
    """Return what `netsh wlan show profiles` and its kin say, heading by heading.

    Args:
        content: The whole file.
        member: Its path inside the export, for messages.

    Returns:
        A reading of properties: section is the heading as written; a line that is no pair is "text".

    Raises:
        NotThisFormat: No line is a pair of name and value.
    """
    found, pairs = Properties(), 0
    for line in read_sections(decode(content), hanging=40):
        pairs += line.name is not None
        found.add(line.section, line.name or "text", line.value, line.record)
    if not pairs:
        raise NotThisFormat.of(member, "has no lines of name and value.")
    return found.reading()


def read_firewall(content: bytes, member: str = "") -> Reading:
    """Return what `netsh advfirewall show allprofiles` says, profile by profile.

    The command prints columns under a heading and a rule of dashes; whether the profile is on comes first,
    then what it does without a rule, in this order in every language.

    Args:
        content: The whole file.
        member: Its path inside the export, for messages.

    Returns:
        A reading of properties: section is the profile's heading as written, "firewall state" the word that
        stands first under it, "firewall policy" such as "BlockInbound,AllowOutbound", other names as written.

    Raises:
        NotThisFormat: No line says what the firewall does by default.
    """
    text = decode(content)
    if not _POLICY.search(text):
        raise NotThisFormat.of(member, "says nowhere what the firewall does by default.")
    found, section, first = Properties(), "", False
    for record, line in enumerate(text.splitlines(), 1):
        pair, bare = _COLUMNS.match(line[:8192]), line.strip()
        if pair:
            policy = _POLICY.fullmatch(pair["value"].strip()) is not None
            name = "firewall policy" if policy else "firewall state" if first else pair["name"]
            found.add(section, name, pair["value"].strip(), record)
            first = False
        elif bare and not bare.strip("-"):
            first = True
        elif bare:
            section = bare.rstrip(":")
    return found.reading()
