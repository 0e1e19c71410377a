"""A name longer than NetBIOS takes."""

from __future__ import annotations

import json
from pathlib import Path

from cases.outside import CACHE, Machine, at, compact
from cases.outside_eighteen import hum, two_good
from cases.outside_noise import lived
from cases.outside_page import agent_comes, device_setup, finish
from cases.outside_stages import boot, enrol, halt, join, profile, query


def build(folder: Path) -> Path:
    m = Machine(
        "name-longer-than-fifteen",
        at(2022, 11, 28, 8, 30),
        build="19045.2251",
        zone="Europe/Berlin",
        name="CONTOSOPF3KQ7XW2L",
        serial="PF3KQ7XW2L",
    )
    lived(m, 70)
    boot(m, -4)
    profile(m, 0)
    profile_text = json.loads(m.keys[CACHE]["PolicyJsonCache"])
    profile_text["CloudAssignedDeviceName"] = "CONTOSO%SERIAL%"
    m.key(CACHE, PolicyJsonCache=compact(profile_text))
    m.text("AutopilotDDSZTDFile.json", compact(profile_text), "utf-16")
    halt(m, 1.2, "restart", r"C:\Windows\System32\oobe\msoobe.exe")
    boot(m, 2.0)
    m.event("eventlog", 2.02, 6011, plain=["DESKTOP-QH7T2RD", "CONTOSOPF3KQ7XW"])
    m.named = 1.9
    query(m, 2.6)
    m.event("autopilot", 2.7, 153, InitialState=0, UpdateState=3)
    join(m, 3.2)
    enrol(m, 4)
    agent_comes(m, 5)
    device_setup(m, 7)
    hum(m, 7.2)
    two_good(m, 7)
    finish(m, 13)
    return m.as_zip(folder)
