"""The setup of the Configuration Manager client: how long it took, beside how long the page waits for it."""

import pytest
from findings.rule_worlds import installed

from autopilot_analysis.findings import find

BEGUN = "==========[ ccmsetup started in process 6120 ]=========="
STEP, AFTER = "Downloading file x64/client.msi", "File download 100% complete (x64/client.msi)."
RETURNED = "CcmSetup is exiting with return code {}"
WELL, RESTART, BUSY = (RETURNED.format(number) for number in (0, 7, 8))
SLOW, RESTARTS = "CONFIGMGR-SETUP-SLOW", "CONFIGMGR-SETUP-RESTART"
PAGE = {
    "attempts": [("failed", "device_preparation", "user_driven", 0, 60, None)],
    "runs": [(1, "device_preparation", "failed", 10, 60, None, "provider_install_failed")],
}


def refused(detail='{"Message1": "ConfigMgr"}'):
    return {"marks": [("provider_install_failed", "device_preparation", 60, None, detail)]}


def setup(proofs, *dated, **more):
    """Proofs of a world whose log of setup holds pairs of minute and message."""
    lines = [("info", message, minute) for minute, message in dated]
    world = PAGE | refused() | {"members": (), "sources": {"agent.log": "ccmsetup_log"}} | more
    return proofs("CONFIGMGR-SETUP-TIME", lines=lines, **world)


@pytest.mark.parametrize(
    ("dated", "rule", "item"),
    [
        (
            [(10, BEGUN), (12, STEP), (30, AFTER), (51, WELL)],
            SLOW,
            f"41 min against 30 min, the longest step 21 min for “{AFTER}”",
        ),
        (
            [(10, BEGUN), (12, STEP), (52, AFTER)],
            SLOW,
            f"42 min against 30 min, the longest step 40 min for “{STEP}”",
        ),
        (
            [(10, BEGUN), (12, STEP), (14, RESTART)],
            RESTARTS,
            f"4 min against 30 min, the longest step 2 min for “{BEGUN}”",
        ),
        ([(10, BEGUN), (12, STEP), (20, BEGUN), (21, BUSY), (41, WELL)], SLOW, None),
    ],
    ids=["done too late", "not done yet", "a restart comes first", "another run that found it at work"],
)
def test_a_setup_that_outlasts_the_wait_is_named_with_its_longest_step(proofs, dated, rule, item):
    rows = setup(proofs, *dated)
    assert set(rows["rule"]) == {rule}
    assert item is None or set(rows["item"]) == {item}
    assert (rows["quote"][0], rows["quote"][-1]) == (BEGUN, dated[-1][1])


@pytest.mark.parametrize(
    ("begun", "ended", "message", "proved"),
    [
        (10, 29, WELL, False),
        (10, 40, WELL, False),
        (10, 41, WELL, True),
        (-40, -1, WELL, False),
        (-40, 0, WELL, True),
        (60, 91, WELL, True),
        (61, 92, WELL, False),
        (10, 51, RETURNED.format(9), False),
    ],
    ids=["in time", "at the limit", "over it", "before", "until it began", "as it ended", "after", "failed"],
)
def test_only_a_run_within_the_attempt_that_took_longer_is_slow(proofs, begun, ended, message, proved):
    assert setup(proofs, (begun, BEGUN), (ended, message)).is_empty() != proved


@pytest.mark.parametrize(
    ("more", "proved"),
    [
        (refused('{"Message1": "ConfigMgr", "Int1": 41}'), False),
        (refused('{"Message1": "ConfigMgr", "UInt1": 40}'), True),
        (refused('{"Message1": "Sidecar", "Int1": 15}'), False),
        ({"marks": (), "registry": [*installed("ConfigMgr", "4", "0")]}, True),
        ({"marks": (), "registry": [*installed("ConfigMgr", "3", "0")]}, False),
    ],
    ids=["a longer limit", "a shorter limit", "the agent's", "by the registry", "it came"],
)
def test_it_is_measured_by_the_limit_of_the_client_where_the_client_was_waited_for(proofs, more, proved):
    assert setup(proofs, (10, BEGUN), (51, WELL), **more).is_empty() != proved


def test_it_explains_why_the_client_was_not_there(world):
    lines = [("info", BEGUN, 10), ("info", STEP, 12), ("info", WELL, 51)]
    given = PAGE | refused() | {"sources": {"agent.log": "ccmsetup_log"}}
    roles = dict(find(*world(**given, lines=lines)).findings.select("rule", "role").rows())
    assert (roles[SLOW], roles["CONFIGMGR-CLIENT-FAILED"]) == ("cause", "consequence")


@pytest.mark.parametrize(("length", "shown"), [(80, 80), (81, 79)])
def test_a_long_line_is_not_the_whole_title(proofs, length, shown):
    rows = setup(proofs, (10, BEGUN), (12, "x" * length), (51, WELL))
    assert set(rows["item"].str.count_matches("x")) == {shown}
