"""Three empty answers: no profile, and nothing is proven about registration."""

from __future__ import annotations

from pathlib import Path

from cases import noise, stages
from cases.building import Device, utc


def build(folder: Path) -> Path:
    d = Device(
        "no-profile-came",
        utc(2026, 1, 26, 10, 15),
        build="26200.7462",
        name="DESKTOP-4K7Q2LM",
        serial="CO-11803-V",
    )
    for n, t in enumerate((0, 25, 60)):
        stages.boot(d, t)
        stages.network(d, t + 0.7)
        stages.query(d, t + 1, profile=False)
        stages.screen(d, t + 2, "OobeRegion", minutes=2)
        stages.screen(d, t + 5, "OobeKeyboard")
        stages.screen(d, t + 7, "OobeIDPS", None)
        if n < 2:
            stages.shutdown(d, t + 15)
    stages.empty_keys(d)
    d.text("AutopilotDDSZTDFile.json", '{"PolicyDownloadDate":"2026-01-26T11:16:05Z"}', "utf-16")
    d.collected = 90
    noise.collector(d, 90, 250)
    return d.as_cabinet(folder)
