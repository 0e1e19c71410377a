"""What setup's own logs say of an image that cannot come as far as Autopilot."""

import re

import pytest

from autopilot_analysis.facts import read_facts

FILE = r"[C:\Windows\Panther\unattend.xml]"
STOPPED = (
    f"Windows could not parse or process unattend answer file {FILE} for pass [specialize]. It is invalid."
)
COMPONENT = STOPPED.replace("It is invalid.", "Settings of component [Example-Component] cannot be applied.")
ENDED = "Failed to run unattend pass [specialize]; hr = 0x80220005"
SETUP = {"members": (), "sources": {"agent.log": "setup_log"}}


def stopped(proofs, *lines, **story):
    return proofs("SETUP-ERRORS", lines=lines, **(SETUP | story))


def test_the_place_at_which_setup_stopped_is_named_with_its_code(proofs):
    rows = stopped(proofs, ("error", COMPONENT), ("error", ENDED))
    assert set(rows["item"]) == {"pass specialize, component Example-Component"}
    assert set(rows["code"]) == {"0x80220005"}
    assert set(rows["rule"]) == {"SETUP-ANSWER-FILE"}


def test_a_line_that_both_logs_hold_is_one_record(proofs):
    assert stopped(proofs, ("error", STOPPED), ("error", STOPPED)).height == 1


@pytest.mark.parametrize(
    ("severity", "line"),
    [
        ("info", f"Running oobeSystem pass with answer file {FILE}..."),
        ("error", "Hit an error (hr = 0x8030000b) while deserializing setting [Example]"),
        ("info", STOPPED),
    ],
    ids=["a pass that runs", "a setting that is passed over", "no error"],
)
def test_a_pass_that_goes_on_is_no_failure(proofs, severity, line):
    assert stopped(proofs, (severity, line)).is_empty()


def test_the_same_words_in_another_log_are_none_of_setup_s(proofs):
    assert stopped(proofs, ("error", STOPPED), sources={"agent.log": "ime"}).is_empty()


def test_a_device_that_was_deployed_came_past_its_answer_file(proofs):
    went = stopped(proofs, ("error", STOPPED), attempts=[("succeeded", None, "user_driven", 0, 60, None)])
    assert went["severity"].to_list() == ["info"]
    assert stopped(proofs, ("error", STOPPED))["severity"].to_list() == [None]


def test_every_error_of_setup_has_an_example_that_it_fits():
    for pattern, example in read_facts("setup_errors").select("pattern", "example").iter_rows():
        assert re.search(f"(?i){pattern}", example)
