"""Which version of the package this is."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version


def read_version() -> str:
    """Return the version that is installed; in a checkout that was never installed, "of a checkout"."""
    try:
        return version("autopilot-analysis")
    except PackageNotFoundError:
        return "of a checkout"
