"""Only the agent's log: it finds no certificate of management and is turned away."""

from __future__ import annotations

from pathlib import Path

from cases.outside import HOUR, Machine, at
from cases.outside_agent import says
from cases.outside_seven import agent_folder, starts

REFUSED = "The remote server returned an error: (401) Unauthorized."


def build(folder: Path) -> Path:
    m = Machine("agent-without-a-management-certificate", at(2026, 4, 8, 5, 15), zone="Europe/Zurich")
    for day in range(3):
        t = day * 24 * HOUR
        starts(m, t)
        for n in range(6):
            says(
                m,
                t + 1 + n * HOUR,
                "Checking throttle setting",
                "Finish throttle checking.",
                "Found 0 MDM certificates from Local Computer Store.",
                "[Win32AppAsync] Starting app check in",
                "[SendWebRequestInternal] iteration [1] started, total retryCount: 3",
                "Found 0 MDM certificates from Local Computer Store.",
                "PrepareHeaders, client-request-id: " + m.id(f"request {day} {n}") + ", Method: PUT",
                "[IsWebExceptionRetryable] web exception status = ProtocolError",
                "[SendWebRequestInternal] Web Exception occurs when sending network request, non-retryable, the exception is "
                f"System.Net.WebException: {REFUSED}",
                "[Win32AppAsync] End app check in",
                log="IntuneManagementExtension",
            )
    return agent_folder(m, folder)
