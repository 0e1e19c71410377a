"""What a phase installs, as data: a plan is a list of acts, an act is one try at one item."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Literal

from autopilot_analysis.codes.meaning import exit_classes
from autopilot_analysis.samples.device.device import (
    ADD_INS,
    BACKUP,
    BROWSER_POLICIES,
    PRINT_CLIENT,
    SENSOR,
    VPN,
)

Kind = Literal["win32", "winget", "msi", "modern", "script", "remediation", "certificate", "reboot"]


@dataclass(frozen=True)
class Act:
    """One try at one item, as it is decided before anything is written.

    Attributes:
        name: Name of the item; acts of one name are tries at one item.
        kind: What the item is; "reboot" is no item but a restart of the device.
        download: Seconds of downloading; 0 when the content is there already.
        install: Seconds of installing, running or, for a reboot, of being off.
        outcome: How it ends, a word of tables.Install.
        exit_code: What the installer or script returned; None when it never ran.
        code: Result code of a failure.
        beside: It begins together with the act before it, not behind it.
        size: Bytes of the content.
        blocking: Whether the status page waits for it.
        output: What a script prints.
        error: What a script prints as an error.
        zone: Time zone that the script's executor is stuck in; that of the device when empty.
        reports: How often a wait was noted.
    """

    name: str
    kind: Kind = "win32"
    download: float = 0
    install: float = 0
    outcome: str = "succeeded"
    exit_code: int | None = 0
    code: str | None = None
    beside: bool = False
    size: int = 4_000_000
    blocking: bool = True
    output: str = ""
    error: str = ""
    zone: str = ""
    reports: int = 1

    @property
    def exit_class(self) -> str:
        """What the agent makes of the exit code; without one nothing was found amiss."""
        return exit_classes().get(self.exit_code or 0, "Failed")


@dataclass(frozen=True)
class InstallPlan:
    """What the phases of a device install, one act after the other.

    Attributes:
        device: Acts of the device setup.
        account: Acts of the account setup.
        era: Which wording the agent writes: new (since 2408) or classic.
        torn: Tear every third progress line, as two writers do.
    """

    device: tuple[Act, ...]
    account: tuple[Act, ...] = ()
    era: Literal["new", "classic"] = "new"
    torn: bool = False

    def without(self, *names: str) -> InstallPlan:
        """Return the plan less the items of these names."""
        return self._each(lambda act: None if act.name in names else act)

    def faster(self, name: str, times: float) -> InstallPlan:
        """Return the plan with one item that downloads and installs so many times faster."""

        def change(act: Act) -> Act:
            if act.name != name:
                return act
            return replace(act, download=act.download / times, install=act.install / times)

        return self._each(change)

    def _each(self, change: Callable[[Act], Act | None]) -> InstallPlan:
        def changed(acts: tuple[Act, ...]) -> tuple[Act, ...]:
            return tuple(new for act in acts if (new := change(act)) is not None)

        return replace(self, device=changed(self.device), account=changed(self.account))


_OK = (
    Act(VPN, download=30, install=45, size=48_000_000),
    Act(PRINT_CLIENT, download=12, install=20),
)
_USER = (Act(ADD_INS, download=20, install=25, size=96_000_000),)

_broken = partial(Act, outcome="failed", exit_code=1603, code="0x80070643")
_busy = partial(Act, outcome="failed", exit_code=1618, code="0x80070652")

PLANS: dict[str, InstallPlan] = {
    "installs_new_era": InstallPlan(
        device=(
            Act("Example Device Certificate", "certificate", install=9),
            Act("Example Baseline Script", "script", install=14, output="baseline applied", blocking=False),
            *_OK,
            Act("Example Notes", "winget", download=16, install=21, size=12_000_000),
            Act("Example.Whiteboard", "modern", install=18),
            Act("Example Disk Cleaner", "remediation", install=13, blocking=False),
            Act(BROWSER_POLICIES, download=5, install=11, exit_code=3010),
        ),
        account=_USER,
    ),
    "installs_classic_era": InstallPlan(
        device=(
            _OK[0],
            _busy(SENSOR, download=25, install=12, size=24_000_000),
            Act(SENSOR, install=33),
            _OK[1],
        ),
        account=_USER,
        era="classic",
    ),
    "installs_retry_grs": InstallPlan(
        device=(
            _OK[0],
            _broken(BACKUP, download=20, install=31, blocking=False),
            Act(BACKUP, install=240, outcome="waiting", exit_code=None, blocking=False, reports=3),
            Act(BACKUP, install=29, blocking=False),
            _OK[1],
        ),
        account=_USER,
    ),
    "installs_dependency_failed": InstallPlan(
        device=(
            _OK[0],
            _broken("Example Runtime", download=15, install=22),
            Act("Example Suite", outcome="failed", exit_code=None),
        ),
    ),
    "installs_not_detected": InstallPlan(
        device=(
            *_OK,
            Act(
                BACKUP,
                download=40,
                install=62,
                outcome="not_detected",
                code="0x87D1041C",
            ),
        ),
    ),
    "installs_msi_busy": InstallPlan(
        device=(
            Act("Example Line of Business", "msi", download=10, install=70),
            _busy(VPN, download=15, install=6, beside=True),
            Act(VPN, install=75),
            _OK[1],
        ),
        account=_USER,
    ),
    "installs_hard_reboot": InstallPlan(
        device=(
            _OK[0],
            Act("Example Disk Driver", download=11, install=27, exit_code=1641),
            Act("restart", "reboot", install=95),
            _OK[1],
        ),
        account=_USER,
    ),
    "installs_script_failed": InstallPlan(
        device=(
            Act(
                "Example Baseline Script",
                "script",
                install=17,
                outcome="failed",
                exit_code=1,
                output="reading settings",
                error="access is denied",
                blocking=False,
            ),
            *_OK,
        ),
        account=_USER,
    ),
    "installs_starved": InstallPlan(
        device=(
            _broken(BACKUP, download=20, install=31),
            *(replace(act, outcome="never_started", exit_code=None) for act in _OK),
        ),
    ),
    "installs_two_zones": InstallPlan(
        device=(
            Act(
                "Example First Script",
                "script",
                install=12,
                output="one",
                blocking=False,
                zone="America/Los_Angeles",
            ),
            _OK[0],
            Act("Example Second Script", "script", install=8, output="two", blocking=False),
        ),
        account=_USER,
    ),
    "installs_torn": InstallPlan(device=_OK, account=_USER, torn=True),
}
"""What the install scenarios install, by the name of the scenario."""
