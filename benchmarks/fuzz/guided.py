"""Fuzzing guided by coverage: atheris keeps the inputs that reach lines no other input reached.

python benchmarks/fuzz --coverage --seconds 600 cmtrace    starts this file in a process of its own
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path
from typing import Any

GUIDED = ("event_log", "cmtrace", "registry_dump", "container")
"""What is guided when no target is named: the formats whose readers branch most."""
DONE = re.compile(r"^Done (\d+) runs in (\d+) second", re.MULTILINE)
BROKEN = re.compile(r"Test unit written to (\S+)")


def guided(name: str, seconds: float, keep: Path) -> dict[str, Any]:
    """Fuzz one target under instruments until the time is up or an input breaks it.

    Args:
        name: A target.
        seconds: For how long.
        keep: Where an input that broke it goes.

    Returns:
        Inputs, seconds, and what broke.
    """
    command = [sys.executable, __file__, name, str(seconds), str(keep)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, errors="replace")
    count = DONE.search(done.stderr)
    result: dict[str, Any] = {"inputs": int(count[1]) if count else 0, "broken": {}}
    result["seconds"] = float(count[2]) if count else 0.0
    if done.returncode or not count:
        where = BROKEN.search(done.stderr)
        told = [line for line in done.stderr.splitlines() if "Error" in line] or done.stderr.splitlines()[-1:]
        result["broken"][told[0][:200] if told else f"exit {done.returncode}"] = (
            where[1] if where else "nowhere"
        )
    return result


def installed() -> bool:
    """Tell whether atheris is there."""
    return find_spec("atheris") is not None


def guide(name: str, seconds: float, keep: Path) -> None:
    """Fuzz one target in this process, which ends with it."""
    import atheris  # an extra tool

    sys.path.insert(0, str(Path(__file__).parent))
    with atheris.instrument_imports(include=["autopilot_analysis"]):
        from targets import TARGETS, attempt  # under instruments

    target = TARGETS[name]
    corpus = Path(tempfile.gettempdir()) / f"fuzz-corpus-{name}"
    corpus.mkdir(exist_ok=True)
    for number, content in enumerate(target.seeds()):
        (corpus / f"seed-{number}").write_bytes(content)

    def one(content: bytes) -> None:
        if (what := attempt(target, content)) is not None:
            raise RuntimeError(what)

    longest = max((len(content) for content in target.seeds()), default=0) + 4096
    options = [f"-max_total_time={seconds:.0f}", f"-max_len={longest}", "-rss_limit_mb=3072", "-timeout=20"]
    atheris.Setup([sys.argv[0], *options, f"-artifact_prefix={keep}/{name}-", str(corpus)], one)
    atheris.Fuzz()


if __name__ == "__main__":
    guide(sys.argv[1], float(sys.argv[2]), Path(sys.argv[3]))
