"""Small simulated fleets with an incident, in the files that Graph gives."""

from __future__ import annotations

from pathlib import Path

from autopilot_analysis.samples.fleet.files import graph_pages, identity_pages
from autopilot_analysis.samples.fleet.fleet import simulate_fleet


def write_fleet(folder: Path, devices: int, seed: int) -> Path:
    """Write the pages of a fleet in which a profile was edited into a folder, and return it."""
    deployments, _ = simulate_fleet(devices, incident="profile_edit", seed=seed)
    for name, made in (
        ("autopilotEvents", graph_pages),
        ("windowsAutopilotDeviceIdentities", identity_pages),
    ):
        for number, page in enumerate(made(deployments)):
            (folder / f"{name}-{number:03}.json").write_bytes(page)
    return folder
