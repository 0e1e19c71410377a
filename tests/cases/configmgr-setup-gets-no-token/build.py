"""One log: the Configuration Manager client cannot prove itself to the gateway on the internet."""

from __future__ import annotations

from pathlib import Path

from cases.outside import Machine, at
from cases.outside_fifteen import traced

GATE = "CMG.CONTOSO.EXAMPLE"


def build(folder: Path) -> Path:
    m = Machine("configmgr-setup-gets-no-token", at(2026, 2, 26, 9, 12))
    rows = [
        (0.0, "==========[ ccmsetup started in process 6120 ]==========", 1),
        (0.001, "Running on platform X64", 1),
        (0.002, "CcmSetup version: 5.0.9135.1013, Launch from folder C:\\Windows\\ccmsetup\\", 1),
        (
            0.01,
            f'Command line: "C:\\Windows\\ccmsetup\\ccmsetup.exe" /runservice /mp:https://{GATE}/CCM_Proxy_MutualAuth/72057594037928000',
            1,
        ),
        (0.02, "Current AD site of machine is not available. Client is on internet.", 1),
    ]
    for n in range(4):
        t = 0.1 + n * 10
        rows += [
            (t, f"Getting AAD info from CMG '{GATE}'", 1),
            (t + 0.05, "Retrieved AAD info: AADCLIENTAPPID, AADRESOURCEURI", 1),
            (
                t + 0.06,
                f"Getting AAD (device) token with: ClientId = {m.id('app')}, ResourceUrl = https://ConfigMgrService, AccountId = https://login.microsoftonline.com/common/oauth2/token",
                1,
            ),
            (t + 0.1, "Failed to get AAD token for 'S-1-5-18' from WAM API. Error 0x800703f0", 3),
            (
                t + 0.11,
                "Failed to get CCM access token and client doesn't have PKI issued cert to use SSL. Error 0x80004005",
                3,
            ),
            (t + 0.12, f"Failed to get site info from MP {GATE}. Error 0x80004005. Will retry.", 2),
            (t + 0.13, "Next retry in 10 minute(s)...", 1),
        ]
    rows.append((40.3, "CcmSetup failed with error code 0x80004005", 3))
    path = folder / "ccmsetup.log"
    path.write_bytes(
        traced([(m.clock(t), words, kind) for t, words, kind in rows], "ccmsetup", "Europe/Berlin", -60)
    )
    return path
