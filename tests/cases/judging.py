"""How a case is judged: by what the command line answers about its export, and by nothing else.

The first six judgments are those of the outside score: a `calm` case has no loud finding; otherwise the first loud
finding is a cause and says what `first` asks for, something loud says each of `somewhere`, nothing loud says any of
`never` or is of a rule of `never_rules`, and the first line of the plain answer fits `headline` and not
`headline_never`. A few more serve kinds that these cannot reach; docs/cases.md names them.
"""

from __future__ import annotations

import contextlib
import io
import json
import re
import sys
import tempfile
import tomllib
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import cache
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from unittest.mock import patch

from autopilot_analysis import open_export, read_tables
from autopilot_analysis.cli import findings, main, tables
from autopilot_analysis.fleet.dataset.run import batch
from autopilot_analysis.tables import Findings, Tables, Trace
from autopilot_analysis.trace.installs.naming import count_nameless

HERE = Path(__file__).parent
Answer = tuple[Tables, Trace, Findings]
"""What an export says."""
TOGETHER = 512
"""So many exports are worked out at once."""
LOUD = {"critical", "high", "warning"}
JUDGMENTS = {
    "calm",
    "first",
    "somewhere",
    "never",
    "never_rules",
    "headline",
    "headline_never",
    "unexplained",
    "text",
    "most",
    "once",
    "attempts",
    "instants",
    "explain",
    "explain_never",
}


def cases() -> list[str]:
    """Names of all cases."""
    return sorted(path.parent.name for path in HERE.glob("*/expected.toml"))


def expected(case: str) -> dict:
    """What must be said about a case."""
    return tomllib.loads((HERE / case / "expected.toml").read_text())


def build(case: str, folder: Path) -> Path:
    """Build the export of a case in a folder."""
    path = HERE / case / "build.py"
    spec = spec_from_file_location(f"case_{case.replace('-', '_')}", path)
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.build(folder)


def judge(case: str, folder: Path) -> list[str]:
    """Return what falls short; an empty list where the case holds."""
    return judge_export(build(case, folder), expected(case))


def answer_together(exports: list[Path]) -> list[Answer]:
    """Return what exports say, worked out in batches as a dataset does: each says what it would say alone."""
    return [
        answer
        for first in range(0, len(exports), TOGETHER)
        for answer in _batch(exports[first : first + TOGETHER])
    ]


def _batch(exports: list[Path]) -> Iterator[Answer]:
    read = []
    for path in exports:
        with open_export(path) as export:
            read.append(read_tables(export))
    for own, frames in zip(read, batch.tell_together(read), strict=True):
        trace = Trace.of(frames)
        yield count_nameless(own, trace), trace, Findings.of(frames)


def judge_export(export: Path, wanted: dict, load: Callable = findings.load) -> list[str]:
    """Return what falls short in the answer about an export; an empty list where it is right.

    Args:
        export: Where it lies.
        wanted: What must be said about it.
        load: Gives what it says: tables, trace and findings.
    """
    read_once = cache(load)
    with patch.object(findings, "load", read_once), patch.object(tables, "load", read_once):
        status, said = ask("findings", str(export), "--json")
        if status:
            return [f"exit status {status}: {said[:200]}"]
        found = json.loads(said)
        plain = ask("findings", str(export))[1].strip()
        short = [*_loud(wanted, found), *_plain(wanted, plain), *_counted(wanted, found)]
        if "explain" in wanted:
            short += _explained(wanted, ask("explain", str(export))[1])
        if "attempts" in wanted or "instants" in wanted:
            with tempfile.TemporaryDirectory() as folder:
                ask("tables", str(export), "--out", folder, "--format", "ndjson")
                short += [*_attempts(wanted, Path(folder)), *_instants(wanted, Path(folder))]
    return short


def ask(*arguments: str) -> tuple[int, str]:
    """Run the command line in this process; return its status and what it printed."""
    out, err = io.StringIO(), io.StringIO()
    before = sys.argv
    sys.argv = ["autopilot-analysis", *arguments]
    try:
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            status = main(list(arguments))
    except SystemExit as stop:
        status = stop.code
    finally:
        sys.argv = before
    return int(status or 0), out.getvalue() or err.getvalue()


def _words(finding: dict) -> str:
    parts = [finding.get(k) for k in ("title", "meaning", "remedy", "item", "code")]
    return "\n".join(str(p) for p in [*parts, *(e.get("quote") for e in finding.get("evidence", []))] if p)


def _loud(wanted: dict, found: list[dict]) -> Iterator[str]:
    loud = [f for f in found if f["severity"] in LOUD]
    if wanted.get("calm"):
        yield from (f"not calm: {f['title']}" for f in loud)
    elif wanted.get("first") or wanted.get("somewhere"):
        yield from _first(wanted, loud)
    for pattern in wanted.get("never", []):
        for f in loud:
            if re.search(pattern, f"{f['title']}\n{f['meaning']}\n{f['remedy']}", re.IGNORECASE):
                yield f"says /{pattern}/: {f['title']}"
    for rule in wanted.get("never_rules", []):
        yield from (f"finds {rule}: {f['title']}" for f in loud if f["rule"] == rule)


def _first(wanted: dict, loud: list[dict]) -> Iterator[str]:
    if not loud:
        yield "silent"
        return
    first = _words(loud[0])
    for pattern in wanted.get("first", []):
        if not re.search(pattern, first, re.IGNORECASE):
            yield f"first finding ({loud[0]['title']}) lacks /{pattern}/"
    if loud[0].get("role") != "cause" and not wanted.get("unexplained"):
        yield f"first finding is {loud[0].get('role')}, no cause: {loud[0]['title']}"
    everything = "\n".join(map(_words, loud))
    for pattern in wanted.get("somewhere", []):
        if not re.search(pattern, everything, re.IGNORECASE):
            yield f"nothing loud says /{pattern}/"


def _plain(wanted: dict, plain: str) -> Iterator[str]:
    headline = plain.split("\n", 1)[0]
    for pattern in wanted.get("text", []):
        if not re.search(pattern, plain, re.IGNORECASE):
            yield f"the answer lacks /{pattern}/"
    for pattern in wanted.get("headline", []):
        if not re.search(pattern, headline, re.IGNORECASE):
            yield f"headline lacks /{pattern}/: {headline}"
    for pattern in wanted.get("headline_never", []):
        if re.search(pattern, headline, re.IGNORECASE):
            yield f"headline says /{pattern}/: {headline}"


def _explained(wanted: dict, answer: str) -> Iterator[str]:
    for pattern in wanted["explain"]:
        if not re.search(pattern, answer, re.IGNORECASE):
            yield f"explain lacks /{pattern}/"
    for pattern in wanted.get("explain_never", []):
        if re.search(pattern, answer, re.IGNORECASE):
            yield f"explain says /{pattern}/"


def _counted(wanted: dict, found: list[dict]) -> Iterator[str]:
    loud = [f for f in found if f["severity"] in LOUD]
    if len(loud) > wanted.get("most", len(loud)):
        yield f"{len(loud)} loud findings, at most {wanted['most']}"
    for pattern in wanted.get("once", []):
        n = sum(bool(re.search(pattern, f"{f['title']}\n{f.get('item')}", re.IGNORECASE)) for f in found)
        if n != 1:
            yield f"{n} findings are about /{pattern}/, not one"
    if "most" in wanted:
        same = Counter(
            (f["title"], str(f.get("item")), str(f.get("code")), str(f.get("attempt"))) for f in found
        )
        yield from (f"{n} times: {title}" for (title, *_), n in same.items() if n > 1)


def _table(folder: Path, name: str) -> list[dict]:
    path = folder / f"{name}.ndjson"
    return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []


def _attempts(wanted: dict, tables: Path) -> Iterator[str]:
    if "attempts" not in wanted:
        return
    rows = sorted(_table(tables, "attempts"), key=lambda row: row["attempt"])
    outcomes = [row["outcome"] for row in rows]
    fits = len(outcomes) == len(wanted["attempts"]) and all(
        re.search(pattern, outcome, re.IGNORECASE)
        for pattern, outcome in zip(wanted["attempts"], outcomes, strict=True)
    )
    if not fits:
        yield f"attempts are {outcomes}, not {wanted['attempts']}"


def _instants(wanted: dict, tables: Path) -> Iterator[str]:
    """Each named record stands within a second of its true instant."""
    events = _table(tables, "events") if "instants" in wanted else []
    for one in wanted.get("instants", []):
        rows = [
            row
            for row in events
            if row["event_id"] == one["id"] and row["channel"].lower().endswith(one["channel"].lower())
        ]
        rows.sort(key=lambda row: int(row["record"]))
        which = one.get("which", 0)
        if len(rows) <= abs(which):
            yield f"no record {one['id']} of {one['channel']}"
            continue
        at = rows[which]["at"]
        off = None if at is None else abs((_instant(at) - one["at"]).total_seconds())
        if off is None or off > 1:
            yield f"{one['channel']} {one['id']} stands at {at}, not {one['at']:%Y-%m-%d %H:%M:%S}"


def _instant(text: str) -> datetime:
    when = datetime.fromisoformat(text)
    return when if when.tzinfo else when.replace(tzinfo=UTC)
