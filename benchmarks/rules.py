"""How far the rules can be trusted: precision, recall, overlap and calibration on a labelled archive.

    python benchmarks/rules.py --exports 300 --seed 1

The archive is make-believe and seeded: healthy devices in the majority, every failing scenario of the
samples, some with another code than the sample's own, sources removed at random, unrelated errors and
settings mixed in, and in half of them months of life as genuine machines show it.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import combinations
from math import sqrt
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import polars as pl
from life import add_life

from autopilot_analysis.export import open_export
from autopilot_analysis.findings import RULES, find, words
from autopilot_analysis.readers import read_tables
from autopilot_analysis.samples import SCENARIOS, write_sample
from autopilot_analysis.tables import Tables
from autopilot_analysis.trace import build_trace

HEALTHY_SHARE = 0.62
REMOVED_SHARE = 0.35
NOISE_SHARE = 0.5
LIFE_SHARE = 0.5
"""Of failing and of healthy exports alike so many carry months of a machine's life (benchmarks/life.py)."""


@dataclass(frozen=True)
class Case:
    """One kind of failing export: what is written, what is changed, what must be found.

    Attributes:
        scenario: A name of SCENARIOS.
        causes: Rules of which the first finding must be one.
        also: Rules that must fire beside it.
        code: The sample's code and the one put in its place.
        sources: Parts of member names that show the cause; when all are removed it cannot be named.
    """

    scenario: str
    causes: tuple[str, ...]
    also: tuple[str, ...] = ()
    code: tuple[str, str] | None = None
    sources: tuple[str, ...] = ()


_MDM, _AP, _TRACK = (
    ("enterprise-diagnostics",),
    ("moderndeployment-diagnostics-provider",),
    ("intunemanagement", "appworkload"),
)
CASES = (
    Case(
        "mdm_enrollment_refused",
        ("MDM-ENROLLMENT-REFUSED",),
        ("CHECK-CF7", "ATTEMPTS-REPEATED"),
        sources=_MDM,
    ),
    Case(
        "mdm_enrollment_refused",
        ("MDM-ENROLLMENT-REFUSED",),
        ("CHECK-CF6", "ATTEMPTS-REPEATED"),
        ("0x80180014", "0x80180018"),
        _MDM,
    ),
    Case(
        "mdm_enrollment_refused",
        ("MDM-ENROLLMENT-REFUSED",),
        ("CHECK-CF5", "ATTEMPTS-REPEATED"),
        ("0x80180014", "0x80180013"),
        _MDM,
    ),
    Case(
        "mdm_enrollment_refused",
        ("MDM-NOT-CONFIGURED",),
        ("CHECK-CF11", "ATTEMPTS-REPEATED"),
        ("0x80180014", "0x8018002B"),
        _MDM,
    ),
    Case(
        "mdm_enrollment_refused",
        ("MDM-NOT-CONFIGURED",),
        ("CHECK-CF3", "ATTEMPTS-REPEATED"),
        ("0x80180014", "0xC1036501"),
        _MDM,
    ),
    Case(
        "mdm_enrollment_refused",
        ("MDM-ENROLLMENT-FAILED",),
        ("ATTEMPTS-REPEATED",),
        ("0x80180014", "0x80072EE7"),
        _MDM,
    ),
    Case(
        "tpm_attestation_failure",
        ("TPM-ATTESTATION-FAILED",),
        ("DEVICE-ENROLLMENT-FAILED", "KNOWN-AP-13"),
        sources=_AP,
    ),
    Case(
        "tpm_attestation_failure",
        ("TPM-ATTESTATION-FAILED",),
        ("KNOWN-AP-27", "DEVICE-ENROLLMENT-FAILED"),
        ("0x81039001", "0x81039024"),
        _AP,
    ),
    Case("esp_app_timeout", ("ESP-APP-HUNG",), ("ESP-TIMEOUT",), sources=_TRACK),
    Case("esp_app_failure", ("ESP-APP-NOT-DETECTED",), ("ESP-APPS-FAILED",), sources=_TRACK),
    Case("hybrid_join_failure", ("HYBRID-BLOB-MISSING",), ("CHECK-CF32",), sources=_MDM),
    Case(
        "hybrid_join_failure",
        ("HYBRID-BLOB-MISSING",),
        ("HYBRID-JOIN-FAILED",),
        ("0x80070774", "0x80004005"),
        _MDM,
    ),
    Case("network_blocked", ("NETWORK-NO-INTERNET",), ("NETWORK-N1", "KNOWN-AP-44"), sources=_AP),
    Case("blank_profile_then_reboot", ("PROFILE-BLANK-CACHED",), sources=_AP),
    Case(
        "installs_dependency_failed",
        ("ESP-APP-FAILED",),
        ("ESP-APPS-FAILED", "APP-DEPENDENCY"),
        sources=_TRACK,
    ),
    Case("installs_not_detected", ("ESP-APP-NOT-DETECTED",), ("ESP-APPS-FAILED",), sources=_TRACK),
    Case("installs_starved", ("ESP-APP-FAILED",), ("ESP-APPS-FAILED", "APP-NEVER-STARTED"), sources=_TRACK),
)
HEALTHY = {
    "user_driven_success": (),
    "pre_provisioning_success": (),
    "self_deploying_success": (),
    "autopilot_reset": (),
    "existing_device_success": (),
    "device_preparation_success": (),
    "clock_step": ("CLOCK-STEPPED", "CHECK-CF18"),
    "not_autopilot": ("NOT-AUTOPILOT",),
    "installs_new_era": (),
    "installs_classic_era": (),
    "installs_retry_grs": ("APP-RETRIED",),
    "installs_msi_busy": (),
    "installs_hard_reboot": ("APP-RESTART",),
    "installs_script_failed": ("SCRIPT-FAILED",),
    "installs_two_zones": (),
    "installs_torn": (),
}
LABELLED = {rule for case in CASES for rule in (*case.causes, *case.also)} | {
    r for rules in HEALTHY.values() for r in rules
}
REMOVABLE = (
    "dsregcmd",
    "registrydump",
    "mdmdiagreport",
    "aad-operational",
    "shell-core",
    "intunemanagement",
    "appworkload",
    "moderndeployment-diagnostics-provider",
    "enterprise-diagnostics",
    "user device registration",
    "user%20device",
    "system.evtx",
    "autopilotddsztdfile",
)


@dataclass
class Result:
    """What one export showed."""

    case: Case | None
    expected: set[str]
    visible: bool
    whole: bool
    lived: bool = False
    fired: set[str] = field(default_factory=set)
    first: str | None = None
    first_role: str | None = None
    confidence: float | None = None
    above: int = 0


def wilson(k: int, n: int) -> tuple[float, float]:
    """Return the 95 % interval of a share by Wilson's score."""
    if n == 0:
        return 0.0, 1.0
    z, p = 1.96, k / n
    centre, half = p + z * z / (2 * n), z * sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    return max(0.0, (centre - half) / (1 + z * z / n)), min(1.0, (centre + half) / (1 + z * z / n))


def make_export(folder: Path, number: int, random: Random) -> tuple[Tables, Result]:
    """Write one export, damage it as chance has it, and read it."""
    healthy = random.random() < HEALTHY_SHARE
    case = None if healthy else random.choice(CASES)
    scenario = random.choice(list(HEALTHY)) if case is None else case.scenario
    whole = random.random() >= REMOVED_SHARE
    layout = random.choice(("cab", "folder", "diaglogs_flattened")) if whole else "folder"
    sample = write_sample(
        folder / str(number), scenario, layout=layout, seed=random.randrange(10**6), device=number + 1
    )  # type: ignore[arg-type]
    removed = () if whole else tuple(random.sample(REMOVABLE, random.randint(1, 3)))
    for path in sample.path.rglob("*") if removed else ():
        if path.is_file() and any(part in _plain(path.name) for part in removed):
            path.unlink()
    tables = read_tables(open_export(sample.path))
    if case is not None and case.code is not None:
        tables = swap(tables, *case.code)
    if random.random() < NOISE_SHARE:
        tables = add_noise(tables, random)
    lived = random.random() < LIFE_SHARE
    if lived:
        tables = add_life(tables, random, well=healthy)
    expected = set(HEALTHY[scenario]) if case is None else {*case.causes, *case.also}
    expected |= {"CLOCK-STEPPED"} if lived else set()
    visible = case is None or not case.sources or not set(case.sources) & set(removed)
    return tables, Result(case, expected, visible, whole, lived)


def _plain(name: str) -> str:
    return name.lower().replace("%4", "-")


def swap(tables: Tables, old: str, new: str) -> Tables:
    """Put another result code in the place of the sample's own, in every spelling the events use."""
    number, other = int(old, 16), int(new, 16)
    spellings = [
        (old.lower(), new.lower()),
        (old, new),
        (str(number), str(other)),
        (str(number - 2**32), str(other - 2**32)),
    ]
    data = pl.col("data")
    for before, after in spellings:
        data = data.str.replace_all(before, after, literal=True)
    events = tables.events.with_columns(data=data, code=pl.col("code").replace(old, new))
    return Tables.of({**tables.frames(), "events": events})


def add_noise(tables: Tables, random: Random) -> Tables:
    """Mix in what healthy devices show too: errors of other components, policies, a restart asked for."""
    events, values = tables.events, tables.registry_values
    if events.height:
        some = events.sample(min(25, events.height), seed=random.randrange(10**6))
        codes = random.choices(
            ["0x80073D02", "0x80070002", "0x80070005", "0x80240438", "0xCAA82EE2", None], k=some.height
        )
        noise = some.with_columns(
            provider=pl.lit("Microsoft-Windows-AppXDeployment-Server"),
            channel=pl.lit("Microsoft-Windows-AppXDeploymentServer/Operational"),
            event_id=pl.lit(random.choice([404, 5000, 603]), dtype=pl.Int64),
            code=pl.Series(codes, dtype=pl.String),
            data=pl.lit('{"ErrorCode":"noise"}'),
        )
        events = pl.concat([events, noise])
    if values.height:
        policy = values.head(1).with_columns(
            key=pl.lit(r"HKEY_LOCAL_MACHINE\software\microsoft\policymanager\current\device\Authentication"),
            name=pl.lit("EnableWebSignIn"),
            value=pl.lit("1"),
        )
        values = pl.concat([values, policy])
    return Tables.of({**tables.frames(), "events": events, "registry_values": values})


def measure(exports: int, seed: int) -> Iterator[Result]:
    """Yield the result of each export of the archive."""
    with TemporaryDirectory() as folder:
        for number in range(exports):
            tables, result = make_export(Path(folder), number, Random(f"{seed}/{number}"))
            found = find(tables, build_trace(tables)).findings
            result.fired = set(found["rule"])
            above = found.filter(pl.col("severity") != "info")
            result.above = above.height
            if above.height:
                first = above.row(0, named=True)
                result.first, result.first_role, result.confidence = (
                    first["rule"],
                    first["role"],
                    first["confidence"],
                )
            yield result
            sys.stderr.write("." if result.first is None or result.case else f"\n{number} {result.first}\n")


def _share(k: int, n: int) -> str:
    low, high = wilson(k, n)
    return f"{k / n:.3f} ({low:.2f} to {high:.2f})" if n else "none"


def report(results: list[Result], exports: int, seed: int) -> str:
    """Return the tables as Markdown."""
    lines = [f"`python benchmarks/rules.py --exports {exports} --seed {seed}`", ""]
    failing = [r for r in results if r.case and r.visible]
    hidden = [r for r in results if r.case and not r.visible]
    healthy = [r for r in results if r.case is None]
    right = [r for r in failing if r.case and r.first in r.case.causes]
    wrong = [r for r in hidden if r.case and r.first_role == "cause" and not _fits(r)]
    lines += ["| question | exports | share (95 % interval) |", "|---|---|---|"]
    lines.append(
        f"| failing, the true cause ranks first | {len(failing)} | {_share(len(right), len(failing))} |"
    )
    lines.append(
        "| failing, what shows the cause removed: another cause named "
        f"| {len(hidden)} | {_share(len(wrong), len(hidden))} |"
    )
    lines.append(
        f"| healthy, nothing above info | {len(healthy)} | "
        f"{_share(sum(r.above == 0 for r in healthy), len(healthy))} |"
    )
    for name, some in (("the true cause ranks first", failing), ("nothing above info", healthy)):
        lived = [r for r in some if r.lived]
        good = sum(any(r is one for one in right) or (r.case is None and r.above == 0) for r in lived)
        lines.append(
            f"| of these, with months of life around it: {name} | {len(lived)} | {_share(good, len(lived))} |"
        )
    lines += ["", "| rule | fired | precision | recall |", "|---|---|---|---|"]
    for name in sorted(LABELLED):
        fired = [r for r in results if name in r.fired]
        true = [r for r in fired if name in r.expected]
        due = [r for r in results if name in r.expected and r.visible]
        found = [r for r in due if name in r.fired]
        lines.append(
            f"| {name} | {len(fired)} | {_share(len(true), len(fired))} | {_share(len(found), len(due))} |"
        )
    return "\n".join([*lines, "", *_calibration(results), "", *_overlap(results), "", *_silent(results)])


def _fits(result: Result) -> bool:
    """Whether the first finding at least names a consequence of the true cause."""
    assert result.case is not None
    return result.first in (*result.case.causes, *result.case.also, "STAGE-FAILED")


def _calibration(results: list[Result]) -> list[str]:
    said = [r for r in results if r.case and r.first_role == "cause" and r.confidence is not None]
    lines = [
        "| stated confidence of the first cause | exports | measured | difference |",
        "|---|---|---|---|",
    ]
    for level in sorted({r.confidence for r in said if r.confidence is not None}):
        there = [r for r in said if r.confidence == level]
        k = sum(bool(r.case and (r.first in r.case.causes or _fits(r))) for r in there)
        lines.append(
            f"| {level:.2f} | {len(there)} | {_share(k, len(there))} | {k / len(there) - level:+.2f} |"
        )
    return lines


def _overlap(results: list[Result]) -> list[str]:
    lines = ["| rules that fire together | exports | share of the rarer |", "|---|---|---|"]
    for one, other in combinations(sorted(LABELLED), 2):
        both = sum(one in r.fired and other in r.fired for r in results)
        least = min(sum(one in r.fired for r in results), sum(other in r.fired for r in results))
        if least and both / least >= 0.5:
            lines.append(f"| {one}, {other} | {both} | {both / least:.2f} |")
    return lines


def _silent(results: list[Result]) -> list[str]:
    fired = set().union(*(r.fired for r in results))
    silent = sorted(set(words()["rule"]) - fired)
    return [
        f"{len(RULES)} rules and families of rules, {words().height} ids. "
        f"Never fired here ({len(silent)}): {', '.join(silent)}."
    ]


def main() -> None:
    """Measure and print."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--exports", type=int, default=300)
    asked.add_argument("--seed", type=int, default=1)
    given = asked.parse_args()
    results = list(measure(given.exports, given.seed))
    sys.stdout.write(report(results, given.exports, given.seed) + "\n")


if __name__ == "__main__":
    missing = {case.scenario for case in CASES} - set(SCENARIOS)
    assert not missing, f"the samples have no scenario {missing}"
    main()
