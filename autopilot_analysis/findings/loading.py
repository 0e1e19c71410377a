"""Own rules: a Python file beside the exports adds rules without touching the package."""

from __future__ import annotations

import importlib.util
from collections.abc import Mapping
from pathlib import Path

from autopilot_analysis.errors import BadInput
from autopilot_analysis.findings.rule import RULES, RuleFunction


def load_rules(path: str | Path) -> Mapping[str, RuleFunction]:
    """Run a Python file of own rules and return all rules, those of the package and those it registered.

    The file is code and runs with your rights: load only what you wrote or read.

    Args:
        path: A .py file in which functions carry `@rule("OWN-…", title=…, meaning=…)`.

    Returns:
        Every registered rule, ready for `find(tables, trace, rules=…)`.

    Raises:
        BadInput: The file is absent, is no Python file, cannot be run, or registers no rule.
    """
    file = Path(path)
    if file.suffix != ".py" or not file.is_file():
        raise BadInput(f"{file} is no Python file; name a .py file with functions marked @rule")
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
