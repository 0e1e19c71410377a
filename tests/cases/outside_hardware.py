"""Securing the hardware: attestation that goes well, that fails, and the chip as the collector prints it."""

from __future__ import annotations

from cases.outside import Code, Machine, Signed
from cases.outside_stages import enrol, join


def attest(m: Machine, t: float) -> None:
    """Securing the hardware begins."""
    m.event("autopilot", t, 178, Int1=0)
    m.event("autopilot", t + 0.01, 179, State=1)
    m.event("autopilot", t + 0.02, 151)
    m.event("autopilot", t + 0.1, 190)
    m.event("autopilot", t + 0.11, 250)


def attested(m: Machine, t: float) -> None:
    """The hardware is secured, the device joined by its own token and enrolled."""
    attest(m, t)
    m.event("autopilot", t + 0.8, 208)
    m.event("autopilot", t + 0.9, 205)
    m.event("autopilot", t + 0.91, 251, HRESULT=Code(0), UInt1=48000000, UInt2=600000)
    m.event("autopilot", t + 0.92, 169)
    m.event("autopilot", t + 0.93, 181, State=1, HRESULT=Code(0))
    m.event("autopilot", t + 1.0, 179, State=3)
    join(m, t + 1.1, token=False)
    m.event("autopilot", t + 1.5, 181, State=3, HRESULT=Code(0))
    m.event("autopilot", t + 1.6, 179, State=6)
    enrol(m, t + 1.7)
    m.event("autopilot", t + 2.3, 181, State=6, HRESULT=Code(0))
    m.event("autopilot", t + 2.31, 303, State=7)


def not_attested(m: Machine, t: float, code: int, *, tries: int = 5, wait: float = 1.0) -> float:
    """Attestation fails until its tries are used up; returns the minute of the end."""
    attest(m, t)
    for n in range(tries):
        m.event(
            "autopilot",
            t + 0.5 + n * wait,
            192,
            3,
            HRESULT=Code(code),
            WaitMs=Signed(30000),
            AttemptNumber=Signed(n + 1),
            MaxAttempts=Signed(tries),
        )
    end = t + 0.5 + tries * wait
    m.event("autopilot", end, 189, 2)
    m.event("autopilot", end + 0.001, 171, 2, HRESULT=Code(code))
    m.event("autopilot", end + 0.002, 172, 2, HRESULT=Code(code))
    m.event("autopilot", end + 0.01, 180, 2, State=1, HRESULT=Code(code))
    m.event("autopilot", end + 0.02, 301, 2, State=1, HRESULT=Code(code))
    return end


def chip(m: Machine, maker: str, full: str, version: str, *, ready: bool = True, extra: str = "") -> None:
    """What the TPM area of the collector prints."""
    m.text(
        "TpmHliInfo_Output.txt",
        f"-TPM Present: True\n-TPM Version: 2.0\n-TPM Manufacturer ID: {maker}\n-TPM Manufacturer Full Name: {full}\n"
        f"-TPM Manufacturer Version: {version}\n-PPI Version: 1.3\n-Is Initialized: True\n-Ready For Storage: True\n"
        f"-Ready For Attestation: {ready}\n-Is Capable For Attestation: {ready}\n-Clear Needed To Recover: False\n"
        f"-TPM Has Vulnerable Firmware: False\n{extra}",
    )
