"""The small text members: TPM, footprint, metadata, framework data, hardware hash, setup log, results.xml."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from random import Random
from xml.sax.saxutils import escape

from autopilot_analysis.samples.device.story import Story

_AREA = "Autopilot;TPM;DeviceProvisioning;"
_HASH_HEADER = "Device Serial Number,Windows Product ID,Hardware Hash"


def write_tpm(story: Story, at: datetime) -> bytes:
    """Return TpmHliInfo_Output.txt.

    Args:
        story: A told story.
        at: When the tool ran, device local time.
    """
    fit = all(row.cause != "tpm_attestation" for row in story.rows)
    return _lines(
        [
            f"{at:%Y-%m-%dT%H:%M:%S}",
            "TpmHLI GetVersion result: 0x00000000",
            "TpmHLI Version: 2.0",
            f"Manufacturer: {story.device.tpm_vendor}",
            "VendorId: EXTPM",
            "Uefi Is Present: Yes",
            "TpmHLI IsReady for Storage result: 0x00000000",
            "Ready: True",
            "Bits:  0x0000000000000000",
            "TpmHLI IsReady for Attestation result: 0x00000000",
            f"Ready: {fit}",
            f"Bits:  0x{0 if fit else 0x40000:016x}",
        ]
    )


def write_metadata(story: Story) -> bytes:
    """Return MdmDiagLogMetadata.json, which says Windows 10 on Windows 11 as the tool does."""
    build, _, revision = story.device.build.partition(".")
    values = {
        "MdmDiagVersion": "1.0",
        "AreaName": _AREA,
        "BaseBuildRevisionNumber": 1,
        "CompositionEditionID": "Enterprise",
        "CurrentBuild": build,
        "CurrentBuildNumber": build,
        "CurrentMajorVersionNumber": 10,
        "CurrentMinorVersionNumber": 0,
        "CurrentVersion": "6.3",
        "EditionID": "Professional",
        "ProductName": "Windows 10 Pro",
        "ReleaseId": "2009",
        "SystemRoot": "C:\\Windows",
        "UBR": int(revision),
    }
    return json.dumps(values, indent=2).replace("\n", "\r\n").encode()


def write_footprint(logs: Sequence[str], at: datetime) -> bytes:
    """Return MdmLogCollectorFootPrint.txt.

    Args:
        logs: Channels that were collected.
        at: When the tool ran, device local time.
    """
    missing = "c:\\programdata\\microsoft\\dc\\hostos\\*.xml"
    return _lines(
        [
            f"--- Start at:{at:%Y-%m-%dT%H:%M:%S}",
            f'"AreaName" : "{_AREA}"',
            *(f"Collected EventViewer Entry: {name.lower()}" for name in logs),
            f"--- {len(logs)} EventViewer entries are collected",
            f"Failed (HResult: 0x80070003) to CollectFileEntry:{missing}",
            "Succeeded to dump HKLM registry:software\\microsoft\\enrollments",
            "Succeeded to dump HKLM registry:software\\microsoft\\provisioning",
            f"--- End at:{at:%Y-%m-%dT%H:%M:%S}",
        ]
    )


def write_framework_data(story: Story) -> bytes:
    """Return DiagnosticsFrameworkData.json, which names the device, its model and its time zone."""
    device = story.device
    general = [
        ("DeviceName", "Device Name", story.computer),
        ("OSBuild", "OS Build", device.build),
        ("Timezone", "Time Zone", device.zone_name),
        ("Domain", "Joined Domain", ""),
    ]
    hardware = [
        ("SerialNumber", "Serial Number", device.serial),
        ("ProductName", "Product Name", device.model),
        ("Manufacturer", "Manufacturer", device.manufacturer),
    ]
    tab = {
        "categories": [_category("General", general), _category("Hardware", hardware)],
        "dataBindSchemaId": 1,
        "isVisible": False,
        "tabId": "configurationInfo",
        "tabName": "Configuration info",
    }
    return json.dumps({"$schema": [tab]}, separators=(",", ":")).encode()


def _category(name: str, items: Iterable[tuple[str, str, str]]) -> dict[str, object]:
    rows = [{"propertyId": key, "propertyName": title, "value": value} for key, title, value in items]
    return {"categoryId": name, "categoryName": name, "isVisible": False, "items": rows}


def write_hardware_hash(story: Story) -> bytes:
    """Return DeviceHash_*.csv with a make-believe hash."""
    blob = b"OA\x8a\x04\x01\x00" + Random(story.device.serial).randbytes(250) + bytes(100)
    return _lines([_HASH_HEADER, f"{story.device.serial},,{b64encode(blob).decode()}"])


def write_setup_log(story: Story) -> bytes:
    """Return a short setupact.log in device local time."""
    began = story.device.started_at - timedelta(seconds=30) + story.scenario.clock_error
    kind = f"{began.astimezone(story.device.zone):%Y-%m-%d %H:%M:%S}, Info                        "
    launched = f"{kind} [windeploy.exe] WinDeploy.exe launched with command-line []..."
    return b"\xef\xbb\xbf" + _lines(
        [launched, f"{kind} [windeploy.exe] Waiting for OOBE services to start..."]
    )


def write_results(directives: Sequence[tuple[str, int, str]], request: str, *, flattened: bool) -> bytes:
    """Return results.xml of an Intune "Collect diagnostics" archive.

    Args:
        directives: Kind, signed HRESULT and requested input of each directive, in order.
        request: GUID of the request.
        flattened: Whether the newer layout is used.
    """
    lines = ['<Collection HRESULT="0">', f"<ID>{request}</ID>", "    <SasUrl>SasUrlPlaceHolder</SasUrl>"]
    lines += [f'    <{kind} HRESULT="{result}">{escape(text)}</{kind}>' for kind, result, text in directives]
    lines.append("    <ClientTimeoutInSeconds>5400</ClientTimeoutInSeconds>")
    if flattened:
        lines.append("    <OutputFileFormat>flattened</OutputFileFormat>")
    return _lines([*lines, "</Collection>"])


def _lines(lines: Iterable[str]) -> bytes:
    return "".join(f"{line}\r\n" for line in lines).encode()
