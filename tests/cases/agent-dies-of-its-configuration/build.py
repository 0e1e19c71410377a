"""Device setup waits for an agent that dies at each start."""

from __future__ import annotations

from pathlib import Path

from cases.outside import TRACKING, Machine, at
from cases.outside_eight import BEGUN, runs_out
from cases.outside_eleven import crashes
from cases.outside_noise import lived
from cases.outside_page import ready
from cases.outside_seven import starts
from cases.outside_stages import sync
from cases.outside_ten import AGENT_EXE

THROWN = (
    "System.Configuration.ConfigurationErrorsException\n   at System.Configuration.ConfigurationSchemaErrors.ThrowIfErrors(Boolean)\n"
    "Exception Info: System.TypeInitializationException\n   C:\\Windows\\Microsoft.NET\\Framework\\v4.0.30319\\Config\\machine.config"
)


def build(folder: Path) -> Path:
    m = Machine(
        "agent-dies-of-its-configuration",
        at(2026, 2, 23, 9, 10),
        build="22631.6345",
        zone="Europe/Prague",
        name="WS-1114",
        serial="WS-1114-P",
    )
    t = ready(m)
    m.key(rf"{TRACKING}\Device\Setup\Apps\PolicyProviders\Sidecar", TrackingPoliciesCreated=0)
    for n in range(6):
        w = t + 1 + n * 9
        starts(m, w)
        crashes(m, w + 0.1, AGENT_EXE, THROWN, place="Microsoft Intune Management Extension", times=n + 1)
    for n in range(5):
        sync(m, t + 3 + n * 11)
    runs_out(m, t + 60, "DeviceSetup.Apps", Apps=BEGUN)
    lived(m, t + 75)
    return m.as_zip(folder)
