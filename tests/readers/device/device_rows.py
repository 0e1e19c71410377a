"""Rows that tell of a device, as its registry and its texts hold them."""

from __future__ import annotations

AUTOPILOT = "Microsoft-Windows-ModernDeployment-Diagnostics-Provider"


KEY = r"HKEY_LOCAL_MACHINE\software\microsoft"


def value(key, name, text):
    return {"key": f"{KEY}\\{key}", "name": name, "value": text}


def fact(name, text, section=""):
    return {"section": section, "name": name, "value": text}
