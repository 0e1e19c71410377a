"""What an export says: members, gaps, coverage, devices, and the rows that readers bring out of members."""

from __future__ import annotations

import dataframely as dy

from autopilot_analysis.clock.provenance import CLOCKS
from autopilot_analysis.tables.personal import personal
from autopilot_analysis.tables.verdict import ERROR, INFO, WARNING

KNOWN_BY = {
    "serial": "its serial unless that is a placeholder",
    "intune_device_id": "Intune id",
    "entra_device_id": "Entra id",
    "name": "name",
}
"""What the key of a device is, of a capture and of a row of the service: the first of these that is known."""
NO_PROFILE, CAME, IN_USE, LOST = "none", "came", "in_use", "lost"
"""The values of `profile_state` of a capture: whether an Autopilot profile is there, and is at work."""
STATES = ["read", "partial", "empty", "damaged", "not_read", "unknown"]
PRESENT, ABSENT, NOT_APPLICABLE = "present", "absent", "not_applicable"
PRESENCE = [PRESENT, "partial", ABSENT, NOT_APPLICABLE]
HELD, NOT_WHOLE = [PRESENT, "partial"], [ABSENT, "partial"]
"""How a source is present of which something was read, and one of which something may be missing."""


class Member(dy.Schema):
    """One file of an export."""

    device = dy.String(metadata=personal("device"), description="Key of the device the file came from")
    member = dy.String(primary_key=True, description="Path inside the export, '/' between parts and archives")
    source = dy.String(description="Which known thing the file is (facts/sources.csv), or 'unknown'")
    bytes = dy.Int64(nullable=True, description="Unpacked size; null when the member could not be unpacked")
    sha256 = dy.String(nullable=True, description="SHA-256 of the unpacked content, lower-case hex")
    state = dy.Enum(STATES, description="What became of it")


class Gap(dy.Schema):
    """One thing that was not read: missing, cut, damaged, rolled over, or of a format nobody here reads."""

    device = dy.String(metadata=personal("device"))
    member = dy.String(nullable=True, description="Null when the gap is about the export as a whole")
    record = dy.Int64(nullable=True, description="Where in the member: line, chunk or event record id")
    reason = dy.String(description="What is missing and why, one sentence")
    count = dy.Int64(nullable=True, description="How many records, chunks or lines; null when nobody can say")
    advice = dy.String(nullable=True, description="What the analyst can do about it")


class Coverage(dy.Schema):
    """How well one source was seen on one device."""

    device = dy.String(primary_key=True, metadata=personal("device"))
    source = dy.String(primary_key=True)
    shows = dy.String(nullable=True, description="What this source can prove")
    presence = dy.Enum(PRESENCE)
    members = dy.Int64()
    records = dy.Int64()
    first_at = dy.Datetime(time_zone="UTC", time_unit="us", nullable=True)
    last_at = dy.Datetime(time_zone="UTC", time_unit="us", nullable=True)
    note = dy.String(nullable=True)


class Device(dy.Schema):
    """One device, as far as its export tells; what it does not tell is null."""

    device = dy.String(primary_key=True, metadata=personal("device"))
    serial = dy.String(nullable=True, metadata=personal("serial"))
    name = dy.String(nullable=True, metadata=personal("host"), description="Last computer name seen")
    manufacturer = dy.String(nullable=True)
    model = dy.String(nullable=True)
    build = dy.String(nullable=True)
    edition = dy.String(nullable=True)
    tpm_version = dy.String(nullable=True)
    tenant_id = dy.String(nullable=True, metadata=personal("tenant"))
    tenant_domain = dy.String(nullable=True, metadata=personal("tenant"))
    entra_device_id = dy.String(nullable=True, metadata=personal("id"))
    intune_device_id = dy.String(nullable=True, metadata=personal("id"))
    registered = dy.Bool(nullable=True, description="Registered for Autopilot; null when nothing tells")
    enrolled = dy.Bool(nullable=True, description="Enrolled in an MDM service; null when nothing tells")
    profile_name = dy.String(nullable=True)
    profile_state = dy.Enum(
        [NO_PROFILE, CAME, IN_USE, LOST],
        nullable=True,
        description="No profile came, one came, it was enrolled with, it came and is gone; null when unknown",
    )
    scenario = dy.String(nullable=True, description="Autopilot scenario, see trace/scenario.py")
    time_zone = dy.String(nullable=True, description="IANA name of the zone the device was set to")
    collected_at = dy.Datetime(time_zone="UTC", time_unit="us", nullable=True)
    sku = dy.String(
        nullable=True, description="The maker's number of the configuration, from the hardware hash"
    )
    bios_vendor = dy.String(nullable=True, description="Maker of the firmware, from the hardware hash")
    tpm_vendor = dy.String(nullable=True, description="Maker of the TPM, as it names itself")
    tpm_firmware = dy.String(nullable=True, description="Version of the TPM's firmware")
    disk = dy.String(nullable=True, description="Model of the first disk, from the hardware hash")
    key_edition = dy.String(nullable=True, description="Edition part of the product key in the firmware")
    ek_present = dy.Bool(
        nullable=True,
        description="Whether the hash holds the TPM's endorsement key, without which none attests",
    )


class Event(dy.Schema):
    """One event record of a Windows event log, or one event of a trace: its channel is then null."""

    device = dy.String(metadata=personal("device"))
    member = dy.String(description="Path inside the export")
    record = dy.Int64(
        description="EventRecordID as System says it; in a list without one, the place from the oldest"
    )
    recorded_at = dy.Datetime(
        time_zone="UTC",
        time_unit="us",
        nullable=True,
        description="As written; of a list whose clock is not declared, device local time",
    )
    at = dy.Datetime(time_zone="UTC", time_unit="us", nullable=True, description="Best instant")
    clock = dy.Enum(list(CLOCKS))
    channel = dy.String(nullable=True)
    provider = dy.String(nullable=True)
    event_id = dy.Int64(nullable=True)
    version = dy.Int64(nullable=True)
    level = dy.Int64(
        nullable=True, description="1 critical, 2 error, 3 warning, 4 information, 5 verbose, 0 always"
    )
    computer = dy.String(nullable=True, metadata=personal("host"))
    user_sid = dy.String(nullable=True, metadata=personal("sid"))
    process_id = dy.Int64(nullable=True)
    thread_id = dy.Int64(nullable=True)
    activity_id = dy.String(nullable=True)
    data = dy.String(nullable=True, metadata=personal("text"), description="JSON object of the named fields")
    code = dy.String(nullable=True, description="First result code among the fields, like 0x80180014")
    name = dy.String(nullable=True, description="Name of a self-describing event, which has no id of its own")
    opcode = dy.Int64(nullable=True, description="Of an event of a trace: 1 start, 2 stop, 0 neither")


class LogLine(dy.Schema):
    """One record of a text log, whole even when it spans several lines."""

    device = dy.String(metadata=personal("device"))
    member = dy.String()
    record = dy.Int64(description="First text line of the record, from 1")
    written_at = dy.Datetime(time_unit="us", nullable=True, description="As written, device local time")
    at = dy.Datetime(time_zone="UTC", time_unit="us", nullable=True, description="Best instant")
    clock = dy.Enum(list(CLOCKS))
    severity = dy.Enum([INFO, WARNING, ERROR], nullable=True)
    component = dy.String(nullable=True)
    thread = dy.Int64(nullable=True)
    message = dy.String(metadata=personal("text"))


class RegistryValue(dy.Schema):
    r"""One registry value of a dump; a key without values leaves no row."""

    device = dy.String(metadata=personal("device"))
    member = dy.String()
    record = dy.Int64(description="Text line, from 1")
    key = dy.String(
        metadata=personal("text"), description=r"Full key as written, like HKEY_LOCAL_MACHINE\software\…"
    )
    name = dy.String(description="Value name; empty for the default value")
    kind = dy.String(description="REG_SZ, REG_DWORD, REG_QWORD, REG_MULTI_SZ, REG_EXPAND_SZ, REG_BINARY …")
    value = dy.String(
        nullable=True, metadata=personal("text"), description="Text; numbers in decimal, binary in hex"
    )


class Setting(dy.Schema):
    """One policy or CSP result."""

    device = dy.String(metadata=personal("device"))
    member = dy.String()
    record = dy.Int64(description="Position among the settings of its member, from 1")
    scope = dy.String(nullable=True, description="device, or the SID of a user")
    area = dy.String(nullable=True)
    name = dy.String()
    value = dy.String(nullable=True, metadata=personal("text"))
    status = dy.String(nullable=True)
    code = dy.String(nullable=True)


class Property(dy.Schema):
    """One named fact of a small text, JSON, XML or CSV member: profile, join state, TPM, proxy, hash."""

    device = dy.String(metadata=personal("device"))
    member = dy.String()
    record = dy.Int64(description="Text line where there is one, else position, from 1")
    section = dy.String(description="Heading, object path or directive the fact stands under; may be empty")
    name = dy.String(description="What it is about, as written; a field of dsregcmd by its one name")
    value = dy.String(nullable=True, metadata=personal("text"))
