"""A small make-believe world: tables and a trace, built by hand in a line or two."""

import json
from datetime import UTC, datetime, timedelta
from functools import cache

import polars as pl
import pytest

from autopilot_analysis.export import open_export
from autopilot_analysis.findings import find
from autopilot_analysis.findings.looking import PROVIDERS
from autopilot_analysis.readers import read_tables
from autopilot_analysis.samples import write_sample
from autopilot_analysis.tables import Tables, Trace, schema_of
from autopilot_analysis.trace import build_trace

START = datetime(2026, 3, 2, 8, tzinfo=UTC)
PAGE = "Microsoft-Windows-Shell-Core"


def at(minute):
    return None if minute is None else START + timedelta(minutes=minute)


def frame(rows, **columns):
    return pl.DataFrame([columns | row for row in rows], infer_schema_length=None) if rows else pl.DataFrame()


def build(
    *,
    device=None,
    events=(),
    registry=(),
    properties=(),
    settings=(),
    marks=(),
    runs=(),
    attempts=(),
    installs=(),
    steps=(),
    gaps=(),
    coverage=(),
    members=("export.evtx",),
    sources=None,
    lines=(),
    screens=(),
):
    """Return Tables and Trace of device D.

    events: (key like "ap:171", fields, minute, code); marks: (name, stage, minute, code, detail);
    runs: (attempt, stage, outcome, start, end, code, name of the mark that ended it);
    attempts: (outcome, failed stage, scenario, start, end, code); registry: (key, name, value);
    steps: (kind, minute, minutes, detail); properties: (name, value, and of others the member, the section);
    sources: member -> source, beside `members`, whose source is unknown; lines: (severity, message, and where
    it is known the minute).
    """
    d = {"device": "D"}
    found = {name: number for number, (name, *_) in enumerate(marks, 1)}
    tables = {
        "devices": frame(
            [d | {"build": "22631.4037", "edition": "Enterprise", "scenario": "user_driven"} | (device or {})]
        ),
        "members": frame(
            [d | {"member": m, "source": "unknown", "state": "read"} for m in members]
            + [d | {"member": m, "source": s, "state": "read"} for m, s in (sources or {}).items()]
        ),
        "events": frame(
            [
                d
                | {
                    "member": "export.evtx",
                    "record": n,
                    "at": at(minute),
                    "recorded_at": at(minute),
                    "clock": "declared",
                    "provider": PROVIDERS[key.split(":")[0]].title(),
                    "event_id": int(key.split(":")[1]),
                    "channel": "x",
                    "data": json.dumps(fields),
                    "code": code,
                }
                for n, (key, fields, minute, code) in enumerate(events, 1)
            ]
        ),
        "registry_values": frame(
            [
                d | {"member": "dump.reg", "record": n, "key": k, "name": m, "kind": "REG_SZ", "value": v}
                for n, (k, m, v) in enumerate(registry, 1)
            ]
        ),
        "properties": frame(
            [
                d
                | {"member": "TpmHliInfo_Output.txt", "record": n, "section": "", "name": m, "value": v}
                | dict(zip(("member", "section"), where, strict=False))
                for n, (m, v, *where) in enumerate(properties, 1)
            ]
        ),
        "settings": frame(
            [
                d
                | {
                    "member": "report.xml",
                    "record": n,
                    "area": a,
                    "name": m,
                    "value": v,
                    "status": "in effect",
                }
                for n, (a, m, v) in enumerate(settings, 1)
            ]
        ),
        "log_lines": frame(
            [
                d
                | {"member": "agent.log", "record": n, "clock": "unknown", "severity": s, "message": m}
                | ({"at": at(minute[0]), "clock": "anchored"} if minute else {})
                for n, (s, m, *minute) in enumerate(lines, 1)
            ]
        ),
        "gaps": frame([d | {"member": m, "record": None, "reason": r} for m, r in gaps]),
        "coverage": frame(
            [d | {"source": s, "presence": p, "shows": "it", "members": 1, "records": 1} for s, p in coverage]
        ),
    }
    trace = {
        "marks": frame(
            [
                d
                | {
                    "member": "marks.evtx",
                    "record": n,
                    "at": at(minute),
                    "clock": "declared",
                    "mark": name,
                    "stage": stage,
                    "code": code,
                    "detail": detail,
                }
                for n, (name, stage, minute, code, detail) in enumerate(marks, 1)
            ]
        ),
        "stage_runs": frame(
            [
                d
                | {
                    "attempt": a,
                    "stage": s,
                    "outcome": o,
                    "started_at": at(b),
                    "ended_at": at(e),
                    "code": c,
                    "waited": None if b is None or e is None else timedelta(minutes=e - b),
                    "started_member": "marks.evtx",
                    "started_record": 900 + n,
                    "ended_member": "marks.evtx",
                    "ended_record": found.get(mark, 950 + n),
                }
                for n, (a, s, o, b, e, c, mark) in enumerate(runs, 1)
            ]
        ),
        "attempts": frame(
            [
                d
                | {
                    "attempt": n,
                    "outcome": o,
                    "failed_stage": f,
                    "scenario": s,
                    "started_at": at(b),
                    "ended_at": at(e),
                    "code": c,
                }
                for n, (o, f, s, b, e, c) in enumerate(attempts, 1)
            ]
        ),
        "installs": frame(
            [
                d
                | {
                    "attempt": 1,
                    "item": "app",
                    "name": "Example VPN",
                    "kind": "win32",
                    "phase": "device",
                    "blocking": True,
                    "try_number": 1,
                    "member": "agent.log",
                    "record": n,
                    "clock": "declared",
                    "outcome": "failed",
                }
                | one
                for n, one in enumerate(installs, 1)
            ]
        ),
        "screens": frame(
            [
                d
                | {
                    "sitting": 1,
                    "screen": "OobeRegion",
                    "title": "Region",
                    "clock": "declared",
                    "member": "shell.evtx",
                    "record": n,
                }
                | one
                for n, one in enumerate(screens, 1)
            ]
        ),
        "steps": frame(
            [
                d
                | {
                    "kind": k,
                    "at": at(m),
                    "amount": None if a is None else timedelta(minutes=a),
                    "detail": t,
                    "member": "system.evtx",
                    "record": n,
                }
                for n, (k, m, a, t) in enumerate(steps, 1)
            ]
        ),
    }
    return Tables.of(_whole(tables)), Trace.of(_whole(trace))


def _whole(frames):
    """Fill the columns nobody spoke of with null."""
    whole = {}
    for name, rows in frames.items():
        if rows.width:
            schema = schema_of(name)
            whole[name] = rows.select(
                pl.col(column).cast(kind)
                if column in rows.columns
                else pl.lit(None, dtype=kind).alias(column)
                for column, kind in schema.items()
            )
    return whole


@pytest.fixture
def world():
    """The builder."""
    return build


def failed(stage, *, scenario="user_driven", code=None):
    """An attempt that failed in a stage, and the run of that stage."""
    return {
        "attempts": [("failed", stage, scenario, 0, 60, code)],
        "runs": [(1, stage, "failed", 10, 60, code, None)],
        "device": {"scenario": scenario},
    }


@pytest.fixture
def failure():
    """What `build` needs for an attempt that failed in a stage."""
    return failed


@pytest.fixture(scope="session")
def exported(tmp_path_factory):
    """Read a sample, once a scenario and layout; `without` leaves members out by parts of their names."""
    root = tmp_path_factory.mktemp("exports")

    @cache
    def read(scenario, layout, without):
        sample = write_sample(
            root / f"{scenario}-{layout}-{'-'.join(without) or 'whole'}", scenario, layout=layout
        )
        for path in list(sample.path.rglob("*")) if without else ():
            if path.is_file() and any(part in path.name.lower() for part in without):
                path.unlink()
        tables = read_tables(open_export(sample.path))
        trace = build_trace(tables)
        return tables, trace, find(tables, trace)

    return lambda scenario, layout="cab", without=(): read(scenario, layout, without)
