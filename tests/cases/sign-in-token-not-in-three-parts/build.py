"""Hybrid: the sign-in succeeds, and the page cannot take its token apart."""

from __future__ import annotations

from pathlib import Path

from cases.outside import Machine, at, compact
from cases.outside_noise import lived
from cases.outside_stages import boot, profile, screen


def build(folder: Path) -> Path:
    m = Machine(
        "sign-in-token-not-in-three-parts",
        at(2026, 1, 13, 8, 5),
        build="26100.7462",
        zone="Europe/Amsterdam",
        name="WS-3391",
        serial="WS-3391-J",
    )
    boot(m, -4)
    profile(m, 0, "hybrid", name="Hybrid laptops")
    for n in range(2):
        t = 2 + n * 4
        m.event("shell", t, 62404, CXID="OobeAAD")
        m.event("shell", t + 0.01, 62406, Name="Visible")
        screen(m, t + 0.02, "hasInternetAccess_networkCheck", "true")
        good = compact(
            {"webErrorStatus": 0, "uri": "https://login.microsoftonline.com/common/oauth2/authorize"}
        )
        screen(m, t + 0.1, "NavigationSucceed", good)
        screen(m, t + 0.3, "Identity.UsernameView.Branding.HasBoilerPlateText", 1)
        screen(m, t + 1.6, "NavigationSucceed", good)
        m.page(
            t + 1.7, "OtaDomainJoin", "crackIdToken: JSON parsing failed: idTokenNotThreeParts", 0x80004005
        )
        screen(m, t + 1.71, "CDJUIError", "80004005")
        screen(m, t + 1.72, "CDJUIShowPage", "idErrorPage")
        if not n:
            screen(m, t + 2.9, "CDJUIClickOnErrorTryAgain", "true")
            m.event("shell", t + 3, 62405, Result="fail")
    lived(m, 20)
    return m.as_cab(folder)
