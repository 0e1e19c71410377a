"""A calm end is said calmly, and only where nothing failed or is left unexplained."""

import pytest
from answer_parts import parts

from autopilot_analysis import answer, find
from autopilot_analysis.findings.answers.calm import MOST_NAMED
from autopilot_analysis.findings.answers.verdict import conclude
from autopilot_analysis.findings.rules.evidence import DECISIVE
from autopilot_analysis.wording import NO_REMEDY

WELL = '{"message":"Exiting page.","errorCode":0}'
BAD = WELL.replace(":0", ":5")
RAN = {"attempts": [("unknown", None, "user_driven", 0, 30, None)]}
CAME = {"outcome": "succeeded", "attempt": None, "blocking": None}


def told(story):
    (one,) = answer(*story, find(*story, rules={})).devices
    return one.verdict, parts(one)


def left(*details, **more):
    return (
        RAN
        | {"marks": [("esp_page_left", None, 20 + n, None, each) for n, each in enumerate(details)]}
        | more
    )


def test_a_status_page_left_without_an_error_is_no_unknown_outcome(world):
    verdict, said = told(world(**left(WELL, WELL)))
    assert verdict == "The status page was left without an error; nothing failed in what was seen"
    assert said["What happened"] == [
        f"{verdict}.",
        "Whether the user reached the desktop does not stand in what was read.",
    ]
    assert said["What to do"] == [NO_REMEDY]
    assert "Ask for" not in said
    assert said["Not seen"][0].startswith("Absent: ")


@pytest.mark.parametrize(
    "given",
    [
        left(WELL, BAD),
        left(),
        left(WELL, runs=[(1, "account_setup", "failed", 5, 15, None, "esp_page_left")]),
        left(WELL, attempts=[("unfinished", None, "user_driven", 0, 30, None)]),
    ],
)
def test_a_page_left_with_an_error_or_after_a_failure_is_no_calm_end(world, given):
    assert "left without an error" not in told(world(**given))[0]


@pytest.mark.parametrize(
    ("installs", "verdict"),
    [
        ([CAME], "Example VPN was installed; nothing failed in what was seen"),
        (
            [CAME | {"outcome": "failed"}, CAME | {"try_number": 2}],
            "Example VPN was installed at a later try; nothing is left undone in what was seen",
        ),
        (
            [CAME | {"item": f"{n}", "name": f"App {n}"} for n in range(MOST_NAMED)],
            "App 0, App 1, App 2 were installed; nothing failed in what was seen",
        ),
        (
            [CAME | {"item": f"{n}", "name": f"App {n}"} for n in range(MOST_NAMED + 1)],
            "4 apps were installed; nothing failed in what was seen",
        ),
    ],
)
def test_apps_that_came_at_last_are_named_and_nothing_is_asked_for(world, installs, verdict):
    said, answered = told(world(installs=installs))
    assert said == verdict
    assert answered["What to do"] == [NO_REMEDY]
    assert "Ask for" not in answered


@pytest.mark.parametrize(
    "given",
    [
        {"installs": [CAME, CAME | {"item": "b", "outcome": "unfinished"}]},
        {"installs": [CAME, CAME | {"item": "b", "kind": "certificate", "outcome": "failed"}]},
        {"installs": [CAME | {"kind": "policy"}]},
        {"installs": [CAME], "lines": [("error", "the example broke")]},
    ],
)
def test_beside_what_did_not_come_or_nobody_explains_no_end_is_called_calm(world, given):
    assert "nothing failed" not in told(world(**given))[0]


@pytest.mark.parametrize(("number", "said"), [(1, False), (2, True)])
def test_that_no_attempt_was_seen_stands_behind_the_cause_where_logs_would_have_shown_one(
    world, number, said
):
    failed = [CAME | {"outcome": "failed"}]
    story = world(installs=failed, coverage=[(source, "partial") for source in DECISIVE[:number]])
    (verdict,) = conclude(*story, find(*story, rules={}))["verdict"]
    assert verdict == f"1 app failed{'; no attempt was seen' if said else ''}"
