"""The rules that ship with the package: importing this module registers them all."""

from __future__ import annotations

from autopilot_analysis.findings.rules import (
    apps,
    beginning,
    clock,
    configuration,
    conflicts,
    device,
    enrollment,
    esp,
    evidence,
    join,
    known_issues,
    network,
    pre_provisioning,
    profile,
    registration,
    sign_in,
    tpm,
    waiting,
)

__all__ = [
    "apps",
    "beginning",
    "clock",
    "configuration",
    "conflicts",
    "device",
    "enrollment",
    "esp",
    "evidence",
    "join",
    "known_issues",
    "network",
    "pre_provisioning",
    "profile",
    "registration",
    "sign_in",
    "tpm",
    "waiting",
]
