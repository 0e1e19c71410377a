"""Hybrid in a federated domain: the identity provider refuses the computer's token request."""

from __future__ import annotations

from pathlib import Path

from cases.outside import Machine, at
from cases.outside_eight import runs_out
from cases.outside_noise import lived
from cases.outside_page import account_setup
from cases.outside_ten import WAITS, hybrid_to_account_setup, join_task_fails

SAYS = "AdalMessage: ADALUseWindowsAuthenticationTenant failed, unable to preform integrated auth; AdalErrorCode: 0xcaa90006"


def build(folder: Path) -> Path:
    m = Machine(
        "identity-provider-refuses-the-hybrid-join",
        at(2026, 4, 1, 7, 40),
        build="22631.6783",
        zone="Europe/Zurich",
        name="WS-8118",
        serial="WS-8118-T",
    )
    lived(m, 150)
    t = hybrid_to_account_setup(m)
    account_setup(m, t + 1)
    for n in range(8):
        m.event(
            "aad",
            t + 1.9 + n * 11,
            1088,
            2,
            Error="0xCAA90006",
            ErrorDescription="Token request failed; the security token service sts.contoso.com refused it.",
        )
        join_task_fails(m, t + 2 + n * 11, 0xCAA90006, "auth", SAYS)
    runs_out(m, t + 101, "AccountSetup.SecurityPolicies", **WAITS)
    return m.as_zip(folder)
