"""The agent's own health, told with the weight it has; every line is made up."""

from datetime import UTC, datetime, timedelta

import polars as pl
import pytest

from autopilot_analysis.findings import RULES, find
from autopilot_analysis.findings.rules.agent import RECORDS_CITED, TOKEN_WAIT
from autopilot_analysis.tables import Tables

GOOD = [("succeeded", None, "user_driven", 0, 60, None)]
START = datetime(2026, 3, 2, 8, tzinfo=UTC)
SENT = "The client health report was sent successfully. Done."
WEB = "Found WebException in AggregateException. WebStatus: ProtocolError, StatusCode: Unauthorized, "
REFUSED = (
    "Failed to get AAD token. len = 34 using client id 11111111-2222-4333-8444-555555555555 and resource id "
    "99999999-8888-4777-8666-555555555555, errorCode = 3399548929"
)
GOT = "Successfully get the token with client id 11111111-2222-4333-8444-555555555555"


def only(rule, tables, trace):
    return find(tables, trace, rules={rule: RULES[rule]})


def test_the_service_that_answers_with_401_weighs_more_while_nothing_got_through_afterwards(world):
    rules = ("AGENT-REFUSED", "AGENT-REFUSED-ONCE")
    for lines, rule, severity in (
        ([WEB, SENT], rules[1], "info"),
        ([WEB, WEB, SENT, WEB], rules[1], "info"),
        ([SENT, WEB, WEB], rules[0], "warning"),
        ([WEB], rules[0], "warning"),
    ):
        given = world(attempts=GOOD, lines=[("info", line) for line in lines])
        found = find(*given, rules={name: RULES[name] for name in rules}).findings
        assert found.select("rule", "severity").rows() == [(rule, severity)]
        assert (found["remedy"][0] is None) is (rule == rules[1])


@pytest.mark.parametrize(
    ("session", "rule"),
    [
        (("dm:209", {}, 15 * 60, None), "AGENT-REFUSED-ONCE"),
        (("dm:209", {}, 13 * 60, None), "AGENT-REFUSED"),
        (("dm:209", {"HRESULT": "0x80072EE2"}, 15 * 60, "0x80072EE2"), "AGENT-REFUSED"),
    ],
)
def test_a_device_whose_session_ended_well_later_is_not_refused(world, session, rule):
    tables, trace = world(attempts=GOOD, lines=[("info", WEB)] * 3, events=[session])
    lines = tables.log_lines.with_columns(at=pl.lit(START))
    given = Tables.of(tables.frames() | {"log_lines": lines})
    rules = ("AGENT-REFUSED", "AGENT-REFUSED-ONCE")
    assert find(given, trace, rules={name: RULES[name] for name in rules}).findings["rule"].to_list() == [
        rule
    ]


def test_a_device_whose_agent_got_a_token_later_is_not_refused(world):
    tables, trace = world(attempts=GOOD, lines=[("info", WEB), ("info", WEB), ("info", GOT)])
    at = pl.Series([START, START, START + timedelta(hours=15)], dtype=pl.Datetime("us", "UTC"))
    given = Tables.of(tables.frames() | {"log_lines": tables.log_lines.with_columns(at=at)})
    assert only("AGENT-REFUSED", given, trace).findings.is_empty()


def test_many_refusals_are_counted_and_few_are_shown(world):
    found = only("AGENT-REFUSED", *world(attempts=GOOD, lines=[("info", WEB)] * 7))
    assert found.evidence["quote"].to_list() == ["401, unauthorized (7 times)"] * RECORDS_CITED


@pytest.fixture
def tokens(world):
    """Return whether the rule fires for (minutes, message) records; the user's phase ran unless told."""

    def fires(*records, stage="account_setup"):
        runs = [(1, stage, "succeeded", 0, 60, None, None)]
        tables, trace = world(attempts=GOOD, runs=runs, lines=[("info", text) for _, text in records])
        at = pl.Series(
            [START + timedelta(minutes=minutes) for minutes, _ in records], dtype=pl.Datetime("us", "UTC")
        )
        lines = tables.log_lines.with_columns(at=at)
        found = only("AGENT-TOKEN-REFUSED", Tables.of(tables.frames() | {"log_lines": lines}), trace)
        return found.findings["code"].to_list()

    return fires


def test_a_token_refused_for_half_an_hour_and_more_is_told_with_its_code(tokens):
    wait = TOKEN_WAIT.total_seconds() / 60
    assert tokens((0, REFUSED), (wait + 1, GOT)) == ["0xCAA10001"]
    assert tokens((0, REFUSED), (wait, GOT)) == []


def test_a_log_that_ends_too_soon_proves_no_lasting_refusal(tokens):
    assert tokens((0, REFUSED), (10, REFUSED)) == []


def test_a_refused_token_before_any_user_is_routine(tokens):
    assert tokens((0, REFUSED), (60, REFUSED), stage="device_setup") == []


@pytest.mark.parametrize(
    ("lines", "attempts", "codes"),
    [
        ([REFUSED], (), ["0xCAA10001"]),
        ([GOT, REFUSED, REFUSED], (), ["0xCAA10001"]),
        ([REFUSED, GOT], (), []),
        ([GOT], (), []),
        ([REFUSED], GOOD, []),
    ],
)
def test_in_a_piece_of_a_log_the_refusal_without_a_later_token_is_told_with_its_code(
    world, lines, attempts, codes
):
    rows = [("info", text, minute) for minute, text in enumerate(lines)]
    found = only("AGENT-TOKEN-REFUSED-ALONE", *world(attempts=attempts, lines=rows))
    assert found.findings["code"].to_list() == codes
    assert set(found.findings["severity"]) <= {"info"}


USER_CHECK = "AAD User check using device check in app is failed, now fallback to the Graph audience. ex = x"
OOBE, FOO = "After impersonation: LAPTOP-1\\defaultuser0", "After impersonation: fooUser@example.com"
PERSON = "After impersonation: CONTOSO\\ada"


@pytest.mark.parametrize(
    ("lines", "rule"),
    [
        ([USER_CHECK, OOBE, REFUSED], "AGENT-BEFORE-SIGN-IN"),
        ([OOBE, REFUSED, REFUSED], "AGENT-BEFORE-SIGN-IN"),
        ([REFUSED, OOBE, REFUSED], "AGENT-BEFORE-SIGN-IN"),
        ([FOO, REFUSED], "AGENT-BEFORE-SIGN-IN"),
        ([OOBE, REFUSED, PERSON, GOT], "AGENT-BEFORE-SIGN-IN"),
        ([OOBE, REFUSED, PERSON, REFUSED], "AGENT-TOKEN-REFUSED-ALONE"),
        ([PERSON, REFUSED], "AGENT-TOKEN-REFUSED-ALONE"),
        ([REFUSED], "AGENT-TOKEN-REFUSED-ALONE"),
    ],
)
def test_no_token_in_a_session_before_any_sign_in_is_no_failure(world, lines, rule):
    rows = [("error" if text == USER_CHECK else "info", text, minute) for minute, text in enumerate(lines)]
    tables, trace = world(lines=rows)
    names = ("AGENT-BEFORE-SIGN-IN", "AGENT-TOKEN-REFUSED-ALONE")
    found = find(tables, trace, rules={name: RULES[name] for name in names}).findings
    assert found.select("rule", "severity", "code").rows() == [(rule, "info", "0xCAA10001")]


def test_no_token_of_the_first_account_is_no_refusal_of_the_users_in_an_attempt_either(tokens):
    assert tokens((0, OOBE), (1, REFUSED), (60, REFUSED)) == []
    assert tokens((0, PERSON), (1, REFUSED), (60, REFUSED)) == ["0xCAA10001"]


DENIED = REFUSED.replace("3399548929", "3399614476")
GRANT = REFUSED.replace("3399548929", "3399614467")


@pytest.mark.parametrize(
    ("lines", "codes"),
    [
        ([REFUSED, PERSON, DENIED, DENIED, DENIED], ["0xCAA2000C"]),
        ([GOT, PERSON, GRANT, GRANT, GRANT], ["0xCAA20003"]),
        ([PERSON, DENIED, DENIED], []),
        ([PERSON, DENIED, DENIED, DENIED, GOT], []),
        ([DENIED, DENIED, DENIED, PERSON], []),
        ([OOBE, DENIED, DENIED, DENIED], []),
        ([PERSON, REFUSED, REFUSED, REFUSED], []),
    ],
)
def test_a_token_of_who_signed_in_is_denied_where_it_is_asked_for_in_vain_again_and_again(
    world, lines, codes
):
    rows = [("info", text, minute) for minute, text in enumerate(lines)]
    found = only("AGENT-TOKEN-DENIED", *world(lines=rows)).findings
    assert found["code"].to_list() == codes
    assert set(found["severity"]) <= {"warning"}


def test_the_routine_refusal_is_not_told_beside_the_one_that_lasts(world):
    check = "AAD User check is failed, exception is x"
    rows = [("info", text, minute) for minute, text in enumerate([REFUSED, PERSON, *[DENIED] * 3])]
    tables, trace = world(lines=[*rows, ("error", check, 9)])
    found = find(tables, trace)
    assert [r for r in found.findings["rule"] if r.startswith("AGENT-TOKEN")] == ["AGENT-TOKEN-DENIED"]
    assert check[:24] in found.evidence["quote"].to_list()
