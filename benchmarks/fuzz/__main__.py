"""Fuzz every target for a while, each in its own process; say what broke and write it down.

python benchmarks/fuzz --seconds 10                     all targets, ten seconds each
python benchmarks/fuzz --seconds 3600 event_log         one target for an hour
python benchmarks/fuzz --coverage --seconds 600 cmtrace guided by coverage (needs `pip install atheris`)
python benchmarks/fuzz --seconds 5 --results r.json leaves the table of docs/security.md as it is
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))
os.environ.setdefault("POLARS_MAX_THREADS", "1")  # small frames: handing them around costs more than the work

RESULTS = HERE / "results.json"


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("targets", nargs="*", help="targets to fuzz (default: all)")
    parser.add_argument("--seconds", type=float, default=10, help="for each target")
    parser.add_argument(
        "--seed", type=int, default=None, help="another seed, other inputs (default: the time)"
    )
    parser.add_argument(
        "--keep",
        type=Path,
        default=Path(tempfile.gettempdir()) / "fuzz-broken",
        help="where inputs that broke something go",
    )
    parser.add_argument("--coverage", action="store_true", help="let atheris guide, from a few targets on")
    parser.add_argument(
        "--results", type=Path, default=RESULTS, help="where inputs and seconds are summed up"
    )
    args = parser.parse_args()
    from guided import GUIDED, guided, installed
    from targets import TARGETS

    if args.coverage and not installed():
        parser.error("atheris is not installed; run: python -m pip install atheris")
    names = args.targets or list(GUIDED if args.coverage else TARGETS)
    if unknown := set(names) - set(TARGETS):
        parser.error(f"no target is called {min(unknown)!r}; known: {', '.join(TARGETS)}")
    seed = int(time.time()) if args.seed is None else args.seed
    args.keep.mkdir(parents=True, exist_ok=True)
    broken = 0
    for name in names:
        if args.coverage:
            result = guided(name, args.seconds, args.keep)
        else:
            result = _watched(name, args.seconds, seed, args.keep)
        _note(args.results, "guided" if args.coverage else "fuzz", name, result)
        broken += len(result["broken"])
        print(
            f"{name:<24} {result['inputs']:>9,} inputs  {result['seconds']:>6.0f} s "
            f" {len(result['broken'])} broken",
            flush=True,
        )
        for what, where in result["broken"].items():
            print(f"    {what}\n      {where}", flush=True)
    return 1 if broken else 0


def _watched(name: str, seconds: float, seed: int, keep: Path) -> dict[str, Any]:
    """Run one target in a process of its own; a crash or a hang is told by its last input."""
    from work import work  # its folder is on the path only now

    last = keep / f"{name}.last"
    ours, theirs = multiprocessing.Pipe()
    worker = multiprocessing.get_context("spawn").Process(
        target=work, args=(name, seconds, seed, keep, last, theirs)
    )
    worker.start()
    theirs.close()
    result: dict[str, Any] = {"inputs": 0, "seconds": 0.0, "broken": {}}
    deadline = time.monotonic() + seconds + 120
    while time.monotonic() < deadline:
        try:
            if ours.poll(5):
                result = ours.recv()
                if result.get("done"):
                    break
        except EOFError:
            break
    worker.join(5)
    if not result.get("done"):
        how = "hang" if worker.is_alive() else f"exit {worker.exitcode}"
        where = keep / f"{name}-{how.replace(' ', '')}-{seed}"
        if last.exists():
            last.rename(where)
        result["broken"][how] = str(where)
    if worker.is_alive():
        worker.kill()
        worker.join()
    last.unlink(missing_ok=True)
    return result


def _note(results: Path, how: str, name: str, result: dict[str, Any]) -> None:
    """Add one run to the sums that the table in docs/security.md is made of."""
    sums = json.loads(results.read_text()) if results.exists() else {}
    past = sums.setdefault(how, {}).get(name, {"inputs": 0, "seconds": 0.0, "broken": 0, "slowest": 0.0})
    sums[how][name] = {
        "inputs": past["inputs"] + result["inputs"],
        "seconds": round(past["seconds"] + result["seconds"], 1),
        "broken": len(result["broken"]),
        "slowest": round(max(past["slowest"], result.get("slowest", 0.0)), 2),
    }
    results.write_text(json.dumps(sums, indent=1, sort_keys=True) + "\n")


if __name__ == "__main__":
    raise SystemExit(main())
