"""Arguments that several verbs have."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime

import polars as pl
import pytest

from autopilot_analysis import windows
from autopilot_analysis.cli import build_parser
from autopilot_analysis.cli.options import column_place, new_place
from autopilot_analysis.fleet.deployments.local_times import own_zone
from autopilot_analysis.readers.service.report_csv import LOCAL_REASON
from autopilot_analysis.timeline import FORMATS
from autopilot_analysis.timeline.writing import WRITERS


def test_a_place_whose_bytes_are_no_text_is_refused():
    with pytest.raises(argparse.ArgumentTypeError, match="bytes that are no text"):
        column_place("out-\udcff")
    assert column_place("out") == "out"


def test_a_place_that_windows_takes_for_another_is_refused_there_only(monkeypatch):
    monkeypatch.setattr(windows, "HERE", True)
    with pytest.raises(argparse.ArgumentTypeError, match="nul"):
        new_place("nul")
    monkeypatch.setattr(windows, "HERE", False)
    assert new_place("nul") == "nul"


READING = {
    "report": [],
    "findings": [],
    "explain": [],
    "tables": ["--out", "t"],
    "timeline": ["out"],
    "share": ["out"],
    "ingest": ["--into", "ds"],
}
"""Every verb that reads an export, with what else it needs."""


@pytest.mark.parametrize("verb", READING)
def test_every_verb_that_reads_an_export_takes_how_it_is_read(verb):
    parse = build_parser().parse_args
    plain = parse([verb, "export", *READING[verb]])
    assert (plain.names, plain.words, plain.zone, plain.privacy) == ("", None, "", False)
    options = ["--names", "book.csv", "--words", "w.csv", "--time-zone", "Europe/Berlin", "--privacy"]
    args = parse([verb, "export", *READING[verb], *options])
    assert (args.names, args.words, args.zone, args.privacy) == ("book.csv", "w.csv", "Europe/Berlin", True)


PORTAL = (
    "Enrollment Date;Serial Number;Device Name;{};Device Setup Time;Total time\n"
    "2026-03-02 08:00:00;SN-0001;PC-1;{};00:20:00;00:41:00\n"
)
"""A list of the portal, in local time: its header of the state and its word for one."""


@pytest.fixture
def portal(tmp_path):
    path = tmp_path / "portal.csv"
    path.write_text(PORTAL.format("Deployment state", "Failed"), encoding="utf-8")
    return path


def test_a_list_of_the_portal_is_placed_by_the_zone_that_any_verb_was_given(portal, tmp_path, run):
    zone = ["--time-zone", "Europe/Berlin"]
    assert "08:00:00" in run("findings", portal, "--json")[1]
    assert "07:00:00" in run("findings", portal, "--json", *zone)[1]
    assert run("tables", portal, "--out", tmp_path / "t", *zone)[0] == 0
    tables = {name: pl.read_parquet(tmp_path / "t" / f"{name}.parquet") for name in ("deployments", "gaps")}
    assert tables["deployments"].select("started_at", "flags").row(0) == (
        datetime(2026, 3, 2, 7, tzinfo=UTC),
        "local_time=Europe/Berlin",
    )
    assert LOCAL_REASON not in tables["gaps"]["reason"].to_list()
    assert run("ingest", portal, "--into", tmp_path / "ds", *zone)[0] == 0
    assert "07:00:00" in run("findings", tmp_path / "ds", "--json")[1]
    assert own_zone() == ""


def test_a_page_is_placed_by_the_zone_and_a_dataset_of_local_times_too(portal, tmp_path, run):
    run("ingest", portal, "--into", tmp_path / "ds")
    for number, export in enumerate((portal, tmp_path / "ds")):
        page = tmp_path / f"{number}.html"
        given = ["--notebook", "03_failure_distribution", "--out", page, "--time-zone", "Europe/Berlin"]
        assert run("report", export, *given)[0] == 0
        assert "name its time zone" not in page.read_text(encoding="utf-8")


def test_a_zone_that_is_none_is_one_line_for_every_verb(portal, tmp_path, run):
    for verb in ("findings", "report"):
        status, _, err = run(verb, portal, "--time-zone", "Europe/Berlyn")
        assert (status, err.count("\n"), "Europe/Berlin" in err) == (2, 1, True)
    into = tmp_path / "ds"
    assert run("ingest", portal, "--into", into, "--time-zone", "Nowhere")[0] == 2
    assert not into.exists()


def test_words_of_ones_own_are_known_while_a_dataset_is_made(tmp_path, run):
    path, words = tmp_path / "portal.csv", tmp_path / "words.csv"
    path.write_text(PORTAL.format("Hali", "Imeshindwa"), encoding="utf-8")
    words.write_text("text,means\nHali,state\nImeshindwa,failed\n", encoding="utf-8")
    assert "FLEET-FAILURE" not in run("findings", path, "--json")[1]
    assert "FLEET-FAILURE" in run("findings", path, "--json", "--words", words)[1]
    run("ingest", path, "--into", tmp_path / "ds", "--words", words)
    assert "FLEET-FAILURE" in run("findings", tmp_path / "ds", "--json")[1]


@pytest.mark.parametrize("option", [["--words", "w.csv"], ["--time-zone", "Europe/Berlin"]])
def test_what_a_notebook_in_another_process_could_not_know_is_refused_in_one_line(
    portal, tmp_path, run, option
):
    (tmp_path / "w.csv").write_text("text,means\nHali,state\n", encoding="utf-8")
    option = [str(tmp_path / word) if word == "w.csv" else word for word in option]
    status, _, err = run("report", portal, "--kernel", *option)
    assert (status, err.count("\n"), "ingest the export with them" in err) == (2, 1, True)


def test_pseudonyms_stand_on_a_page_and_a_dataset_is_refused_them_with_the_way(refused, tmp_path, run):
    page = tmp_path / "page.html"
    assert run("report", refused, "--privacy", "--out", page)[0] == 0
    assert "SN-0001" not in page.read_text(encoding="utf-8")
    status, _, err = run("ingest", refused, "--into", tmp_path / "ds", "--privacy")
    assert (status, err.count("\n"), "the verb that reads it" in err) == (2, 1, True)


def test_the_command_line_takes_the_formats_that_a_timeline_is_written_in():
    parse = build_parser().parse_args
    assert [parse(["timeline", "export", "out", "--format", form]).format for form in FORMATS] == list(
        WRITERS
    )
    with pytest.raises(SystemExit):
        parse(["timeline", "export", "out", "--format", "parquet"])


def test_an_option_of_several_words_is_written_once():
    verbs = next(a for a in build_parser()._actions if isinstance(a, argparse._SubParsersAction))
    given = [(option, action.dest) for verb in verbs.choices.values() for action in verb._actions
             for option in action.option_strings]  # fmt: skip
    several = {option: dest for option, dest in given if option.count("-") > 2}
    assert len(several) >= 5
    assert {
        option for option, dest in several.items() if dest == option.strip("-").replace("-", "_")
    } == set()
