"""Pre-provisioning: an app fails, the technician presses Reset, and the second run cannot attest. Two cabinets of one device."""

from __future__ import annotations

from pathlib import Path

from cases.outside import Machine, at
from cases.outside_agent import announced, kept, tracked
from cases.outside_hardware import chip, not_attested
from cases.outside_noise import lived
from cases.outside_page import page_fails, ready
from cases.outside_stages import boot, profile
from cases.outside_ten import setup_log

SERIAL = "WS-8106-F"
NOTE = """1) Windows key five times, Provision. Red page after ten minutes, app error. mdmlogs of it in "before".
2) Pressed "Reset" on the red page. Windows came back to the first page.
3) Same again: stops at securing your hardware, every time. mdmlogs of it in "after". Other laptops of the delivery are fine.
"""
LOG = setup_log(
    (
        "2026-06-10 10:31:02",
        "Info",
        "[PBR] Push-button reset: starting reset, scenario ResetPC, keep nothing",
    ),
    ("2026-06-10 10:31:09", "Info", "[PBR] Collected OEM extensibility information"),
    ("2026-06-10 10:44:50", "Info", "[PBR] New OS was applied, restarting"),
    ("2026-06-10 10:58:11", "Info", "[PBR] Reset completed, result = 0x00000000"),
)


def build(folder: Path) -> Path:
    path = folder / "reset-from-the-red-page-then-no-attestation"
    for part in ("before", "after"):
        (path / part).mkdir(parents=True)
    m = Machine("reset-from-the-red-page", at(2026, 6, 10, 8, 10), name="WS-8106", serial=SERIAL)
    lived(m, 30)
    chip(m, "INTC", "Intel", "600.18.49.0")
    t = ready(m, "seal")
    announced(m, t + 0.3, "Archive Tool", "Plant Viewer")
    for name, code in (("Archive Tool", 0), ("Plant Viewer", 0x80070643)):
        tracked(m, t + 3, name, 4 if code else 3, code=code)
        kept(m, name, exit_code=1603 if code else 0, code=code, state=5000 if code else 1000)
    page_fails(m, t + 5.2, "DeviceSetup.Apps", 0x80070643)
    m.page(
        t + 5.3,
        "CommercialOOBE_ESPProgress_WhiteGlove_Failed",
        "BootstrapStatus: Failure page shown.",
        0x80070643,
    )
    m.as_cab(path / "before")

    m = Machine("reset-from-the-red-page", at(2026, 6, 10, 11, 5), serial=SERIAL, fresh="DESKTOP-9KD2MXA")
    m.name = m.fresh
    lived(m, 25)
    chip(m, "INTC", "Intel", "600.18.49.0")
    boot(m, -4)
    profile(m, 0, "seal")
    not_attested(m, 1, 0x81039001)
    m.as_cab(path / "after")
    (path / "after" / "setupact.log").write_text(LOG, newline="\r\n")
    (path / "note.txt").write_text(NOTE, newline="\r\n")
    return path
