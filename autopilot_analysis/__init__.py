"""Opens Windows Autopilot diagnostics on any machine and tells what happened, when, and why.

    export   = open_export("mdm-diagnostics.cab")    # what was handed in
    tables   = read_tables(export)                   # what it says
    trace    = build_trace(tables)                   # what happened, when, how long, by which evidence
    findings = find(tables, trace)                   # what went wrong, with proof
    ax       = draw_trace(trace, findings)           # seen at a glance
    page     = write_report("01_device_trace", export="mdm-diagnostics.cab")   # handed on

Glossary, each word used once and everywhere:

export: what was handed in: a folder, ZIP, CAB or single file.
member: one file in it, by its path inside.
source: which known thing a member is, such as the Autopilot event log (facts/sources.csv).
reader: what turns one member's bytes into rows and gaps.
gap: what could not be read, and why.
coverage: how well each source was seen on each device.
mark: one observed fact about progress, such as "profile available".
stage: one of network, profile_download, user_authentication, entra_join, mdm_enrollment,
    device_preparation, device_setup, account_setup, desktop.
attempt: one run at enrolment; a device that is refused four times has four.
screen: one page of OOBE before a person; sitting: one session of OOBE, from one start of Windows to the next.
install: one try at one app, script, policy or certificate.
rule: one check; finding: what a rule says; evidence: the records that prove it.
deployment: one attempt as a fleet row; dataset: many exports' tables as Parquet.
case: one problem found outside, with what must be said of it (tests/cases).
clock: how an instant is known, such as that the record says UTC; clock/provenance.py holds the ways.
"""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec

import lazy_loader

_named, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
_ROOMS = ("export", "readers", "trace", "findings", "timeline", "fleet", "figures", "widgets", "report")


def __getattr__(name: str) -> object:
    """Import a name of the stub from its room on first use, a room, or any other public name of a room.

    Raises:
        AttributeError: No room has a public name like this.
    """
    if name in __all__ or name.startswith("_"):
        return _named(name)
    if find_spec(f"{__name__}.{name}"):
        return import_module(f"{__name__}.{name}")
    for room in map(import_module, (f"{__name__}.{room}" for room in _ROOMS)):
        if name in room.__all__:
            return getattr(room, name)
    return _named(name)


def load_ipython_extension(shell: object) -> None:
    """Let a notebook show frames plainly: what `%load_ext autopilot_analysis` calls.

    Args:
        shell: The notebook's own.
    """
    import_module(f"{__name__}.report.cells").load_ipython_extension(shell)
