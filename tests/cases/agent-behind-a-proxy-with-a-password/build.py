"""The agent's log alone: each request is answered by a proxy that wants a password."""

from __future__ import annotations

from pathlib import Path

from cases.outside import Machine, at
from cases.outside_agent import says
from cases.outside_seven import agent_folder, starts

SAYS = (
    "System.Net.WebException: The remote server returned an error: (407) Proxy Authentication Required. at "
    "System.Net.HttpWebRequest.GetResponse()"
)


def build(folder: Path) -> Path:
    m = Machine(
        "agent-behind-a-proxy-with-a-password",
        at(2026, 2, 4, 1, 10),
        zone="Asia/Singapore",
        name="WS-1103",
        serial="WS-1103-C",
    )
    starts(m, 0)
    for n in range(10):
        says(
            m,
            1 + n * 40,
            "Found 1 MDM certificates from Local Computer Store.",
            "[Win32AppAsync] Starting app check in",
            "[SendWebRequestInternal] iteration [1] started, total retryCount: 3",
            "[SendWebRequestInternal] Sending network request...  Current proxy is http://proxy.corp.contoso.example:3128/",
            "[IsWebExceptionRetryable] web exception status = ProtocolError",
            f"[SendWebRequestInternal] Web Exception occurs when sending network request, non-retryable, the exception is {SAYS}",
            "[Win32AppAsync] End app check in",
            log="IntuneManagementExtension",
        )
    return agent_folder(m, folder)
