"""The connector's service on its own server, while a device waited for its domain join."""

import polars as pl
import pytest
from findings.rule_worlds import GOOD, NO_JOIN_DATA, bad

from autopilot_analysis.findings import RULES, find
from autopilot_analysis.tables import Tables, Trace

RIGHT, DOWN = "CONNECTOR-SERVICE-RIGHT", "CONNECTOR-SERVICE-DOWN"
NAME = "Intune ODJConnector Service"
DENIED, ECHO = NO_JOIN_DATA["events"]
WAITED = {name: rows for name, rows in NO_JOIN_DATA.items() if name != "events"}


def service(number, minute, name=NAME, **fields):
    return (f"scm:{number}", {"param1": name} | fields, minute, None)


def test_an_account_without_its_right_is_named_with_its_server_and_how_long_before(world):
    tables, trace = world(**NO_JOIN_DATA)
    of_server = tables.events.with_columns(computer=pl.lit("ODJ-SRV-3"))
    rows = RULES[RIGHT](Tables.of({**tables.frames(), "events": of_server}), trace)
    assert rows["item"].unique().to_list() == ["EXAMPLE\\msaODJ01$ on ODJ-SRV-3"]
    assert rows["quote"][0].startswith("on ODJ-SRV-3, 2 h before the wait was over: event 7041")
    assert rows["attempt"].to_list() == [1, 1]


@pytest.mark.parametrize(("attempts", "found"), [(0, True), (1, False)])
def test_a_server_that_counts_as_a_device_of_its_own_explains_the_wait_and_another_device_does_not(
    world, attempts, found
):
    tables, trace = world(**NO_JOIN_DATA)
    apart = tables.events.with_columns(device=pl.lit("SERVER"))
    others = trace.attempts.head(attempts).with_columns(device=pl.lit("SERVER"))
    with_others = Trace.of({**trace.frames(), "attempts": pl.concat([trace.attempts, others])})
    rows = RULES[RIGHT](Tables.of({**tables.frames(), "events": apart}), with_others)
    assert rows["device"].to_list() == ["D", "D"] * found


@pytest.mark.parametrize(
    ("record", "item"),
    [
        (service(7000, -60, param2="%%1053"), "another machine, error 1053"),
        (service(7034, 30, "Intune Connector for Active Directory", param2="1"), "another machine"),
        (("scm:7009", {"param1": "30000", "param2": NAME}, 59, None), "another machine"),
        (service(7024, 60, param2="%%1064"), "another machine, error 1064"),
        (service(7038, -1379, param2="EXAMPLE\\msaODJ01$", param3="%%1330"), "another machine, error 1330"),
    ],
)
def test_a_service_that_did_not_start_or_did_not_stay_explains_that_no_join_came(proofs, record, item):
    rows = proofs(DOWN, **WAITED, events=[record])
    assert rows["item"].to_list() == [item]


@pytest.mark.parametrize(
    "near",
    [
        {"events": [service(7041, -60, "Example Service"), service(7000, -60, "Example Service")]},
        {"events": [service(7041, 61)]},
        {"events": [service(7041, -1381)]},
        {"events": [*NO_JOIN_DATA["events"], service(7036, -59, param2="running")]},
        {"events": [*NO_JOIN_DATA["events"], ("connector:30130", {}, 20, None)]},
        {"marks": [*NO_JOIN_DATA["marks"], ("offline_join_applied", "entra_join", 50, None, "{}")]},
        {"marks": [("automatic_join_failed", "entra_join", 60, None, "{}")]},
        {"attempts": GOOD},
    ],
)
def test_another_service_another_time_or_a_connector_that_came_up_explains_nothing(proofs, near):
    for rule in (RIGHT, DOWN):
        assert proofs(rule, **NO_JOIN_DATA | near).is_empty()


@pytest.mark.parametrize(
    "later",
    [
        service(7036, -59, param2="stopped"),
        service(7036, -61, param2="running"),
        service(7036, 61, param2="running"),
        ("connector:30130", {}, -61, None),
        service(7036, -59, "Example Service", param2="running"),
    ],
)
def test_what_was_up_before_or_came_up_afterwards_is_no_help_to_the_wait(proofs, later):
    assert proofs(RIGHT, **NO_JOIN_DATA | {"events": [*NO_JOIN_DATA["events"], later]}).height == 2


def test_of_many_failures_the_last_three_of_each_kind_are_cited(proofs):
    many = [service(7041, minute) for minute in range(-100, 0, 10)]
    assert proofs(RIGHT, **WAITED, events=many)["at"].dt.minute().to_list() == [30, 40, 50]


def test_the_service_is_the_cause_and_the_missing_join_follows(world):
    found = find(*world(**NO_JOIN_DATA)).findings
    assert found["rule"][0] == RIGHT
    assert dict(found.select("rule", "role").rows())["HYBRID-BLOB-MISSING"] == "consequence"
    assert DOWN not in found["rule"].to_list()


def test_a_device_that_joins_no_domain_waits_for_no_connector(proofs):
    given = NO_JOIN_DATA | {
        "attempts": bad("entra_join"),
        "marks": [("join_failed", "entra_join", 60, None, "")],
    }
    assert proofs(DOWN, **given).is_empty()
