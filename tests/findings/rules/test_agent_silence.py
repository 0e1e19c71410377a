"""Why the Intune agent hears nothing; every line is made up."""

from datetime import UTC, datetime, timedelta

import polars as pl
import pytest
from findings.rule_worlds import TIMED

from autopilot_analysis.facts import read_facts
from autopilot_analysis.findings import RULES, find
from autopilot_analysis.findings.rules.agent_silence import OTHERWISE, REQUESTS_REFUSED
from autopilot_analysis.tables import Tables

START = datetime(2026, 3, 2, 8, tzinfo=UTC)
FOUND = "Found {} MDM certificates from Local Computer Store."
REFUSED = (
    "[SendWebRequestInternal] Web Exception occurs when sending network request, non-retryable, the "
    "exception is System.Net.WebException: The remote server returned an error: ({}) Example."
)
WEB = "WebException in AggregateException. WebStatus: ProtocolError, StatusCode: {}, Message: it."
SENT = "The client health report was sent successfully. Done."
THROUGH = "[SendWebRequestInternal] Sending network request...  Current proxy is {}"
PROXY, OWN = "http://proxy.example.com:8080/", "https://example.msud01.manage.microsoft.com/"
DISTRUSTED = "Could not establish trust relationship for the SSL/TLS secure channel."
NO_CERTIFICATE, INTERCEPTED = "AGENT-NO-CERTIFICATE", "AGENT-TLS-INTERCEPTED"

IN_GERMAN = (
    "[SendWebRequestInternal] Web Exception occurs when sending network request, retryable, the exception is "
    "System.Net.WebException: Der Remoteserver hat einen Fehler zurückgegeben: ({}) Ungültiges Gateway."
)
ANSWERED = "[SendWebRequestInternal] Succeeded, client-request-id: 1, AfdRef:"


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


def answered(code, proxy=PROXY, words=REFUSED, **more):
    return check_ins(THROUGH.format(proxy), words.format(code), **more)


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


UNTIL = "Refreshed MDM device certificate, CN is CN=example, expiry is {} 7:12:44 AM"
EXPIRED = "AGENT-CERTIFICATE-EXPIRED"


@pytest.mark.parametrize(
    ("until", "found"),
    [
        ("9/2/2025", 1),
        ("2/28/2026", 1),
        ("28.02.2026", 1),
        ("2026-02-28", 1),
        ("3/1/2026", 0),
        ("1/3/2026", 0),
        ("2/5/2026", 0),
        ("9/2/2026", 0),
        ("31/31/2025", 0),
    ],
    ids=[
        "last year", "two days ago", "in German", "year first", "yesterday", "yesterday the other way",
        "ahead the other way", "ahead", "no day",
    ],
)  # fmt: skip
def test_a_certificate_is_over_where_each_reading_of_its_day_is_past(asked, until, found):
    findings = asked(EXPIRED, (0, UNTIL.format(until))).findings
    assert findings.select("item", "severity").rows() == [(until, "high")] * found


@pytest.mark.parametrize(
    "records",
    [[(5, UNTIL.format("9/2/2027"))], [(5, SENT)], [(5, ANSWERED)]],
    ids=["a new one", "a report got through", "a request got through"],
)
def test_an_agent_with_a_new_certificate_or_that_is_heard_is_well(asked, records):
    assert asked(EXPIRED, (0, UNTIL.format("9/2/2025")), *records).findings.is_empty()


def test_a_certificate_that_was_over_in_a_failed_attempt_is_critical(world):
    lines = [("info", UNTIL.format("9/2/2025"), 20)]
    found = find(*world(**TIMED, lines=lines), rules={EXPIRED: RULES[EXPIRED]}).findings
    assert found["severity"].to_list() == ["critical"]


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
    both = ((NO_CERTIFICATE, without()), (INTERCEPTED, through(PROXY)), (OTHERWISE, answered(503)))
    for rule, records in both:
        found = asked(rule, *records, installs=[app(minute)]).findings
        assert (found.height == 1) is silent


@pytest.mark.parametrize(
    ("records", "rule", "item"),
    [
        (answered(407), "AGENT-PROXY-PASSWORD", "HTTP 407, through http://proxy.example.com:8080"),
        (answered(403, OWN), "AGENT-FORBIDDEN", f"HTTP 403, at {OWN.rstrip('/')}"),
        (answered(502, words=IN_GERMAN), "AGENT-GATEWAY", "HTTP 502, through http://proxy.example.com:8080"),
        (check_ins("statuscode is 504"), "AGENT-GATEWAY", "HTTP 504"),
        (check_ins(f"Found {WEB.format('ProxyAuthenticationRequired')}"), "AGENT-PROXY-PASSWORD", "HTTP 407"),
        (answered(404, OWN), "AGENT-REQUESTS-REFUSED", f"HTTP 404, at {OWN.rstrip('/')}"),
    ],
)
def test_a_refusal_that_lasts_is_named_with_who_answers(asked, records, rule, item):
    found = asked(OTHERWISE, *records).findings
    assert found.select("rule", "role", "severity", "item").rows() == [(rule, "cause", "high", item)]


@pytest.mark.parametrize(
    "records",
    [
        answered(401),
        answered(407, number=REQUESTS_REFUSED - 1, pause=60),
        answered(407, pause=29),
        [*answered(407), (100, SENT)],
        [*answered(407), (100, ANSWERED)],
        [(0, REFUSED.format(407)), (1, ANSWERED), *answered(407, since=2, number=2, pause=60)],
        [*answered(407, number=2, pause=60), (90, REFUSED.format(503))],
        check_ins("statuscode is 204"),
    ],
    ids=[
        "of the device itself", "too few", "within an hour", "a report got through", "a request got through",
        "one slip of before", "of two kinds", "no refusal",
    ],
)  # fmt: skip
def test_a_refusal_of_a_moment_or_that_another_rule_tells_is_none_that_lasts(asked, records):
    assert asked(OTHERWISE, *records).findings.is_empty()


def test_a_slip_long_before_hides_no_refusal_that_lasts_since(asked):
    records = [(0, REFUSED.format(407)), (1, ANSWERED), *answered(407, since=10)]
    assert asked(OTHERWISE, *records).findings["rule"].to_list() == ["AGENT-PROXY-PASSWORD"]


def test_the_refusals_of_two_proxies_are_two_findings(asked):
    second = answered(407, "http://second.example.com:8080", since=200)
    assert asked(OTHERWISE, *answered(407), *second).findings.height == 2


def test_a_refusal_is_quoted_with_what_it_means(asked):
    quotes = asked(OTHERWISE, *answered(502)).evidence["quote"]
    assert quotes[0] == "answered with HTTP 502: bad gateway, through http://proxy.example.com:8080 (3 times)"


def test_each_refusal_explains_a_page_whose_provider_never_came():
    explains = read_facts("explains").filter(pl.col("consequence") == "ESP-PROVIDER-STALLED")
    assert set(read_facts("http_refusals")["rule"]) | {OTHERWISE} <= set(explains["cause"])


@pytest.mark.parametrize(
    ("pause", "since", "story", "found"),
    [(7.5, 20, TIMED, 1), (7.4, 20, TIMED, 0), (7.5, 61, TIMED, 0), (7.5, 20, {}, 0)],
    ids=["a quarter of an hour", "less", "after the page", "no page"],
)
def test_while_the_page_waits_a_quarter_of_an_hour_is_long(world, pause, since, story, found):
    refused = [("error", text, minute) for minute, text in answered(407, pause=pause, since=since)]
    rules = {OTHERWISE: RULES[OTHERWISE]}
    assert find(*world(**story, lines=refused), rules=rules).findings.height == found


def test_the_first_and_the_last_refusal_are_shown(asked):
    evidence = asked(INTERCEPTED, *through(PROXY, number=9)).evidence
    assert evidence["at"].max() == START + timedelta(minutes=240)
    assert evidence.height == 3


def test_each_of_both_says_more_than_the_refusal_alone():
    implied = set(read_facts("implies").select("rule", "implied").rows())
    assert {(NO_CERTIFICATE, "AGENT-REFUSED"), (INTERCEPTED, "AGENT-TLS-REFUSED")} <= implied
