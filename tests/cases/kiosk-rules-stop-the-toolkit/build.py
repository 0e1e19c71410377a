"""A kiosk in use: the toolkit's client is blocked by the kiosk's own AppLocker rules."""

from __future__ import annotations

from pathlib import Path

from cases.outside import Machine, at
from cases.outside_agent import announced, app, ended, kept, loads, looks, report, runs
from cases.outside_noise import days, lived
from cases.outside_page import finish, ready

NAME = "Sign Board"


def build(folder: Path) -> Path:
    m = Machine(
        "kiosk-rules-stop-the-toolkit",
        at(2025, 7, 17, 6, 0),
        build="26100.4652",
        zone="Europe/Stockholm",
        name="KIOSK-21",
        serial="WS-1121-X",
    )
    t = ready(m, "self")
    announced(m, t + 0.3, "Archive Tool")
    app(m, t + 0.5, "Archive Tool")
    finish(m, t + 4, user=False, apps=1)
    days(m, 1, 2)
    d = 1560.0
    blocked = (
        "%OSDRIVE%\\WINDOWS\\IMECACHE\\"
        + m.id(NAME).upper()
        + "_1\\PSAPPDEPLOYTOOLKIT\\LIB\\PSADT.CLIENTSERVER.CLIENT.EXE"
    )
    for n in range(3):
        w = d + n * 61
        looks(m, w, NAME)
        loads(m, w + 0.2, NAME)
        runs(m, w + 0.8, NAME)
        m.event(
            "applocker",
            w + 0.95,
            8004,
            2,
            PolicyName="EXE",
            RuleId="{00000000-0000-0000-0000-000000000000}",
            RuleName="-",
            RuleSddl="-",
            TargetUser="S-1-5-21-1004336348-1177238915-682003330-1003",
            TargetProcessId=7216,
            FilePath=blocked,
            Fqbn="O=CONTOSO PACKAGING, C=SE\\PSAPPDEPLOYTOOLKIT\\PSADT.CLIENTSERVER.CLIENT.EXE\\4.1.0.0",
            TargetLogonId="0x4c1f2",
        )
        ended(m, w + 1.4, 60001)
        report(m, w + 1.5, NAME, 0x8007EA61, "Error")
    kept(m, NAME, exit_code=60001, code=0x8007EA61, state=5000)
    lived(m, d + 200)
    return m.as_folder(folder)
