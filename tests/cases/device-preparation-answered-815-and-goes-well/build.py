"""Device preparation: the service says that nothing is assigned, as it has to, and all goes well."""

from __future__ import annotations

from pathlib import Path

from cases.outside import Machine, at
from cases.outside_noise import lived
from cases.outside_page import desktop
from cases.outside_preparation import begins, progress, result
from cases.outside_twelve import answers_with, beside_the_page


def build(folder: Path) -> Path:
    m = Machine(
        "device-preparation-answered-815-and-goes-well",
        at(2026, 5, 12, 7, 30),
        build="26100.6584",
        zone="Europe/Madrid",
        name="WS-8341",
        serial="WS-8341-B",
    )
    t = begins(m)
    answers_with(m, 815, "ZtdDeviceHasNoAssignedProfile")
    beside_the_page(m, t + 1, "Contoso Reader", 0)
    progress(m, ("Policies", 1, 0), ("Contoso Reader", 1, 0))
    result(m, t + 5, 401, 0, agent=0, page=0)
    m.event("winlogon", t + 6, 7001, TSId=1, UserSid=m.sid())
    desktop(m, t + 7)
    lived(m, 90)
    return m.as_zip(folder)
