"""Only the registry dump: device setup ran out of time at its certificates."""

from __future__ import annotations

from pathlib import Path

from cases.outside import ENROLMENTS, TRACKING, Machine, at
from cases.outside_files import write_dump
from cases.outside_page import GOOD, agent_comes, state
from cases.outside_stages import boot, enrol, first_sync, join, profile

SCEP = r"software\microsoft\windows\autopilot\EnrollmentStatusTracking\ESPTrackingInfo\Diagnostics\ExpectedSCEPCerts"


def build(folder: Path) -> Path:
    m = Machine("dump-waits-for-certificates", at(2026, 5, 19, 6, 45))
    boot(m, -3)
    profile(m, 0)
    join(m, 2)
    enrol(m, 3)
    agent_comes(m, 4)
    for minute in (6, 20, 66):
        uri = "./Vendor/MSFT/ClientCertificateInstall/SCEP/ModelName%3DAC_{}"
        stamp = f"{m.clock(minute):%Y-%m-%dT%H:%M:%S}.430Z"
        m.keys[rf"{SCEP}\{stamp}"] = {
            uri.format(m.id("root device")): 1,
            uri.format(m.id("wifi device")): 0,
        }
    parts = {
        **GOOD,
        "Certificates": ("inProgress", "Certificates (1 of 2 applied)"),
        "Apps": ("succeeded", "Apps (2 of 2 installed)"),
    }
    state(m, "DeviceSetup", "failed", **parts)
    state(m, "AccountSetup", "notStarted")
    m.set(rf"{TRACKING}\Device\Setup", "HasProvisioningCompleted", 0)
    first_sync(m, 60, WasDeviceSuccessfullyProvisioned=0)
    m.key(rf"{ENROLMENTS}\{m.enrolment}\FirstSync", AllowCollectLogsButton=1)
    path = folder / "MdmDiagReport_RegistryDump.reg"
    path.write_bytes(write_dump(m.keys))
    return path
