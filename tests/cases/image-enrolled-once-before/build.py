"""One event log by mail: enrolment ends because the image was taken from an enrolled machine."""

from __future__ import annotations

from pathlib import Path

from cases.outside import CHANNELS, Code, Machine, at
from cases.outside_noise import lived
from cases.outside_stages import ask_enrol, boot, join, leave


def build(folder: Path) -> Path:
    m = Machine(
        "image-enrolled-once-before",
        at(2025, 12, 3, 9, 30),
        build="19045.5011",
        name="WS-3160",
        serial="WS-3160-K",
        split=False,
    )
    lived(m, 60, step=0)
    boot(m, -4)
    for t in (3, 21):
        join(m, t - 1)
        ask_enrol(m, t)
        m.event("enrol", t + 0.2, 10)
        m.event("enrol", t + 0.3, 57, 2, HRESULT=Code(0x8007064C))
        m.event("enrol", t + 0.31, 71, 2, HRESULT=Code(0x8007064C))
        leave(m, t + 0.6)
    m.drop(*(name for name in CHANNELS if name not in ("dm", "enrol", "sync")))
    m.texts.clear()
    return next(m.as_folder(folder).glob("*.evtx"))
