"""Opens a dataset that an older version wrote and compares what it says; `python benchmarks/older.py COMMIT`.

The older version is checked out beside, ingests the exports of data/ and the paths named, and is gone again.
Its tables are read by both versions: columns that both know must hold the same, new ones must be empty. Then
this version ingests the exports into the old dataset, which must equal a dataset that it wrote alone.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import polars as pl

from autopilot_analysis import open_dataset

ROOT = Path(__file__).parents[1]
TABLES = ("findings", "evidence", "attempts", "stage_runs", "installs", "deployments", "devices", "events")
READ = """
import sys
from pathlib import Path
from autopilot_analysis import open_dataset
for table in sys.argv[3:]:
    open_dataset(sys.argv[1]).scan(table).collect().write_parquet(Path(sys.argv[2]) / f"{table}.parquet")
"""


def run(tree: Path, code: str, *arguments: object) -> None:
    """Run a line of Python with the package of a tree."""
    env = {**os.environ, "PYTHONPATH": str(tree)}
    subprocess.run([sys.executable, "-P", "-c", code, *map(str, arguments)], check=True, env=env, cwd=tree)


def ingest(tree: Path, exports: list[Path], dataset: Path) -> None:
    """Ingest with the command line of a tree."""
    code = "import sys; from autopilot_analysis.cli import main; sys.exit(main())"
    run(tree, code, "ingest", *exports, "--into", dataset, "--workers", 1)


def compared(old: dict[str, pl.DataFrame], new: dict[str, pl.DataFrame]) -> list[str]:
    """Return a row a table: rows before and after, whether what both know is alike, and new columns."""
    rows = []
    for table in TABLES:
        before, after = old[table], new[table]
        both = [name for name in before.columns if name in after.columns]
        alike = sorted(map(str, before.select(both).rows())) == sorted(map(str, after.select(both).rows()))
        added = [name for name in after.columns if name not in both]
        filled = [name for name in added if after[name].null_count() < after.height]
        rows.append(
            f"| {table} | {before.height:,} | {after.height:,} | {'yes' if alike else 'NO'} "
            f"| {len(added)} | {len(filled)} |"
        )
    return rows


def tables(dataset: Path) -> dict[str, pl.DataFrame]:
    """Return the tables of a dataset as this version reads them."""
    return {table: open_dataset(dataset).scan(table).collect() for table in TABLES}


def main() -> None:
    """Write, open, compare, ingest again, compare."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("commit", help="of the older version")
    parser.add_argument("exports", nargs="*", type=Path, help="exports beside those of data/")
    args = parser.parse_args()
    head = "| table | rows then | rows now | alike | new columns | of them filled |\n| --- |" + " ---: |" * 5
    with tempfile.TemporaryDirectory() as name:
        room, old = Path(name), Path(name) / "tree"
        git = ["git", "-C", str(ROOT), "worktree"]
        subprocess.run([*git, "add", "--quiet", "--detach", str(old), args.commit], check=True)
        try:
            data = [path for path in sorted((old / "data").iterdir()) if path.suffix in (".cab", ".zip", "")]
            exports = [*data, *(path.resolve() for path in args.exports)]
            ingest(old, exports, room / "dataset")
            (room / "then").mkdir()
            run(old, READ, room / "dataset", room / "then", *TABLES)
            then = {table: pl.read_parquet(room / "then" / f"{table}.parquet") for table in TABLES}
            print(f"written by {args.commit}, opened by this version:", open_dataset(room / "dataset").older)
            print(head, *compared(then, tables(room / "dataset")), sep="\n")
            ingest(ROOT, exports, room / "dataset")
            ingest(ROOT, exports, room / "fresh")
            print("ingested again, against a dataset of this version alone:", head, sep="\n")
            print(*compared(tables(room / "fresh"), tables(room / "dataset")), sep="\n")
        finally:
            subprocess.run([*git, "remove", "--force", str(old)], check=True)


if __name__ == "__main__":
    main()
