"""The management client looks for an app's policy template before it is there; all is well."""

from __future__ import annotations

from pathlib import Path

from cases.outside import DAY, Machine, at
from cases.outside_agent import announced, app
from cases.outside_eight import refused_node
from cases.outside_noise import days, lived, sign_out
from cases.outside_page import finish, ready

ROOT = "./Device/Vendor/MSFT/Policy/ConfigOperations/ADMXInstall"


def build(folder: Path) -> Path:
    m = Machine(
        "template-of-a-policy-that-is-not-there-yet",
        at(2026, 5, 5, 6, 40),
        build="26100.8328",
        zone="Europe/Helsinki",
        name="WS-7107",
        serial="WS-7107-T",
    )
    lived(m, 5 * DAY)
    t = ready(m)
    for n in range(6):
        refused_node(m, t + 0.2 + n, f"{ROOT}/Receiver/Properties/Policy/FakePolicy/Version", 0x80070002)
        refused_node(m, t + 0.3 + n, f"{ROOT}/Receiver/Properties/Version", 0x82B00001, 6)
    announced(m, t + 0.3, "Archive Tool", "Contoso Reader")
    app(m, t + 0.5, "Archive Tool")
    app(m, t + 3, "Contoso Reader")
    end = finish(m, t + 6)
    sign_out(m, end + 20)
    days(m, 1, 5)
    for day in range(1, 5):
        refused_node(m, day * DAY + 70, f"{ROOT}/Receiver/Properties/Policy/FakePolicy/Version", 0x80070002)
    return m.as_zip(folder)
