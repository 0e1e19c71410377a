"""The rules that ship with the package: importing this module registers them all."""

from __future__ import annotations

from autopilot_analysis.findings.rules import (
    apps,
    clock,
    configuration,
    conflicts,
    device,
    enrollment,
    esp,
    evidence,
    join,
    join_state,
    known_issues,
    network,
    pre_provisioning,
    profile,
    refusals,
    registration,
    screens,
    sign_in,
    tpm,
)

__all__ = [
    "apps",
    "clock",
    "configuration",
    "conflicts",
    "device",
    "enrollment",
    "esp",
    "evidence",
    "join",
    "join_state",
    "known_issues",
    "network",
    "pre_provisioning",
    "profile",
    "refusals",
    "registration",
    "screens",
    "sign_in",
    "tpm",
]
