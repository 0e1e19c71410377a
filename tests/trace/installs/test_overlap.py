"""Who else was installing while a try failed; everything is made up."""

from datetime import UTC, datetime, timedelta

import polars as pl
import pytest

from autopilot_analysis.tables import schema_of
from autopilot_analysis.trace.installs.overlap import name_rivals

START = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)


def attempt(item, since, until, *, device="D", kind="win32", outcome="failed", **more):
    ended = None if until is None else START + timedelta(minutes=until)
    span = {"started_at": START + timedelta(minutes=since), "ended_at": ended}
    return {"device": device, "item": item, "kind": kind, "outcome": outcome, **span, **more}


def named(*rows, others=None):
    schema = schema_of("installs")
    full = [{name: row.get(name) for name in schema} for row in rows]
    return name_rivals(pl.DataFrame(full, schema=schema), others).select("reason", "detail").rows()


MSI = attempt("{A}", 5, 15, kind="msi", outcome="succeeded", name="Contoso Agent", exit_code=0)
AGENT = "Contoso Agent, a line-of-business MSI"


def test_a_busy_installer_is_named_in_reason_and_detail():
    busy = attempt("app", 10, 12, exit_code=1618, reason="asked for a retry", detail='{"tries": 1}')
    assert named(busy, MSI) == [
        (f"another installation was in progress: {AGENT}", '{"tries": 1, "beside": ["' + AGENT + '"]}'),
        (None, None),
    ]


def test_an_unmapped_code_beside_another_installation_says_that_it_ran():
    assert named(attempt("app", 10, 12, exit_code=60008), MSI)[0] == (
        f"ended while another installation ran: {AGENT}",
        '{"beside": ["' + AGENT + '"]}',
    )


def test_a_reason_that_is_known_stays():
    failed = attempt("app", 10, 12, exit_code=60008, reason="timed out")
    assert named(failed, MSI)[0] == ("timed out", '{"beside": ["' + AGENT + '"]}')


@pytest.mark.parametrize(
    "other",
    [
        attempt("{A}", 0, 10, kind="msi", outcome="succeeded"),
        attempt("{A}", 12, 15, kind="msi", outcome="succeeded"),
        attempt("{A}", 5, 15, kind="msi", outcome="succeeded", device="E"),
        attempt("{A}", 5, 15, kind="detection", outcome="succeeded"),
        attempt("other", 5, None, outcome="unfinished"),
        attempt("{A}", -109, None, kind="msi", outcome="unfinished"),
        attempt("app", 5, 15, outcome="succeeded"),
    ],
    ids=["before", "after", "other device", "no installer", "no end", "no end and long ago", "itself"],
)
def test_what_did_not_run_at_the_time_is_not_named(other):
    assert named(attempt("app", 10, 12, exit_code=1618, reason="asked for a retry"), other)[0] == (
        "asked for a retry",
        None,
    )


def test_an_msi_begun_within_two_hours_of_whose_end_nothing_is_known_is_named_as_such():
    busy = attempt("app", 10, 12, exit_code=1618, reason="asked for a retry")
    left = attempt("{A}", -108, None, kind="msi", outcome="unfinished", name="Contoso Agent")
    said = f"another installation was in progress: {AGENT} (end not recorded)"
    assert named(busy, left)[0][0] == said


@pytest.mark.parametrize(
    "refused",
    [
        {"exit_code": 60001, "cause": "[Install] :: Another MSI installation is already in progress"},
        {"exit_code": 1, "code": "0x80070652"},
    ],
    ids=["by the words of its log", "by its result code"],
)
def test_a_busy_installer_is_named_whatever_code_a_wrapper_gave_back(refused):
    busy = attempt("app", 10, 12, reason="in PSAppDeployToolkit: the deployment script failed", **refused)
    assert named(busy, MSI)[0][0] == f"another installation was in progress: {AGENT}"


def test_the_words_of_a_log_stand_where_nothing_tells_which_other_it_was():
    busy = attempt("app", 10, 12, exit_code=60001, cause="Error 1500. Another installation is in progress.")
    assert named(busy)[0] == ("another installation was in progress", None)


def test_a_wrappers_own_code_does_not_hide_who_else_was_installing():
    failed = attempt(
        "app", 10, 12, exit_code=60001, reason="in PSAppDeployToolkit: the deployment script failed"
    )
    assert named(failed, MSI)[0][0] == f"ended while another installation ran: {AGENT}"


@pytest.mark.parametrize(
    ("since", "until", "shown"),
    [(5, 11, True), (11, 15, True), (10, 12, False), (1, 9, False)],
    ids=["begun before", "ended after", "its own child", "before it"],
)
def test_a_transaction_of_no_item_is_named_unless_it_is_the_trys_own(since, until, shown):
    spans = {"since": [START + timedelta(minutes=since)], "until": [START + timedelta(minutes=until)]}
    others = pl.DataFrame({"device": ["D"], "other": ["office.msi"], "called": ["Office"]} | spans)
    (row,) = named(attempt("app", 10, 12, exit_code=1618), others=others)
    assert (row[0] == "another installation was in progress: Office") is shown


def test_a_try_that_went_well_names_nobody():
    assert named(attempt("app", 10, 12, outcome="succeeded", exit_code=0), MSI)[0] == (None, None)
