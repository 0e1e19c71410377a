"""The setup of the client reaches no revocation list."""

from __future__ import annotations

from pathlib import Path

from cases.outside import Machine, at
from cases.outside_fifteen import traced


def build(folder: Path) -> Path:
    m = Machine("gateway-revocation-list-out-of-reach", at(2025, 3, 20, 10, 5))
    gate = "GATE.FABRIKAM.EXAMPLE"
    rows = [
        (0.0, "==========[ ccmsetup started in process 7312 ]==========", 1),
        (0.001, "Running on platform X64", 1),
        (0.002, "CcmSetup version: 5.0.9132.1023, Launch from folder C:\\Windows\\ccmsetup\\", 1),
        (
            0.01,
            f'Command line: "C:\\Windows\\ccmsetup\\ccmsetup.exe" /runservice CCMHOSTNAME="{gate}/CCM_Proxy_MutualAuth/72057594037932111" SMSSITECODE="FAB"',
            1,
        ),
        (0.015, "SslState value: 480", 1),
        (0.02, "Current AD site of machine is not available. Client is on internet.", 1),
    ]
    for n in range(4):
        t = 0.1 + n * 10
        rows += [
            (t, f"Getting AAD info from CMG '{gate}'", 1),
            (
                t + 0.03,
                f"SMS CCM 5.0: Host={gate}, Path=/CCM_Proxy_ServerAuth/AADAuthInfo?TenantID={m.id('tenant')}, Port=443, Protocol=https, CcmTokenAuth=0, Flags=0x4304, Options=0x1e0",
                1,
            ),
            (t + 0.2, "[CCMHTTP] AsyncCallback(): WINHTTP_CALLBACK_STATUS_SECURE_FAILURE Encountered", 3),
            (t + 0.201, "[CCMHTTP]                : dwStatusInformationLength is 4", 3),
            (t + 0.202, "[CCMHTTP]                : *lpvStatusInformation is 0x1", 3),
            (t + 0.203, "[CCMHTTP]            : WINHTTP_CALLBACK_STATUS_FLAG_CERT_REV_FAILED is set", 3),
            (
                t + 0.21,
                f"[CCMHTTP] ERROR: URL=https://{gate}/CCM_Proxy_ServerAuth/AADAuthInfo, Port=443, Options=480, Code=12175, Text: ERROR_WINHTTP_SECURE_FAILURE",
                3,
            ),
            (t + 0.22, "Failed to get AAD info from CMG. Error 0x80072f8f", 3),
            (t + 0.23, f"Failed to get site info from MP {gate}. Error 0x80072f8f. Will retry.", 2),
            (t + 0.24, "Next retry in 10 minute(s)...", 1),
        ]
    rows.append((40.4, "CcmSetup failed with error code 0x80072f8f", 3))
    path = folder / "ccmsetup.log"
    path.write_bytes(traced([(m.clock(t), w, k) for t, w, k in rows], "ccmsetup", "Europe/London", 0))
    return path
