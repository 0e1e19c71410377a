"""What really happened in a make-believe export: the truth that every member of it was derived from.

One row of the truth is one stage in one attempt. A boundary is the instant of one written event, to the
microsecond; where several events below stand for one boundary they lie within the same second.

Channels, for short: AP is Microsoft-Windows-ModernDeployment-Diagnostics-Provider/Autopilot. UDR is
Microsoft-Windows-User Device Registration/Admin. DM is
Microsoft-Windows-DeviceManagement-Enterprise-Diagnostics-Provider, /Admin before build 26100 and
/Enrollment from then on (sync sessions 208 and 209: /Sync). SC is
Microsoft-Windows-Shell-Core/Operational, whose event 62407 has the fields Name and Value, the latter JSON
with "message" and "errorCode".

network
    starts: AP 285 (in a folder, NetworkProfile 10000 too). Ends: AP 166 and 164; failed: AP 314 after 165
    and 167.
profile_download
    starts: AP 160. Ends: AP 161, 153 with a profile, 170 (703 before; 310 for a configuration file).
    Skipped, nothing assigned: AP 704, 161, 153 with none, 170. Skipped, already there: AP 163.
user_authentication
    starts: AP 111, else UDR 323. Ends: UDR 325.
entra_join
    starts: UDR 100; hybrid, after mdm_enrollment: DM 111. Ends: UDR 105 and 106; failed: DM 109 with
    HexInt1 3, the code is in DM 100.
mdm_enrollment
    starts: DM 4. Ends: DM, the mark `enrolled` of facts/stages.csv; failed: DM 71 (HRESULT), with 11, 52
    and 59 just before it.
device_preparation
    starts: AP 178 when the device enrols itself (join and enrolment then lie inside), else DM, the mark
    `enrolled_preparing`. Ends: AP 288 and 293; without an ESP: AP 401 with OverallResult 0; failed: AP 189,
    171, 172, 301 (HRESULT).
device_setup
    starts: the first SC 62407 named CommercialOOBE_BootstrapStatusCategory_SubcategoryProcessing_Started
    whose message names DeviceSetup; AP 297 too when apps are tracked. It is the end of
    device_preparation, where that ran. Ends: SC 62407 CommercialOOBE_ESPProgress_Page_Exiting, in the
    technician's flow CommercialOOBE_ESPProgress_WhiteGlove_Success; failed: SC 62407
    UnifiedEnrollment_ProvisioningProgressPage_DeviceConfigurationTimeOut or _ApplicationsFailed.
account_setup
    starts: the first such SC 62407 that names AccountSetup; IME "In EspPhase: AccountSetup" too, and
    System 7001 where System was collected. Ends: the next Page_Exiting.
desktop
    starts: the end of the stage before it (the last Page_Exiting, or AP 401). Ends: SC 62171 with
    TaskName AllLogonTasks.

Before Windows 11 no event says when the search for a network starts or when device_preparation ends (no
instants), or what is tracked. Before Windows 10 1903, AP is
Microsoft-Windows-Provisioning-Diagnostics-Provider/AutoPilot, without ids 185 to 299 and from 314 on. A
refused profile_download ends at AP 707.

Attempts. A new attempt starts with the first AP 285, AP 111 or UDR 100 after the previous attempt ended:
by a failure or by the reseal of the technician's flow (WhiteGlove_Success). A start at which the service
answered "nothing assigned" and nothing followed is no attempt: its rows have the number 0. An attempt
after a refusal has no network row. Skipped rows have no instants, except
profile_download (an answer came). A stage that was not reached has no row. AP 314 after "nothing
assigned" (the plain OOBE goes on) ends nothing. Device time and true time differ in `clock_step` only, up
to AP 753: the truth is in true time.

`code` is the result code of a failed stage. `cause` is a short word for the root cause, on the stage
where it struck, null elsewhere. `incident` names the fleet incident the device is part of, or null.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

import dataframely as dy
import polars as pl

from autopilot_analysis.tables.story import KINDS, OUTCOMES, STAGES

TRUTH = "truth.parquet"
"""Beside the exports: what was made up, in rows of `Truth`."""
TRUTH_OF_DEPLOYMENTS = "truth-deployments.parquet"
"""Beside Graph pages of them: which attempts there were."""
TRUTH_OF_FLEET = "{}-truth.json"
"""Beside the folder of a fleet that was made up without captures: what went wrong in it."""


class Truth(dy.Schema):
    """One stage in one attempt, as it was decided before anything was written."""

    device = dy.String(description="Serial number of the make-believe device")
    export = dy.String(description="File or folder of the export, relative to the truth")
    scenario = dy.String(description="Name in SCENARIOS")
    incident = dy.String(nullable=True, description="Name in INCIDENTS, or null")
    attempt = dy.Int64(description="From 1; 0 for a start at which no attempt began")
    stage = dy.Enum(STAGES)
    started_at = dy.Datetime(time_zone="UTC", time_unit="us", nullable=True)
    ended_at = dy.Datetime(time_zone="UTC", time_unit="us", nullable=True)
    outcome = dy.Enum(OUTCOMES)
    code = dy.String(nullable=True, description="Result code, like 0x80180014")
    cause = dy.String(nullable=True, description="Short word for the root cause")


@dataclass(frozen=True)
class StageTruth:
    """One stage in one attempt, before it is known where the export will stand."""

    attempt: int
    stage: str
    started_at: datetime | None
    ended_at: datetime | None
    outcome: str
    code: str | None = None
    cause: str | None = None


class InstallTruthRow(dy.Schema):
    """One try at one item, as it was decided before anything was written."""

    device = dy.String(description="Serial number of the make-believe device")
    item = dy.String(description="App GUID, product code, script id, LocURI or package family")
    name = dy.String(nullable=True, description="Null where no member of the export tells it")
    kind = dy.Enum(KINDS)
    phase = dy.Enum(["device", "account"], nullable=True)
    try_number = dy.Int64(description="From 1")
    blocking = dy.Bool(nullable=True)
    downloaded_bytes = dy.Int64(nullable=True)
    download_started_at = dy.Datetime(time_zone="UTC", time_unit="us", nullable=True)
    download_ended_at = dy.Datetime(time_zone="UTC", time_unit="us", nullable=True)
    started_at = dy.Datetime(time_zone="UTC", time_unit="us", nullable=True)
    ended_at = dy.Datetime(time_zone="UTC", time_unit="us", nullable=True)
    outcome = dy.String()
    exit_code = dy.Int64(nullable=True)
    code = dy.String(nullable=True)


@dataclass(frozen=True)
class InstallTruth:
    """One try at one item; the fields of InstallTruthRow less the device."""

    item: str
    name: str | None
    kind: str
    phase: str | None
    try_number: int
    blocking: bool | None
    downloaded_bytes: int | None
    download_started_at: datetime | None
    download_ended_at: datetime | None
    started_at: datetime | None
    ended_at: datetime | None
    outcome: str
    exit_code: int | None
    code: str | None


@dataclass(frozen=True)
class SampleTruth:
    """What was written, and the truth of it.

    Attributes:
        path: The export: a file, or a folder.
        device: Serial number of the device.
        scenario: Name of the scenario.
        stages: Every stage in every attempt.
        incident: Name of the incident the device is part of, or None.
        installs: Every try at every item, where the scenario has a plan of installs.
    """

    path: Path
    device: str
    scenario: str
    stages: tuple[StageTruth, ...]
    incident: str | None = None
    installs: tuple[InstallTruth, ...] = ()


def truth_table(samples: Iterable[SampleTruth], root: Path) -> dy.DataFrame[Truth]:
    """Return the truth of many exports as one table.

    Args:
        samples: What was written.
        root: Folder that `export` is relative to.
    """
    rows = [
        {"device": s.device, "export": s.path.relative_to(root).as_posix(), "scenario": s.scenario}
        | {"incident": s.incident}
        | asdict(stage)
        for s in samples
        for stage in s.stages
    ]
    schema = Truth.create_empty().schema
    return Truth.validate(pl.DataFrame(rows, schema=schema))


def install_truth_table(samples: Iterable[SampleTruth]) -> dy.DataFrame[InstallTruthRow]:
    """Return the truth of every install of many exports as one table.

    Args:
        samples: What was written.
    """
    rows = [{"device": s.device} | asdict(install) for s in samples for install in s.installs]
    return InstallTruthRow.validate(pl.DataFrame(rows, schema=InstallTruthRow.create_empty().schema))
