"""How far the rules that read signs can be trusted: each planted whole, and with one term less.

    python benchmarks/signs.py --rounds 2 --seed 1

Every sign of the known issues, configuration checks and network signs is planted among the records of a
whole make-believe capture that failed in a stage the sign is about, with unrelated errors and policies
mixed in. Planted whole it must be found; with any one of its terms left out it must stay silent; where
neither the plant nor the capture speaks of it, it must not fire.
"""

from __future__ import annotations

import argparse
import sys
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from planting import WRITE, Plant, planted, traced
from rules import add_noise, wilson

from autopilot_analysis.export import open_export
from autopilot_analysis.facts import read_facts
from autopilot_analysis.findings import RULES, find
from autopilot_analysis.findings.signs.signs import answerable, gather, match, terms_of
from autopilot_analysis.findings.words import AREA_STAGES
from autopilot_analysis.readers import read_tables
from autopilot_analysis.samples import write_sample
from autopilot_analysis.tables import Tables, Trace
from autopilot_analysis.trace import build_trace

BASES = {
    "network": "network_blocked",
    "profile_download": "network_blocked",
    "user_authentication": "hybrid_join_failure",
    "entra_join": "hybrid_join_failure",
    "mdm_enrollment": "mdm_enrollment_refused",
    "device_preparation": "tpm_attestation_failure",
    "device_setup": "esp_app_failure",
    "account_setup": "esp_app_failure",
    "desktop": "esp_app_failure",
}
"""A capture that failed in the stage or in one beside it."""
FAMILIES = {
    "known_issues": ("KNOWN-", "sign"),
    "configuration_checks": ("CHECK-", "sign"),
    "network_signs": ("NETWORK-", "rule_sign"),
}
ONLY = {name: RULES[name] for name in ("KNOWN-ISSUES", "CONFIGURATION", "NETWORK-SIGNS")}
Terms = list[tuple[str, str]]


@dataclass
class Counted:
    """What one rule showed: planted whole, planted with a term less, and where nothing spoke of it."""

    whole: int = 0
    found: int = 0
    near: int = 0
    heard: int = 0
    elsewhere: int = 0
    alarms: int = 0
    terms: set[str] = field(default_factory=set)


def signs() -> Iterator[tuple[str, str, Terms, set[str]]]:
    """Yield rule, stage, terms of the first alternative, and all it listens to, of every answerable sign."""
    for facts, (prefix, column) in FAMILIES.items():
        for row in read_facts(facts).iter_rows(named=True):
            if answerable(row[column]):
                stage = AREA_STAGES.get(row["area"]) if facts == "known_issues" else row["stage"]
                whole = next(part for part in row[column].split(" | ") if answerable(part))
                every = {atom for part in row[column].split(" | ") for atom in _atoms(terms_of(part))}
                yield prefix + row["id"], stage or "device_setup", terms_of(whole), every


def _atoms(terms: Terms) -> set[str]:
    """Return what terms speak of: two signs on one event, any code, text or build count as related."""
    return {
        name if name in {"code", "text", "builds"} else f"{name}={one.strip()}"
        for name, value in terms
        for one in (value.split(",") if name == "event" else [value])
    }


def read_bases(folder: Path, random: Random) -> dict[str, tuple[Tables, Trace, set[str]]]:
    """Read one capture of each failing kind, with noise, and what fires on it before anything is planted."""
    bases = {}
    for scenario in sorted(set(BASES.values())):
        sample = write_sample(folder / scenario, scenario, layout="cab", seed=random.randrange(10**6))
        tables = add_noise(read_tables(open_export(sample.path)), random)
        trace = build_trace(tables)
        bases[scenario] = tables, trace, set(find(tables, trace, rules=ONLY).findings["rule"])
    return bases


def fired(base: tuple[Tables, Trace, set[str]], terms: Terms, left_out: int | None) -> set[str]:
    """Return the rules that fire once the terms, less one, are planted."""
    tables, trace, _ = base
    runs = trace.stage_runs.filter(trace.stage_runs["outcome"] == "failed")
    start = runs["started_at"].max()
    ended = runs["ended_at"].max()
    at = start + (ended - start) / 2 if start is not None and ended is not None else start or ended
    plant = Plant(device=tables.devices["device"][0], at=at)
    plant.facts["build"] = "30000.1"
    for number, (name, value) in enumerate(terms):
        if number != left_out:
            WRITE[name](plant, value)
        elif name.startswith("missing_"):
            WRITE[name.removeprefix("missing_")](plant, value)
    seen = planted(tables, plant)
    return set(find(seen, traced(trace, plant), rules=ONLY).findings["rule"])


def measure(rounds: int, seed: int) -> dict[str, Counted]:
    """Plant every sign and count."""
    known = list(signs())
    counted: dict[str, Counted] = defaultdict(Counted)
    for rule, _, _, every in known:
        counted[rule].terms |= every
    for number in range(rounds):
        random = Random(f"{seed}/{number}")
        with TemporaryDirectory() as folder:
            bases = read_bases(Path(folder), random)
        for rule, stage, terms, _ in known:
            base = bases[BASES[stage]]
            _count(counted, rule, base[2], fired(base, terms, None), terms)
            needed = [n for n in range(len(terms)) if _lacking(base, *terms[n])] if len(terms) > 1 else []
            if needed and rule not in base[2]:
                counted[rule].near += 1
                counted[rule].heard += rule in fired(base, terms, random.choice(needed))
            sys.stderr.write(".")
    return counted


def _lacking(base: tuple[Tables, Trace, set[str]], name: str, value: str) -> bool:
    """Whether the capture does not hold a term by itself, so that leaving it out makes a near miss."""
    return name.startswith("missing_") or match(f"{name}={value}", gather(base[0], base[1])).is_empty()


def _count(
    counted: dict[str, Counted], planted_rule: str, before: set[str], seen: set[str], terms: Terms
) -> None:
    counted[planted_rule].whole += 1
    counted[planted_rule].found += planted_rule in seen
    for rule, one in counted.items():
        if rule not in before and not one.terms & _atoms(terms):
            one.elsewhere += 1
            one.alarms += rule in seen


def _share(k: int, n: int) -> str:
    low, high = wilson(k, n)
    return f"{k / n:.3f} ({low:.3f} to {high:.3f})" if n else "none"


def report(counted: dict[str, Counted], rounds: int, seed: int) -> str:
    """Return the tables as Markdown."""
    lines = [f"`python benchmarks/signs.py --rounds {rounds} --seed {seed}`", ""]
    lines += [
        "| family | rules | found when planted whole | silent with a term less "
        "| silent where nothing speaks of it |",
        "|---|---|---|---|---|",
    ]
    for prefix, _ in FAMILIES.values():
        rows = [one for rule, one in counted.items() if rule.startswith(prefix)]
        whole, near, beside = (sum(getattr(r, n) for r in rows) for n in ("whole", "near", "elsewhere"))
        found, heard, alarms = (sum(getattr(r, n) for r in rows) for n in ("found", "heard", "alarms"))
        lines.append(
            f"| {prefix}… | {len(rows)} | {_share(found, whole)} of {whole} | "
            f"{_share(near - heard, near)} of {near} | {_share(beside - alarms, beside)} of {beside} |"
        )
    for question, wrong in (
        ("Not always found", [r for r, one in counted.items() if one.found < one.whole]),
        ("Heard with a term less", [r for r, one in counted.items() if one.heard]),
        ("Fired where nothing speaks of it", [r for r, one in counted.items() if one.alarms]),
    ):
        lines += ["", f"{question} ({len(wrong)}): {', '.join(sorted(wrong)) or 'none'}."]
    return "\n".join(lines)


def main() -> None:
    """Measure and print."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--rounds", type=int, default=2)
    asked.add_argument("--seed", type=int, default=1)
    given = asked.parse_args()
    sys.stdout.write(report(measure(given.rounds, given.seed), given.rounds, given.seed) + "\n")


if __name__ == "__main__":
    main()
