"""What the registry of a make-believe device holds when it is collected, derived from the told story."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime

from autopilot_analysis.samples.device.device import DOMAIN, MDM_ADDRESS, PREFIX
from autopilot_analysis.samples.device.esp import POLICIES
from autopilot_analysis.samples.device.story import Story
from autopilot_analysis.samples.formats.profile import profile_fields, server_data
from autopilot_analysis.samples.formats.registry_dump import Quad, RegistryValue

_ROOT = "HKEY_LOCAL_MACHINE\\software\\microsoft"
_TRACKING = f"{_ROOT}\\windows\\autopilot\\EnrollmentStatusTracking"
_SETTINGS = f"{_ROOT}\\provisioning\\AutopilotSettings"
_DONE = 0xFFFFFFFF
Values = dict[str, RegistryValue]


def device_registry(story: Story) -> dict[str, Values]:
    """Return values by name below each key, in the order the tool dumps them.

    Args:
        story: A told story.
    """
    registry: dict[str, Values] = {}
    for part in (_enrollments, _policies, _profile, _settings, _join, _tracking, _agent):
        registry |= dict(part(story))
    return registry | story.state.more


def story_profile(story: Story) -> dict[str, str | int]:
    """Return the fields of the profile the device was given."""
    device, mode = story.device, story.scenario.mode
    itself = mode == "self_deploying"
    assert story.state.profile_at is not None or mode == "reset"
    return profile_fields(
        downloaded_at=story.state.profile_at or device.started_at,
        tenant_id=device.tenant_id,
        domain=device.tenant_domain,
        name=device.profile_name,
        oobe_config=1310 | (0x60 if itself else 0),
        join_method=1 if mode == "hybrid" else 0,
        correlation_id=device.correlation_id,
        device_name=f"{PREFIX}%SERIAL%",
        autopilot_mode=1 if itself else 0,
    )


def _enrollments(story: Story) -> Iterator[tuple[str, Values]]:
    yield f"{_ROOT}\\enrollments", {}
    for number, kind in enumerate((1, 0xB, 0x12), start=1):
        key = f"{_ROOT}\\enrollments\\00000000-0000-4000-8000-00000000000{number}"
        yield key, {"Altitude": 0, "EnrollmentState": 1, "EnrollmentType": kind}
    if not story.state.enrolled:
        return
    device = story.device
    userless = story.scenario.mode == "self_deploying"
    key = f"{_ROOT}\\enrollments\\{device.enrollment_id}"
    upn = f"fooUser@{device.tenant_domain}" if userless else device.user
    yield (
        key,
        {
            "EnrollmentState": 1,
            "EnrollmentType": 6,
            "ProviderID": "MS DM Server",
            "UPN": upn,
            "AADResourceID": f"https://manage.{DOMAIN}/",
            "AADTenantID": device.tenant_id,
            "AADOpaqueID": device.user_id,
            "DiscoveryServiceFullURL": MDM_ADDRESS,
            "EntDMID": device.intune_id,
        },
    )
    if story.scenario.mode != "device_preparation":
        yield f"{key}\\FirstSync", _first_sync(story)
    yield f"{_ROOT}\\enrollments\\Status\\{device.enrollment_id}", {"LifecycleNotificationStatus": 7}


def _first_sync(story: Story) -> Values:
    outcome = story.state.categories.get("DeviceSetup")
    done = 1 if outcome == "succeeded" else 0
    userless = story.scenario.mode in ("self_deploying", "reset")
    return {
        "SkipDeviceStatusPage": 0,
        "SkipUserStatusPage": _DONE if userless else 0,
        "SyncFailureTimeout": 60,
        "BlockInStatusPage": 2,
        "AllowCollectLogsButton": 1,
        "CustomErrorText": "Please call the service desk.",
        "ServerHasFinishedProvisioning": 1,
        "IsSyncDone": done,
        "WasDeviceSuccessfullyProvisioned": 2 if outcome is None else done,
        "ExpectedPolicies": "./Vendor/MSFT/DMClient/Provider/MS DM Server/EntDMID;1",
        "ExpectedSCEPCerts": "./Vendor/MSFT/ClientCertificateInstall/SCEP/ScepRoot;1",
    }


def _policies(story: Story) -> Iterator[tuple[str, Values]]:
    if "DeviceSetup" in story.state.categories:
        for area, name, value in POLICIES:
            yield f"{_ROOT}\\policymanager\\current\\device\\{area}", {name: value, f"{name}_ProviderSet": 1}


def _profile(story: Story) -> Iterator[tuple[str, Values]]:
    assigned = story.state.profile != "none"
    device, at = story.device, story.state.profile_at or story.device.started_at
    cache: dict[str, object] = {
        "PolicyDownloadDate": f"{at:%Y-%m-%dT%H:%M:%SZ}",
        "AutopilotUpdateTimeout": 1800000,
    }
    cache |= story_profile(story) if assigned else {"CloudAssignedAadServerData": server_data("", "")}
    values: Values = {
        "PolicyJsonCache": json.dumps(cache, separators=(",", ":")),
        "ProfileAvailable": int(assigned),
    }
    if story.scenario.mode == "device_preparation":
        values["AutopilotDevicePrepHint"] = 11
    yield f"{_ROOT}\\provisioning\\AutopilotPolicyCache", values
    domain, tenant = (device.tenant_domain, device.tenant_id) if assigned else ("", "")
    diagnostics: Values = {
        "IsAutoPilotDisabled": 0,
        "CloudAssignedTenantDomain": domain,
        "CloudAssignedTenantUpn": "",
        "CloudAssignedForcedEnrollment": int(assigned),
        "CloudAssignedTenantId": tenant,
        "CloudAssignedLanguage": "",
        "CloudAssignedRegion": "",
        "DeploymentProfileName": device.profile_name if assigned else "",
    }
    if assigned:
        mine = story_profile(story)
        diagnostics |= {
            "CloudAssignedOobeConfig": mine["CloudAssignedOobeConfig"],
            "ZtdCorrelationId": device.correlation_id,
        }
        if story.state.joined:
            diagnostics |= {"AadTenantId": tenant, "TenantMatched": 1}
    yield f"{_ROOT}\\provisioning\\Diagnostics\\AutoPilot", diagnostics
    known: Values = {"AutopilotServiceCorrelationId": device.correlation_id} if assigned else {}
    if story.state.enrolled:
        known["EntDMID"] = device.intune_id
    yield f"{_ROOT}\\provisioning\\Diagnostics\\AutoPilot\\EstablishedCorrelations", known


def _settings(story: Story) -> Iterator[tuple[str, Values]]:
    values: Values = {"AgilityProductName": "Windows.Autopilot.amd64", "AllowedTimeDriftDeltaMinutes": 5}
    values["DdsZtdUri"] = "https://ztd.dds.microsoft.com/ztd/device/AutopilotDeviceBootstrapPolicies"
    for category, outcome in story.state.categories.items():
        values[f"{category}Category.Status"] = _category(story, category, outcome)
    yield _SETTINGS, values
    if story.state.bootstrapper:
        context = {"ExecutionContext": '{"PolicyId":"example"}', "ResumeContext.ProvisioningResult": "0"}
        yield f"{_SETTINGS}\\DevicePreparation\\BootstrapperAgent", dict(context)
        page = '{"AgentDownloadTimeoutSeconds":1800,"PageTimeoutSeconds":3600,"AllowSkipOnFailure":true}'
        yield f"{_SETTINGS}\\DevicePreparation\\PageSettings", {"PageSettings": page}


def _category(story: Story, category: str, outcome: str) -> str:
    phase = "account" if category == "AccountSetup" else "device"
    runs = [run for run in story.state.runs if run.phase == phase]
    installed = sum(run.state == 3 for run in runs)
    failed = outcome == "failed"
    total = len(story.device.user_apps if phase == "account" else story.device.device_apps)
    text = f"Apps ({installed} of {total} installed)"
    if failed:
        code = next((f"0x{run.code:08x}" for run in runs if run.code), "0x800705b4")
        text = f"Apps (Error: {code})"
    ended = {"subcategoryState": "succeeded", "subcategoryStatusText": "Complete"}
    parts: dict[str, object] = {
        "categoryState": outcome,
        "categorySucceeded": not failed,
        "categoryStatusMessage": "Error" if failed else "Complete",
    }
    if category != "DevicePreparation":
        parts |= {
            f"{category}.{part}Subcategory": ended
            for part in ("SecurityPolicies", "Certificates", "NetworkConnections")
        }
        parts[f"{category}.AppsSubcategory"] = {"subcategoryState": outcome, "subcategoryStatusText": text}
    return json.dumps(parts, separators=(",", ":"))


def _join(story: Story) -> Iterator[tuple[str, Values]]:
    key = "HKEY_LOCAL_MACHINE\\system\\currentcontrolset\\control\\clouddomainjoin"
    yield key, {}
    if story.state.joined:
        email = f"autopilot@{story.device.tenant_domain}" if not story.state.user_phase else story.device.user
        yield (
            f"{key}\\JoinInfo\\{story.device.thumbprint}",
            {"TenantId": story.device.tenant_id, "UserEmail": email},
        )
        yield f"{key}\\TenantInfo\\{story.device.tenant_id}", {"DisplayName": story.device.tenant_name}


def _tracking(story: Story) -> Iterator[tuple[str, Values]]:
    yield _TRACKING, {}
    state = story.state
    if "DevicePreparation" in state.categories:
        provider: Values = {
            "InstallationState": 3,
            "LastError": 0,
            "Timeout": 15,
            "TrackedResourceTypes": ["Apps"],
        }
        yield f"{_TRACKING}\\Device\\DevicePreparation\\PolicyProviders\\Sidecar", provider
    for phase, root, category in (
        ("device", "Device", "DeviceSetup"),
        ("account", story.device.user_sid, "AccountSetup"),
    ):
        if category in state.categories:
            done = state.categories[category] == "succeeded"
            yield f"{_TRACKING}\\{root}\\Setup", {"HasProvisioningCompleted": _DONE} if done else {}
            yield (
                f"{_TRACKING}\\{root}\\Setup\\Apps\\PolicyProviders\\Sidecar",
                {"TrackingPoliciesCreated": 1},
            )
            for run in state.runs:
                if run.phase == phase and run.tracked:
                    key = f"{_TRACKING}\\{root}\\Setup\\Apps\\Tracking\\Sidecar\\Win32App_{run.app.id}_1"
                    yield key, {"InstallationState": run.state, "RebootRequired": 1}
    for at, category, states in sorted(state.tracked, key=lambda entry: entry[:2]):
        yield f"{_TRACKING}\\ESPTrackingInfo\\Diagnostics\\{category}\\{_stamp(at)}", dict(states)


def _agent(story: Story) -> Iterator[tuple[str, Values]]:
    base = f"{_ROOT}\\intunemanagementextension\\Win32Apps"
    for run in story.state.runs:
        user = story.device.user_id if run.phase == "account" else "00000000-0000-0000-0000-000000000000"
        enforced = {3: 1000, 4: 5000, 2: 2000, 1: 6000}[run.state]
        signed = run.code - 2**32 if run.code else 0
        key = f"{base}\\{user}\\{run.app.id}_1"
        yield key, {"ExitCode": "0", "Intent": 3, "DownloadStartTimeUTC": _stamp(run.ended_at)}
        compliant = {
            "Applicability": 0,
            "ComplianceState": 1 if run.state == 3 else 4,
            "DesiredState": 2,
            "ErrorCode": signed,
        }
        yield (
            f"{key}\\ComplianceStateMessage",
            {"ComplianceStateMessage": json.dumps(compliant, separators=(",", ":"))},
        )
        message = {"EnforcementState": enforced, "ErrorCode": signed}
        yield (
            f"{key}\\EnforcementStateMessage",
            {"EnforcementStateMessage": json.dumps(message, separators=(",", ":"))},
        )
    yield f"{_ROOT}\\provisioning\\OMADM\\Logger\\Provisioning", {"AllowedEnrollmentTypes": Quad(2**64 - 1)}


def _stamp(at: datetime) -> str:
    return f"{at:%Y-%m-%dT%H:%M:%S}.{at.microsecond // 1000:03d}Z"
