"""A virtual machine, user-driven, all well; the PIN cannot be made because policy wants a TPM."""

from __future__ import annotations

from pathlib import Path

from cases.outside import Machine, at
from cases.outside_agent import announced, app
from cases.outside_eight import system_report
from cases.outside_noise import lived
from cases.outside_page import finish, ready
from cases.outside_ten import pin_fails

PASSPORT = r"software\microsoft\policies\PassportForWork"


def build(folder: Path) -> Path:
    m = Machine(
        "pin-where-policy-wants-a-chip",
        at(2026, 1, 20, 13, 30),
        build="26100.7623",
        zone="Europe/Stockholm",
        name="WS-8107",
        serial="WS-8107-G",
    )
    lived(m, 45)
    t = ready(m)
    fields = {
        "Message1": "RequireSecurityDevice",
        "Message2": "PassportForWork",
        "Message3": m.enrolment,
        "Message4": "Device",
    }
    m.event("dm", t + 0.2, 813, **fields)
    m.key(
        rf"{PASSPORT}\{m.id('tenant contoso.com')}\Device\Policies",
        UsePassportForWork=1,
        RequireSecurityDevice=1,
    )
    m.text("TpmHliInfo_Output.txt", "-TPM Present: False\n")
    system_report(
        m,
        "Microsoft Corporation",
        "Virtual Machine",
        "Intel(R) Xeon(R) Gold 6338 CPU @ 2.00GHz, 1995 Mhz, 4 Core(s), 4 Logical Processor(s)",
        "8.00 GB",
    )
    announced(m, t + 0.3, "Archive Tool", "Contoso Reader")
    app(m, t + 0.5, "Archive Tool")
    app(m, t + 3, "Contoso Reader")
    end = finish(m, t + 6)
    for n in range(2):
        pin_fails(m, end + 0.5 + n * 4, 0x80090035)
    return m.as_zip(folder)
