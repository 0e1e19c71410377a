"""Fuzzing guided by coverage: atheris keeps the inputs that reach lines no other input reached."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path


def guide(name: str, seconds: float) -> int:
    """Fuzz one target until the time is up or an input breaks it, which is then written beside the corpus.

    Args:
        name: A target.
        seconds: For how long.
    """
    import atheris  # an extra tool

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
    atheris.Setup([sys.argv[0], *options, str(corpus)], one)
    atheris.Fuzz()
    return 0
