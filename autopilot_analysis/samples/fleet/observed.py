"""What the service saw of the devices of captures: their attempts as Graph pages, and the truth of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import dataframely as dy
import polars as pl

from autopilot_analysis.samples.device.device import Device
from autopilot_analysis.samples.fleet.files import graph_files
from autopilot_analysis.samples.formats.archive import write_archive
from autopilot_analysis.samples.truth import SampleTruth, StageTruth
from autopilot_analysis.tables import SCHEMAS
from autopilot_analysis.tables.story import ON_THE_PAGE

TYPES = {
    "self_deploying": "azureADJoinedUsingDeviceAuthWithAutopilotProfile",
    "pre_provisioning": "azureADJoinedWithWhiteGlove",
    "hybrid": "offlineDomainJoined",
}
"""How Graph calls the enrolment of scenarios whose name begins so; the others are a user's."""

OUTSIDE = ("network", "profile_download")


class DeploymentTruth(dy.Schema):
    """One attempt that is a deployment, whatever number of exports tell of it."""

    device = dy.String(description="Serial number of the make-believe device")
    attempt = dy.Int64(description="From 1, as in the truth of the stages")
    outcome = dy.String()
    deployment = dy.String(nullable=True, description="Key of Graph's row; null where Graph has none")


def graph_view(fleet: Iterable[tuple[Device, SampleTruth]]) -> tuple[bytes, pl.DataFrame]:
    """Return a ZIP of Graph pages of the devices of captures, and the truth of their attempts.

    Graph knows an attempt from its enrolment on, and none that did not come so far. An attempt that only
    looked for a network and a profile, and found none assigned, is no deployment.

    Args:
        fleet: Each device and what was written of it.
    """
    events, truths = [], []
    for device, truth in fleet:
        for attempt in sorted({stage.attempt for stage in truth.stages}):
            stages = {stage.stage: stage for stage in truth.stages if stage.attempt == attempt}
            if not _is_deployment(stages):
                continue
            row = _row(device, truth, attempt, stages)
            truths.append((device.serial, attempt, row["outcome"], row["deployment"]))
            if row["deployment"] is not None:
                events.append(row)
    deployments = pl.DataFrame(events, schema=SCHEMAS["deployments"].create_empty().schema)
    names = list(DeploymentTruth.create_empty().columns)
    return write_archive(graph_files(deployments)), DeploymentTruth.cast(
        pl.DataFrame(truths, schema=names, orient="row")
    )


def _is_deployment(stages: Mapping[str, StageTruth]) -> bool:
    ran = [stage for stage in stages.values() if stage.outcome != "skipped"]
    return any(stage.stage not in OUTSIDE or stage.outcome == "failed" for stage in ran)


def _row(
    device: Device, truth: SampleTruth, attempt: int, stages: Mapping[str, StageTruth]
) -> dict[str, Any]:
    """Return an attempt as a row of `deployments`, as Graph would know it."""
    failed = next((stage for stage in stages.values() if stage.outcome == "failed"), None)
    open_ended = any(stage.outcome in ("unfinished", "unknown") for stage in stages.values())
    outcome = "failed" if failed else "in_progress" if open_ended else "succeeded"
    enrolled = stages.get("mdm_enrollment")
    known = enrolled is not None and enrolled.started_at is not None
    begin = enrolled.started_at if enrolled is not None else None
    ends = [stage.ended_at for stage in stages.values() if stage.ended_at is not None]
    end = max(ends) if ends and outcome != "in_progress" else None
    spans = {
        name: stage.ended_at - stage.started_at
        for name in ON_THE_PAGE
        if (stage := stages.get(name))
        and stage.started_at
        and stage.ended_at
        and stage.outcome == "succeeded"
    }
    kind = next((name for start, name in TYPES.items() if truth.scenario.startswith(start)), None)
    return {
        "device": device.serial,
        "deployment": f"{device.intune_id}/{attempt}" if known else None,
        "origin": "graph",
        "serial": device.serial,
        "name": device.name,
        "user": device.user,
        "manufacturer": device.manufacturer,
        "model": device.model,
        "build": device.build,
        "profile": device.profile_name,
        "enrollment_type": kind or "azureADJoinedWithAutopilotProfile",
        "started_at": begin,
        "ended_at": end,
        "outcome": outcome,
        "failed_stage": failed.stage if failed else None,
        "code": failed.code if failed else None,
        "total": end - begin if end and begin else None,
        "intune_device_id": device.intune_id,
        **spans,
    }
