"""Why it happened and how sure that is: no count is called a cause, and of several causes each is named."""

from dataclasses import replace

from summaries import (
    HUNG,
    LOST,
    failures,
    one_of_the_service,
    proven,
    summary,
    summary_with_remedies,
)

CONTRAST = {"lift": 4.2, "lift_low": 3.1, "lift_high": 5.9, "q": 1e-9, "note": None}


def test_a_group_that_stands_out_goes_with_the_failures_and_is_not_shown_to_cause_them(case_of):
    why = summary(replace(failures(case_of), contrast=CONTRAST))["Likely cause"]
    assert "4.2 times as likely over all that was read (3.1 to 5.9)" in why
    assert why.endswith("It goes with them; that it causes them is not shown by counting.")


def test_where_no_capture_was_read_the_cause_on_the_device_is_not_sure(case_of):
    assert summary(failures(case_of))["How sure"] == (
        "The counts are sure within their intervals. The cause on the device is not: no capture of a device "
        "that was hit was among what was read."
    )


def test_several_causes_are_counted_by_device_and_each_has_what_mends_it(case_of):
    case = proven(failures(case_of, 4), ("D0", *LOST), ("D1", *HUNG), ("D2", *HUNG), ("R", *LOST))
    told = summary_with_remedies(case)
    assert told["Causes found"] == (
        "2 different causes on 3 of the 4 devices hit.\nAn app was not finished: 2 devices.\n"
        "The device never reached the internet: 1 device."
    )
    assert told["What to do first"] == "Make it silent: 2 devices.\nCheck the cable: 1 device."
    assert "Likely cause" not in told


def test_causes_of_which_none_is_shared_are_said_to_be_so(case_of):
    case = proven(failures(case_of, 2), ("D0", *LOST), ("D1", *HUNG))
    told = summary_with_remedies(case)
    assert told["Causes found"].startswith(
        "2 different causes on 2 of the 2 devices hit, none on more than one.\n"
    )


def test_a_device_counts_for_its_first_cause_alone(case_of):
    case = proven(failures(case_of, 2), ("D0", *LOST), ("D0", *HUNG), ("D1", *LOST))
    assert case.proven.select("rule", "devices").rows() == [("NETWORK", 2)]


def test_that_time_ran_out_is_no_cause(case_of):
    told = summary(one_of_the_service(case_of, "0x800705B4"))
    assert told["Likely cause"] == "Not known: the service tells how it ended, not why."


def test_four_causes_are_told_and_the_rest_are_counted(case_of):
    causes = [(f"D{n}", f"RULE-{n}", f"Cause {n}", f"Mend {n}") for n in range(6)]
    case = proven(failures(case_of, 6), *causes)
    told = summary_with_remedies(case)
    lines = told["Causes found"].split("\n")
    assert lines[1:] == [*(f"Cause {n}: 1 device." for n in range(4)), "And 2 more."]
    assert told["What to do first"].count("\n") == 3
