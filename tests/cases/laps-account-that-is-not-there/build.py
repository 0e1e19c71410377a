"""All went well; Windows LAPS looks for an account that nobody made."""

from __future__ import annotations

from pathlib import Path

from cases.outside import DAY, Machine, at
from cases.outside_agent import announced, app
from cases.outside_files import write_reg
from cases.outside_noise import days, lived, sign_out
from cases.outside_page import finish, ready
from cases.outside_seven import laps_cycle

POLICY = {
    r"SOFTWARE\Microsoft\Policies\LAPS": {
        "BackupDirectory": 1,
        "AdministratorAccountName": "locadmin",
        "PasswordAgeDays": 30,
    }
}


def build(folder: Path) -> Path:
    m = Machine(
        "laps-account-that-is-not-there",
        at(2026, 6, 1, 6, 30),
        zone="Europe/Warsaw",
        name="WS-4015",
        serial="WS-4015-L",
    )
    lived(m, 4 * DAY + 100)
    t = ready(m)
    announced(m, t + 0.3, "Archive Tool", "Contoso Reader")
    app(m, t + 0.5, "Archive Tool")
    app(m, t + 3, "Contoso Reader")
    end = finish(m, t + 6)
    sign_out(m, end + 30)
    days(m, 1, 5)
    for day in range(5):
        for n in range(3):
            w = day * DAY + 70 + n * 60
            laps_cycle(m, w, missing="locadmin")
    m.texts["LAPS.reg"] = write_reg(POLICY)
    return m.as_folder(folder)
