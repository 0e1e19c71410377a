"""The output of `dsregcmd /status` on a make-believe device."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from autopilot_analysis.samples.device.device import MDM_ADDRESS
from autopilot_analysis.samples.device.story import Story

_RULE = "+----------------------------------------------------------------------+"
_NOT_RUN = "MUST Run elevated to test."


def write_dsregcmd(story: Story, at: datetime) -> bytes:
    """Return the command's output.

    Args:
        story: A told story.
        at: When the command ran, UTC.
    """
    lines = [
        line
        for title, values in _sections(story, at)
        for line in (
            *(_RULE, f"| {title:<69}|", _RULE, ""),
            *(f"{k:>26} : {v}" for k, v in values.items()),
            *("", _RULE),
        )
    ]
    return "".join(f"{line}\r\n" for line in lines).encode()


def _sections(story: Story, at: datetime) -> Iterator[tuple[str, dict[str, str]]]:
    state, device = story.state, story.device
    joined = {"AzureAdJoined": _yes(state.joined), "EnterpriseJoined": "NO", "DomainJoined": "NO"}
    yield "Device State", joined | {"Device Name": story.computer}
    if state.joined:
        yield "Device Details", _details(story)
        tenant = {"TenantName": device.tenant_name, "TenantId": device.tenant_id, "Idp": "login.windows.net"}
        yield "Tenant Details", tenant | {"MdmUrl": MDM_ADDRESS}
    user = _yes(state.user_phase)
    yield "User State", {"NgcSet": "NO", "WorkplaceJoined": "NO", "WamDefaultSet": user}
    yield "SSO State", {"AzureAdPrt": user, "EnterprisePrt": "NO"}
    tested = "PASSED" if state.joined else _NOT_RUN
    yield "Diagnostic Data", {"Client Time": f"{at:%Y-%m-%d %H:%M:%S}.000 UTC", "KeySignTest": tested}
    yield "Ngc Prerequisite Check", {"IsDeviceJoined": joined["AzureAdJoined"], "IsUserAzureAD": user}


def _details(story: Story) -> dict[str, str]:
    device, since = story.device, story.device.started_at
    until = since + timedelta(days=3650)
    stamp = "%Y-%m-%d %H:%M:%S.000 UTC"
    return {
        "DeviceId": device.entra_id,
        "Thumbprint": device.thumbprint,
        "DeviceCertificateValidity": f"[ {since.strftime(stamp)} -- {until.strftime(stamp)} ]",
        "KeyProvider": "Microsoft Platform Crypto Provider",
        "TpmProtected": "YES",
        "DeviceAuthStatus": "SUCCESS",
    }


def _yes(value: bool) -> str:
    return "YES" if value else "NO"
