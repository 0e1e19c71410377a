"""Cuts and holes texts of every kind and counts what is said; `python benchmarks/cuts.py`.

Genuine files beside the checkout are taken where they lie, samples of data/ else. A cut or a hole that leaves
no gap is *unsaid*; the whole file must leave none.
"""

from __future__ import annotations

import random
import tempfile
from collections.abc import Iterator
from pathlib import Path

from autopilot_analysis.errors import AnalysisError
from autopilot_analysis.export import open_export
from autopilot_analysis.readers.damage import AGAIN, BREAKS
from autopilot_analysis.readers.read import read_tables

ROOT = Path(__file__).parents[1]
GENUINE = ROOT.parent / "shared" / "real"


def said(name: str, content: bytes) -> str:
    """Return what the kit says of the damage of one file; empty when it says nothing."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / name
        place.write_bytes(content)
        try:
            tables = read_tables(open_export(place))
        except AnalysisError as error:
            return str(error)
    gaps = tables.gaps.select("reason", "advice").rows()
    state = tables.members["state"][0] if tables.members.height else ""
    found = [reason for reason, advice in gaps if advice == AGAIN or BREAKS.search(reason)]
    return found[0] if found else gaps[0][0] if state == "damaged" and gaps else ""


def texts() -> Iterator[tuple[str, str, bytes, int]]:
    """Yield kind, file name, content and how many cuts to try."""
    for path in sorted((GENUINE / "dsregcmd").glob("*.txt")):
        yield "dsregcmd /status", path.name, path.read_bytes(), 26
    export = open_export(GENUINE / "mdm-diagnostics-23h2.cab")
    wanted = {"setup_log": 20, "registry_dump": 8, "mdm_report_html": 13, "profile_json": 20, "tpm_text": 10}
    for member in export.members:
        if member.source in wanted:
            yield member.source, Path(member.path).name, member.read(), wanted[member.source]
    path = ROOT / "data" / "fleet" / "AutopilotV1DeploymentStatus.csv"
    yield "report CSV, mid-row", path.name, b"".join(path.read_bytes().splitlines(keepends=True)[:60]), 80


def damaged(kind: str, content: bytes, count: int) -> Iterator[bytes]:
    """Yield the content cut at places spread over it, and with a hole where only a hole shows."""
    rng = random.Random(7)
    ends = [n for n, byte in enumerate(content) if byte == 10]
    for number in range(1, count + 1):
        at = len(content) * number // (count + 1)
        if "mid-row" in kind and (at in ends or at - 1 in ends):
            at += 3
        yield content[:at]
    if kind in ("setup_log", "registry_dump", "mdm_report_html"):
        for _ in range(12):
            at = rng.randrange(len(content) - 600)
            yield content[:at] + bytes(512) + content[at + 512 :]


def main() -> None:
    """Print a row a kind."""
    rows: dict[str, list[int]] = {}
    for kind, name, content, count in texts():
        row = rows.setdefault(kind, [0, 0, 0, 0])
        row[3] += bool(said(name, content))
        for broken in damaged(kind, content, count):
            words = said(name, broken)
            row[0] += 1
            row[1] += not words
            row[2] += "sign in" in words
    print(
        "| text | damaged | unsaid (cut at a line end) | told to sign in | whole, yet called damaged |",
        "| --- |" + " ---: |" * 4,
        sep="\n",
    )
    for kind, row in rows.items():
        print(f"| {kind} | " + " | ".join(map(str, row)) + " |")


if __name__ == "__main__":
    main()
