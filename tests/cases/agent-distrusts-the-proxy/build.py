"""Only the agent's logs, from Seoul: the proxy opens its TLS and the agent does not trust what it gets."""

from __future__ import annotations

from pathlib import Path

from cases.outside import HOUR, Machine, at
from cases.outside_agent import says
from cases.outside_seven import agent_folder, starts

SAYS = (
    "System.Net.WebException: The underlying connection was closed: Could not establish trust relationship for the SSL/TLS "
    "secure channel. ---> System.Security.Authentication.AuthenticationException: The remote certificate is invalid according "
    "to the validation procedure."
)


def build(folder: Path) -> Path:
    m = Machine(
        "agent-distrusts-the-proxy",
        at(2026, 5, 26, 0, 20),
        zone="Asia/Seoul",
        name="WS-7702",
        serial="WS-7702-K",
    )
    starts(m, 0)
    for n in range(9):
        says(
            m,
            1 + n * HOUR,
            "Found 1 MDM certificates from Local Computer Store.",
            "[Win32AppAsync] Starting app check in",
            "[SendWebRequestInternal] iteration [1] started, total retryCount: 3",
            "[SendWebRequestInternal] Sending network request...  Current proxy is http://proxy.contoso.example:8080/",
            "[IsWebExceptionRetryable] web exception status = TrustFailure",
            f"[SendWebRequestInternal] Web Exception occurs when sending network request, non-retryable, the exception is {SAYS}",
            "[Win32AppAsync] End app check in",
            log="IntuneManagementExtension",
        )
    return agent_folder(m, folder)
