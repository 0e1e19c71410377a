"""The examples in docstrings give what they say."""

from __future__ import annotations

import builtins
import doctest
from importlib import import_module
from pathlib import Path

import pytest

from autopilot_analysis.findings.rule import LIMITS, RULES

ROOT = Path(__file__).parents[1]
WITH_EXAMPLES = [
    path.relative_to(ROOT).with_suffix("")
    for path in sorted((ROOT / "autopilot_analysis").rglob("*.py"))
    if any(">>>" in line and "+SKIP" not in line for line in path.read_text("utf-8").splitlines())
]
"""Modules with examples, but those that show a control or name an export of nobody's."""


@pytest.mark.parametrize("path", WITH_EXAMPLES, ids=str)
def test_the_examples_of_a_module_give_what_they_say(path, monkeypatch):
    monkeypatch.chdir(ROOT)
    own, limits = dict(RULES), dict(LIMITS)
    try:
        ran = doctest.testmod(import_module(".".join(path.parts).removesuffix(".__init__")))
    finally:
        RULES.clear()
        RULES.update(own)
        LIMITS.clear()
        LIMITS.update(limits)
        vars(builtins).pop("_", None)  # the last value of an example, which every later shell would find
    assert ran.attempted > 0
    assert ran.failed == 0
