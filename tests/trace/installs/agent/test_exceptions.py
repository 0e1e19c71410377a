"""The exception that the agent met about an app's content; every id, name and time is made up."""

import polars as pl
import pytest

from autopilot_analysis.tables import schema_of
from autopilot_analysis.trace.installs.agent.exceptions import explain_content

APP = "11111111-2222-4333-8444-555555555555"
OTHER = "99999999-8888-4777-8666-555555555555"
LONG = "System.IO.PathTooLongException: The path is too long."
NAMED = f"[Win32App] Unzipping file of {APP}_1.zip"
MET = f"[Win32App] UnzipToFolder failed, exception is {LONG}\n   at System.IO.PathHelper.GetFullPathName()"
ENDED = f"[Win32App] Unzip of content failed for app {APP}"
INNER = (
    f"[Win32App] HTTP download of {APP} failed: System.Net.WebException: The connection was closed. ---> "
    "System.Security.Authentication.AuthenticationException: The remote certificate is invalid."
)


def explained(messages, tries=({},)):
    lines = pl.DataFrame(
        [
            {"device": "D", "member": "a.log", "record": n, "message": text}
            for n, text in enumerate(messages, 1)
        ],
        schema_overrides=schema_of("log_lines"),
    )
    rows = [
        {"device": "D", "item": APP, "outcome": "failed", "code": "0x87D30067", "try_number": n} | one
        for n, one in enumerate(tries, 1)
    ]
    schema = schema_of("installs")
    installs = pl.DataFrame([{name: row.get(name) for name in schema} for row in rows], schema=schema)
    return explain_content(installs, lines).select("cause", "cause_member", "cause_record").rows()


@pytest.mark.parametrize(
    ("messages", "cause"),
    [
        ([NAMED, MET, ENDED], ("PathTooLongException: The path is too long.", "a.log", 2)),
        ([INNER], ("AuthenticationException: The remote certificate is invalid.", "a.log", 1)),
        ([MET, NAMED, ENDED], (None, None, None)),
        ([NAMED, ENDED, MET], (None, None, None)),
        (
            [NAMED, f"[Win32App] {OTHER}: {LONG}", ENDED],
            ("PathTooLongException: The path is too long.", "a.log", 2),
        ),
        ([NAMED, LONG, ENDED], (None, None, None)),
        ([NAMED, "[Win32App] it failed", ENDED], (None, None, None)),
    ],
    ids=["between", "inner", "before", "after", "unknown id", "another's line", "no exception"],
)
def test_the_exception_nearest_to_the_reason_is_taken(messages, cause):
    assert explained(messages) == [cause]


def test_an_exception_that_names_another_app_is_not_taken():
    tries = ({}, {"item": OTHER, "outcome": "succeeded", "code": None})
    assert explained([NAMED, f"[Win32App] {OTHER}: {LONG}", ENDED], tries)[0] == (None, None, None)


@pytest.mark.parametrize(
    "one",
    [
        {"outcome": "succeeded"},
        {"exit_code": 1},
        {"code": "0x80070643"},
        {"code": None},
        {"cause": "its own log says more", "cause_member": "x.log", "cause_record": 9},
    ],
)
def test_only_a_try_that_ended_with_its_content_is_explained(one):
    kept = tuple(one.get(name) for name in ("cause", "cause_member", "cause_record"))
    assert explained([NAMED, MET, ENDED], (one,)) == [kept]


def test_the_last_try_is_the_one_that_is_explained():
    assert [cause for cause, *_ in explained([NAMED, MET, ENDED], ({}, {}))] == [
        None,
        "PathTooLongException: The path is too long.",
    ]
