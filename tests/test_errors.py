"""A message says what was found, where, and what to do."""

import inspect
from types import ModuleType

import pytest
from IPython.core.interactiveshell import InteractiveShell

from autopilot_analysis import errors
from autopilot_analysis.errors import (
    AnalysisError,
    BadInput,
    LimitExceeded,
    NothingToWrite,
    UnknownName,
)

STAGES = ["network", "desktop", "device_setup"]


def test_a_name_that_is_nearly_one_is_answered_with_those_near_it():
    assert str(UnknownName.among("stage", "device_step", STAGES)) == (
        "no stage is called 'device_step'; did you mean device_setup?"
    )


def test_a_name_like_no_other_is_answered_with_all_there_are_in_order():
    assert str(UnknownName.among("stage", "xyz", STAGES)) == (
        "no stage is called 'xyz'; known: desktop, device_setup, network."
    )


@pytest.mark.parametrize(
    ("columns", "has"),
    [([], "no columns"), (list("abc"), "a, b, c"), (list("abcdefghi"), "a, b, c, d, e, f, g, h, …")],
)
def test_a_frame_of_another_kind_is_answered_with_whose_answer_was_wanted(columns, has):
    error = UnknownName.lacking("outcome", columns, "load_deployments")
    assert "this takes the answer of load_deployments: call that first" in str(error)
    assert str(error).endswith(f"(what was given has {has})")


def test_every_error_is_one_that_the_command_line_prints_as_one_line():
    own = [
        value
        for _, value in inspect.getmembers(errors, inspect.isclass)
        if value.__module__ == errors.__name__
    ]
    assert all(issubclass(error, AnalysisError) for error in own)
    assert issubclass(UnknownName, BadInput)
    assert all(error.__doc__ for error in own)


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (
            BadInput.outside("by", "year", ["day", "hour"]),
            "by is 'year'; it must be one of day, hour",
        ),
        (BadInput.not_positive("seconds", -1), "seconds is -1; it must be above zero"),
        (NothingToWrite.taken("out"), "out is there already; choose the name of a new folder."),
        (
            NothingToWrite.refused("out", OSError(28, "No space left")),
            "out could not be written (No space left); nothing was left.",
        ),
    ],
)
def test_what_several_rooms_refuse_is_refused_in_the_same_words(error, words):
    assert str(error) == words


@pytest.mark.parametrize(("raised", "frames"), [("NotAnExport", 0), ("ValueError", 1)])
def test_a_notebook_shows_what_is_raised_on_purpose_as_its_words_and_a_fault_with_its_frames(
    capsys, raised, frames
):
    shell = InteractiveShell(user_module=ModuleType("notebook"))
    shell.run_cell(f"from autopilot_analysis.errors import *\nraise {raised}('it holds no files')")
    out = capsys.readouterr().out
    assert (out.count("Traceback"), "it holds no files" in out) == (frames, True)


def test_a_name_of_which_only_a_part_was_given_is_answered_with_those_that_hold_it():
    zones = ["America/Berlin_East", "Europe/Berlin", "Europe/Paris"]
    assert "did you mean America/Berlin_East or Europe/Berlin?" in str(
        UnknownName.among("zone", "berlin", zones)
    )


@pytest.mark.parametrize(("many", "shown"), [(60, 60), (61, 8)])
def test_of_many_names_the_first_are_listed_and_the_others_counted(many, shown):
    answer = str(UnknownName.among("zone", "", [f"z{number:03}" for number in range(many)]))
    rest = f" and {many - shown} more" if shown < many else ""
    assert answer.endswith(f"z{shown - 1:03}{rest}.")


def test_a_limit_says_where_it_can_be_raised():
    assert str(LimitExceeded.over("lies 5 archives deep", "depth")) == (
        "lies 5 archives deep; raise Limits.depth in Python (open_export, ingest) where you trust it"
    )
