"""How a make-believe device starts and stops: the events of the System log."""

from __future__ import annotations

from datetime import datetime

from autopilot_analysis.samples.device.story import Story, fields


def boot(story: Story, at: datetime) -> None:
    """Start the device."""
    build, _, revision = story.device.build.partition(".")
    version = {"MajorVersion": 10, "MinorVersion": 0, "BuildVersion": int(build), "QfeVersion": int(revision)}
    story.event("SYS", 12, at, fields(version, {"ServiceVersion": 0, "BootMode": 0}, {"StartTime": at}))
    story.event("SYS", 6009, at, {"": ["10.00.", build, "", "Multiprocessor Free", "0"]}, after=9000)
    story.event("SYS", 6005, at, {"": [""]}, after=9001)


def shut_down(story: Story, kind: str, at: datetime) -> None:
    """Ask for a restart or a shutdown four seconds after `at`; the log ends three seconds later."""
    process = "C:\\Windows\\System32\\CloudExperienceHostBroker.exe"
    names = {
        "param1": process,
        "param2": story.computer,
        "param3": "Operating System: Reconfiguration (Unplanned)",
    }
    rest = {"param4": "0x20004", "param5": kind, "param6": "", "param7": "NT AUTHORITY\\SYSTEM"}
    story.event("SYS", 1074, at, fields(names, rest), after=4000)
    story.event("SYS", 6006, at, {"": [""]}, after=7000)
