"""Pre-provisioned and sealed; the person it is for may not join devices."""

from __future__ import annotations

import json
from pathlib import Path

from cases import agent, deployment, stages, status_page
from cases.building import DAY, Device, utc

SAYS = {
    "ErrorType": "AuthorizationError",
    "Message": "Administrator policy does not allow user to device join.",
    "TraceId": "00000000-0000-4000-8000-0000000c0003",
}


def build(folder: Path) -> Path:
    d = Device(
        "sealed-for-somebody-who-may-not-join",
        utc(2025, 9, 1, 8, 0),
        build="22631.5768",
        name="CO-70170",
        serial="CO-70170-W",
    )
    t = deployment.until_setup(d, mode="pre-provisioning", apps=1)
    agent.app(d, t + 0.2, "Archive Tool")
    status_page.sealed(d, t + 5)
    u = t + 5 + 2 * DAY
    stages.boot(d, u)
    stages.query(d, u + 1)
    for n in range(2):
        v = u + 4 + n * 4
        stages.join_request(d, v, 1, "DEVICE")
        d.event(
            "join",
            v + 0.3,
            204,
            2,
            ExitCode=-2145648637,
            ActivityId=d.guid(f"refusal {n}"),
            HttpStatus=400,
            ServerResponse=json.dumps(SAYS, separators=(",", ":")),
        )
        d.event("join", v + 0.31, 205, 2, ExitCode=-2145648637)
        d.event("shell", v + 0.4, 62407, Name="CDJUIError", Value="801c0003")
        d.event("shell", v + 0.41, 62407, Name="CDJUIShowPage", Value="idErrorPage")
    d.category(
        "DeviceSetup",
        "succeeded",
        **status_page.FINE,
        Apps=("succeeded", "Apps (1 of 1 installed)"),
        SaveWhiteGloveSuccessResult=("succeeded", "Saved"),
    )
    d.collected = u + 30
    return d.as_zip(folder)
