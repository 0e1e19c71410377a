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


def named(*rows):
    schema = schema_of("installs")
    full = [{name: row.get(name) for name in schema} for row in rows]
    return name_rivals(pl.DataFrame(full, schema=schema)).select("reason", "detail").rows()


MSI = attempt("{A}", 5, 15, kind="msi", outcome="succeeded", name="Contoso Agent", exit_code=0)


def test_a_busy_installer_is_named_in_reason_and_detail():
    busy = attempt("app", 10, 12, exit_code=1618, reason="asked for a retry", detail='{"tries": 1}')
    assert named(busy, MSI) == [
        ("another installation was in progress: Contoso Agent", '{"tries": 1, "beside": ["Contoso Agent"]}'),
        (None, None),
    ]


def test_an_unmapped_code_beside_another_installation_says_that_it_ran():
    assert named(attempt("app", 10, 12, exit_code=60008), MSI)[0] == (
        "ended while another installation ran: Contoso Agent",
        '{"beside": ["Contoso Agent"]}',
    )


def test_a_reason_that_is_known_stays():
    failed = attempt("app", 10, 12, exit_code=60008, reason="timed out")
    assert named(failed, MSI)[0] == ("timed out", '{"beside": ["Contoso Agent"]}')


@pytest.mark.parametrize(
    "other",
    [
        attempt("{A}", 0, 10, kind="msi", outcome="succeeded"),
        attempt("{A}", 12, 15, kind="msi", outcome="succeeded"),
        attempt("{A}", 5, 15, kind="msi", outcome="succeeded", device="E"),
        attempt("{A}", 5, 15, kind="detection", outcome="succeeded"),
        attempt("{A}", 5, None, kind="msi", outcome="unfinished"),
        attempt("app", 5, 15, outcome="succeeded"),
    ],
    ids=["before", "after", "other device", "no installer", "no end", "itself"],
)
def test_what_did_not_run_at_the_time_is_not_named(other):
    assert named(attempt("app", 10, 12, exit_code=1618, reason="asked for a retry"), other)[0] == (
        "asked for a retry",
        None,
    )


def test_a_try_that_went_well_names_nobody():
    assert named(attempt("app", 10, 12, outcome="succeeded", exit_code=0), MSI)[0] == (None, None)
