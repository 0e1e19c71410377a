"""The channels that make-believe events stand in: names, providers and the file each becomes."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

_MODERN = "Microsoft-Windows-ModernDeployment-Diagnostics-Provider"
_MANAGEMENT = "Microsoft-Windows-DeviceManagement-Enterprise-Diagnostics-Provider"
_PROVISIONING = "Microsoft-Windows-Provisioning-Diagnostics-Provider"
SHELL_CORE_GUID = UUID("30336ed4-e327-447c-9de0-51b652c86108")
KERNEL, KERNEL_GUID = "Microsoft-Windows-Kernel-General", UUID("a68ca8b7-004f-d7b6-a698-07e2de0f1f5d")
MODERN_GUID = UUID("bab3ad92-fb96-5902-450b-b8421bdec7bd")
_MANAGEMENT_GUID = UUID("3da494e4-0fe2-415c-b895-fb5265c5c83b")
_PROVISIONING_GUID = UUID("ed8b9bd3-f66e-4ff2-b86b-75c7925f72a9")


@dataclass(frozen=True)
class Channel:
    """One channel: its name, the provider that writes there, and what its events carry."""

    name: str
    provider: str
    guid: UUID | None
    keywords: int = 0x4000000000000000
    in_cabinet: bool = True
    errors: frozenset[int] = frozenset()
    warnings: frozenset[int] = frozenset()

    @property
    def cabinet_file(self) -> str:
        """The name mdmdiagnosticstool gives the log."""
        return self.name.lower().replace("/", "-") + ".evtx"

    @property
    def folder_file(self) -> str:
        """The name Windows gives the log."""
        return self.name.replace("/", "%4") + ".evtx"


CHANNELS = {
    "AP": Channel(
        f"{_MODERN}/Autopilot",
        _MODERN,
        MODERN_GUID,
        errors=frozenset({171, 172, 180, 189, 211, 289, 290, 294, 298, 301, 302, 707, 750, 824}),
        warnings=frozenset({100, 165, 706, 709, 752}),
    ),
    "APO": Channel(
        f"{_PROVISIONING}/AutoPilot",
        _PROVISIONING,
        _PROVISIONING_GUID,
        errors=frozenset({171, 172, 180, 301, 302}),
        warnings=frozenset({100, 165}),
    ),
    "APM": Channel(f"{_MODERN}/ManagementService", _MODERN, MODERN_GUID),
    "APD": Channel(f"{_MODERN}/Diagnostics", _MODERN, MODERN_GUID),
    "DMA": Channel(
        f"{_MANAGEMENT}/Admin",
        _MANAGEMENT,
        _MANAGEMENT_GUID,
        0x8000000000000000,
        errors=frozenset({11, 32, 52, 59, 71, 76, 100, 404, 1924}),
    ),
    "DME": Channel(
        f"{_MANAGEMENT}/Enrollment",
        _MANAGEMENT,
        _MANAGEMENT_GUID,
        0x8000000000000000,
        errors=frozenset({11, 52, 59, 71, 76, 100}),
    ),
    "DMS": Channel(f"{_MANAGEMENT}/Sync", _MANAGEMENT, _MANAGEMENT_GUID, 0x8000000000000000),
    "DMO": Channel(f"{_MANAGEMENT}/Operational", _MANAGEMENT, _MANAGEMENT_GUID),
    "UDR": Channel(
        "Microsoft-Windows-User Device Registration/Admin",
        "Microsoft-Windows-User Device Registration",
        UUID("23b8d46b-67dd-40a3-b636-d43e50552c6d"),
        0x8000000000000000,
        errors=frozenset({204, 304, 305, 324}),
        warnings=frozenset({360}),
    ),
    "AAD": Channel(
        "Microsoft-Windows-AAD/Operational",
        "Microsoft-Windows-AAD",
        UUID("4de9bc9c-b27a-43c9-8994-0915f1a5e24f"),
        errors=frozenset({1081, 1098}),
        warnings=frozenset({1097}),
    ),
    "SC": Channel(
        "Microsoft-Windows-Shell-Core/Operational",
        "Microsoft-Windows-Shell-Core",
        SHELL_CORE_GUID,
        0x2000000800010000,
    ),
    "PROV": Channel(
        f"{_PROVISIONING}/Admin",
        _PROVISIONING,
        _PROVISIONING_GUID,
        0x8000000000000000,
    ),
    "TIME": Channel(
        "Microsoft-Windows-Time-Service/Operational",
        "Microsoft-Windows-Time-Service",
        UUID("06edcfeb-0fd0-4e53-acca-a6f8bbf81bcb"),
    ),
    "APPX": Channel(
        "Microsoft-Windows-AppXDeploymentServer/Operational",
        "Microsoft-Windows-AppXDeployment-Server",
        UUID("3f471139-acb7-4a01-b7a7-ff5da4ba2d43"),
        errors=frozenset({401, 404}),
    ),
    "NET": Channel(
        "Microsoft-Windows-NetworkProfile/Operational",
        "Microsoft-Windows-NetworkProfile",
        UUID("fbcfac3f-8459-419f-8e48-1f0b49cdb85e"),
        0x4000200000000020,
        in_cabinet=False,
    ),
    "SYS": Channel("System", KERNEL, None, 0x8000000000000000, in_cabinet=False),
}
"""Every channel under the short name the stories use."""

SYSTEM_PROVIDERS = {
    1: (KERNEL, KERNEL_GUID),
    12: (KERNEL, KERNEL_GUID),
    13: (KERNEL, KERNEL_GUID),
    1074: ("User32", UUID("b0aa8734-56f7-41cc-b2f4-de228e98b946")),
    6005: ("EventLog", None),
    6006: ("EventLog", None),
    6009: ("EventLog", None),
    6011: ("EventLog", None),
    7001: ("Microsoft-Windows-Winlogon", UUID("dbe9b383-7cf3-4331-91cc-a3cb16a3b538")),
}
"""Who writes each event of the System channel."""

RELEASES = {
    "10-1809": 17763,
    "10-1903": 18362,
    "10-1909": 18363,
    "10-2004": 19041,
    "11-21H2": 22000,
    "11-24H2": 26100,
    "11-26H1": 28000,
}
"""Build of each release."""
_SINCE: dict[str, tuple[tuple[range, str], ...]] = {
    "AP": (
        (range(208, 211), "10-1909"),
        (range(285, 300), "11-21H2"),
        (range(314, 316), "10-1909"),
        (range(400, 420), "11-24H2"),
        (range(751, 754), "10-2004"),
        (range(800, 838), "11-26H1"),
    ),
    "APO": ((range(185, 300), "never"), (range(304, 310), "never"), (range(314, 1000), "never")),
    "APM": ((range(100_000), "10-1903"),),
    "APD": ((range(100_000), "11-21H2"),),
    "DMA": ((range(111, 112), "10-1903"), (range(2800, 2801), "10-2004")),
    "DME": ((range(100_000), "11-24H2"),),
    "DMS": ((range(100_000), "11-24H2"),),
    "TIME": ((range(100_000), "11-24H2"),),
    "NET": ((range(100_000), "11-21H2"),),
}
"""Events that not every release has, and the first that has them (manifests of 10 1709 to 11 26H1)."""


def exists(channel: str, event_id: int, release: int) -> bool:
    """Say whether Windows of a release can write an event.

    Args:
        channel: Short name in CHANNELS.
        event_id: Id of the event.
        release: Build without its revision.
    """
    first = [since for ids, since in _SINCE.get(channel, ()) if event_id in ids]
    return all(release >= RELEASES.get(since, 10**6) for since in first)
