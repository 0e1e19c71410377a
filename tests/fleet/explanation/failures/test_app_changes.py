"""An app that fails since its revision, its rule, the agent or Windows changed, and one that fails anyhow."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import polars as pl
import pytest

from autopilot_analysis.fleet.explanation.failures.app_changes import (
    app_changes,
    prove_app_changes,
    tell_app_changes,
    tell_app_changes_to_do,
)
from autopilot_analysis.tables import SCHEMAS

FIRST = datetime(2026, 11, 2, 9, tzinfo=UTC)
CHANGED = 16
"""From this device on, one a day, what a case changes is changed."""
SIZE = 28


def fleet(failed, *, version=None, rule=None, agent=None, build=None, kind="win32", again=()):
    """Installs and deployments of devices, one a day; each value is a function of the device's number."""
    deployments, installs = [], []
    for n in range(SIZE):
        details = json.dumps({"intune_agent": agent(n)}) if agent else None
        own = {"device": f"D-{n}", "deployment": f"D-{n}/1", "origin": "capture", "details": details}
        outcome = "failed" if failed(n) else "succeeded"
        at = FIRST + timedelta(days=n)
        deployments.append(own | {"outcome": outcome, "started_at": at, "build": build(n) if build else None})
        tried = {"device": f"D-{n}", "attempt": 1, "item": "a1", "name": "Map", "kind": kind}
        tried |= {"try_number": 1, "member": f"D-{n}/AppWorkload.log", "record": 40 + n, "clock": "declared"}
        tried |= {"version": version(n) if version else None, "detection_rule": rule(n) if rule else None}
        bad = {"outcome": "failed", "code": "0x80070643", "exit_code": 1603}
        installs.append(tried | (bad if failed(n) else {"outcome": "succeeded"}))
        installs += [tried | {"outcome": one, "try_number": 2} for one in again]
    return frame("installs", installs), frame("deployments", deployments)


def frame(table, rows):
    schema = SCHEMAS[table].create_empty().schema
    return pl.DataFrame([{name: row.get(name) for name in schema} for row in rows], schema=schema)


def late(n):
    return n >= CHANGED


def changing(old, new):
    return lambda n: new if late(n) else old


def told(*given, **more):
    return [line.text for line in tell_app_changes(app_changes(*fleet(*given, **more)))]


def test_app_day_and_revision_stand_in_one_sentence():
    assert told(late, version=changing("2", "3")) == [
        "Since 18 November 2026 (revision 3) Map failed on 12 of 12 (100 %, 76 to 100 %) devices with "
        "0x80070643 (exit code 1603); with revision 2 on 0 of 16 (0 %, 0 to 19 %)."
    ]


@pytest.mark.parametrize(
    ("changed", "named", "others"),
    [
        ({"rule": changing("aaaa", "bbbb")}, "a changed detection rule", "the rule before it"),
        ({"agent": changing("1.101.1.0", "1.102.2.0")}, "Intune agent 1.102.2.0", "Intune agent 1.101.1.0"),
        ({"build": changing("26100.1", "26100.2")}, "Windows build 26100.2", "Windows build 26100.1"),
    ],
)
def test_a_rule_the_agent_and_windows_are_named_where_the_revision_stayed(changed, named, others):
    (sentence,) = told(late, version=lambda _: "2", **changed)
    assert sentence.startswith(f"Since 18 November 2026 ({named}) Map failed on 12 of 12 ")
    assert f"; with {others} on 0 of 16 " in sentence


def test_what_changed_for_the_same_devices_cannot_be_told_apart():
    (sentence,) = told(late, version=changing("2", "3"), agent=changing("1.101.1.0", "1.102.2.0"))
    assert sentence.startswith("Since 18 November 2026 (revision 3) ")
    assert sentence.endswith(
        ". The same devices have Intune agent 1.102.2.0 as well, so which of these it is, the numbers do not "
        "tell."
    )


@pytest.mark.parametrize("failed", [lambda n: n % 2 == 0, lambda n: late(n) or n % 3 == 0])
def test_failures_of_both_revisions_have_no_since(failed):
    assert told(failed, version=changing("2", "3")) == []


def test_a_few_failures_before_the_change_do_not_hide_it():
    (sentence,) = told(lambda n: late(n) or n == 3, version=changing("2", "3"))
    assert "; with revision 2 on 1 of 16 " in sentence


def test_a_revision_that_was_mended_is_over():
    given = fleet(lambda n: not late(n), version=changing("2", "3"))
    (one,) = app_changes(*given)
    assert one.in_words.startswith("Until 18 November 2026 (revision 2) Map failed on 16 of 16 ")
    (line,) = tell_app_changes_to_do([one])
    assert line.text.startswith("Map: Nothing is left to mend in it")


def test_two_revisions_side_by_side_from_the_first_day_have_no_day():
    (sentence,) = told(lambda n: n % 2 == 0, version=lambda n: str(3 - n % 2))
    assert sentence.startswith("With revision 3 Map failed on 14 of 14 ")


def test_where_nothing_tells_the_revision_nothing_is_compared():
    assert told(late) == []


def test_scripts_and_policies_are_no_apps():
    assert told(late, version=changing("2", "3"), kind="script") == []


def test_the_first_try_counts_and_not_a_later_one():
    assert told(late, version=changing("2", "3"), again=["succeeded", "failed"]) == told(
        late, version=changing("2", "3")
    )


def test_three_failures_are_too_few_and_three_others_too():
    def last(k):
        return lambda n: n >= SIZE - k

    def values(k):
        return lambda n: "3" if n >= SIZE - k else "2"

    assert [len(told(last(k), version=values(k))) for k in (3, 4, SIZE - 4, SIZE - 3)] == [0, 1, 1, 0]


def test_the_remedy_names_the_revision_and_the_proof_leads_to_the_first_failure():
    changes = app_changes(*fleet(late, version=changing("2", "3")))
    (remedy,), (proof,) = tell_app_changes_to_do(changes), prove_app_changes(changes)
    assert remedy.text.startswith("Map, revision 3: Compare this revision with the one before it")
    assert (proof.kind, proof.place, proof.device) == ("proof", "D-16/AppWorkload.log, record 56", "D-16")
    assert proof.text.startswith("Map failed with 0x80070643, 2026-11-18; 12 devices against 16, by chance")


def test_a_code_that_some_have_is_counted():
    installs, deployments = fleet(late, version=changing("2", "3"))
    other = pl.col("record") == 40 + CHANGED
    installs = installs.with_columns(
        code=pl.when(other).then(pl.lit("0x87D1041C")).otherwise("code"),
        exit_code=pl.when(~other).then("exit_code"),
    )
    (one,) = app_changes(installs, deployments)
    assert " devices 11 times with 0x80070643 (exit code 1603); with " in one.in_words


def test_it_is_listed_as_plain_values():
    (one,) = app_changes(*fleet(late, version=changing("2", "3"), rule=changing("a", "b")))
    plain = one.to_dict()
    assert plain["where"] == {"revision": "3", "detection_rule": "b"}
    assert (plain["app"], plain["k"], plain["n"], plain["rest_k"], plain["rest_n"]) == ("Map", 12, 12, 0, 16)
    assert plain["at"] == "2026-11-18T09:00:00+00:00"
