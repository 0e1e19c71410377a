"""One home for each idea: no two modules write the same constant down."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from pathlib import Path

import autopilot_analysis

ROOM = Path(autopilot_analysis.__file__).parent
LEAST = 10
"""A shorter text may mean two things."""
NOT_THE_SAME = {
    "_KEYS": "columns that a join is made on",
    "ATTEMPT": "columns that a join is made on",
    "RECORD": "columns that a join is made on",
    "PLACE": "columns that a join is made on",
    "_TRY": "columns that a join is made on",
    "THREAD": "columns that a join is made on",
    "FILE": "columns that a join is made on",
    "THREADS": "read before polars is loaded, and by workers: neither may import the other",
}
"""Constants that may be written twice, and why."""
SENTENCE = re.compile(r"(?:[A-Za-z][a-z'-]*[,;:]? ){3}[A-Za-z][a-z'-]*")
"""Four words or more."""
EVERYDAY = {
    "could not be read": "ends a sentence about another thing each time",
    "portal: Device preparation deployments": "a name of an export, not words about it",
}
"""Phrases that may be written twice, and why."""


def constants() -> dict[str, list[tuple[str, str]]]:
    """Values of constants at the top of modules -> where it stands, and under which name; samples apart."""
    found = defaultdict(list)
    for path in sorted(set(ROOM.rglob("*.py")) - set((ROOM / "samples").rglob("*.py"))):
        module = path.relative_to(ROOM).as_posix()
        for node in ast.parse(path.read_text("utf-8")).body:
            if (
                not module.startswith("samples/")
                and isinstance(node, ast.Assign)
                and worth_a_home(node.value)
            ):
                found[ast.unparse(node.value)].append((module, ast.unparse(node.targets[0])))
    return found


def worth_a_home(value: ast.expr) -> bool:
    """Whether a value is a text, or a collection of texts, that says what it means."""
    texts = [each.value for each in ast.walk(value) if isinstance(each, ast.Constant) and each.value]
    long = sum(len(text) for text in texts if isinstance(text, str)) >= LEAST
    return long and not any(isinstance(each, ast.Call | ast.Name) for each in ast.walk(value))


def test_no_two_modules_write_the_same_constant_down() -> None:
    doubles = {
        value: places
        for value, places in constants().items()
        if len({module for module, _ in places}) > 1 and not {name for _, name in places} <= set(NOT_THE_SAME)
    }
    assert doubles == {}


def sentences() -> dict[str, set[str]]:
    """Texts of four words or more, wherever they stand, between braces of a format too -> modules."""
    found = defaultdict(set)
    for path in sorted(set(ROOM.rglob("*.py")) - set((ROOM / "samples").rglob("*.py"))):
        tree = ast.parse(path.read_text("utf-8"))
        remarks = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in remarks:
                text = node.value.strip(" .,;:(")
                if SENTENCE.search(text):
                    found[text].add(path.relative_to(ROOM).as_posix())
    return found


def test_no_two_modules_spell_the_same_sentence() -> None:
    doubles = {
        text: sorted(modules)
        for text, modules in sentences().items()
        if len(modules) > 1 and text not in EVERYDAY
    }
    assert doubles == {}


def test_a_phrase_that_may_be_written_twice_is_written_twice() -> None:
    assert {text for text in EVERYDAY if len(sentences()[text]) > 1} == set(EVERYDAY)


VAGUE = {"told", "said", "seen", "spoken", "untold"}


def names(module: Path) -> set[str]:
    """Names that a module gives: of variables, arguments and functions."""
    nodes = list(ast.walk(ast.parse(module.read_text("utf-8"))))
    stored = {node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    taken = {node.arg for node in nodes if isinstance(node, ast.arg)}
    made = {node.name for node in nodes if isinstance(node, ast.FunctionDef)}
    return {name.strip("_") for name in stored | taken | made}


def test_a_name_says_what_it_holds_and_not_that_somebody_said_it() -> None:
    vague = {str(module.relative_to(ROOM)): names(module) & VAGUE for module in ROOM.rglob("*.py")}
    assert {name: found for name, found in vague.items() if found} == {}
