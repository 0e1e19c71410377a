"""Apps that nothing was tried at: the first evidence that decides says why, and absence decides nothing."""

import pytest

from autopilot_analysis.trace.installs.agent.untried import Verdict, _judge

BARE = dict.fromkeys(
    (
        "skip", "excluded", "intent", "desired", "found", "applicable", "resultant", "listed", "enforcement",
        "error", "waits", "conflict", "due", "stored", "installs_logged", "restart", "planned", "uncomputed",
        "depends",
    )
)  # fmt: skip
WORDS = {
    "enforcement": {"1000": ("succeeded", None), "5000": ("failed", None), "0": ("never_started", None)},
    "applicability": {"3": ("skipped", "requirement not met")},
    "esp_app": {
        "Completed": ("succeeded", None),
        "NotInstalled": ("never_started", None),
        "Error": ("failed", None),
    },
}
DUE = {"due": True, "installs_logged": True}


@pytest.mark.parametrize(
    ("evidence", "outcome", "reason"),
    [
        ({"skip": "assignment filter", "enforcement": "5000"}, "skipped", "assignment filter"),
        ({"skip": "applicability: NotApplicable", "applicable": "3"}, "skipped", "requirement not met"),
        ({"skip": "applicability: NotApplicable"}, "skipped", "applicability: NotApplicable"),
        ({"skip": "assignment filter", "applicable": "3"}, "skipped", "assignment filter"),
        ({"excluded": True}, "skipped", "excluded by an assignment filter"),
        ({"found": True}, "skipped", "already installed"),
        ({"found": False, "intent": "4"}, "skipped", "already absent"),
        ({"found": True, "intent": "4"}, "", None),
        ({"applicable": "3"}, "skipped", "requirement not met"),
        ({"applicable": "99"}, "skipped", "not applicable"),
        ({"intent": "0"}, "skipped", "not targeted"),
        ({"listed": "Completed"}, "succeeded", "only the status page's own list tells"),
        ({"listed": "NotInstalled"}, "", None),
        ({"listed": "Error"}, "failed", "only the status page's own list tells"),
        ({"listed": "Error", "uncomputed": "detect"}, "failed", "the agent could not compute its detection"),
        ({"listed": "Error", "uncomputed": "applicability"}, "failed",
         "the agent could not compute whether it applies"),
        ({"listed": "Error", "uncomputed": "detect", "found": True}, "failed",
         "the agent could not compute its detection"),
        ({"listed": "Completed", "uncomputed": "detect"}, "succeeded",
         "only the status page's own list tells"),
        ({"uncomputed": "detect"}, "", None),
        ({"enforcement": "5000"}, "failed", "as the agent stored it of an earlier check-in"),
        ({"enforcement": "1000", "found": False}, "not_detected",
         "installed in an earlier check-in, detection does not find the app"),
        ({"intent": "1"}, "skipped", "offered, and nobody asked for it"),
        ({"conflict": "2", "due": True}, "never_started", "dependency not set to install by itself"),
        (DUE | {"planned": True}, "never_started", None),
        (DUE | {"restart": True}, "waiting", "waits for a restart"),
        (DUE, "unknown", "its turn is not in the log"),
        ({"due": True}, "unknown", "the log of installs is not in the export"),
        ({"stored": True}, "unknown", "no line says what became of it"),
        ({}, "", None),
    ],
)  # fmt: skip
def test_the_first_evidence_that_decides_says_what_became_of_an_app(evidence, outcome, reason):
    verdict = _judge(BARE | evidence, WORDS)
    assert (verdict.outcome, verdict.reason) == (outcome, reason)


def test_an_app_under_the_retry_lock_waits():
    assert _judge(BARE | {"waits": True}, WORDS).outcome == "waiting"


def test_the_stored_code_of_an_earlier_failure_is_kept():
    verdict = _judge(BARE | {"enforcement": "5000", "error": "-2147023293"}, WORDS)
    assert verdict == Verdict("failed", "as the agent stored it of an earlier check-in", "-2147023293")


@pytest.mark.parametrize(
    ("listed", "outcome"),
    [(None, "waiting"), ("NotInstalled", "waiting"), ("Error", "failed"), ("Completed", "succeeded")],
)
def test_an_app_that_waits_for_another_waits_unless_the_page_knows_its_end(listed, outcome):
    assert _judge(BARE | {"depends": True, "listed": listed}, WORDS).outcome == outcome
