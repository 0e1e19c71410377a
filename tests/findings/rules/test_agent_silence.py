"""Why the Intune agent hears nothing; every line is made up."""

from datetime import UTC, datetime, timedelta

import polars as pl
import pytest

from autopilot_analysis.facts import read_facts
from autopilot_analysis.findings import RULES, find
from autopilot_analysis.findings.rules.agent_silence import REQUESTS_REFUSED
from autopilot_analysis.tables import Tables

START = datetime(2026, 3, 2, 8, tzinfo=UTC)
FOUND = "Found {} MDM certificates from Local Computer Store."
REFUSED = (
    "[SendWebRequestInternal] Web Exception occurs when sending network request, non-retryable, the "
    "exception is System.Net.WebException: The remote server returned an error: ({}) Example."
)
SENT = "The client health report was sent successfully. Done."
THROUGH = "[SendWebRequestInternal] Sending network request...  Current proxy is {}"
PROXY, OWN = "http://proxy.example.com:8080/", "https://example.msud01.manage.microsoft.com/"
DISTRUSTED = "Could not establish trust relationship for the SSL/TLS secure channel."
NO_CERTIFICATE, INTERCEPTED = "AGENT-NO-CERTIFICATE", "AGENT-TLS-INTERCEPTED"


@pytest.fixture
def asked(world):
    """The findings of one rule about (minute, message) records, with the agent's items as wanted."""

    def ask(rule, *records, installs=()):
        tables, trace = world(lines=[("info", text) for _, text in records], installs=list(installs))
        at = pl.Series(
            [START + timedelta(minutes=minute) for minute, _ in records], dtype=pl.Datetime("us", "UTC")
        )
        lines = tables.log_lines.with_columns(at=at)
        return find(Tables.of(tables.frames() | {"log_lines": lines}), trace, rules={rule: RULES[rule]})

    return ask


def check_ins(*messages, number=REQUESTS_REFUSED, pause=30, since=0):
    return [(since + n * pause, text) for n in range(number) for text in messages]


def without(code=401, count=0, **more):
    return check_ins(FOUND.format(count), REFUSED.format(code), **more)


def through(proxy, **more):
    return check_ins(THROUGH.format(proxy), DISTRUSTED, **more)


def app(minute):
    began = START + timedelta(minutes=minute)
    return {"kind": "win32", "outcome": "succeeded", "started_at": began, "ended_at": began, "attempt": None}


def test_an_agent_that_finds_no_certificate_and_is_refused_lacks_the_certificate(asked):
    found = asked(NO_CERTIFICATE, *without()).findings
    assert found.select("role", "severity").rows() == [("cause", "high")]


@pytest.mark.parametrize(
    "records",
    [
        without(count=1),
        without(code=503),
        check_ins(FOUND.format(0)),
        [*without(), (100, FOUND.format(1))],
        [(0, REFUSED.format(401)), (1, FOUND.format(1)), *check_ins(FOUND.format(0), since=5)],
        without(number=REQUESTS_REFUSED - 1, pause=60),
        without(pause=29),
        [*without(), (100, SENT)],
    ],
    ids=[
        "it has one", "another answer", "no answer", "found later", "refused while it was there", "too few",
        "within an hour", "a report got through",
    ],
)  # fmt: skip
def test_a_refusal_of_another_kind_or_moment_is_no_lost_certificate(asked, records):
    assert asked(NO_CERTIFICATE, *records).findings.is_empty()


def test_a_proxy_that_the_agent_does_not_trust_again_and_again_is_named(asked):
    found = asked(INTERCEPTED, *through(PROXY)).findings
    assert found.select("role", "item").rows() == [("cause", "http://proxy.example.com:8080")]


@pytest.mark.parametrize(
    "records",
    [
        through(OWN),
        check_ins(DISTRUSTED),
        check_ins(THROUGH.format(PROXY)),
        through(PROXY, number=REQUESTS_REFUSED - 1, pause=60),
        through(PROXY, pause=29),
        [*through(PROXY), (100, SENT)],
    ],
    ids=["no proxy", "none named", "trusted", "too few", "within an hour", "a report got through"],
)
def test_distrust_without_a_proxy_or_of_one_moment_is_no_interception(asked, records):
    assert asked(INTERCEPTED, *records).findings.is_empty()


@pytest.mark.parametrize(("minute", "silent"), [(-5, True), (5, False), (90, False)])
def test_an_app_that_came_since_shows_that_the_agent_is_heard(asked, minute, silent):
    for rule, records in ((NO_CERTIFICATE, without()), (INTERCEPTED, through(PROXY))):
        found = asked(rule, *records, installs=[app(minute)]).findings
        assert (found.height == 1) is silent


def test_the_first_and_the_last_refusal_are_shown(asked):
    evidence = asked(INTERCEPTED, *through(PROXY, number=9)).evidence
    assert evidence["at"].max() == START + timedelta(minutes=240)
    assert evidence.height == 3


def test_each_of_both_says_more_than_the_refusal_alone():
    implied = set(read_facts("implies").select("rule", "implied").rows())
    assert {(NO_CERTIFICATE, "AGENT-REFUSED"), (INTERCEPTED, "AGENT-TLS-REFUSED")} <= implied
