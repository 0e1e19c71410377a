"""Arguments that several verbs have."""

from __future__ import annotations

import argparse

import pytest

from autopilot_analysis import windows
from autopilot_analysis.cli import build_parser
from autopilot_analysis.cli.options import column_place, new_place
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


@pytest.mark.parametrize("verb", ["report", "findings", "explain", "tables", "timeline", "share"])
def test_every_verb_that_reads_an_export_takes_a_name_book(verb):
    more = {"tables": ["--out", "t"], "timeline": ["out"], "share": ["out"]}.get(verb, [])
    args = build_parser().parse_args([verb, "export", *more, "--names", "book.csv"])
    assert (args.export, args.names) == ("export", "book.csv")


@pytest.mark.parametrize(
    ("verb", "more"), [("findings", []), ("tables", ["--out", "t"]), ("explain", []), ("timeline", ["out"])]
)
def test_pseudonyms_are_written_when_asked_for_alone(verb, more):
    parse = build_parser().parse_args
    assert not parse([verb, "export", *more]).privacy
    assert parse([verb, "export", *more, "--privacy"]).privacy


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
