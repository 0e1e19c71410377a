"""Own rules: a Python file, or a CSV of signs, adds rules without touching the package."""

from __future__ import annotations

import importlib.util
import traceback
from collections.abc import Iterator, Mapping
from pathlib import Path

import polars as pl

from autopilot_analysis.errors import BadInput
from autopilot_analysis.findings.rule import RULES, RuleFunction
from autopilot_analysis.findings.search import find
from autopilot_analysis.findings.signs.own_signs import read_signs
from autopilot_analysis.tables import Findings, Tables, Trace, schema_of

OWN_PACKAGE = __name__.partition(".")[0]
REPAIR = "repair the rule; the others were run"
NAME_RULES = "name a .py file with functions marked @rule"
LONGEST_FAULT = 200
"""Characters of what Python says of a fault: some libraries print a whole plan."""


def is_code(path: str | Path) -> bool:
    """Tell whether loading a file of rules would run it: only a CSV is data."""
    return Path(path).suffix.lower() != ".csv"


def load_rules(path: str | Path) -> Mapping[str, RuleFunction]:
    """Load a file of own rules and return all rules, those of the package and those it brings.

    A Python file is code and runs with your rights: load only what you wrote or read. A CSV is data.

    Args:
        path: A .py file in which functions carry `@rule("OWN-…", title=…, meaning=…)`, or a .csv with the
            columns sign and title, and as wanted those of `read_signs`.

    Returns:
        Every registered rule, ready for `find(tables, trace, rules=…)`.

    Raises:
        BadInput: The file is absent or of another kind, cannot be run or read, or brings no rule.
    """
    file = Path(path)
    if not is_code(file):
        read_signs(file)
        return dict(RULES)
    if file.suffix != ".py" or not file.is_file():
        raise BadInput(f"{file} is no file of rules; {NAME_RULES}, or a .csv of signs")
    before = dict(RULES)
    spec = importlib.util.spec_from_file_location(f"own_rules_{abs(hash(file.resolve()))}", file)
    if spec is None or spec.loader is None:
        raise BadInput(f"{file} cannot be loaded; {NAME_RULES}")
    module = importlib.util.module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
    except BadInput:
        raise
    except Exception as error:
        raise BadInput(f"{file} cannot be run: {type(error).__name__}: {error}; repair the file") from error
    if all(before.get(name) is function for name, function in RULES.items()):
        raise BadInput(
            f"{file} registers no rule; mark a function with @rule from autopilot_analysis.findings"
        )
    return dict(RULES)


def find_with_own(tables: Tables, trace: Trace) -> tuple[Tables, Findings]:
    """Return what `find` does where a rule of one's own may fail: it costs its own findings alone.

    Args:
        tables: What `read_tables` returned.
        trace: What `build_trace` returned.

    Returns:
        The tables, with a gap for each rule of one's own that failed; and the findings of all others.
    """
    faults = dict(_faults(tables, trace))
    rules = {name: run for name, run in RULES.items() if name not in faults}
    device = tables.devices["device"][0] if tables.devices.height else ""
    rows = [(device, *place, reason, None, REPAIR) for *place, reason in faults.values()]
    gaps = pl.DataFrame(rows, schema=schema_of("gaps"), orient="row")
    whole = Tables.of({**tables.frames(), "gaps": pl.concat([tables.gaps, gaps])}) if faults else tables
    return whole, find(tables, trace, rules=rules)


def _faults(tables: Tables, trace: Trace) -> Iterator[tuple[str, tuple[str, int | None, str]]]:
    """Yield the rules of one's own that fail on this export: file, line, and what Python says."""
    for name, run in RULES.items():
        if run.__module__.partition(".")[0] == OWN_PACKAGE:
            continue
        try:
            find(tables, trace, rules={name: run})
        except Exception as error:  # it is the analyst's own code
            yield name, _fault(name, run, error)


def _fault(name: str, run: RuleFunction, error: Exception) -> tuple[str, int | None, str]:
    file = str(getattr(getattr(run, "__code__", None), "co_filename", run.__module__))
    lines = [step.lineno for step in traceback.extract_tb(error.__traceback__) if step.filename == file]
    words = str(error).strip().partition("\n")[0][:LONGEST_FAULT]
    kind = "" if isinstance(error, BadInput) else f"{type(error).__name__}: "
    reason = f"the rule {name} could not be run, so nothing says what it looks for: {kind}{words}"
    return Path(file).name, lines[-1] if lines else None, reason
