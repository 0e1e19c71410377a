from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from findings.rule_worlds import CASES
from polars.testing import assert_frame_equal

from autopilot_analysis import build_trace, find, open_export, read_tables
from autopilot_analysis.findings import RULES
from autopilot_analysis.findings.rule import NEEDS, no_proof
from autopilot_analysis.findings.signs.needs import There, can_hold, look, terms_of_need
from autopilot_analysis.fleet.dataset.run.batch import MEMBERS
from autopilot_analysis.tables import Tables, Trace

DATA = Path(__file__).parents[3] / "data"
EXPORTS = sorted(path.name for path in DATA.iterdir() if path.suffix in (".cab", ".zip"))


@pytest.fixture(scope="module")
def read():
    """Return tables and trace of a sample, read once."""
    held = {}

    def of(name):
        if name not in held:
            tables = read_tables(open_export(DATA / name))
            held[name] = tables, build_trace(tables)
        return held[name]

    return of


@pytest.mark.parametrize("name", EXPORTS[::2])
def test_a_rule_that_is_not_run_would_have_found_nothing(read, name):
    tables, trace = read(name)
    there = look(tables, trace)
    idle = [rule for rule in RULES.values() if not can_hold(NEEDS.get(rule, ""), there)]
    assert len(idle) > len(RULES) / 3
    assert [rule.__name__ for rule in idle if rule(tables, trace).height] == []


@pytest.mark.parametrize("name", ["esp-app-timeout.zip", "mdm-enrollment-refused.cab"])
def test_findings_are_the_same_when_every_rule_is_run(read, name, monkeypatch):
    tables, trace = read(name)
    short = find(tables, trace)
    monkeypatch.setattr("autopilot_analysis.findings.search.NEEDS", {})
    whole = find(tables, trace)
    assert_frame_equal(short.findings, whole.findings)
    assert_frame_equal(short.evidence, whole.evidence)


def test_each_term_is_answered_from_its_own_table(read):
    there = There(*read("esp-app-timeout.zip"))
    for term in (
        "mark=esp_timed_out", "event=dm:72", "failed=device_setup", "attempt=failed", "attempt=user_driven",
        "install=win32", "install=succeeded", "registry=providerid", "failed", "mark=none,esp_timed_out",
        "source=registry_dump", "step=boot", "gap",
    ):  # fmt: skip
        assert can_hold(term, there), term
    for term in ("mark=none", "event=ap:0", "failed=desktop", "attempt=none", "install=none", "registry=none",
                 "property=none", "screen=none", "source=none", "step=none", "gap=none"):  # fmt: skip
        assert not can_hold(term, there), term


def test_all_terms_of_one_alternative_must_be_there(read):
    there = There(*read("esp-app-timeout.zip"))
    assert can_hold("failed=device_setup; attempt=failed", there)
    assert not can_hold("failed=device_setup; attempt=none", there)
    assert can_hold("failed=none | attempt=failed", there)
    assert not can_hold("failed=none | attempt=none", there)
    assert can_hold("", there)


def test_a_registry_value_whose_name_holds_a_path_is_known_by_its_end(read):
    tables, trace = read("esp-app-timeout.zip")
    named = tables.registry_values.head(2).with_columns(name=pl.Series(["A\\B\\Status", "Plain"]))
    assert There(Tables.of({**tables.frames(), "registry_values": named}), trace).registry == {
        "status", "plain"
    }  # fmt: skip


def test_a_term_that_nobody_knows_is_refused():
    with pytest.raises(ValueError, match="needs know no term makr; they know attempt, event"):
        terms_of_need("failed; makr=x")


def test_every_need_of_every_rule_can_be_read():
    assert all(terms_of_need(needs) for needs in NEEDS.values())


@pytest.mark.parametrize(("needs", "ran"), [("mark=none", []), ("mark=esp_timed_out", ["ran"])])
def test_a_rule_is_run_only_where_its_evidence_is(read, monkeypatch, needs, ran):
    runs = []

    def note(_tables, _trace):
        runs.append("ran")
        return no_proof()

    monkeypatch.setitem(NEEDS, note, needs)
    find(*read("esp-app-timeout.zip"), rules={"OWN-NOTE": note})
    assert runs == ran


def test_what_a_need_leaves_out_would_have_had_no_proof(world):
    """All worlds that a rule is not run in are shown to it at once, each a device of its own."""
    worlds = {
        f"D{number}": world(**shape)
        for number, shape in enumerate(shape for shapes in CASES.values() for shape in shapes)
    }
    there = {device: There(*each) for device, each in worlds.items()}
    marked = [(_marked(tables, device), _marked(trace, device)) for device, (tables, trace) in worlds.items()]
    tables, trace = (_joined(frames) for frames in zip(*marked, strict=True))
    held, shown, proved = {}, 0, []
    for name, rule in RULES.items():
        idle = tuple(device for device, each in there.items() if not can_hold(NEEDS.get(rule, ""), each))
        if not idle:
            continue
        if idle not in held:
            held[idle] = Tables.of(_of(idle, tables)), Trace.of(_of(idle, trace))
        shown += len(idle)
        if (proof := rule(*held[idle])).height:
            proved.append((name, proof))
    assert proved == []
    assert shown > len(RULES) * len(worlds) / 2


def _marked(frames, device):
    """Return the frames of a world as those of a device, whose members nobody else has."""
    return {
        name: frame.with_columns(
            pl.lit(device).alias("device"),
            *(
                pl.format("{}/{}", pl.lit(device), column).alias(column)
                for column in MEMBERS
                if column in frame.columns
            ),
        )
        for name, frame in frames.frames().items()
        if "device" in frame.columns
    }


def _of(devices, frames):
    return {name: frame.filter(pl.col("device").is_in(devices)) for name, frame in frames.items()}


def _joined(frames):
    return {name: pl.concat([each[name] for each in frames]) for name in frames[0]}
