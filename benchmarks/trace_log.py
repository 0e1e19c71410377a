"""Event traces to `events`, against inflating the same bytes: `python benchmarks/trace_log.py [EXPORT ...]`.

The traces of the exports (folders, archives or single traces), or of the genuine ones beside the project;
without either those of the made-up capture. The yardstick takes the same bytes out of a ZIP that holds them:
what comes before any reading.
"""

from __future__ import annotations

import io
import sys
import zipfile
from pathlib import Path

from measuring import Candidates, compare, medians, peak_asked

from autopilot_analysis.export import open_export
from autopilot_analysis.readers.trace_log.trace_log import TraceLogs
from autopilot_analysis.samples.device.oobe_capture import oobe_capture

GENUINE = Path(__file__).parents[1].parent / "shared" / "real"
LEAST = 25
"""Megabytes of trace a second on one core."""


def exports() -> list[str]:
    given = [name for name in sys.argv[1:] if Path(name).exists()]
    beside = [GENUINE / "oobe-traces", *sorted(GENUINE.glob("*.cab"))]
    return given or [str(path) for path in beside if path.exists()]


def traces() -> dict[str, bytes]:
    found = {}
    for path in exports():
        with open_export(path) as export:
            chosen = [member for member in export.members if member.reader == "trace_log"]
            found |= {f"{path}/{member.path}": member.read() for member in chosen}
    made_up = oobe_capture()[0]
    return found or {name: content for name, content in made_up.items() if ".etl" in name}


def packed(contents: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, content in enumerate(contents.values()):
            archive.writestr(str(number), content)
    return buffer.getvalue()


def inflate(archive: bytes) -> int:
    with zipfile.ZipFile(io.BytesIO(archive)) as held:
        return sum(len(held.read(name)) for name in held.namelist())


def read(contents: dict[str, bytes]) -> int:
    logs = TraceLogs()
    for name, content in contents.items():
        logs.add(content, name)
    return len(logs.answers())


def candidates() -> Candidates:
    contents = traces()
    archive = packed(contents)
    return {
        "reading and inflating the same bytes": lambda: inflate(archive),
        "traces to events": lambda: read(contents),
    }


def main() -> None:
    if peak_asked(candidates):
        return
    contents = traces()
    size = sum(map(len, contents.values())) / 1e6
    seconds = medians({"read": lambda: read(contents)}, 3)["read"]
    print(f"{len(contents)} traces, {size:.1f} MB, {size / seconds:.0f} MB/s (at least {LEAST})\n")
    targets = {"traces to events": f"≥ {LEAST} MB/s"}
    print(compare(__file__, candidates(), "reading and inflating the same bytes", targets, *exports()))


if __name__ == "__main__":
    main()
