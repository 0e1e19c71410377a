"""Words that name nobody: placeholders, built-in accounts, public hosts, well-known identifiers."""

from __future__ import annotations

import re
from functools import cache

from autopilot_analysis.facts import read_facts
from autopilot_analysis.privacy.pseudonyms import PUBLIC_MAIL

GENERIC = frozenset(
    """
    null none unknown true false yes no not is the a an and or for of in on at to by from with as this that it was
    are be been will can has have had does did n/a na nan nil empty missing required found failed failure error
    success succeeded available unavailable invalid valid present absent pending done ok enabled disabled
    system local network service localsystem localservice networkservice nt authority builtin everyone anonymous
    logon public default all users user guest administrator administrators admin owner test temp tmp defaultuser0
    defaultuser1 defaultuser100000 defaultaccount wdagutilityaccount systemprofile localhost minwinpc workgroup
    device host computer machine serial tenant name value string windows microsoft corporation intune azure azuread
    azuread.com entra autopilot mdm esp oobe laptop desktop server client domain company organization example
    example.com fooUser foouser info support mail noreply postmaster root daemon msft cn ou com net org edu gov
    us de en-us unspecified undefined redacted hidden domain.tld certificate subject issuer current new old id key
    account profile policy password phone email upn sid mac ip address state status type version code result
    http https www self other common organizations consumers appdata programdata roaming desktopini
    """.split()
)
"""Never an identifier, whatever the label before it says; lower case."""

PUBLIC_HOSTS = (
    "microsoft.com", "windows.com", "windows.net", "azure.com", "azure.net", "office.com", "office.net",
    "office365.com", "live.com", "microsoftonline.com", "microsoftonline-p.com", "msauth.net", "msftauth.net",
    "msftconnecttest.com", "msftncsi.com", "windowsupdate.com", "aka.ms", "azureedge.net", "azurefd.net", "msedge.net",
    "trafficmanager.net", "msidentity.com", "s-microsoft.com", "microsoftaik.azure.net", "digicert.com", "w3.org",
    "verisign.com", "symantec.com", "globalsign.com", "sectigo.com", "usertrust.com", "letsencrypt.org", "intel.com",
    "amd.com", "infineon.com", "st.com", "nuvoton.com", "google.com", "gstatic.com", "github.com", "bing.com",
    "adobe.com", "xmlsoap.org", "openxmlformats.org", "oasis-open.org", "schemas.microsoft.com",
)  # fmt: skip
"""Hosts that everybody talks to; they and what lies under them stay readable."""

TENANT_HOSTS = re.compile(r"\.(?:onmicrosoft|sharepoint)\.", re.IGNORECASE)
KNOWN_SID = re.compile(r"S-1-(?!5-21-|12-1-|5-83-1-|5-82-)[\d-]+\Z", re.IGNORECASE)
ISSUERS = re.compile(
    r"(?:microsoft|ms-organization|digicert|sectigo|globalsign|verisign|intel|amd|infineon|stm|nuvoton|ntc|baltimore|"
    r"usertrust|comodo|entrust|thawte|symantec|token signing|sccm|iso|win32|redmond|washington)",
    re.IGNORECASE,
)
VALUE = re.compile(
    r"(?:0x[0-9a-f]{1,8}|[0-9a-f]{0,4}|-?\d{1,4}(?:\.\d+)?|\{?[0-]{32,36}\}?|[^\w]*|[f0]{8}-.*|\d{1,2}:\d{2}(?::\d{2})?"
    r"|%\w{1,30}%?|\{\d\}|\(null\)|<null>|[A-Z]:)\Z",
    re.IGNORECASE,
)
"""Numbers, codes, empty GUIDs, format placeholders: values that stand for something else."""


def generic(original: str) -> bool:
    """Whether a word names nobody in particular, so that hiding it would only spoil the text."""
    plain = original.strip().lower()
    return (
        plain in GENERIC or plain in _placeholders() or bool(VALUE.match(plain)) or bool(ISSUERS.match(plain))
    )


def well_known_sid(original: str) -> bool:
    """Whether a SID is the same on every machine, such as S-1-5-18."""
    return bool(KNOWN_SID.match(original.strip()))


def is_public_host(name: str) -> bool:
    """Whether a host or mail domain belongs to Microsoft, a public authority or a public mail service."""
    plain = name.strip().lower().rstrip(".")
    if TENANT_HOSTS.search(f".{plain}"):
        return False
    return plain in PUBLIC_MAIL or any(plain == host or plain.endswith(f".{host}") for host in PUBLIC_HOSTS)


@cache
def _placeholders() -> frozenset[str]:
    return frozenset(
        value.strip().lower() for value in read_facts("placeholder_serials").to_series(0).drop_nulls()
    )
