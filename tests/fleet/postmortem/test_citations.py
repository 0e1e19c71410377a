"""What to do about an incident: the remedies of codes that are no rare exception in it."""

from dataclasses import replace
from datetime import timedelta

import polars as pl
import pytest

from autopilot_analysis.codes import explain
from autopilot_analysis.fleet.postmortem.citations import cite_records, list_done, list_remedies

MAIN, OTHER = "0x80180014", "0x80180018"


def coded(case, *codes, stage="mdm_enrollment"):
    stages = pl.lit(stage)
    return replace(case, judged=case.judged.with_columns(pl.Series("code", codes), failed_stage=stages))


@pytest.mark.parametrize(("count", "listed"), [(1, False), (2, True)])
def test_a_code_of_less_than_a_tenth_of_the_failures_has_no_remedy_in_the_document(case_of, count, listed):
    case = case_of([(f"D{n}", None, 0, 30, "failed", True) for n in range(20)])
    remedies = list_remedies(coded(case, *[MAIN] * (20 - count), *[OTHER] * count))
    because = remedies["because"].str.contains(OTHER, literal=True)
    assert because.any() is listed


def test_the_remedy_of_the_main_code_says_how_many_it_is_about(case_of):
    case = case_of([(f"D{n}", None, 0, 30, "failed", True) for n in range(4)])
    first = list_remedies(coded(case, MAIN, MAIN, MAIN, None)).row(0, named=True)
    known = explain(MAIN, stage="mdm_enrollment")
    assert (first["remedy"], first["k"], first["n"]) == (known.remedy.rstrip("."), 3, 4)


@pytest.mark.parametrize(("stage", "listed"), [("device_preparation", True), ("device_setup", False)])
def test_the_causes_of_the_main_code_are_those_of_its_stage(case_of, stage, listed):
    case = case_of([(f"D{n}", None, 0, 30, "failed", True) for n in range(4)])
    remedies = list_remedies(coded(case, *["0x80070490"] * 4, stage=stage))
    assert remedies["remedy"].str.contains("AMD").any() is listed


def test_where_no_capture_was_read_the_devices_hit_last_are_to_be_collected(case_of):
    case = case_of([(f"D{n}", None, n, 30, "failed", True) for n in range(5)])
    assert list_remedies(case)["remedy"].to_list() == [
        "Collect diagnostics of D4, D3, D2 and read them with this kit"
    ]


def test_what_was_done_is_counted_until_the_next_change(case_of):
    case = case_of([("A", None, 0, 30, "failed", True), ("B", None, 90, 30, "succeeded", True)])
    start = case.judged["started_at"].min()
    done = pl.DataFrame({"at": [start, start + timedelta(hours=1)], "what": ["edit", "undo"]})
    listed = list_done(replace(case, fleet=replace(case.fleet, candidates=done)))
    assert listed.select("what", "k", "n").rows() == [("edit", 1, 1), ("undo", 0, 1)]


def test_a_deployment_is_cited_by_the_member_and_the_record_that_it_was_read_from(case_of, tmp_path):
    case = case_of([("D1", "a", 0, 10, "failed", True), ("D2", "b", 20, 10, "failed", True)])
    judged = case.judged.with_columns(member=pl.lit("page.json"), record=pl.int_range(7, pl.len() + 7))
    cited = cite_records(replace(case, judged=judged), tmp_path)
    assert cited.select("key", "member", "record").rows() == [("0", "page.json", 7), ("1", "page.json", 8)]
