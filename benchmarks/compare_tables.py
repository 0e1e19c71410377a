"""Compare every table of the sample and genuine exports between two commits, rows sorted.

python benchmarks/compare_tables.py BASE [HEAD]

Both commits are checked out into folders of their own, each reads every export with its own code, and what
differs is printed: table, rows before, rows after, columns that came or went, columns whose values changed.
Without HEAD the working tree is compared. Exit status 1 when anything differs.
"""

from __future__ import annotations

import argparse
import os
import pickle
import subprocess
import sys
import tempfile
from pathlib import Path

import polars as pl

ROOT = Path(__file__).parents[1]
GENUINE = ROOT.parent / "shared" / "real"
READ = """
import pickle, sys
from pathlib import Path
from autopilot_analysis import build_trace, find, open_export, read_tables

frames = {}
for path in map(Path, sys.argv[2:]):
    with open_export(path) as export:
        tables = read_tables(export)
    trace = build_trace(tables)
    for collection in (tables, trace, find(tables, trace)):
        for name, frame in collection.frames().items():
            frames[path.name, name] = frame
Path(sys.argv[1]).write_bytes(pickle.dumps(frames))
"""


def exports() -> list[Path]:
    """Return the exports of data/ and, where they lie beside the checkout, the genuine ones."""
    ours = [path for path in (ROOT / "data").iterdir() if path.suffix in (".cab", ".zip") or path.is_dir()]
    return sorted(ours) + (
        sorted(p for p in GENUINE.iterdir() if p.suffix != ".md") if GENUINE.is_dir() else []
    )


def frames_of(tree: Path, work: Path) -> dict[tuple[str, str], pl.DataFrame]:
    """Return every table of every export, read with the code of a tree."""
    out = work / "frames.pickle"
    command = [sys.executable, "-c", READ, str(out), *map(str, exports())]
    subprocess.run(command, env={**os.environ, "PYTHONPATH": str(tree)}, cwd=tree, check=True)
    return pickle.loads(out.read_bytes())  # written a moment ago by the line above


def git(*arguments: str) -> None:
    """Run one git command in this checkout."""
    subprocess.run(["git", *arguments], cwd=ROOT, check=True)


def comparable(frame: pl.DataFrame) -> pl.DataFrame:
    """Return a frame as text, sorted, so that neither types nor order count."""
    spans = frame.with_columns(pl.col(pl.Duration).dt.total_microseconds())
    nested = [name for name, kind in spans.schema.items() if kind.is_nested()]
    texts = [pl.col(name).list.eval(pl.element().cast(pl.String)).list.join(" ") for name in nested]
    return spans.with_columns(texts).select(pl.all().cast(pl.String)).sort(pl.all())


def differences(before: pl.DataFrame, after: pl.DataFrame) -> list[str]:
    """Return what differs between two states of one table, in words."""
    lines = []
    gone, come = set(before.columns) - set(after.columns), set(after.columns) - set(before.columns)
    lines += [f"columns gone: {', '.join(sorted(gone))}"] if gone else []
    lines += [f"columns new: {', '.join(sorted(come))}"] if come else []
    if before.height != after.height:
        return [*lines, f"{before.height:,} rows became {after.height:,}"]
    shared = [name for name in before.columns if name in after.columns]
    if not shared:
        return lines
    one, other = (comparable(frame.select(shared)) for frame in (before, after))
    changed = [name for name in shared if not one[name].equals(other[name], null_equal=True)]
    return [*lines, *([f"values changed in {', '.join(changed)}"] if changed else [])]


def main() -> int:
    """Print every difference and return 1 when there is one."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("base", help="commit to compare with")
    parser.add_argument("head", nargs="?", help="commit that is compared; the working tree when left out")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        found = []
        for commit in (args.base, args.head):
            work = Path(folder) / (commit or "here")
            work.mkdir()
            tree = work / "tree" if commit else ROOT
            if commit:
                git("worktree", "add", "--quiet", "--detach", str(tree), commit)
            try:
                found.append(frames_of(tree, work))
            finally:
                if commit:
                    git("worktree", "remove", "--force", str(tree))
    before, after = found
    differing = 0
    for key in sorted(before.keys() | after.keys()):
        if key not in before or key not in after:
            lines = ["the table is new" if key in after else "the table is gone"]
        else:
            lines = differences(before[key], after[key])
        differing += bool(lines)
        print(*(f"{'/'.join(key)}: {line}" for line in lines), sep="\n", end="\n" if lines else "")
    print(f"{len(before.keys() & after.keys())} tables compared, {differing} differ")
    return int(differing > 0)


if __name__ == "__main__":
    raise SystemExit(main())
