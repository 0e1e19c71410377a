"""Joining Entra ID: alone or with the domain, and what the join state names by itself."""

import polars as pl
import pytest

from autopilot_analysis.findings import RULES, find
from autopilot_analysis.tables import Tables

NO_DC = "0x80070774"


@pytest.mark.parametrize(
    ("scenario", "code", "rule"),
    [
        ("user_driven", "0x801C0003", "ENTRA-JOIN-FAILED"),
        ("user_driven", NO_DC, "ENTRA-JOIN-FAILED"),
        ("hybrid_join", "0x801C03F2", "HYBRID-JOIN-FAILED"),
        ("hybrid_join", None, "HYBRID-JOIN-FAILED"),
        ("hybrid_join", NO_DC, "HYBRID-DC-UNREACHABLE"),
    ],
)
def test_a_failed_join_is_answered_by_one_rule(proofs, failure, scenario, code, rule):
    given = failure("entra_join", scenario=scenario, code=code)
    rules = ("ENTRA-JOIN-FAILED", "HYBRID-JOIN-FAILED", "HYBRID-DC-UNREACHABLE")
    assert [name for name in rules if proofs(name, **given).height] == [rule]


def test_the_join_state_names_phase_and_code_and_weighs_where_no_log_tells_of_an_attempt(proofs, failure):
    told = [("Error Phase", "join"), ("Client ErrorCode", "0x801c0021")]
    alone = proofs("JOIN-PHASE", properties=told)
    assert set(alone.select("item", "code", "severity").rows()) == {("join", "0x801C0021", "warning")}
    beside = proofs("JOIN-PHASE", properties=told, **failure("device_setup"))
    assert set(beside["severity"]) == {"info"}


def test_a_token_that_was_never_tried_for_has_no_code(proofs):
    joined = [("AzureAdJoined", "YES"), ("AzureAdPrt", "NO")]
    assert proofs("JOIN-NO-TOKEN", properties=joined)["code"].to_list() == [None]
    tried = proofs("JOIN-NO-TOKEN", properties=[*joined, ("Attempt Status", "0xc000006d")])
    assert sorted(tried["code"].to_list(), key=str) == ["0xC000006D", None]


PAGE = {"HttpStatus": "200", "ServerMessage": "<!DOCTYPE html><html><body>Signez-vous</body></html>"}


@pytest.mark.parametrize(
    ("event", "found"),
    [
        (("udr:201", PAGE, 13, None), 1),
        (("udr:304", {"ServerMessage": "<HTML lang='fr'>"}, 13, None), 1),
        (("udr:201", {"ServerMessage": '{"ErrorType":"DirectoryError"}'}, 13, None), 0),
        (("udr:201", PAGE, 9999, None), 0),
        (("ap:171", PAGE, 13, None), 0),
    ],
)
def test_a_page_for_people_in_a_failed_join_is_what_answered(proofs, failure, event, found):
    given = failure("entra_join", code="0x8007000D") | {"events": [event]}
    rows = proofs("JOIN-WEB-PAGE", **given)
    assert rows["code"].to_list() == ["0x8007000D"] * found


def test_a_page_for_people_beside_a_join_that_went_well_says_nothing(proofs):
    went_well = [("succeeded", None, "user_driven", 0, 60, None)]
    assert proofs("JOIN-WEB-PAGE", events=[("udr:201", PAGE, 13, None)], attempts=went_well).is_empty()


TIMED_OUT = ("offline_join_timed_out", "entra_join", 12, None, '{"HexInt1": "0x3"}')


@pytest.mark.parametrize(
    ("marks", "ended_by", "found"),
    [
        ([TIMED_OUT], "offline_join_timed_out", 1),
        ([("offline_join_applied", "entra_join", 5, None, ""), TIMED_OUT], "offline_join_timed_out", 0),
        ([("automatic_join_failed", "entra_join", 12, None, "")], "automatic_join_failed", 0),
    ],
)
def test_a_wait_for_the_offline_join_that_timed_out_without_one_is_a_blob_that_never_came(
    proofs, marks, ended_by, found
):
    rows = proofs(
        "HYBRID-BLOB-MISSING",
        marks=marks,
        runs=[(1, "entra_join", "failed", 1, 12, None, ended_by)],
        attempts=[("failed", "entra_join", "hybrid_join", 0, 13, None)],
    )
    assert rows.height == found


AWAITED = ("offline_join_awaited", "entra_join", 2, None, "")
APPLIED = ("offline_join_applied", "entra_join", 5, None, "")
UNREACHABLE = ("domain_unreachable", "entra_join", 12, NO_DC, "")


@pytest.mark.parametrize(
    ("marks", "rule"),
    [
        ([AWAITED, UNREACHABLE, TIMED_OUT], "HYBRID-BLOB-MISSING"),
        ([UNREACHABLE, TIMED_OUT], "HYBRID-DC-UNREACHABLE"),
        ([AWAITED, APPLIED, UNREACHABLE, TIMED_OUT], "HYBRID-DC-UNREACHABLE"),
        ([AWAITED, UNREACHABLE], "HYBRID-DC-UNREACHABLE"),
    ],
)
def test_a_wait_in_vain_is_no_missing_domain_controller_though_its_page_says_so(proofs, marks, rule):
    given = {
        "marks": marks,
        "runs": [(1, "entra_join", "failed", 1, 12, NO_DC, marks[-1][0])],
        "attempts": [("failed", "entra_join", "hybrid_join", 0, 13, NO_DC)],
    }
    rules = ("HYBRID-BLOB-MISSING", "HYBRID-DC-UNREACHABLE")
    assert [name for name in rules if proofs(name, **given).height] == [rule]


def unreached(key, code="0x80072EFD", mark="join_failed"):
    """A join whose end is a record of the join's log, number 1 of the same member."""
    return {
        "attempts": [("failed", "entra_join", "user_driven", 0, 60, code)],
        "runs": [(1, "entra_join", "failed", 10, 60, code, mark)],
        "marks": [(mark, "entra_join", 60, code, "{}")],
        "events": [(key, {"ExitCode": "-2147012867"}, 60, code)],
    }


@pytest.mark.parametrize(
    ("key", "item"),
    [
        ("udr:201", "discovery at enterpriseregistration.windows.net"),
        ("udr:204", "the join request at enterpriseregistration.windows.net"),
        ("udr:305", "the sign-in for the automatic join at login.microsoftonline.com"),
        ("ap:302", "the join at enterpriseregistration.windows.net"),
    ],
)
def test_a_join_that_met_no_connection_names_its_step_and_the_host_it_asked(world, key, item):
    tables, trace = world(**unreached(key))
    events = tables.events.with_columns(member=pl.lit("marks.evtx"))
    tables = Tables.of(tables.frames() | {"events": events})
    assert RULES["JOIN-UNREACHED"](tables, trace)["item"].to_list() == [item]
    found = find(tables, trace).findings.row(0, named=True)
    assert (found["rule"], found["role"]) == ("JOIN-UNREACHED", "cause")
    assert set(find(tables, trace).findings.filter(rule="ENTRA-JOIN-FAILED")["role"]) == {"consequence"}
    assert found["remedy"].startswith(f"For {item}: ")


@pytest.mark.parametrize(
    ("code", "mark", "found"),
    [
        ("0x80072F8F", "join_failed", 1),
        ("0x80072EE2", None, 1),
        ("0x80072EE2", "offline_join_timed_out", 0),
        ("0x80070774", "join_failed", 0),
        ("0x80190193", "join_failed", 0),
        (None, "join_failed", 0),
    ],
)
def test_a_service_that_answered_or_a_domain_that_was_waited_for_is_no_lost_connection(
    proofs, failure, code, mark, found
):
    given = failure("entra_join", code=code) if mark is None else unreached("udr:201", code, mark)
    assert proofs("JOIN-UNREACHED", **given).height == found


@pytest.mark.parametrize(
    ("who", "found"),
    [
        (("Executing Account Name", r"EXAMPLE\user, user@example.com"), 1),
        (("Executing Account Name", "WORKGROUP\\AP-0001$"), 0),
        (("Executing Account Name", r"NT AUTHORITY\SYSTEM"), 0),
        (("User Context", "SYSTEM"), 0),
        (("User Context", "UN-ELEVATED User"), 1),
    ],
)
def test_the_machines_own_account_never_has_a_users_token(proofs, who, found):
    joined = [("AzureAdJoined", "YES"), ("AzureAdPrt", "NO"), who]
    assert proofs("JOIN-NO-TOKEN", properties=joined).height == found


@pytest.mark.parametrize(
    ("code", "minute", "rule"),
    [
        ("0x801C001D", 45, "HYBRID-DC-UNREACHABLE"),
        ("0x801C001D", 44, "HYBRID-JOIN-FAILED"),
        ("0x801C001D", 75, "HYBRID-DC-UNREACHABLE"),
        ("0x801C001D", 76, "HYBRID-JOIN-FAILED"),
        ("0x801C003A", 60, "HYBRID-JOIN-FAILED"),
    ],
)
def test_what_could_not_be_read_from_a_domain_out_of_reach_is_not_called_missing(
    proofs, failure, code, minute, rule
):
    given = failure("entra_join", scenario="hybrid_join", code=code)
    given |= {"events": [("udr:334", {}, minute, None)]}
    found = {name: proofs(name, **given) for name in ("HYBRID-JOIN-FAILED", "HYBRID-DC-UNREACHABLE")}
    assert [name for name, rows in found.items() if rows.height] == [rule]
    assert found["HYBRID-DC-UNREACHABLE"]["code"].to_list() in ([], [None])
