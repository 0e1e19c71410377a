"""Make-believe devices: everything about one follows from its number and the seed; no name is anyone's."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from random import Random
from uuid import UUID
from zoneinfo import ZoneInfo

DOMAIN = "example.com"
"""The domain of every tenant, address and account: one that belongs to nobody (RFC 2606)."""
MDM_ADDRESS = f"https://enrollment.manage.{DOMAIN}/enrollmentserver/discovery.svc"
"""Where devices enrol, as the join state and the registry name it."""
PREFIX = "AP-"
"""What the names begin with that a profile gives to devices."""
SERIALS = "SN-"
"""What their serials begin with."""

DESKTOP, TABLET = "Desk Mini 5", "Slate 12"
MODELS = (
    ("Example Computers", "Notebook 14 G3"),
    ("Example Computers", "Notebook 16 G3"),
    ("Example Computers", DESKTOP),
    ("Sample Devices", TABLET),
)
FIRST_DAY = datetime(2026, 3, 2, 6, tzinfo=UTC)
"""When the first device of a sample is set up."""
BUILD_23H2, BUILD_24H2, LATER_BUILD_24H2 = "22631.4037", "26100.4349", "26100.6584"
BUILDS = (BUILD_23H2, BUILD_24H2, LATER_BUILD_24H2, "26200.6725")
ZONES = {
    "W. Europe Standard Time": "Europe/Berlin",
    "GMT Standard Time": "Europe/London",
    "Eastern Standard Time": "America/New_York",
    "Pacific Standard Time": "America/Los_Angeles",
}
VPN, ADD_INS, SENSOR = "Example VPN", "Example Office Add-ins", "Example Endpoint Sensor"
BROWSER_POLICIES, PRINT_CLIENT, BACKUP = (
    "Example Browser Policy Pack",
    "Example Print Client",
    "Example Backup",
)
"""Apps of most samples."""
_APPS = (
    (VPN, 48_000_000),
    (ADD_INS, 96_000_000),
    (SENSOR, 24_000_000),
    (BROWSER_POLICIES, 8_000_000),
    (PRINT_CLIENT, 32_000_000),
    (BACKUP, 64_000_000),
)
_PEOPLE = ("ada", "ben", "cleo", "dan", "eva", "finn", "gus", "hana")


def name_of(number: int) -> str:
    """Return the name that a device has once its profile named it.

    Args:
        number: Number of the device, from 1.
    """
    return f"{PREFIX}{number:04d}"


@dataclass(frozen=True)
class App:
    """One app that Intune installs."""

    id: str
    name: str
    size: int


@dataclass(frozen=True)
class Device:
    """One make-believe device, with its tenant, its user and what is assigned to it."""

    number: int
    serial: str
    name: str
    first_name: str
    manufacturer: str
    model: str
    build: str
    zone_name: str
    user: str
    user_id: str
    user_sid: str
    tenant_id: str
    entra_id: str
    intune_id: str
    enrollment_id: str
    correlation_id: str
    device_apps: tuple[App, ...]
    user_apps: tuple[App, ...]
    started_at: datetime
    tenant_domain: str = DOMAIN
    tenant_name: str = "Example"
    profile_name: str = "Example user-driven"
    tpm_vendor: str = field(default="Example TPM")

    @property
    def zone(self) -> tzinfo:
        """The time zone the device is set to."""
        return ZoneInfo(ZONES[self.zone_name])

    @property
    def thumbprint(self) -> str:
        """The thumbprint of the device's Entra certificate."""
        return self.entra_id.replace("-", "").upper() + "00000000"

    @property
    def release(self) -> int:
        """The build without its revision."""
        return int(self.build.partition(".")[0])


def make_device(
    number: int,
    random: Random,
    *,
    tenant: Random,
    started_at: datetime,
    build: str | None = None,
    model: str | None = None,
) -> Device:
    """Return the device of that number.

    Args:
        number: Number of the device, from 1.
        random: Source of everything that is this device's alone.
        tenant: Source of what all devices of one run share.
        started_at: When its story starts, UTC.
        build: Build and revision; drawn when None.
        model: Model; drawn when None.
    """
    tenant_id = guid(tenant)
    apps = [App(guid(tenant), name, size) for name, size in _APPS]
    manufacturer, drawn = random.choice(MODELS)
    if model is not None:
        manufacturer, drawn = next(entry for entry in MODELS if entry[1] == model)
    person = random.choice(_PEOPLE)
    first_name = "DESKTOP-" + "".join(random.choices("ABCDEFGHJKLMNPQRSTUVWXYZ23456789", k=7))
    build = build or random.choice(BUILDS)
    zone_name, user_id = random.choice(list(ZONES)), guid(random)
    authorities = (str(random.randrange(10**8, 2**32)) for _ in range(4))
    return Device(
        number=number,
        serial=f"{SERIALS}{number:04d}",
        name=name_of(number),
        first_name=first_name,
        manufacturer=manufacturer,
        model=drawn,
        build=build,
        zone_name=zone_name,
        user=f"{person}{number}@{DOMAIN}",
        user_id=user_id,
        user_sid=f"S-1-12-1-{'-'.join(authorities)}",
        tenant_id=tenant_id,
        entra_id=guid(random),
        intune_id=guid(random),
        enrollment_id=guid(random).upper(),
        correlation_id=guid(random),
        device_apps=tuple(apps[:3]),
        user_apps=tuple(apps[3:5]),
        started_at=started_at,
    )


def guid(random: Random) -> str:
    """Return a random (version 4) GUID in lower case."""
    return str(UUID(int=random.getrandbits(128), version=4))
