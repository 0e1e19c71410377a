"""Writes make-believe exports: one, many with an incident among them, or the few that ship here."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

import polars as pl

from autopilot_analysis.defaults import SEED
from autopilot_analysis.errors import BadInput, NothingToWrite, UnknownName
from autopilot_analysis.samples.device.device import (
    DESKTOP,
    FIRST_DAY,
    LATER_BUILD_24H2,
    TABLET,
    Device,
    make_device,
)
from autopilot_analysis.samples.device.events import tell_story
from autopilot_analysis.samples.device.story import Scenario
from autopilot_analysis.samples.fleet.data import write_fleet_data
from autopilot_analysis.samples.fleet.files import PAGES
from autopilot_analysis.samples.fleet.observed import graph_view
from autopilot_analysis.samples.layouts import LAYOUTS, Layout, build_export
from autopilot_analysis.samples.scenarios import SCENARIOS
from autopilot_analysis.samples.truth import TRUTH, TRUTH_OF_DEPLOYMENTS, SampleTruth, truth_table
from autopilot_analysis.tables.writing import system_errors

_DAYS = 56


@dataclass(frozen=True)
class Incident:
    """Something that goes wrong for part of a fleet, from a day on.

    Attributes:
        description: One line on what happens.
        scenario: What the devices that are hit live through.
        model: Only devices of this model are hit, or None.
        build: Only devices of this build are hit, or None.
        from_day: First day of the incident, counted from the first day of the fleet.
        share: Share of these devices that are hit.
    """

    description: str
    scenario: str
    model: str | None = None
    build: str | None = None
    from_day: int = 28
    share: float = 0.8


INCIDENTS: dict[str, Incident] = {
    "enrollment_blocked": Incident(
        "A new restriction refuses personal devices of one model.", "mdm_enrollment_refused", model=TABLET
    ),
    "app_hangs": Incident(
        "A new version of an app never returns on one build.", "esp_app_timeout", build=LATER_BUILD_24H2
    ),
    "app_not_detected": Incident(
        "A wrong detection rule fails the device setup everywhere.", "esp_app_failure", share=0.6
    ),
    "attestation_outage": Incident(
        "TPM attestation fails on one model.", "tpm_attestation_failure", model=DESKTOP
    ),
}
"""What can go wrong in a fleet, by name."""

USUAL = {
    "user_driven_success": 60,
    "pre_provisioning_success": 10,
    "self_deploying_success": 6,
    "esp_app_timeout": 4,
    "esp_app_failure": 3,
    "mdm_enrollment_refused": 3,
    "existing_device_success": 3,
    "blank_profile_then_reboot": 3,
    "clock_step": 3,
    "network_blocked": 2,
    "hybrid_join_failure": 2,
    "tpm_attestation_failure": 1,
}
"""What happens to a hundred devices when nothing special is going on."""

_DATA: tuple[tuple[str, str, Layout, int], ...] = (
    ("user-driven-success.cab", "user_driven_success", "cab", 1),
    ("mdm-enrollment-refused.cab", "mdm_enrollment_refused", "cab", 2),
    ("esp-app-timeout.zip", "esp_app_timeout", "diaglogs_flattened", 3),
    ("pre-provisioning.cab", "pre_provisioning_success", "cab", 4),
    ("clock-step.cab", "clock_step", "cab", 5),
    ("oobe-error-page.cab", "oobe_error_page", "cab", 6),
)


def write_sample(
    out: str | Path,
    scenario: str | Scenario = "user_driven_success",
    *,
    layout: Layout = "cab",
    seed: int = SEED,
    device: int = 1,
) -> SampleTruth:
    """Write one make-believe export and return the truth of it.

    Args:
        out: A path that ends in .cab or .zip is the export itself; any other is the folder it is put into.
        scenario: A name in SCENARIOS, or a scenario made from one.
        layout: The shape of the export.
        seed: Another seed, another tenant and other durations.
        device: Number of the device, from 1.

    Raises:
        UnknownName: No scenario or layout is called so.
        NothingToWrite: The export is already there.
    """
    if isinstance(scenario, str):
        if scenario not in SCENARIOS:
            raise UnknownName.among("scenario", scenario, SCENARIOS)
        scenario = SCENARIOS[scenario]
    made = _make_device(seed, device, FIRST_DAY + timedelta(hours=2), scenario.build)
    return _write(Path(out), made, scenario, layout, seed)


def write_samples(
    out: str | Path,
    *,
    devices: int,
    incident: str | None = None,
    seed: int = SEED,
    layout: Layout = "cab",
    graph: bool = False,
) -> list[SampleTruth]:
    """Write the exports of a fleet, and their truth (`TRUTH`) beside them; all of it or nothing.

    Args:
        out: A folder that is absent, empty, or was made by this function.
        devices: How many devices.
        incident: A name in INCIDENTS; a name in SCENARIOS, for every device to run through it; or None for a
            fleet with its usual failures only.
        seed: Another seed, another fleet.
        layout: The shape of the exports.
        graph: Write beside the captures what Graph saw of the same devices, as pages in a ZIP, and in
            `TRUTH_OF_DEPLOYMENTS` which attempts there were (`DeploymentTruth`).

    Raises:
        BadInput: Less than one device is asked for.
        UnknownName: No incident or scenario is called so.
        NothingToWrite: The folder holds something this function did not make.
    """
    folder = Path(out)
    if devices < 1:
        raise BadInput(f"{devices} devices were asked for; ask for at least 1")
    if incident is not None and incident not in INCIDENTS and incident not in SCENARIOS:
        raise UnknownName.among("incident or scenario", incident, [*INCIDENTS, *SCENARIOS])
    _check(folder)
    partial = folder.with_name(f".{folder.name}.partial")
    shutil.rmtree(partial, ignore_errors=True)
    try:
        partial.mkdir(parents=True)
    except OSError as error:
        raise NothingToWrite.no_file(folder.parent, error) from error
    try:
        fleet = list(_fleet(partial, devices, incident, seed, layout))
        written = [sample for _, sample in fleet]
        with system_errors(partial):
            if graph:
                pages, deployments = graph_view(fleet)
                (partial / PAGES).write_bytes(pages)
                deployments.write_parquet(partial / TRUTH_OF_DEPLOYMENTS)
            truth_table(written, partial).write_parquet(partial / TRUTH)
        if folder.exists():
            shutil.rmtree(folder)
        partial.rename(folder)
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    return [replace(sample, path=folder / sample.path.relative_to(partial)) for sample in written]


def write_data(out: str | Path) -> list[SampleTruth]:
    """Write the few exports that ship with the project, and their truth; what is there is replaced.

    Args:
        out: The folder, usually `data`.
    """
    folder = Path(out)
    folder.mkdir(parents=True, exist_ok=True)
    samples = []
    for name, scenario, layout, number in _DATA:
        (folder / name).unlink(missing_ok=True)
        samples.append(write_sample(folder / name, scenario, layout=layout, device=number))
    truth_table(samples, folder).write_parquet(folder / TRUTH)
    write_fleet_data(folder / "fleet")
    return samples


def _fleet(
    folder: Path, devices: int, incident: str | None, seed: int, layout: Layout
) -> Iterator[tuple[Device, SampleTruth]]:
    happening = INCIDENTS.get(incident or "")
    for number in range(1, devices + 1):
        random = Random(f"{seed}/fleet/{number}")
        day = number * _DAYS // (devices + 1)
        started_at = FIRST_DAY + timedelta(days=day, seconds=random.randrange(9 * 3600))
        usual = random.choices(list(USUAL), list(USUAL.values()))[0]
        scenario = incident if incident in SCENARIOS else usual
        made = _make_device(seed, number, started_at, SCENARIOS[scenario].build)
        hit = happening is not None and _hits(happening, made, day, random)
        if hit and happening is not None:
            made = replace(made, build=SCENARIOS[happening.scenario].build or made.build)
            scenario = happening.scenario
        written = _write(folder, made, SCENARIOS[scenario], layout, seed)
        yield made, replace(written, incident=incident if hit else None)


def _hits(incident: Incident, device: Device, day: int, random: Random) -> bool:
    fits = incident.model in (None, device.model) and incident.build in (None, device.build)
    return fits and day >= incident.from_day and random.random() < incident.share


def _make_device(seed: int, number: int, started_at: datetime, build: str | None) -> Device:
    return make_device(
        number,
        Random(f"{seed}/{number}"),
        tenant=Random(f"{seed}/tenant"),
        started_at=started_at,
        build=build,
    )


def _write(out: Path, device: Device, scenario: Scenario, layout: str, seed: int) -> SampleTruth:
    if layout not in LAYOUTS:
        raise UnknownName.among("layout", layout, LAYOUTS)
    story = tell_story(device, scenario, Random(f"{seed}/{device.number}/{scenario.name}"))
    collected_at = (story.now + timedelta(minutes=story.random.randint(8, 40))).replace(microsecond=0)
    name, content = build_export(story, layout, collected_at)
    path = out if out.suffix.lower() in (".cab", ".zip") else out / name
    if path.exists():
        raise NothingToWrite(f"{path} is already there; name a new one or remove it first")
    try:
        _put(path, content)
    except OSError as error:
        raise NothingToWrite.refused(path, error) from error
    return SampleTruth(path, device.serial, scenario.name, tuple(story.rows), installs=tuple(story.installs))


def _put(path: Path, content: bytes | Mapping[str, bytes]) -> None:
    """Write a file, or a folder with its files, beside its place, then move it there."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{path.name}.partial")
    if isinstance(content, bytes):
        partial.write_bytes(content)
    else:
        shutil.rmtree(partial, ignore_errors=True)
        for name, part in content.items():
            (partial / name).parent.mkdir(parents=True, exist_ok=True)
            (partial / name).write_bytes(part)
    partial.rename(path)


def _check(folder: Path) -> None:
    """Refuse a folder that holds anything this module did not write."""
    held = {entry.name for entry in folder.iterdir()} if folder.is_dir() else set()
    if folder.exists() and not folder.is_dir():
        raise NothingToWrite(f"{folder} is a file; name a folder")
    if not held:
        return
    made = {TRUTH, TRUTH_OF_DEPLOYMENTS, PAGES}
    if TRUTH in held:
        made |= set(pl.read_parquet(folder / TRUTH, glob=False)["export"])
    if not held <= made or TRUTH not in held:
        foreign = sorted(held - made) or sorted(held)
        raise NothingToWrite(f"{folder} holds {foreign[0]!r}, which was not made here; name an empty folder")
