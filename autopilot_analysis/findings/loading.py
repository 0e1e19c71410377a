"""Own rules: a Python file, or a CSV of signs, adds rules without touching the package."""

from __future__ import annotations

import importlib.util
from collections.abc import Mapping
from pathlib import Path

from autopilot_analysis.errors import BadInput
from autopilot_analysis.findings.rule import RULES, RuleFunction
from autopilot_analysis.findings.signs.own_signs import read_signs


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
        raise BadInput(
            f"{file} is no file of rules; name a .py file with functions marked @rule, or a .csv of signs"
        )
    before = dict(RULES)
    spec = importlib.util.spec_from_file_location(f"own_rules_{abs(hash(file.resolve()))}", file)
    if spec is None or spec.loader is None:
        raise BadInput(f"{file} cannot be loaded; name a .py file with functions marked @rule")
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
