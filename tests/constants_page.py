"""The page of every named number of the package: docs/constants.md.

python tests/page_numbers.py    writes it anew, with the numbers and words of the other pages
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby, zip_longest
from operator import attrgetter
from pathlib import Path

ROOT = Path(__file__).parents[1]
ROOM = ROOT / "autopilot_analysis"
PAGE = ROOT / "docs" / "constants.md"
NAME = re.compile(r"[A-Z][A-Z0-9_]*")
OF_NUMBERS = {"timedelta", "datetime", "date", "time", "duration", "pl", "dt", "range", "float", "UTC"}
"""What a number may be made by."""
LONGEST = 70
"""A longer value is cut."""
HEAD = f"""# Constants

Every named number of the package, and what it limits or counts; modules stand below `autopilot_analysis/`,
and values are as the code has them, cut at {LONGEST} signs. Words are found where they stand (`grep -rni
"the words" autopilot_analysis`), a place by what it does in [the map](design.md#where-to-change-what).
`python tests/page_numbers.py` writes this page."""


@dataclass(frozen=True)
class Constant:
    """A named number: its module below the package, its name, its value and what its docstring says first."""

    module: str
    name: str
    value: str
    meaning: str

    @property
    def room(self) -> str:
        """The folder at the top of the package that holds it; empty for none."""
        return self.module.split("/")[0] if "/" in self.module else ""


def is_of_numbers(value: ast.expr) -> bool:
    """Whether a value is made of numbers alone, of names of constants with them, or of a table of numbers."""
    if isinstance(value, ast.Dict):
        return bool(value.values) and all(map(is_of_numbers, value.values))
    nodes = list(ast.walk(value))
    numbers = [node.value for node in nodes if isinstance(node, ast.Constant)]
    names = [node.id for node in nodes if isinstance(node, ast.Name)]
    named = all(name in OF_NUMBERS or NAME.fullmatch(name) for name in names)
    return bool(numbers) and named and all(type(each) in (int, float) for each in numbers)


def first_sentence(text: str) -> str:
    """Return the first sentence of a docstring in one line."""
    return re.split(r"(?<=[.?!])\s+(?=[A-Z`])|\n\n", text.strip())[0].replace("\n", " ").replace("|", "\\|")


def pairs(node: ast.stmt, within: str = "") -> list[tuple[str, ast.expr]]:
    """Names that a statement gives, each with its value: one, or several side by side."""
    target = node.targets[0] if isinstance(node, ast.Assign) else getattr(node, "target", None)
    value = getattr(node, "value", None)
    if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple):
        return [(ast.unparse(name), each) for name, each in zip(target.elts, value.elts, strict=True)]
    return [(within + ast.unparse(target), value)] if isinstance(target, ast.Name) and value else []


def as_written(value: ast.expr) -> str:
    """Return a value as the code has it, in one line that fits into a table."""
    text = ast.unparse(value).replace("|", "\\|")
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"


def of_body(module: str, body: list[ast.stmt], within: str = "") -> Iterator[Constant]:
    """Yield the constants of a module, and the fields of a class that have a docstring each."""
    for node, behind in zip_longest(body, body[1:]):
        if isinstance(node, ast.ClassDef):
            yield from of_body(module, node.body, f"{node.name}.")
        says = (
            getattr(getattr(behind, "value", None), "value", None) if isinstance(behind, ast.Expr) else None
        )
        for name, value in pairs(node, within):
            if (says if within else NAME.fullmatch(name)) and is_of_numbers(value):
                yield Constant(module, name, as_written(value), first_sentence(says or ""))


def of_script(module: str, text: str) -> Iterator[Constant]:
    """Yield the numbers that a script of the timeline names, under the comment above them."""
    for comment, named in re.findall(r"(?:^// (.+)\n)?^const (.+);", text, re.MULTILINE):
        for name, value in re.findall(r"\b([A-Z][A-Z_]+) = ([\d.e]+)(?=[,;]|$)", named):
            yield Constant(module, name, value, comment)


def constants() -> list[Constant]:
    """Return every named number of the package, in the order of modules."""
    texts = {
        path.relative_to(ROOM).as_posix(): path.read_text("utf-8") for path in sorted(ROOM.rglob("*.*[ys]"))
    }
    return [
        each
        for module, text in texts.items()
        if module.endswith((".py", ".js"))
        for each in (
            of_script(module, text) if module.endswith(".js") else of_body(module, ast.parse(text).body)
        )
    ]


def page() -> str:
    """Return the page, a table for each room."""
    parts = [HEAD]
    of_room = attrgetter("room")
    for room, found in groupby(sorted(constants(), key=of_room), of_room):
        rows = [f"| `{one.name}` | `{one.value}` | {one.meaning} | {one.module} |" for one in found]
        parts.append(
            "\n".join(
                [
                    f"## {room or 'The package'}\n",
                    "| name | value | what it is | module |",
                    "|---|---|---|---|",
                    *rows,
                ]
            )
        )
    return "\n\n".join(parts) + "\n"
