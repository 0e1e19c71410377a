"""The profile was not fetched, the one of last year was used."""

from __future__ import annotations

import json
from pathlib import Path

from cases.outside import CACHE, Machine, at, compact
from cases.outside_eighteen import hum, two_good
from cases.outside_noise import lived
from cases.outside_page import agent_comes, device_setup, finish
from cases.outside_stages import boot, enrol, join, profile


def build(folder: Path) -> Path:
    m = Machine(
        "profile-of-last-year",
        at(2026, 4, 7, 7, 45),
        build="26100.3476",
        zone="Europe/Zurich",
        name="WS-9902",
        serial="WS-9902-S",
    )
    lived(m, 60)
    boot(m, -4)
    profile(m, 0, name="Staff laptops 2025")
    m.rows = [r for r in m.rows if not (r[2] == "autopilot" and r[3].event_id in (702, 703, 705, 161))]
    m.event("autopilot", 0.05, 163)
    profile_text = json.loads(m.keys[CACHE]["PolicyJsonCache"])
    profile_text["PolicyDownloadDate"] = "2025-05-12T13:20:44Z"
    m.key(CACHE, PolicyJsonCache=compact(profile_text))
    m.text("AutopilotDDSZTDFile.json", compact(profile_text), "utf-16")
    join(m, 2.2)
    enrol(m, 3)
    agent_comes(m, 4)
    device_setup(m, 6)
    hum(m, 6.2)
    two_good(m, 6)
    finish(m, 12)
    return m.as_zip(folder)
