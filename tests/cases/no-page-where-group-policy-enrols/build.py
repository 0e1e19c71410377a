"""A domain PC is enrolled by group policy; nobody sees a status page, as it has to be."""

from __future__ import annotations

from pathlib import Path

from cases.outside import DAY, ENROLMENTS, Machine, at
from cases.outside_eight import after_the_page
from cases.outside_files import write_reg
from cases.outside_page import PRODUCT, msi
from cases.outside_seven import starts
from cases.outside_stages import boot, halt, sync

MAIL = """Hello, the PCs of the Linz office come into Intune by the group policy. All there, apps too, but our users never
see the enrollment status page although the profile is assigned to all devices. What blocks it?
"""


def build(folder: Path) -> Path:
    m = Machine(
        "no-page-where-group-policy-enrols",
        at(2026, 3, 9, 6, 50),
        build="22631.6783",
        zone="Europe/Vienna",
        name="WS-8122",
        fresh="WS-8122",
        serial="WS-8122-X",
    )
    boot(m, 0)
    m.event("winlogon", 2, 7001, TSId=1, UserSid=m.sid())
    m.event("join", 3, 4096)
    m.event("join", 3.2, 306)
    for n, number in enumerate((4, 6, 8, 10, 16, 58)):
        m.event("enrol", 8 + n * 0.05, number)
    m.event("enrol", 8.4, 75, HexInt1=1)
    for n in range(3):
        sync(m, 9 + n * 30)
    msi(m, 11, PRODUCT, "IntuneWindowsAgent.msi")
    starts(m, 13)
    after_the_page(m, 15, "Archive Tool")
    after_the_page(m, 19, "Contoso Reader")
    halt(m, 520)
    for day in (1, 2):
        boot(m, day * DAY)
        m.event("winlogon", day * DAY + 2, 7001, TSId=1, UserSid=m.sid())
        sync(m, day * DAY + 5)
        halt(m, day * DAY + 520)
    m.key(
        rf"{ENROLMENTS}\{m.enrolment}",
        EnrollmentState=1,
        EnrollmentType=6,
        ProviderID="MS DM Server",
        UPN=m.upn,
        IsFederated=0,
    )
    policy = {
        r"SOFTWARE\Policies\Microsoft\Windows\CurrentVersion\MDM": {
            "AutoEnrollMDM": 1,
            "UseAADCredentialType": 1,
        }
    }
    m.texts["Policies.reg"] = write_reg(policy)
    m.text("mail.txt", MAIL)
    return m.as_folder(folder)
