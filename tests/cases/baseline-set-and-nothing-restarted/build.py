"""The baseline's password and account policies are set, nothing restarts, the person arrives at the desktop."""

from __future__ import annotations

from pathlib import Path

from cases.outside import Machine, at
from cases.outside_agent import announced, app
from cases.outside_eight import policy_number, policy_text
from cases.outside_noise import days, lived
from cases.outside_page import finish, ready
from cases.outside_ten import checks_in


def build(folder: Path) -> Path:
    m = Machine(
        "baseline-set-and-nothing-restarted",
        at(2026, 6, 3, 9, 0),
        build="26100.8457",
        zone="Europe/Paris",
        name="WS-8126",
        serial="WS-8126-B",
    )
    lived(m, 3 * 1440.0)
    t = ready(m)
    policy_number(m, t + 0.1, "DeviceLock", "DevicePasswordEnabled", 0)
    policy_number(m, t + 0.11, "DeviceLock", "MinDevicePasswordLength", 14)
    policy_number(m, t + 0.12, "LocalPoliciesSecurityOptions", "Accounts_EnableAdministratorAccountStatus", 0)
    policy_text(
        m, t + 0.13, "LocalPoliciesSecurityOptions", "Accounts_RenameAdministratorAccount", "localadm"
    )
    policy_number(m, t + 0.14, "Authentication", "EnableWebSignIn", 1)
    announced(m, t + 0.3, "Archive Tool", "Contoso Reader")
    app(m, t + 0.5, "Archive Tool")
    app(m, t + 3, "Contoso Reader")
    end = finish(m, t + 6)
    checks_in(m, end + 30, 4)
    days(m, 1, 3)
    return m.as_collection(folder)
