"""What the eighteenth outside judge adds: what healthy machines say beside, and logs that no case held yet."""

from __future__ import annotations

from cases.outside import Code, Machine, Signed
from cases.outside_agent import announced, app


def hum(m: Machine, t: float) -> None:
    """What a healthy machine says beside: names looked up in vain, nodes that do not exist yet."""
    for n in range(3):
        m.event(
            "aad",
            t + n * 0.4,
            1104,
            2,
            API="Lookup name name from SID",
            Result=Signed(0xC000023C - (1 << 32)),
        )
    node = "./Device/Vendor/MSFT/Policy/ConfigOperations/ADMXInstall/Receiver/Properties/Policy/Browser"
    refused_node(m, t + 1, "Policy", node, 0x80070002)
    refused_node(m, t + 1.1, "WindowsLicensing", "./Vendor/MSFT/WindowsLicensing/SMode/Status", 0x86000002)


def refused_node(m: Machine, t: float, provider: str, uri: str, code: int) -> None:
    """One node that device management could not read or set (404)."""
    m.event(
        "dm",
        t,
        404,
        2,
        Message1=m.enrolment,
        Message2="MDMDeviceWithAAD",
        Message3=provider,
        InternalCmdType=5,
        Message5=uri,
        HexInt1=Code(code),
    )


def two_good(m: Machine, t: float) -> None:
    """Two apps that are announced and installed."""
    announced(m, t + 0.3, "Archive Tool", "Contoso Reader")
    app(m, t + 0.5, "Archive Tool")
    app(m, t + 3, "Contoso Reader")


def aad(m: Machine, t: float, error: int, words: str, more: str) -> None:
    """One refused request for a token (1098)."""
    m.event("aad", t, 1098, 2, Error=error, ErrorMessage=words, AdditionalInformation=more)
