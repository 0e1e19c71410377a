"""A make-believe fleet in the formats that Graph, Intune and Log Analytics export."""

from __future__ import annotations

import json
from typing import Any

import polars as pl

from autopilot_analysis.facts import page_of_service
from autopilot_analysis.samples.device.device import DOMAIN

PAGES = "graph-pages.zip"
"""The archive of a fleet's Graph pages."""
PAGE = page_of_service()

STATES = {"succeeded": "success", "failed": "failure", "in_progress": "inProgress"}
URL = f"https://graph.{DOMAIN}/beta/deviceManagement/"
DASHED = r"^(.{8})(.{4})(.{4})(.{4})(.{12})$"

V1_COLUMNS = {
    "AutopilotProfileName": "profile",
    "DeploymentState": "state",
    "DeploymentStartDateTime": "started",
    "DeploymentEndDateTime": "ended",
    "DeploymentTotalDuration": "total_text",
    "DeviceId": "intune_device_id",
    "DeviceName": "name",
    "DeviceSerialNumber": "serial",
    "DeviceSetupDuration": "device_setup_text",
    "DeviceSetupStatus": "device_state",
    "AccountSetupDuration": "account_setup_text",
    "UserSetupStatus": "account_state",
    "EnrollmentStatus": "enrollment_state",
    "EnrollmentMethod": "enrollment_type",
    "ESPPolicyName": "esp_profile",
    "FailureDetails": "failure",
    "OSVersion": "os_version",
    "UPN": "user",
}
V2_COLUMNS = {
    "DeploymentDurationTimeInSeconds": "seconds",
    "DeploymentStatus": "outcome_text",
    "Phase": "phase",
    "DeviceId": "intune_device_id",
    "DeviceName": "name",
    "EnrollmentTimeInUtc": "started",
    "ResultCode": "failure",
    "SerialNumber": "serial",
    "UPN": "user",
}
GRAPH_COLUMNS = {
    "id": "deployment",
    "deviceId": "intune_device_id",
    "eventDateTime": "started",
    "enrollmentStartDateTime": "started",
    "enrollmentType": "enrollment_type",
    "deviceSerialNumber": "serial",
    "managedDeviceName": "name",
    "userPrincipalName": "user",
    "windowsAutopilotDeploymentProfileDisplayName": "profile",
    "enrollmentState": "enrollment_state",
    "windows10EnrollmentCompletionPageConfigurationDisplayName": "esp_profile",
    "deploymentState": "state",
    "deviceSetupStatus": "device_state",
    "accountSetupStatus": "account_state",
    "osVersion": "os_version",
    "deploymentTotalDuration": "total_text",
    "devicePreparationDuration": "device_preparation_text",
    "deviceSetupDuration": "device_setup_text",
    "accountSetupDuration": "account_setup_text",
    "deploymentStartDateTime": "started",
    "deploymentEndDateTime": "ended",
    "enrollmentFailureDetails": "failure",
}


def graph_pages(deployments: pl.DataFrame, *, page: int = PAGE) -> list[bytes]:
    """Return Graph's answer to `deviceManagement/autopilotEvents`, page after page.

    Args:
        deployments: Answer of `simulate_fleet`.
        page: Rows on a page.
    """
    return _pages("autopilotEvents", _named(_spelt(deployments), GRAPH_COLUMNS).to_dicts(), page)


def identity_pages(deployments: pl.DataFrame, *, page: int = PAGE) -> list[bytes]:
    """Return Graph's answer to `deviceManagement/windowsAutopilotDeviceIdentities`, page after page.

    Args:
        deployments: Answer of `simulate_fleet`.
        page: Rows on a page.
    """
    devices = _spelt(deployments).unique("device", keep="last", maintain_order=True)
    columns = {
        "id": "intune_device_id",
        "serialNumber": "serial",
        "manufacturer": "manufacturer",
        "model": "model",
        "groupTag": "group_tag",
        "managedDeviceId": "intune_device_id",
        "displayName": "name",
        "userPrincipalName": "user",
        "enrollmentState": "registration_state",
    }
    return _pages("windowsAutopilotDeviceIdentities", _named(devices, columns).to_dicts(), page)


def graph_files(deployments: pl.DataFrame) -> dict[str, bytes]:
    """Return the pages of attempts and of identities, each under the name it is saved by.

    Args:
        deployments: One attempt a row.
    """
    kinds = {
        "autopilotEvents": graph_pages(deployments),
        "windowsAutopilotDeviceIdentities": identity_pages(deployments),
    }
    return {
        f"{kind}-{number:02}.json": page
        for kind, pages in kinds.items()
        for number, page in enumerate(pages, start=1)
    }


def report_v1_csv(deployments: pl.DataFrame) -> bytes:
    """Return the Export API's AutopilotV1DeploymentStatus.

    Args:
        deployments: Answer of `simulate_fleet`.
    """
    return _csv(_named(_spelt(deployments), V1_COLUMNS))


def report_v2_csv(deployments: pl.DataFrame) -> bytes:
    """Return the Export API's AutopilotV2DeploymentStatus.

    Args:
        deployments: Answer of `simulate_fleet`.
    """
    return _csv(_named(_spelt(deployments), V2_COLUMNS))


def log_analytics_csv(deployments: pl.DataFrame) -> bytes:
    """Return the enrolment records of IntuneOperationalLogs.

    Args:
        deployments: Answer of `simulate_fleet`.
    """
    spelt = _spelt(deployments)
    refused = pl.col("failed_stage") == "mdm_enrollment"
    properties = pl.struct(
        pl.col("started").alias("EnrollmentTimeUTC"),
        pl.lit("WindowsAzureADJoin").alias("EnrollmentType"),
        pl.when(refused).then(pl.lit("Authorization")).otherwise(pl.lit("None")).alias("FailureCategory"),
        pl.col("intune_device_id").alias("IntuneDeviceId"),
        pl.lit("Windows").alias("Os"),
    ).struct.json_encode()
    table = spelt.select(
        pl.col("started").alias("TimeGenerated"),
        pl.lit("OperationalLogs").alias("Category"),
        pl.lit("Enrollment").alias("OperationName"),
        properties.alias("Properties"),
        pl.when(refused).then(pl.lit("Fail")).otherwise(pl.lit("Success")).alias("Result"),
        pl.lit("IntuneOperationalLogs").alias("Type"),
    )
    return _csv(table)


def _spelt(deployments: pl.DataFrame) -> pl.DataFrame:
    """Return deployments with every cell as the services spell it."""
    failed, stage = pl.col("outcome") == "failed", pl.col("failed_stage").cast(pl.String)
    ended = pl.col("outcome").is_in(["succeeded", "failed"])
    refused = failed & (stage == "mdm_enrollment")
    outcome = pl.col("outcome").cast(pl.String)
    enrolled = pl.when(refused).then(pl.lit("failed")).otherwise(pl.lit("enrolled"))
    states = {
        "state": outcome.replace(STATES),
        "outcome_text": outcome.replace({"in_progress": "In progress"}),
        "enrollment_state": enrolled,
        "registration_state": pl.lit("enrolled"),
        "device_state": _state("device_setup", failed & (stage == "device_setup"), ended),
        "account_state": _state("account_setup", failed & (stage == "account_setup"), ended),
    }
    names = {
        "os_version": pl.format("10.0.{}", "build"),
        "failure": pl.col("code"),
        "phase": pl.coalesce(stage, pl.lit("deviceSetup")),
        "intune_device_id": pl.coalesce("intune_device_id", _intune_id()),
        "user": pl.coalesce("user", pl.format(f"user-{{}}@{DOMAIN}", "serial")),
    }
    seconds = (pl.col("total").dt.total_milliseconds() / 1000).round().cast(pl.Int64)
    instants = {"started": _instant("started_at"), "ended": _instant("ended_at"), "seconds": seconds}
    frame = deployments.with_columns(**instants, **states, **names)
    spans = ("total", "device_preparation", "device_setup", "account_setup")
    return frame.with_columns(_iso(name).alias(f"{name}_text") for name in spans)


def _instant(name: str) -> pl.Expr:
    return pl.col(name).dt.to_string("%Y-%m-%dT%H:%M:%S%.6f").add("0Z")


def _state(stage: str, failed: pl.Expr, ended: pl.Expr) -> pl.Expr:
    reached = pl.when(failed).then(pl.lit("failure")).when(ended & pl.col(stage).is_not_null())
    return reached.then(pl.lit("success")).otherwise(pl.lit("notAttempted"))


def _intune_id() -> pl.Expr:
    digits = pl.col("serial").str.extract(r"(\d+)$").str.zfill(32)
    return digits.str.replace(DASHED, "$1-$2-$3-$4-$5")


def _iso(name: str) -> pl.Expr:
    """Spell a span as Graph does, `PT1H3M21.5549440S`, seven decimals."""
    micro = pl.col(name).dt.total_microseconds()
    seconds = (micro // 1_000_000 % 60).cast(pl.String)
    fraction = (micro % 1_000_000).cast(pl.String).str.zfill(6)
    parts = [(micro // 3_600_000_000).cast(pl.String), (micro // 60_000_000 % 60).cast(pl.String)]
    return pl.format("PT{}H{}M{}.{}0S", *parts, seconds, fraction)


def _named(frame: pl.DataFrame, columns: dict[str, str]) -> pl.DataFrame:
    return frame.select(pl.col(name).cast(pl.String).alias(header) for header, name in columns.items())


def _csv(frame: pl.DataFrame) -> bytes:
    return b"\xef\xbb\xbf" + frame.write_csv(line_terminator="\r\n").encode()


def _pages(resource: str, rows: list[dict[str, Any]], page: int) -> list[bytes]:
    """Put rows on pages, each but the last with a link to the next."""
    pages = []
    for start in range(0, max(len(rows), 1), page):
        document: dict[str, Any] = {"@odata.context": f"{URL}$metadata#deviceManagement/{resource}"}
        if start + page < len(rows):
            document["@odata.nextLink"] = f"{URL}{resource}?$skip={start + page}"
        document["value"] = rows[start : start + page]
        pages.append(json.dumps(document, ensure_ascii=False).encode())
    return pages
