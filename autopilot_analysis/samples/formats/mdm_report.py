"""MDMDiagReport.xml, in the order of elements that mdmdiagnosticstool writes, without its dictionary."""

from __future__ import annotations

from datetime import datetime
from xml.sax.saxutils import escape

from autopilot_analysis.samples.device.esp import POLICIES
from autopilot_analysis.samples.device.story import Story


def write_mdm_report(story: Story, at: datetime) -> bytes:
    """Return the report of one device.

    Args:
        story: A told story.
        at: When the tool ran, UTC.
    """
    parts = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        "<MDMEnterpriseDiagnosticsReport>",
        "  <Version>1.0</Version>",
        *_system(story, at),
        *_enrollments(story),
        "  <DeviceManagementAccount></DeviceManagementAccount>",
        *_policies(story),
        "  <Resources></Resources>",
        "  <EAS></EAS>",
        "  <SCEP></SCEP>",
        "  <WAP></WAP>",
        "  <ActiveSync></ActiveSync>",
        "  <ProvisioningResults></ProvisioningResults>",
        *_diagnostics(story),
        "  <DeviceManageabilityProviderInfo></DeviceManageabilityProviderInfo>",
        "  <EnterpriseDesktopAppManagementinfo></EnterpriseDesktopAppManagementinfo>",
        "  <MdmWinsOverGp></MdmWinsOverGp>",
        "  <FirstSyncData></FirstSyncData>",
        *_meta(),
        "</MDMEnterpriseDiagnosticsReport>",
    ]
    return "\r\n".join(parts).encode()


def write_html_report(story: Story) -> bytes:
    """Return a stub of MDMDiagHTMLReport.html, which repeats the XML report for people."""
    head = '<!DOCTYPE html><html lang="en"><head><title>MDM Diagnostic Report</title></head>'
    return f"{head}<body><h1>{escape(story.computer)}</h1></body></html>".encode()


def _leaf(name: str, value: object, indent: int = 4) -> str:
    return f"{' ' * indent}<{name}>{escape(str(value))}</{name}>"


def _system(story: Story, at: datetime) -> list[str]:
    created = f"{at:%A, %d %B %Y--%H:%M:%S} (UTC)"
    return [
        "  <SystemInformation>",
        _leaf("ReportCreationTime", created, 2),
        _leaf("OSVersion", f"10.0.{story.device.build}", 2),
        _leaf("BuildBranch", "ni_release", 2),
        _leaf("SerialNumber", story.device.serial, 2),
        "</SystemInformation>",
    ]


def _enrollments(story: Story) -> list[str]:
    lines = ["  <Enrollments>"]
    for number, kind in enumerate((1, 11, 18), start=1):
        values = {
            "EnrollmentId": f"00000000-0000-4000-8000-00000000000{number}",
            "EnrollmentState": 1,
            "EnrollmentType": kind,
        }
        lines += _enrollment(values)
    if story.state.enrolled:
        userless = story.scenario.mode == "self_deploying"
        upn = f"fooUser@{story.device.tenant_domain}" if userless else story.device.user
        values = {"EnrollmentId": story.device.enrollment_id, "EnrollmentState": 1, "EnrollmentType": 6}
        lines += _enrollment(
            values | {"ProviderID": "MS DM Server", "UPN": upn, "AADTenantID": story.device.tenant_id}
        )
    return [*lines, "  <ExternallyManagedStatus></ExternallyManagedStatus>", "</Enrollments>"]


def _enrollment(values: dict[str, object]) -> list[str]:
    leaves = [_leaf(name, value) for name, value in values.items()]
    return [
        "  <Enrollment>",
        *leaves,
        *(_leaf(name, "") for name in ("Poll", "FirstSync", "Push")),
        "  </Enrollment>",
    ]


def _policies(story: Story) -> list[str]:
    lines = ["  <PolicyManager>"]
    held = POLICIES if "DeviceSetup" in story.state.categories else ()
    if held:
        areas = [
            part
            for area, _, _ in held
            for part in ("      <Area>", _leaf("PolicyAreaName", area, 8), "      </Area>")
        ]
        lines += [
            "  <ConfigSource>",
            _leaf("EnrollmentId", story.device.enrollment_id),
            "    <PolicyScope>",
            _leaf("PolicyScope", "device", 6),
        ]
        lines += [*areas, "    </PolicyScope>", "  </ConfigSource>"]
    lines += [
        "  <RedirectedPolicies></RedirectedPolicies>",
        "  <GroupPolicies></GroupPolicies>",
        "  <CurrentPolicies>",
        _leaf("PolicyScope", "device"),
    ]
    for area, name, value in held:
        lines += [
            "    <CurrentPolicyValues>",
            _leaf("PolicyAreaName", area, 6),
            _leaf(name, value, 6),
            "    </CurrentPolicyValues>",
        ]
    return [*lines, "  </CurrentPolicies>", "</PolicyManager>"]


def _diagnostics(story: Story) -> list[str]:
    assigned, device = story.state.profile != "none", story.device
    values: dict[str, object] = {"Component": "AutoPilot", "IsAutoPilotDisabled": 0}
    values |= {
        "CloudAssignedTenantDomain": device.tenant_domain if assigned else "",
        "CloudAssignedTenantUpn": "",
    }
    values |= {
        "CloudAssignedForcedEnrollment": int(assigned),
        "CloudAssignedTenantId": device.tenant_id if assigned else "",
    }
    values |= {
        "CloudAssignedLanguage": "",
        "CloudAssignedRegion": "",
        "DeploymentProfileName": device.profile_name if assigned else "",
    }
    return [
        "  <Diagnostics>",
        "  <ErrorLog>",
        *(_leaf(name, value) for name, value in values.items()),
        "  </ErrorLog>",
        "</Diagnostics>",
    ]


def _meta() -> list[str]:
    lines = ["  <PolicyManagerMeta>"]
    for area, name, value in POLICIES:
        lines += [
            "  <AreaMetadata>",
            _leaf("PolicyAreaName", area),
            "    <PolicyMetadata>",
            _leaf("PolicyName", name, 6),
        ]
        lines += [
            _leaf("Behavior", 32, 6),
            _leaf("policytype", 4, 6),
            _leaf("value", value, 6),
            "    </PolicyMetadata>",
            "  </AreaMetadata>",
        ]
    return [*lines, "</PolicyManagerMeta>"]
