"""The rules that ship with the package: importing this module registers them all."""

from __future__ import annotations

from autopilot_analysis.findings.rules import (
    clock,
    enrollment,
    esp,
    evidence,
    join,
    network,
    profile,
    registration,
    tpm,
)

__all__ = ["clock", "enrollment", "esp", "evidence", "join", "network", "profile", "registration", "tpm"]
