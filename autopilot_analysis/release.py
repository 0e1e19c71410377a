"""Which version of the package this is."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version

NOT_INSTALLED = "of a checkout"
"""Stands for the version where the package was never installed."""


def read_version() -> str:
    """Return the version that is installed; or NOT_INSTALLED."""
    try:
        return version("autopilot-analysis")
    except PackageNotFoundError:
        return NOT_INSTALLED
