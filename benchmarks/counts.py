"""Count what the shape of the package is judged by; `python benchmarks/counts.py [TREE] [--missing]`.

Modules and lines have no target: density is no virtue. The others have one, printed beside them.
"""

from __future__ import annotations

import ast
import re
import sys
from collections import Counter
from pathlib import Path

MANY = 18
"""Calls in one statement that a reader must take apart."""
STATEMENTS = (ast.Return, ast.Assign, ast.AnnAssign, ast.AugAssign, ast.Expr)
CROWDED = 15
"""Files in a folder; facts, figures and rules hold one thing a file and may hold more."""
ONE_THING_A_FILE = ("facts", "figures", "findings/rules")
SUPPRESSED = re.compile(r"#\s*(?:noqa|type:\s*ignore|fmt:\s*skip)")


def packed(tree: ast.AST) -> int:
    """Return how many statements of a module hold 18 calls or more."""
    statements = [node for node in ast.walk(tree) if isinstance(node, STATEMENTS)]
    return sum(sum(isinstance(n, ast.Call) for n in ast.walk(node)) >= MANY for node in statements)


def public_names(package: Path) -> int:
    """Return how many names the package lists as public: in its stub, else in `__all__`."""
    stub = package / "__init__.pyi"
    if stub.exists():
        return sum(
            len(n.names) for n in ast.walk(ast.parse(stub.read_text())) if isinstance(n, ast.ImportFrom)
        )
    listed = [
        node.value
        for node in ast.walk(ast.parse((package / "__init__.py").read_text()))
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "__all__"
    ]
    return len(ast.literal_eval(listed[0])) if listed else 0


def main() -> None:
    """Print every count."""
    given = [word for word in sys.argv[1:] if not word.startswith("--")]
    root = Path(given[0]) if given else Path(__file__).parents[1]
    package, tests = root / "autopilot_analysis", root / "tests"
    modules = {path: path.read_text("utf-8") for path in sorted(package.rglob("*.py"))}
    named = [path for path in modules if path.name not in ("__init__.py", "__main__.py")]
    mirrors = {path: tests / path.relative_to(package).parent / f"test_{path.stem}.py" for path in named}
    mirrored = [path for path, mirror in mirrors.items() if mirror.exists()]
    folders = Counter(
        path.parent.relative_to(package).as_posix()
        for path in package.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    )
    crowded = [f"{name} {count}" for name, count in folders.items() if count > CROWDED + 1]
    crowded = [name for name in crowded if not name.startswith(ONE_THING_A_FILE)]
    calls = sum(packed(ast.parse(text)) for text in modules.values())
    suppressions = sum(len(SUPPRESSED.findall(text)) for text in modules.values())
    share = f"{len(mirrored)} of {len(named)} ({len(mirrored) / len(named):.0%})"
    print(f"modules {len(modules)}, lines {sum(text.count(chr(10)) for text in modules.values()):,}")
    print(f"statements with {MANY} calls or more: {calls} (at most 5)")
    print(f"public names: {public_names(package)} (at most 30)")
    print(f"suppressions: {suppressions} (at most 40)")
    print(f"modules with a mirrored test: {share}, at least 95 %")
    print(f"crowded folders: {', '.join(crowded) or 'none'}")
    if "--missing" in sys.argv:
        print(*(path.relative_to(root) for path in named if path not in mirrored), sep="\n")


if __name__ == "__main__":
    main()
