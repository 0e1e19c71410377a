"""An incident in plain words: nothing steers the reader's screen, and no count is called a cause."""

from dataclasses import replace
from datetime import UTC, datetime

import polars as pl

from autopilot_analysis.fleet.frames import with_columns_of
from autopilot_analysis.fleet.postmortem.citations import list_remedies
from autopilot_analysis.fleet.postmortem.impact import measure_impact
from autopilot_analysis.fleet.postmortem.prose import LONGEST, Prose, tell_heading, tell_reading, tell_summary
from autopilot_analysis.tables import SCHEMAS

HOSTILE = "<script>alert(1)</script> **bold** [x](javascript:y) \x1b[31m\u202e"
CHANGE = {
    "at": datetime(2026, 3, 1, tzinfo=UTC), "until": None, "measure": "failed", "before": 0.04, "after": 0.4,
    "q": 1e-9, "kind": "level", "candidate": "profile edited",
}  # fmt: skip
CONTRAST = {"lift": 4.2, "lift_low": 3.1, "lift_high": 5.9, "q": 1e-9, "note": None}
NO_REMEDY = pl.DataFrame(schema={"remedy": pl.String})


def test_prose_shows_markup_as_text_and_no_control_character():
    prose = Prose(((HOSTILE, HOSTILE),), title=HOSTILE)
    html = prose._repr_html_()
    assert "<script" not in html
    assert "&lt;script&gt;" in html
    assert "\x1b" not in html + repr(prose)
    assert "\u202e" not in html + repr(prose)


def summary(case):
    return dict(tell_summary(case, measure_impact(case), NO_REMEDY).paragraphs)


def failures(case_of, count=6):
    rows = [(f"D{n}", None, 0, 30, "failed", True) for n in range(count)]
    return case_of([*rows, ("R", None, 0, 30, "succeeded", False)])


def test_a_change_near_the_day_is_never_called_the_cause(case_of):
    since = summary(replace(failures(case_of), change=CHANGE))["Since when"]
    assert since == (
        "On 01 March 2026 the level moved, from 4.0 % to 40.0 %. Nearest change by an administrator: profile "
        "edited. Near in time is not yet a cause."
    )


def test_a_group_that_stands_out_goes_with_the_failures_and_is_not_shown_to_cause_them(case_of):
    why = summary(replace(failures(case_of), contrast=CONTRAST))["Likely cause"]
    assert "4.2 times as likely over all that was read (3.1 to 5.9)" in why
    assert why.endswith("It goes with them; that it causes them is not shown by counting.")


def test_where_no_capture_was_read_the_cause_on_the_device_is_not_sure(case_of):
    assert summary(failures(case_of))["How sure"] == (
        "The counts are sure within their intervals. The cause on the device is not: no capture of a device "
        "that was hit was among what was read."
    )


def test_numbers_in_brackets_are_called_intervals_where_there_are_any(case_of):
    assert summary(failures(case_of))["What it cost"].endswith("Numbers in brackets are 95 % intervals.")


def test_nothing_to_judge_is_no_success(case_of):
    told = dict(tell_summary(case_of([]), measure_impact(case_of([])), NO_REMEDY).paragraphs)
    assert told["What happened"] == (
        "Nothing that was read tells of a deployment that ended; there is nothing to judge."
    )


def test_what_was_read_counts_one_thing_as_one(case_of):
    case = case_of([("A", None, 0, 30, "failed", True)])
    told = replace(case, fleet=replace(case.fleet, deployments=case.judged))
    assert tell_reading(told)[1] == "1 attempt of 1 device (graph); nothing that was there stayed unread."


def test_a_paragraph_is_cut_where_it_is_longer_than_anybody_reads():
    shown = repr(Prose((("", "x" * (LONGEST + 1)),)))
    assert (len(shown), shown[-1]) == (LONGEST, "…")


def proven(case, *causes):
    """The incident with causes that captures prove: device, rule, title, remedy."""
    rows = [
        {
            "device": device,
            "rule": rule,
            "title": title,
            "remedy": remedy,
            "role": "cause",
            "severity": "high",
        }
        for device, rule, title, remedy in causes
    ]
    found = pl.concat([SCHEMAS["findings"].create_empty(), pl.DataFrame(rows)], how="diagonal_relaxed")
    return replace(case, where={}, fleet=replace(case.fleet, findings=found))


LOST = ("NETWORK", "The device never reached the internet", "Check the cable")
HUNG = ("APP-HUNG", "An app was not finished", "Make it silent")


def test_several_causes_are_counted_by_device_and_each_has_what_mends_it(case_of):
    case = proven(failures(case_of, 4), ("D0", *LOST), ("D1", *HUNG), ("D2", *HUNG), ("R", *LOST))
    told = dict(tell_summary(case, measure_impact(case), list_remedies(case)).paragraphs)
    assert told["Causes found"] == (
        "2 different causes on 3 of the 4 devices hit.\nAn app was not finished: 2 devices.\n"
        "The device never reached the internet: 1 device."
    )
    assert told["What to do first"] == "Make it silent: 2 devices.\nCheck the cable: 1 device."
    assert "Likely cause" not in told
    heading = tell_heading(case, title="", author="", audience="")
    assert heading.title == "Windows Autopilot deployments: failures of 2 different causes"


def test_causes_of_which_none_is_shared_are_said_to_be_so(case_of):
    case = proven(failures(case_of, 2), ("D0", *LOST), ("D1", *HUNG))
    told = dict(tell_summary(case, measure_impact(case), list_remedies(case)).paragraphs)
    assert told["Causes found"].startswith(
        "2 different causes on 2 of the 2 devices hit, none on more than one.\n"
    )


def test_a_device_counts_for_its_first_cause_alone(case_of):
    case = proven(failures(case_of, 2), ("D0", *LOST), ("D0", *HUNG), ("D1", *LOST))
    assert case.proven.select("rule", "devices").rows() == [("NETWORK", 2)]


def one_of_the_service(case_of, code):
    case = case_of([("A", None, 0, 21, "failed", True)])
    known = case.judged.with_columns(code=pl.lit(code), failed_stage=pl.lit("device_setup"))
    known = with_columns_of(known, SCHEMAS["deployments"].column_names())
    return replace(case, where={}, judged=known, fleet=replace(case.fleet, deployments=known))


def test_the_code_of_the_one_attempt_that_the_service_tells_of_is_its_likely_cause(case_of):
    told = summary(one_of_the_service(case_of, "0x87D1041C"))
    assert told["What happened"] == "On the device A, the one attempt failed in device setup after 21 min."
    assert told["Likely cause"].startswith("0x87D1041C")
    assert told["Likely cause"].endswith("The service tells no more than this code.")
    assert told["The attempt"].startswith("It began 2026-03-02 08:00 UTC and failed after 21 min.")
    assert not {"How it shows", "Since when", "What it cost"} & set(told)


def test_that_time_ran_out_is_no_cause(case_of):
    told = summary(one_of_the_service(case_of, "0x800705B4"))
    assert told["Likely cause"] == "Not known: the service tells how it ended, not why."


def test_four_causes_are_told_and_the_rest_are_counted(case_of):
    causes = [(f"D{n}", f"RULE-{n}", f"Cause {n}", f"Mend {n}") for n in range(6)]
    case = proven(failures(case_of, 6), *causes)
    told = dict(tell_summary(case, measure_impact(case), list_remedies(case)).paragraphs)
    lines = told["Causes found"].split("\n")
    assert lines[1:] == [*(f"Cause {n}: 1 device." for n in range(4)), "And 2 more."]
    assert told["What to do first"].count("\n") == 3
