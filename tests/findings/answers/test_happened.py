from __future__ import annotations

from datetime import UTC, datetime, timedelta

import polars as pl
import pytest
from findings.answers.answer_parts import parts, texts

from autopilot_analysis import wording
from autopilot_analysis.findings import answer, find
from autopilot_analysis.findings.answers.answer import Line, Part, Section
from autopilot_analysis.findings.answers.happened import (
    NAMED_TRY,
    OWN_CLOCK,
    _begun,
    _failed_with,
    _local,
    _quoted,
    by_the_service,
    day_in_doubt,
    happenings,
    never_named,
    on_own_clock,
    since,
    waited_for,
)
from autopilot_analysis.readers.local_times import DOUBTFUL
from autopilot_analysis.tables import Evidence, Findings, LogLine, Mark, StageRun, Trace, schema_of
from autopilot_analysis.tables.typed import empty
from autopilot_analysis.trace.installs.policies import NOT_DONE

START = datetime(2026, 3, 2, 8, tzinfo=UTC)
LAST = "When it began is not known; the last try that the output names was at"


def test_since_when_is_told_by_the_device_s_own_clock_where_no_zone_is_known():
    two = pl.Series(["2026-02-18 09:16:06", "2026-02-18 08:04:06"]).str.to_datetime()
    assert _local(two) == (
        "2026-02-18 08:04:06, last at 2026-02-18 09:16:06, on the device's own clock; "
        "its time zone is not known."
    )
    assert _local(two.head(0)) == ""


@pytest.mark.parametrize(
    ("quotes", "said"),
    [
        (
            ["Attempt Status: 0xc000006d", "Previous Prt Attempt: 2026-03-02 08:15:00.120 UTC"],
            f"{LAST} 2026-03-02 08:15:00 UTC.",
        ),
        (
            ["Previous Registration: 2026-03-02 08:16:00 UTC"],
            f"{LAST} 2026-03-02 08:16:00 UTC.",
        ),
        (
            ["=== Logging stopped: 4/5/2026  8:15:00 ==="],
            "The log ended 4/5/2026 8:15:00, as it writes it: which part is the day is not known.",
        ),
        (["Client Time: 2026-03-02 08:16:00 UTC", "the log says Previous Registration: 2026"], ""),
        ([], ""),
    ],
)
def test_a_time_that_a_proof_names_itself_is_told(quotes, said):
    assert _quoted(pl.Series(quotes, dtype=pl.String)) == said


def test_where_nothing_dates_a_failure_the_start_of_its_attempt_is_named(refused):
    attempts = refused[1].attempts
    began = f"{attempts['started_at'][-1]:%Y-%m-%d %H:%M:%S} UTC"
    assert _begun(attempts) == f"Its records carry no time; the last attempt began {began}."
    assert _begun(attempts.head(0)) == "Its records carry no time."


@pytest.mark.parametrize(("minutes", "on_and_on"), [(60, True), (59, False)])
def test_a_failure_that_came_again_an_hour_later_is_told_until_then_and_not_by_its_first_minutes(
    refused, minutes, on_and_on
):
    tables, trace, findings = refused
    ended_at = trace.attempts["ended_at"][-1]
    lead = findings.findings["id"][0]
    last = pl.col("finding").eq(lead) & pl.col("at").eq(pl.col("at").max())
    evidence = findings.evidence.with_columns(
        at=pl.when(last).then(pl.lit(ended_at + timedelta(minutes=minutes))).otherwise("at")
    )
    told = texts(parts(answer(tables, trace, Findings(findings.findings, evidence)))["What happened"])[1]
    assert (", and again and again until" in told, " after " in told) == (on_and_on, not on_and_on)


@pytest.mark.parametrize(
    ("afterwards", "words"),
    [
        ("continued", "failed in device setup after 1 h, and the device went on all the same."),
        ("reset", "failed in device setup after 1 h, and somebody chose to reset the device."),
        (None, "failed in device setup after 1 h."),
    ],
)
def test_what_was_done_after_the_last_attempt_had_failed_stands_behind_its_end(
    world, failure, afterwards, words
):
    tables, trace = world(**failure("device_setup"))
    kind = trace.attempts.schema["afterwards"]
    went = trace.attempts.with_columns(
        afterwards=pl.lit(afterwards, dtype=kind), waited=pl.col("ended_at") - pl.col("started_at")
    )
    trace = Trace.of({**trace.frames(), "attempts": went})
    assert parts(answer(tables, trace, find(tables, trace)))["What happened"][1].text.endswith(words)


def _attempts(*, began=0, ended=60, waited=60, code="0x80180014", begun=None):
    schema = {name: kind for name, kind in schema_of("attempts").items() if name != "device"}
    start = datetime(2026, 3, 2, 8, tzinfo=UTC)
    moments = {
        name: None if second is None else start + timedelta(seconds=second)
        for name, second in (("started_at", began), ("ended_at", ended))
    }
    length = None if waited is None else timedelta(seconds=waited)
    row = {"attempt": 1, "outcome": "failed", "code": code, "waited": length, "begun": begun, **moments}
    return pl.DataFrame([{name: row.get(name) for name in schema}], schema=schema)


@pytest.mark.parametrize(
    ("given", "begun", "ended"),
    [
        ({}, "began 2026-03-02 08:00:00", "failed after 1 min."),
        ({"ended": 0, "waited": 0}, "began 2026-03-02 08:00:00", "failed at once."),
        ({"ended": 1, "waited": 1}, "began 2026-03-02 08:00:00", "failed after 1 s."),
        ({"waited": None}, "began before 2026-03-02 08:00:00", "failed."),
        ({"begun": False}, "began before 2026-03-02 08:00:00", "failed after 1 min."),
        ({"ended": None, "waited": None}, "began 2026-03-02 08:00:00", "failed."),
        ({"began": None, "waited": None}, None, "failed."),
    ],
)
def test_an_attempt_whose_beginning_is_not_recorded_began_before_and_has_no_length(given, begun, ended):
    attempts = _attempts(**given)
    assert _begun(attempts).startswith(
        f"Its records carry no time{f'; the last attempt {begun}' if begun else '.'}"
    )
    nothing = {"runs": empty(StageRun), "marks": empty(Mark), "looked": pl.DataFrame()}
    lines = happenings([], pl.DataFrame(), attempts, pl.DataFrame(), **nothing, past=False)
    assert [line.text for line in lines][-1] == f"The attempt {ended}"


@pytest.mark.parametrize(
    ("stage", "named"),
    [
        ("entra_join", ' (step "Joining" of the status page)'),
        ("device_preparation", ' (step "Joining" of the status page)'),
        ("mdm_enrollment", ' (step "Joining" of the status page)'),
        ("device_setup", ""),
        ("profile_download", ""),
    ],
)
def test_a_stage_of_device_preparation_is_called_as_its_page_called_the_step_too(stage, named):
    attempts = _attempts().with_columns(failed_stage=pl.lit(stage))
    nothing = {"runs": empty(StageRun), "marks": empty(Mark), "looked": pl.DataFrame()}
    lines = happenings([], pl.DataFrame(), attempts, pl.DataFrame(), **nothing, past=False, step="Joining")
    assert f"failed in {wording.words(stage)}{named} after" in [line.text for line in lines][-1]


@pytest.mark.parametrize(
    ("code", "given", "said"),
    [
        ("0x80180014", {}, "2026-03-02 08:01:00 UTC, when the last attempt failed with this code."),
        ("0x80180013", {}, ""),
        (None, {"code": None}, ""),
        ("0x80180014", {"ended": None, "waited": None}, ""),
    ],
)
def test_an_undated_failure_is_dated_by_the_attempt_that_failed_with_its_code(code, given, said):
    assert _failed_with({"code": code}, _attempts(**given)) == said


def test_dates_that_can_be_read_in_two_ways_are_called_so():
    reasons = [DOUBTFUL.format(order="day and month")] * 2 + ["its times are local"]
    gaps = pl.DataFrame({"device": ["D", "D", "D"], "reason": reasons})
    said = ["Nothing shows which number of its dates is the day: they were read as day and month."]
    assert [line.text for line in day_in_doubt(gaps, "D")] == said
    assert not list(day_in_doubt(gaps, "another"))


def try_at(minute, **more):
    known = {"mark": "join_failed", "stage": "entra_join", "code": "0x801C03F2", "detail": None} | more
    return (known["mark"], known["stage"], minute, known["code"], known["detail"])


@pytest.mark.parametrize(
    ("marks", "said"),
    [
        (
            [try_at(0), try_at(0.5), try_at(60), try_at(2820)],
            "2026-03-02 08:00:00 UTC, last at 2026-03-04 07:00:00 UTC (47 h later), 3 times.",
        ),
        (
            [try_at(0), try_at(60, code="0x801C001D"), try_at(90, stage="mdm_enrollment")],
            "2026-03-02 08:00:00 UTC.",
        ),
        ([try_at(-60), try_at(0)], "2026-03-02 08:00:00 UTC."),
    ],
)
def test_later_tries_that_failed_with_the_same_code_are_counted_and_dated(world, marks, said):
    _, trace = world(marks=marks)
    lead = {
        "device": "D",
        "rule": "R",
        "code": "0x801C03F2",
        "item": None,
        "stage": "entra_join",
        "at": START,
    }
    lines = since(
        [lead],
        empty(Evidence).drop("finding"),
        trace.attempts,
        empty(LogLine),
        marks=trace.marks,
        followed=[],
    )
    assert [line.text for line in lines] == [said]


def test_what_follows_dates_the_last_try_where_the_cause_has_no_time(world):
    lead, after = (
        {"device": "D", "rule": rule, "code": None, "item": None, "stage": None, "at": None} for rule in "RC"
    )
    proof = {"device": "D", "rule": "C", "quote": "Previous Prt Attempt: 2026-03-02 08:15:00.120 UTC"}
    evidence = pl.DataFrame(
        [{name: proof.get(name) for name in schema_of("evidence")}], schema=schema_of("evidence")
    ).drop("finding")
    _, trace = world()
    lines = since([lead], evidence, trace.attempts, empty(LogLine), marks=trace.marks, followed=[after])
    assert [line.text for line in lines] == [f"{LAST} 2026-03-02 08:15:00 UTC."]


@pytest.mark.parametrize(
    ("marks", "where"),
    [
        ([("esp_failed", None, 40, None, "")], " on the status page (in which of its phases was not seen)."),
        ([("esp_failed", "device_setup", 40, None, "")], " in device setup."),
        (
            [("esp_failed", None, 40, None, ""), ("agent_in_device_setup", "device_setup", 9, None, "")],
            " in device setup.",
        ),
    ],
)
def test_a_phase_of_the_page_is_named_where_a_record_shows_it(world, failure, marks, where):
    tables, trace = world(**failure("device_setup"), marks=marks)
    trace = Trace.of({**trace.frames(), "attempts": trace.attempts.with_columns(waited=None)})
    line = parts(answer(tables, trace, find(tables, trace)))["What happened"][1].text
    assert line.endswith(f"failed{where}")


def test_what_a_wrong_clock_wrote_stands_at_the_services_time_and_once_as_it_was_written():
    text = "2024-01-01 00:18:01 UTC, last at 2024-01-01 00:20:01 UTC (2 min later)."
    quoted = Line("written 2024-01-01 00:18:01 UTC", "quote", "a.evtx")
    behind = timedelta(days=1052, hours=8)
    dated = by_the_service(Section(Part.SINCE, (Line(text), quoted)), behind)
    assert [line.text for line in dated.lines] == [
        "2026-11-18 08:18:01 UTC, last at 2026-11-18 08:20:01 UTC (2 min later).",
        quoted.text,
        "This is the service's time; the device's own clock was wrong and showed 2024-01-01 00:18:01.",
    ]
    (line,) = by_the_service(Section(Part.HAPPENED, (Line(text),)), behind).lines
    assert line.text.startswith("2026-11-18 08:18:01 UTC")
    undated = Section(Part.SINCE, (Line("Its records carry no time."),))
    assert by_the_service(undated, behind) == undated


def _continued(world, failure, account, *, minutes=80):
    """The last line of what happened where a device went on after its own phase had failed."""
    tables, trace = world(**failure("device_setup"))
    kind = trace.attempts.schema["afterwards"]
    end = pl.col("started_at") + timedelta(minutes=minutes)
    attempts = trace.attempts.with_columns(
        afterwards=pl.lit("continued", dtype=kind), ended_at=end, waited=end - pl.col("started_at")
    )
    ran = trace.stage_runs.head(1).with_columns(
        stage=pl.lit("account_setup", trace.stage_runs.schema["stage"]),
        outcome=pl.lit(account, trace.stage_runs.schema["outcome"]),
        ended_at=pl.lit(START + timedelta(minutes=minutes)).cast(trace.stage_runs.schema["ended_at"]),
    )
    frames = trace.frames() | {"attempts": attempts, "stage_runs": pl.concat([trace.stage_runs, ran])}
    changed = Trace.of(frames)
    return parts(answer(tables, changed, find(tables, changed)))["What happened"][-1].text


@pytest.mark.parametrize(
    ("account", "behind"),
    [
        ("succeeded", "; account setup succeeded at 2026-03-02 09:20:00 UTC."),
        ("failed", "; account setup failed at 2026-03-02 09:20:00 UTC."),
        ("unfinished", "."),
    ],
)
def test_a_device_that_went_on_failed_when_its_page_did_and_its_account_setup_is_told(
    world, failure, account, behind
):
    told = _continued(world, failure, account)
    assert told.endswith(f"failed in device setup after 1 h, and the device went on all the same{behind}")


def test_a_later_sign_in_does_not_hide_that_the_deployment_had_succeeded(world):
    tables, trace = world(
        attempts=[
            ("succeeded", None, "user_driven", -9000, -8900, None),
            ("failed", "account_setup", "later_user", 0, 60, None),
        ],
        runs=[(2, "account_setup", "failed", 10, 60, None, "esp_timed_out")],
        marks=[("esp_timed_out", "account_setup", 60, None, "{}")],
        installs=[{"attempt": 2, "phase": "account", "outcome": "failed", "name": "Reader", "exit_code": 1}],
    )
    told = parts(answer(tables, trace, find(tables, trace)))
    assert texts(told["What happened"])[1].startswith("The deployment itself (user-driven) had succeeded at")
    assert texts(told["What to do"])[1].startswith("Show the page to the first user alone")
    alone = Trace.of(trace.frames() | {"attempts": trace.attempts.tail(1)})
    assert "itself" not in " ".join(texts(parts(answer(tables, alone, find(tables, alone)))["What happened"]))


def test_an_attempt_that_went_well_before_one_that_did_not_is_told(world):
    technician = ("succeeded", None, "pre_provisioning_technician", -3600, -3000, None)
    user = ("failed", "account_setup", "pre_provisioning_user", 0, 60, None)
    told = parts(answer(*(story := world(attempts=[technician, user])), find(*story, rules={})))
    lines = texts(told["What happened"])
    assert "Attempt 1 of 2 (pre-provisioning technician) succeeded." in lines
    well = parts(answer(*(story := world(attempts=[technician, technician])), find(*story, rules={})))
    assert len([line for line in texts(well["What happened"]) if "succeeded" in line]) == 1


def test_a_device_that_was_not_seen_to_end_waited_in_a_stage_for_what_was_not_finished():
    runs = pl.DataFrame(
        {
            "attempt": [1, 2, 2],
            "stage": ["account_setup", "entra_join", "device_setup"],
            "outcome": ["unfinished", "succeeded", "unfinished"],
        }
    )
    tries = [("A", "succeeded", 2), ("B", "unfinished", 2), ("C", "unfinished", 2), ("C", "succeeded", 2)]
    tries += [("D", "unfinished", 1)]
    columns = {
        "item": pl.String,
        "name": pl.String,
        "kind": pl.String,
        "outcome": pl.String,
        "attempt": pl.Int64,
    }
    rows = [(name, name, "win32", outcome, attempt) for name, outcome, attempt in tries]
    installs = pl.DataFrame(rows, schema=columns, orient="row")

    def told(runs, installs):
        return [line.text for line in waited_for(runs, installs)]

    assert told(runs, installs) == ["It waited in device setup when last seen; not finished then: B."]
    assert told(runs, installs.head(1)) == [
        "It waited in device setup when last seen; for what, was not seen."
    ]
    assert told(runs.filter(stage="entra_join"), installs) == []
    many = pl.concat(
        [installs.filter(item="B").with_columns(item=pl.lit(n), name=pl.lit(n)) for n in "PQRST"]
    )
    assert told(runs, many) == [
        "It waited in device setup when last seen; not finished then: P, Q, R and 2 more."
    ]


@pytest.mark.parametrize(
    ("many", "told"),
    [(1, "Did not go through: ./a/0."), (7, "./a/0, ./a/1, ./a/2, ./a/3, ./a/4 and 2 more.")],
)
def test_what_the_headline_counts_and_no_finding_names_is_named_below_it(world, many, told):
    refused = [{"kind": "policy", "name": None, "item": f"./a/{n}", "reason": NOT_DONE} for n in range(many)]
    done = [("succeeded", None, "user_driven", 0, 60, None)]
    tables, trace = world(attempts=done, installs=refused)
    said = texts(parts(answer(tables, trace, find(tables, trace, rules={})))["What happened"])
    assert said[-1].endswith(told)


def test_what_a_finding_names_is_not_named_again():
    rows = pl.DataFrame({"title": ["Reader failed", "A script failed: s"], "item": ["Reader", None]})
    assert [line.text for line in never_named(["Reader", "s", "R"], rows)] == ["Did not go through: R."]
    assert list(never_named(["s"], rows)) == []


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (f"{NAMED_TRY} was at 2026-03-02 08:15:00 UTC.", f"{NAMED_TRY} was at 2026-03-02 08:15:00 UTC."),
        ("2026-03-02 08:15:00 UTC.", f"2026-03-02 08:15:00{OWN_CLOCK}."),
    ],
)
def test_an_instant_that_an_output_names_with_its_zone_keeps_it(text, shown):
    (line,) = on_own_clock(Section(Part.SINCE, (Line(text),))).lines
    assert line.text == shown
