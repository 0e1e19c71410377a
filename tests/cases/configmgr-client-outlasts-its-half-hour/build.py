"""A registry dump alone: the ConfigMgr client was not registered within its 1800 seconds."""

from __future__ import annotations

from pathlib import Path

from cases.outside import CACHE, ENROLMENTS, SETTINGS, TRACKING, Machine, at, compact
from cases.outside_files import write_dump
from cases.outside_page import state
from cases.outside_stages import first_sync


def build(folder: Path) -> Path:
    m = Machine("configmgr-client-outlasts-its-half-hour", at(2023, 8, 22, 8, 0), build="22621.2134")
    kept = {"CloudAssignedTenantDomain": m.domain, "DeploymentProfileName": "Co-managed laptops"}
    m.key(CACHE, PolicyJsonCache=compact(kept), ProfileAvailable=1)
    m.key(
        rf"{ENROLMENTS}\{m.enrolment}",
        EnrollmentState=1,
        EnrollmentType=6,
        ProviderID="MS DM Server",
        UPN=m.upn,
        DiscoveryServiceFullURL="https://enrollment.manage.microsoft.com/enrollmentserver/discovery.svc",
    )
    first_sync(m, 360, WasDeviceSuccessfullyProvisioned=0)
    providers = rf"{TRACKING}\Device\DevicePreparation\PolicyProviders"
    m.key(rf"{providers}\Sidecar", InstallationState=3, LastError=0, Timeout=15)
    m.key(
        rf"{providers}\ConfigMgr", InstallationState=4, LastError=0x800705B4, Timeout=30, InstallDuration=1800
    )
    state(m, "DevicePreparation", "failed", PolicyProviders=("failed", "Preparing (0x800705b4)"))
    m.set(SETTINGS, "DeviceSetupCategory.Status", compact({"categoryState": "notStarted"}))
    path = folder / "MdmDiagReport_RegistryDump.reg"
    path.write_bytes(write_dump(m.keys))
    return path
