"""Attack every regular expression of code and facts: twice the text must take about twice the time.

python benchmarks/patterns.py

Prints each pattern whose time grows faster than its text, and exits with 1 when there is one. Patterns known
to blow up are attacked too, to show that the attacks work.
"""

from __future__ import annotations

import ast
import importlib
import pkgutil
import re
import time
from functools import cache
from pathlib import Path
from re import _constants as sre_constants
from re import _parser as sre_parse

import polars as pl

import autopilot_analysis
from autopilot_analysis.facts import read_facts
from autopilot_analysis.patterns import Late

PACKAGE = Path(autopilot_analysis.__file__).parent
SIZES = (12, 16, 20, 24, 28, 32, 40, 48, 56, 64, 80, 96, 128, 160, 192, 400, 800, 1600, 3200, 6400, 12_800)
FLOOR = 0.05
"""Seconds below which a measurement says nothing."""
SHORT = {"grid.NUMBER", "page.HEADING", "cells.CELL"}
"""Tried on cells below 40 signs, on the headings of a notebook's own text, and on tables of our own making,
in which every cell ends and whatever an export said is escaped."""
FLAGS = {
    name: getattr(re, name)
    for name in ("IGNORECASE", "I", "MULTILINE", "M", "DOTALL", "S", "VERBOSE", "X", "ASCII")
}


@cache
def patterns_in_code():
    """Return every literal handed to a function of `re`, and every compiled pattern a module keeps.

    Each comes with whether it is only ever tried at the beginning of a text (`match`, `fullmatch`).
    """
    found = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args:
                owner, how = node.func.value, node.func.attr
                ours = isinstance(owner, ast.Name) and owner.id == "re" and how != "compile"
                if ours and (text := _literal(node.args[0])) is not None:
                    where = f"{path.stem}:{node.lineno}:{node.col_offset}"
                    found[where] = (text, _flags(node), "match" in how)
    for module in pkgutil.walk_packages(autopilot_analysis.__path__, "autopilot_analysis."):
        if "__main__" not in module.name:
            found |= _kept(importlib.import_module(module.name))
    return [(where, *pattern) for where, pattern in found.items() if where not in SHORT]


def _kept(module):
    """Return the compiled patterns a module keeps under a name."""
    code = Path(module.__file__).read_text(encoding="utf-8")
    found = {}
    for name, value in vars(module).items():
        if isinstance(value, re.Pattern | Late):
            text = value.pattern if isinstance(value.pattern, str) else value.pattern.decode("latin-1")
            used = set(re.findall(rf"\b{name}\.(\w+)\(", code))
            where = f"{module.__name__.rpartition('.')[2]}.{name}"
            found[where] = (text, value.flags & ~re.UNICODE, bool(used) and used <= {"match", "fullmatch"})
    return found


def _literal(node):
    try:
        value = ast.literal_eval(node)
    except ValueError:
        return None
    return value.decode("latin-1") if isinstance(value, bytes) else value if isinstance(value, str) else None


def _flags(call):
    names = {
        node.attr
        for each in (*call.args[1:], *(k.value for k in call.keywords))
        for node in ast.walk(each)
        if isinstance(node, ast.Attribute)
    }
    return sum(FLAGS[name] for name in names if name in FLAGS and name not in ("I", "M", "S", "X"))


@cache
def patterns_in_facts():
    """Return every cell of a column of facts whose name says pattern."""
    found = []
    for path in sorted((PACKAGE / "facts").glob("*.csv")):
        facts = read_facts(path.stem)
        for column in facts.columns:
            if "pattern" in column:
                found += [
                    (f"{path.stem}.{column}:{row}", text, 0, False)
                    for row, text in enumerate(facts[column], 2)
                    if text
                ]
    return found


def attacks(pattern, flags, size):
    """Yield texts that reach each repetition of a pattern, feed it as long as there is room, and fail it."""
    yield "a" * size
    yield " " * size
    yield "0" * size
    yield "\n" * size
    parsed = sre_parse.parse(pattern, flags)
    for before, body in repetitions(parsed, ""):
        piece = sample(body) or "a"
        yield before + piece * (size // len(piece)) + "\0!"
        yield (before + piece) * (size // len(before + piece)) + "\0!"
        for other in (" ", "x"):
            yield before + (piece + other) * (size // len(piece + other)) + "\0!"


def repetitions(parsed, before):
    """Yield what leads to each repetition, and its body."""
    for code, value in parsed:
        name = str(code)
        if name in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"):
            least, most, body = value
            if most is sre_constants.MAXREPEAT or most > 50:
                yield before, body
            yield from repetitions(body, before)
            before += sample(body) * max(least, 1 if most else 0)
        elif name == "SUBPATTERN":
            yield from repetitions(value[-1], before)
            before += sample(value[-1])
        elif name == "BRANCH":
            for branch in value[1]:
                yield from repetitions(branch, before)
            before += sample(value[1][0])
        elif name in ("ASSERT", "ASSERT_NOT"):
            yield from repetitions(value[1], before)
        else:
            before += sample([(code, value)])


def sample(parsed):
    """Return one text that a parsed pattern takes."""
    text = ""
    for code, value in parsed:
        name = str(code)
        if name == "LITERAL":
            text += chr(value)
        elif name == "NOT_LITERAL":
            text += "a" if value != ord("a") else "b"
        elif name == "ANY":
            text += "a"
        elif name == "IN":
            text += _one_of(value)
        elif name in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"):
            text += sample(value[2]) * max(value[0], 1 if value[1] else 0)
        elif name == "SUBPATTERN":
            text += sample(value[-1])
        elif name == "BRANCH":
            text += sample(value[1][0])
    return text


def _one_of(members):
    names = {str(code) for code, _ in members}
    if "NEGATE" in names:
        taken = {chr(value) for code, value in members if str(code) == "LITERAL"}
        return next(letter for letter in "aZ 0_-/.;" if letter not in taken)
    code, value = members[0]
    if str(code) == "LITERAL":
        return chr(value)
    if str(code) == "RANGE":
        return chr(value[0])
    return {"CATEGORY_DIGIT": "0", "CATEGORY_SPACE": " ", "CATEGORY_WORD": "a"}.get(str(value), "!")


def seconds(search, text):
    begun = time.process_time()
    search(text)
    return time.process_time() - begun


def blows_up(pattern, flags, anchored):
    """Return the first attack under which time grows faster than the text, up to some 12,000 signs."""
    compiled = re.compile(pattern, flags)
    search = compiled.match if anchored else compiled.search
    for number, _ in enumerate(attacks(pattern, flags, SIZES[0])):
        before = 0.0
        for size in SIZES:
            text = list(attacks(pattern, flags, size))[number]
            took = seconds(search, text)
            steep = took > FLOOR and (size < 400 or took > 3.2 * max(before, FLOOR / 4))
            if steep and min(seconds(search, text) for _ in range(3)) > max(FLOOR, 2.5 * before):
                return f"{text[:60]!r} of {len(text)}: {before:.4f} then {took:.4f} s"
            before = took
    return None


FACTS_BY_RE = (
    "sources.",
    "event_messages.",
    "quotes.",
    "answer_words.",
    "named_in_answers.",
    "reported_codes.",
    "graph_permissions.",
    "symptom_words.",
    "phrases.",
    "identifier_shapes.part_pattern",
)
"""Facts whose patterns the standard library runs; all others are run by polars, whose engine is linear."""
OF_RE_ALONE = re.compile(r"\(\?<?[=!]")
"""Looking around, which polars refuses: a part of a pattern that does so is one of those."""


def run_by_re(name, pattern):
    """Tell whether the standard library runs a pattern of facts."""
    part = name.startswith("shared_patterns.") and OF_RE_ALONE.search(pattern)
    return bool(part) or name.startswith(FACTS_BY_RE)


BY_RE = [*patterns_in_code(), *(fact for fact in patterns_in_facts() if run_by_re(*fact[:2]))]


KNOWN_TO_BLOW_UP = (r"\s+,\s*$", r"^x(?:\w+\s?)+z", r"\d+\d+!")


STANDS_FOR = {"{guid}": "[0-9a-fA-F-]{36}", "{only_64_bits}": "pnputil|bcdedit"}
"""What the code puts in the place of a name in braces."""


def filled(pattern: str) -> str:
    """Return a pattern of facts with what its names stand for."""
    for name, text in STANDS_FOR.items():
        pattern = pattern.replace(name, text)
    return pattern


def slow_facts() -> list[str]:
    """Return the patterns of facts that take a second on 100,000 signs in the column engine."""
    texts = pl.Series(["a" * 100_000, " " * 100_000, "\\a" * 50_000, "0x" * 50_000, "-" * 100_000])
    slow = []
    for where, pattern, *_ in patterns_in_facts():
        if run_by_re(where, pattern):
            continue
        begun = time.process_time()
        texts.str.contains(filled(pattern))
        slow += [where] if time.process_time() - begun > 1 else []
    return slow


def main() -> int:
    """Print what blows up; return 1 when anything does, or when an attack misses a pattern that must."""
    missed = [pattern for pattern in KNOWN_TO_BLOW_UP if blows_up(pattern, 0, anchored=False) is None]
    found = {where: blows_up(pattern, flags, anchored) for where, pattern, flags, anchored in BY_RE}
    lines = [f"{where}: {why}" for where, why in found.items() if why]
    lines += [f"{where}: more than a second" for where in slow_facts()]
    lines += [f"the attacks miss {pattern}" for pattern in missed]
    print(
        *lines, f"{len(BY_RE) + len(patterns_in_facts())} patterns attacked, {len(lines)} blow up", sep="\n"
    )
    return int(bool(lines))


if __name__ == "__main__":
    raise SystemExit(main())
