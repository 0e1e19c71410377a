"""The make-believe capture of OOBE: what it holds is what comes back, to the millisecond."""

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from autopilot_analysis import build_trace, find, open_export, read_tables
from autopilot_analysis.findings import check_activities
from autopilot_analysis.samples.device.oobe_capture import oobe_capture, step_log


@pytest.fixture
def told(tmp_path):
    """Write some members of the capture into a folder; return tables, trace and truth."""

    def build(*wanted, seed=0, more=None):
        members, truth = oobe_capture(seed)
        kept = {name: text for name, text in members.items() if any(part in name for part in wanted)}
        for name, text in (kept | (more or {})).items():
            (tmp_path / name).write_bytes(text)
        with open_export(tmp_path) as export:
            tables = read_tables(export)
        return tables, build_trace(tables), truth

    return build


def same(screens, truth):
    assert_frame_equal(screens.select(truth.columns), truth, check_dtypes=False)


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_traces_log_and_step_together_give_the_truth(told, seed):
    _, trace, truth = told("etl", "evtx", seed=seed, more={"System.evtx": step_log()})
    same(trace.screens, truth)
    cited = trace.screens["member"].str.contains("shell-core", literal=True)
    assert cited.to_list() == [False] * (cited.len() - cited.sum()) + [True] * cited.sum()
    assert 0 < cited.sum() < cited.len()


def test_a_clock_that_was_set_moves_the_trace_before_it_by_the_step_that_a_log_tells(told):
    tables, trace, truth = told("etl.00", more={"System.evtx": step_log()})
    same(trace.screens, truth)
    clocks = (
        tables.events.filter(pl.col("name").is_not_null()).group_by("member").agg(pl.col("clock").unique())
    )
    assert dict(clocks.with_columns(pl.col("clock").list.first()).iter_rows()) == {
        "CloudExperienceHostOobe.etl.001": "corrected",
        "CloudExperienceHostOobe.etl.002": "declared",
    }


def test_without_anything_that_tells_of_the_step_spans_are_exact_still(told):
    _, trace, truth = told("etl.00")
    spans = ["sitting", "screen", "waited", "result", "error", "code", "error_waited", "choices"]
    same(trace.screens.select(spans), truth.select(spans))


def test_the_log_alone_gives_the_screens_of_its_tail(told):
    _, trace, truth = told("shell-core")
    tail = truth.filter(pl.col("sitting") == 2)
    frame = trace.screens.filter(pl.col("sitting") == trace.screens["sitting"].max())
    same(frame.drop("sitting"), tail.drop("sitting"))


def test_an_event_of_a_merged_trace_is_decoded_by_its_own_description(told):
    tables, trace, _ = told("merged")
    assert tables.events.select("event_id", "data", "provider").rows() == [
        (706, '{"HRESULT":"0x800704cf","Message1":"ProfileRequest"}',
         "Microsoft-Windows-ModernDeployment-Diagnostics-Provider")
    ]  # fmt: skip
    assert trace.screens.is_empty()


def test_the_pages_tell_of_the_wrong_tenant_and_of_the_refused_enrolment(told):
    tables, trace, _ = told("etl", "evtx", more={"System.evtx": step_log()})
    findings = find(tables, trace)
    found = set(findings.findings["rule"])
    assert {"SIGN-IN-OTHER-TENANT", "OOBE-ERROR-PAGE"} <= found
    pages = findings.findings.filter(pl.col("rule") == "OOBE-ERROR-PAGE").select("item", "code").rows()
    assert set(pages) == {
        ("Error page: no network", None),
        ("Work sign-in, join and enrolment: ztdTenantMismatch", None),
        ("Work sign-in, join and enrolment: 80180014", "0x80180014"),
    }
    lines = check_activities(tables, trace, findings)
    told_by = dict(lines.select("activity", "result").iter_rows())
    assert (told_by["expected_screens"], told_by["sign_in_page"]) == ("fail", "pass")


def test_the_same_seed_gives_the_same_bytes_and_another_other_ones():
    assert oobe_capture(4)[0] == oobe_capture(4)[0]
    assert oobe_capture(4)[0] != oobe_capture(5)[0]
