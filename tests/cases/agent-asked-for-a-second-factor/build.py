"""Account setup: the agent needs the user, for the token it asks for wants a second factor."""

from __future__ import annotations

from pathlib import Path

from cases.outside import Machine, at
from cases.outside_agent import announced, app
from cases.outside_eight import BEGUN, no_token, runs_out, user_waits
from cases.outside_noise import lived
from cases.outside_page import account_setup, device_done, ready
from cases.outside_stages import sync

SAYS = (
    "Code: interaction_required; AADSTS50076: Due to a configuration change made by your administrator, or because you "
    "moved to a new location, you must use multi-factor authentication to access "
    "'26a4ae64-5862-427f-a9b0-044e62572a4f'."
)


def build(folder: Path) -> Path:
    m = Machine(
        "agent-asked-for-a-second-factor",
        at(2026, 3, 17, 8, 45),
        build="26100.6584",
        name="WS-6027",
        serial="WS-6027-G",
    )
    lived(m, 85)
    t = ready(m, apps=1)
    announced(m, t + 0.2, "Archive Tool")
    app(m, t + 0.4, "Archive Tool")
    device_done(m, t + 4, 1)
    a = t + 6
    account_setup(m, a)
    for n in range(10):
        m.event(
            "aad",
            a + 1 + n * 6,
            1098,
            2,
            Error=0xCAA2000C,
            ErrorMessage="The request requires user interaction.",
            AdditionalInformation=SAYS,
        )
        no_token(m, a + 1.1 + n * 6)
        sync(m, a + 2 + n * 6)
    user_waits(m)
    runs_out(m, a + 61, "AccountSetup.Apps", Apps=BEGUN)
    return m.as_zip(folder)
