"""OOBE: the sign-in page of the company's own identity provider cannot be loaded."""

from __future__ import annotations

from pathlib import Path

from cases.outside import Machine, at, compact
from cases.outside_noise import lived
from cases.outside_stages import boot, profile, screen


def build(folder: Path) -> Path:
    m = Machine("identity-provider-page-blocked", at(2026, 2, 3, 8, 15), zone="Europe/Copenhagen")
    boot(m, -4)
    profile(m, 0)
    for n in range(3):
        t = 2 + n * 3
        m.event("shell", t, 62404, CXID="OobeAAD")
        m.event("shell", t + 0.01, 62406, Name="Visible")
        screen(m, t + 0.02, "hasInternetAccess_networkCheck", "true")
        good = compact(
            {"webErrorStatus": 0, "uri": "https://login.microsoftonline.com/common/oauth2/authorize"}
        )
        bad = compact({"webErrorStatus": 10, "uri": "https://sso.contoso.com/adfs/ls/"})
        screen(m, t + 0.1, "NavigationSucceed", good)
        screen(m, t + 0.3, "Identity.UsernameView.Branding.HasBoilerPlateText", 1)
        screen(m, t + 1.1, "NavigationFailed", bad)
        screen(m, t + 1.2, "CDJUIError", "OOBEIDPS")
        screen(m, t + 1.21, "CDJUIShowPage", "idErrorPage")
        if n < 2:
            screen(m, t + 2, "CDJUIClickOnErrorTryAgain", "true")
            m.event("shell", t + 2.1, 62405, Result="fail")
    lived(m, 25)
    return m.as_cab(folder)
