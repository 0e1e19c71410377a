"""The Autopilot profile as the device stores it: downloaded, empty, or from a configuration file."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime

JsonValue = str | int


def write_profile(profile: Mapping[str, JsonValue]) -> bytes:
    """Return AutopilotDDSZTDFile.json: one compact JSON object, UTF-16LE with a byte order mark.

    Args:
        profile: Fields as `profile_fields` or `empty_profile` gives them.
    """
    return b"\xff\xfe" + _compact(profile).encode("utf-16-le")


def write_configuration(profile: Mapping[str, JsonValue]) -> bytes:
    """Return AutopilotConfigurationFile.json for existing devices: plain ASCII JSON.

    Args:
        profile: Fields as `profile_fields` gives them.
    """
    return json.dumps(profile, indent=4).encode("ascii")


def empty_profile(downloaded_at: datetime) -> dict[str, JsonValue]:
    """Return what is stored when the service has no profile for the device.

    Args:
        downloaded_at: When the service answered, UTC.
    """
    return {"PolicyDownloadDate": f"{downloaded_at:%Y-%m-%dT%H:%M:%SZ}"}


def profile_fields(
    *,
    downloaded_at: datetime,
    tenant_id: str,
    domain: str,
    name: str,
    oobe_config: int,
    join_method: int,
    correlation_id: str,
    device_name: str,
    autopilot_mode: int = 0,
) -> dict[str, JsonValue]:
    """Return the fields of an assigned profile.

    Args:
        downloaded_at: When the service answered, UTC.
        tenant_id: Tenant the device belongs to.
        domain: The tenant's domain.
        name: Name of the deployment profile.
        oobe_config: Sum of the OOBE bits.
        join_method: 0 Entra join, 1 hybrid join.
        correlation_id: ZtdCorrelationId.
        device_name: Naming template; may be empty.
        autopilot_mode: 0 user-driven, 1 self-deploying.
    """
    return {
        "AutopilotServiceCorrelationId": correlation_id,
        "AutopilotMode": autopilot_mode,
        "CloudAssignedAadServerData": server_data(tenant_id, domain),
        "CloudAssignedDeviceName": device_name,
        "CloudAssignedDomainJoinMethod": join_method,
        "CloudAssignedForcedEnrollment": 1,
        "CloudAssignedOobeConfig": oobe_config,
        "CloudAssignedTenantDomain": domain,
        "CloudAssignedTenantId": tenant_id,
        "DeploymentProfileName": name,
        "IsExplicitProfileAssignment": 1,
        "PolicyDownloadDate": f"{downloaded_at:%Y-%m-%dT%H:%M:%SZ}",
        "ZtdCorrelationId": correlation_id,
    }


def server_data(tenant_id: str, domain: str) -> str:
    """Return the JSON text inside CloudAssignedAadServerData; empty texts stand for "no profile".

    Args:
        tenant_id: Tenant the device belongs to, or "".
        domain: The tenant's domain, or "".
    """
    config: dict[str, object] = {"CloudAssignedTenantUpn": "", "CloudAssignedTenantDomain": domain}
    if tenant_id:
        config["ForcedEnrollment"] = 1
    return _compact({"ZeroTouchConfig": config})


def _compact(value: object) -> str:
    return json.dumps(value, separators=(",", ":"))
