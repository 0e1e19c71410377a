"""Four cabinets in one folder: the same app ends three of the four deployments."""

from __future__ import annotations

from pathlib import Path

from cases.outside import Machine, at
from cases.outside_agent import kept, tracked
from cases.outside_noise import lived
from cases.outside_page import finish, page_fails, ready


def build(folder: Path) -> Path:
    path = folder / "four-cabinets-of-one-delivery"
    path.mkdir()
    for n, (name, hour) in enumerate((("WS-5101", 7), ("WS-5104", 8), ("WS-5109", 9), ("WS-5112", 11))):
        good = n == 2
        m = Machine(
            f"four-cabinets-{name}",
            at(2026, 3, 17, hour, 5 + n * 7),
            name=name,
            fresh=f"DESKTOP-51{n}QWE{n}",
            serial=f"{name}-F",
            user=f"user{n}",
        )
        m.id = _shared(m)
        lived(m, 40)
        t = ready(m)
        for wait, app in ((0.5, "Archive Tool"), (3, "Label Designer")):
            bad = app == "Label Designer" and not good
            tracked(m, t + wait, app, 2)
            tracked(m, t + wait + 2, app, 4 if bad else 3, code=0x80070643 if bad else 0)
            kept(
                m,
                app,
                exit_code=1603 if bad else 0,
                code=0x80070643 if bad else 0,
                state=5000 if bad else 1000,
            )
        if good:
            finish(m, t + 6)
        else:
            page_fails(m, t + 5.5, "DeviceSetup.Apps", 0x80070643)
        (path / f"{name}").mkdir()
        m.as_cab(path / name)
    return path


def _shared(m: Machine):
    """Apps have one id in the whole tenant."""
    own, tenant = m.id, Machine("four-cabinets-of-one-delivery", m.start).id
    return lambda what: (
        tenant(what) if what in ("Archive Tool", "Label Designer", "tenant contoso.com") else own(what)
    )
