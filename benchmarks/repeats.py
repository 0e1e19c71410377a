"""List where words of the package repeat a constant's value; `python benchmarks/repeats.py [TREE]`.

A docstring or a comment that writes a constant's number goes stale when the constant changes: it names the
constant instead. Looked at are those of the constant's own module and of modules that import it. Numbers of
events, formats and Windows itself stay as they are: what is listed is to be looked at, not a fault.

Spans of time are looked for on the pages too, in README.md, docs and the words of the notebooks, spelt out as
well ("half a day"), where no comment beside them holds them (tests/page_numbers.py).

Listed behind them are numbers that several modules write down under names with a word in common: one idea
with two homes, or two ideas that happen to be equal. Those of one and the same name are held by
tests/test_homes.py.
"""

from __future__ import annotations

import ast
import io
import json
import re
import sys
import tokenize
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

WORDS = {
    2: "two", 3: "three", 4: "four", 5: "five", 6: "six", 7: "seven", 8: "eight", 9: "nine", 10: "ten",
    12: "twelve", 14: "fourteen", 15: "fifteen", 16: "sixteen", 20: "twenty", 24: "twenty-four",
    30: "thirty", 40: "forty", 50: "fifty", 60: "sixty", 90: "ninety",
    100: "a hundred", 512: "five hundred and twelve",
}  # fmt: skip
SPELT = {
    "seconds=1": "a second", "minutes=1": "a minute", "minutes=15": "a quarter of an hour",
    "minutes=30": "half an hour", "hours=1": "an hour", "hours=12": "half a day", "hours=24": "a day",
    "days=1": "a day", "days=7": "a week", "days=14": "a fortnight", "days=30": "a month",
    "days=365": "a year",
}  # fmt: skip
"""Spans of time that have words of their own."""
PARTS = {
    0.1: "a tenth", 0.2: "a fifth", 0.25: "a quarter", 1 / 3: "a third", 0.5: "half", 0.75: "three quarters",
    0.8: "(?:slowest|longest|last) fifth", 0.9: "(?:slowest|longest|last) tenth",
}  # fmt: skip
"""Shares that have words of their own, and what is beyond them."""
EVERYWHERE = {"0", "1"}
"""Words that say nothing of a constant."""
OF_ANY_NUMBER = {"most", "least", "longest", "shortest", "largest", "smallest", "within", "after", "from"}
"""Words of names that say how a number limits, and not what."""


MOST_NAMES, WIDTH = 3, 120
"""Constants that a line of a page is listed with, and the signs of it that are shown."""


@dataclass(frozen=True)
class Constant:
    """A number, or a span of time, at the top of a module."""

    name: str
    module: Path
    line: int
    pattern: str
    value: str

    def words(self) -> set[str]:
        """Return the words of its name that say what it is of."""
        parts = self.name.lower().strip("_").split("_")
        return {part.rstrip("s") for part in parts if len(part) > 2 and part not in OF_ANY_NUMBER}


def written(value: float) -> list[str]:
    """Return a number as words may write it; nothing for any other value."""
    if not isinstance(value, int | float) or isinstance(value, bool):
        return []
    forms = [f"{value:,}", f"{value:g}", WORDS.get(value, "")]
    if isinstance(value, float) and 0 < value < 1:
        forms.append(f"{100 * value:g} %")
        return [re.escape(form) for form in forms if form] + ([PARTS[value]] if value in PARTS else [])
    return [re.escape(form) for form in dict.fromkeys(forms) if form and form not in EVERYWHERE]


def pattern_of(node: ast.expr) -> str | None:
    """Return what finds the value of a constant in a text; None where it is no number."""
    try:
        value = ast.literal_eval(node)
    except ValueError:
        words = getattr(node, "keywords", [])
        spans = [word for word in words if word.arg and isinstance(word.value, ast.Constant)]
        forms = [f"{form}[ -]{span.arg[:-1]}s?" for span in spans for form in written(span.value.value)]
        forms += [SPELT[text] for span in spans if (text := f"{span.arg}={span.value.value}") in SPELT]
    else:
        forms = written(value)
    return rf"(?<![\w.,-])(?:{'|'.join(forms)})(?!\w|[.,]\d|-)" if forms else None


def constants(module: Path, tree: ast.Module) -> Iterator[Constant]:
    """Yield the constants of a module."""
    for node in tree.body:
        named = isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)
        if named and (pattern := pattern_of(node.value)):
            yield Constant(node.targets[0].id, module, node.lineno, pattern, ast.unparse(node.value))


def remarks(text: str, tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Yield the lines of docstrings, and the comments, of a module."""
    lines = text.splitlines()
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            yield from enumerate(lines[node.lineno - 1 : node.end_lineno], node.lineno)
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type == tokenize.COMMENT:
            yield token.start[0], token.string


def pages(root: Path) -> Iterator[tuple[str, int, str]]:
    """Yield the lines of the pages, and of the words of notebooks, without the numbers that are held."""
    for path in [root / "README.md", *sorted((root / "docs").glob("*.md"))]:
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
            yield path.relative_to(root).as_posix(), number, re.sub(r"[\w.,-]+<!--.*?-->( [%\w]+)?", "", line)
    for path in sorted((root / "notebooks").glob("*.ipynb")):
        for number, cell in enumerate(json.loads(path.read_text("utf-8"))["cells"]):
            if cell["cell_type"] == "markdown":
                yield path.relative_to(root).as_posix(), number, "".join(cell["source"])


def alike(known: list[Constant]) -> Iterator[tuple[Constant, Constant]]:
    """Yield constants of two modules that have one value and a word of their names in common."""
    by_value = defaultdict(list)
    for each in known:
        by_value[each.value].append(each)
    for equal in by_value.values():
        for one, other in combinations(equal, 2):
            if one.module != other.module and one.words() & other.words():
                yield one, other


def main() -> None:
    """Print every repeat."""
    root = Path(sys.argv[1]) if sys.argv[1:] else Path(__file__).parents[1]
    texts = {path: path.read_text("utf-8") for path in sorted((root / "autopilot_analysis").rglob("*.py"))}
    trees = {path: ast.parse(text) for path, text in texts.items()}
    known = [each for path, tree in trees.items() for each in constants(path, tree)]
    for path, tree in trees.items():
        taken = [node.names for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
        names = {alias.name for aliases in taken for alias in aliases}
        near = [each for each in known if each.module == path or each.name in names]
        for line, words in remarks(texts[path], tree):
            for each in near:
                if ">>>" not in words and re.search(each.pattern, words):
                    print(f"{path.relative_to(root)}:{line}: {each.name}: {words.strip()}")
    spans = [each for each in known if each.value.startswith("timedelta")]
    for page, number, words in pages(root):
        names = {f"{each.module.stem}.{each.name}" for each in spans if re.search(each.pattern, words)}
        if names:
            print(f"{page}:{number}: {', '.join(sorted(names)[:MOST_NAMES])}: {words.strip()[:WIDTH]}")
    for pair in alike(known):
        places = [f"{each.module.relative_to(root)}:{each.line} {each.name}" for each in pair]
        print(f"{pair[0].value}: {' | '.join(places)}")


if __name__ == "__main__":
    main()
