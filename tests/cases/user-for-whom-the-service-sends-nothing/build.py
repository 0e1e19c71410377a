"""Account setup: the sessions go well, and the service never says that it has sent all there is for the user."""

from __future__ import annotations

from pathlib import Path

from cases.outside import ENROLMENTS, TRACKING, Machine, at
from cases.outside_agent import announced, app
from cases.outside_eight import BEGUN, runs_out
from cases.outside_noise import lived
from cases.outside_page import account_setup, device_done, ready
from cases.outside_stages import sync

IDENTIFYING = {
    name: ("inProgress", f"{words} (Identifying)")
    for name, words in (
        ("SecurityPolicies", "Security policies"),
        ("Certificates", "Certificates"),
        ("NetworkConnections", "Network connections"),
    )
}


def build(folder: Path) -> Path:
    m = Machine(
        "user-for-whom-the-service-sends-nothing",
        at(2026, 6, 9, 7, 20),
        build="26100.6584",
        name="WS-6052",
        serial="WS-6052-T",
    )
    lived(m, 95)
    t = ready(m, apps=1)
    announced(m, t + 0.2, "Archive Tool")
    app(m, t + 0.4, "Archive Tool")
    device_done(m, t + 4, 1)
    a = t + 6
    account_setup(m, a)
    for n in range(8):
        sync(m, a + 1 + n * 7)
    m.key(rf"{TRACKING}\{m.sid()}\Setup\Apps\PolicyProviders\Sidecar", TrackingPoliciesCreated=0)
    m.key(
        rf"{ENROLMENTS}\{m.enrolment}\FirstSync\{m.sid()}",
        IsSyncDone=0,
        ServerHasFinishedProvisioning=0,
        SkipUserStatusPage=0,
    )
    runs_out(m, a + 60, "AccountSetup.SecurityPolicies", **IDENTIFYING, Apps=BEGUN)
    return m.as_zip(folder)
