"""The search: one fact is one finding, a consequence follows its cause, the loud ones stay apart."""

import polars as pl
import pytest

from autopilot_analysis.findings import find
from autopilot_analysis.findings.rule import OWN_WORDS, PROOF
from autopilot_analysis.findings.search import ALIKE_APART, LISTED, LOCAL_WORDS, LONGEST_QUOTE, UNDATED_WORDS
from autopilot_analysis.findings.words import NOT_STATED
from autopilot_analysis.tables import Tables

CAUSE, CONSEQUENCE = "NETWORK-NO-INTERNET", "PROFILE-DOWNLOAD-FAILED"


def proofs(*given, **every):
    """A rule that finds these proofs, whatever it is asked."""
    plain = {"device": "D", "member": "a.evtx", "quote": "", "severity": "warning"} | every
    rows = [{**dict.fromkeys(PROOF), **plain, "record": n, **row} for n, row in enumerate(given, 1)]
    frame = pl.DataFrame(rows, schema=PROOF)
    return lambda tables, trace: frame


def roles(world, cause, consequence):
    rules = {CAUSE: proofs(cause), CONSEQUENCE: proofs(consequence)}
    found = find(*world(), rules=rules).findings
    return dict(found.select("rule", "role").rows())


@pytest.mark.parametrize(
    ("cause", "consequence", "role"),
    [
        ({"attempt": 1}, {"attempt": 1}, "consequence"),
        ({"attempt": 1}, {"attempt": 2}, "cause"),
        ({"attempt": 1}, {}, "consequence"),
        ({}, {"attempt": 1}, "consequence"),
        ({}, {}, "consequence"),
        ({"attempt": 1, "severity": "info"}, {"attempt": 1}, "cause"),
    ],
)
def test_a_finding_is_explained_in_the_same_attempt_or_where_no_attempt_is_known(
    world, cause, consequence, role
):
    assert roles(world, cause, consequence)[CONSEQUENCE] == role


def test_equal_proofs_are_one_finding_of_all_their_attempts(world):
    rule = proofs(*({"attempt": n, "code": "0x80180014"} for n in (1, 2, 2, 3)))
    found = find(*world(), rules={"MDM-ENROLLMENT-REFUSED": rule})
    (row,) = found.findings.iter_rows(named=True)
    assert (row["attempt"], row["title"].endswith("(0x80180014), in 3 attempts")) == (None, True)
    assert found.evidence["attempt"].to_list() == [1, 2, 2, 3]


def test_a_proof_without_a_code_takes_that_of_its_kin(world):
    rule = proofs({"item": "app", "code": "0x80070643"}, {"item": "app"}, {"item": "other"})
    found = find(*world(), rules={"ESP-APP-FAILED": rule}).findings
    assert sorted(found["code"].to_list(), key=str) == ["0x80070643", None]


@pytest.mark.parametrize(("count", "left"), [(ALIKE_APART, 3), (ALIKE_APART + 1, 1)])
def test_few_loud_findings_that_differ_in_their_item_stay_apart(world, count, left):
    rule = proofs(*({"item": f"app {n}"} for n in range(count)))
    assert find(*world(), rules={"ESP-APP-FAILED": rule}).findings.height == left


def test_a_folded_finding_names_ten_of_its_items(world):
    rule = proofs(*({"item": f"app {n:02}"} for n in range(LISTED + 1)))
    (found,) = find(*world(), rules={"ESP-APP-FAILED": rule}).findings.iter_rows(named=True)
    assert "11 of them: app 00, app 01" in found["title"]
    assert found["title"].endswith("app 09 and others")


@pytest.mark.parametrize("own", [{"title": "Mine"}, None], ids=["words without a weight", "no words"])
def test_a_rule_of_ones_own_gets_what_it_does_not_state_in_one_place(world, monkeypatch, own):
    stated = {"severity": "high", "confidence": "0.25", "role": "consequence"}
    for name, value in stated.items():
        monkeypatch.setitem(NOT_STATED, name, value)
    if own:
        monkeypatch.setitem(OWN_WORDS, "OWN-RULE", own)
    rule = proofs({"code": "0x80180014"}, severity=None)
    found = find(*world(), rules={"OWN-RULE": rule}).findings
    assert found.select("severity", "confidence").rows() == [("high", 0.25)]


def test_a_quote_is_cut_after_eight_hundred_characters(world):
    found = find(*world(), rules={CAUSE: proofs({"quote": "x" * 900})})
    assert found.evidence["quote"].str.len_chars().to_list() == [LONGEST_QUOTE] == [800]


def test_causes_come_first_and_the_severest_of_them(world):
    rules = {
        CAUSE: proofs({"severity": "warning"}),
        CONSEQUENCE: proofs({"severity": "critical"}),
        "ESP-OFF": proofs({"severity": "info"}),
        "MDM-ENROLLMENT-REFUSED": proofs({"severity": "critical"}),
    }
    found = find(*world(), rules=rules).findings
    assert found["rule"].to_list() == ["MDM-ENROLLMENT-REFUSED", CAUSE, CONSEQUENCE, "ESP-OFF"]
    assert found["id"].to_list() == [1, 2, 3, 4]


@pytest.mark.parametrize(
    ("failed", "waited", "cause", "left"),
    [
        ({}, {}, None, {"ESP-WAITED-FOR"}),
        ({"code": "0x800705B4"}, {}, None, {"ESP-WAITED-FOR", "STAGE-FAILED"}),
        ({"attempt": 2}, {}, None, {"ESP-WAITED-FOR", "STAGE-FAILED"}),
        ({}, {"severity": "info"}, None, {"ESP-WAITED-FOR", "STAGE-FAILED"}),
        ({}, {}, {"attempt": 1}, {CAUSE}),
    ],
)
def test_what_was_waited_for_says_more_than_a_failed_stage_without_a_code_and_less_than_a_cause(
    world, failed, waited, cause, left
):
    rules = {
        "STAGE-FAILED": proofs({"attempt": 1, "severity": "high"} | failed),
        "ESP-WAITED-FOR": proofs({"attempt": 1, "severity": "high"} | waited),
    } | ({CAUSE: proofs(cause)} if cause else {})
    assert set(find(*world(), rules=rules).findings["rule"]) == left


def test_of_equally_severe_causes_that_of_the_last_attempt_comes_first(world):
    rules = {
        "ESP-APP-FAILED": proofs(
            {"attempt": 1, "item": "old"}, {"attempt": 2, "item": "new"}, severity="high"
        ),
        CAUSE: proofs({"attempt": 1, "severity": "critical"}),
    }
    assert find(*world(), rules=rules).findings["item"].to_list() == [None, "new", "old"]


def test_what_was_waited_for_leads_only_in_place_of_a_failed_stage(world):
    waited = {"ESP-WAITED-FOR": proofs({"attempt": 1, "severity": "high"})}
    failed = {"STAGE-FAILED": proofs({"attempt": 1, "severity": "high"})}
    assert find(*world(), rules=waited | failed).findings["role"].to_list() == ["consequence"]
    assert find(*world(), rules=waited).findings["role"].to_list() == ["context"]


@pytest.mark.parametrize(
    ("rule", "repeated", "severity"),
    [
        ("KNOWN-AP-20", {"code": "0x801C03F3", "attempt": 1}, "info"),
        ("CHECK-CF11", {"code": "0x801C03F3", "attempt": 1}, "info"),
        ("KNOWN-AP-20", {"code": "0x801C03F3"}, "info"),
        ("KNOWN-AP-20", {"code": "0x801C03F3", "attempt": 2}, "warning"),
        ("KNOWN-AP-20", {"code": "0x80180014", "attempt": 1}, "warning"),
        ("KNOWN-AP-20", {"attempt": 1}, "warning"),
        ("NETWORK-N7", {"code": "0x801C03F3", "attempt": 1}, "warning"),
    ],
)
def test_a_known_issue_that_has_nothing_but_the_code_of_the_cause_is_no_finding_of_its_own(
    world, rule, repeated, severity
):
    cause = proofs({"code": "0x801C03F3", "attempt": 1}, severity="critical")
    rules = {"ENTRA-JOIN-FAILED": cause, rule: proofs(repeated)}
    found = find(*world(), rules=rules).findings
    assert found.filter(rule=rule)["severity"].to_list() == [severity]


@pytest.mark.parametrize(
    ("record", "words"),
    [
        (1, "Its records carry the device's own time without a zone"),
        (2, "That it belongs to this attempt is inferred from its place"),
    ],
)
def test_a_log_line_without_a_zone_carries_a_time_all_the_same(world, record, words):
    tables, trace = world(lines=[("info", "a"), ("info", "b")])
    first = pl.when(pl.col("record") == 1).then(pl.lit("2026-02-18 08:04").str.to_datetime())
    lines = tables.log_lines.with_columns(written_at=first.cast(pl.Datetime("us")))
    tables = Tables.of({**tables.frames(), "log_lines": lines})
    given = {"attempt": 1, "member": "agent.log", "record": record, "severity": "high"}
    found = find(tables, trace, rules={CAUSE: proofs(given)}).findings
    assert words in found["meaning"][0]


@pytest.mark.parametrize(
    ("rule", "code", "begins", "page"),
    [
        ("ESP-CERTIFICATE-FAILED", "0x80091006", "Mend the SCEP server's answer", "RFC 8894"),
        ("ESP-CERTIFICATE-FAILED", "0x801901F7", "Check the certificate profile", "Microsoft: Enrollment"),
        ("ESP-CERTIFICATE-FAILED", None, "Check the certificate profile", "Microsoft: Enrollment"),
        ("ESP-APP-FAILED", "0xC0000135", "Bring the Microsoft Visual C++", "winget-cli: issues"),
    ],
)
def test_a_remedy_comes_with_the_page_it_stands_on_be_it_the_rules_or_the_codes(
    world, rule, code, begins, page
):
    found = find(*world(), rules={rule: proofs({"code": code, "attempt": 1}, stage="device_setup")}).findings
    assert found["remedy"][0].startswith(begins)
    assert found["page"][0].startswith(page)


@pytest.mark.parametrize(
    ("other", "stays"),
    [
        ({"code": "0x801C03F2"}, False),
        ({"code": "0x801C0003"}, True),
        ({"code": "0x801C03F2", "severity": "info"}, True),
    ],
)
def test_a_page_that_somebody_wrote_down_gives_way_to_a_record_with_its_code(world, other, stays):
    page = {"code": "0x801C03F2", "severity": "critical"}
    rules = {"PAGE-JOIN-FAILED": proofs(page), "HELLO-KEY-REFUSED": proofs(other)}
    found = find(*world(), rules=rules).findings
    assert ("PAGE-JOIN-FAILED" in found["rule"].to_list()) == stays


def on_own_clock(world, *, dated):
    """A world with one event in local time without a zone, with the instant as written or without one."""
    tables, trace = world(events=[("dm:71", {}, 60, None)])
    events = tables.events.with_columns(
        at="at" if dated else pl.lit(None, tables.events.schema["at"]),
        clock=pl.lit("unknown", tables.events.schema["clock"]),
    )
    return Tables.of({**tables.frames(), "events": events}), trace


@pytest.mark.parametrize(
    ("dated", "item"), [(True, "2 times from 1 to 2"), (False, "2 times from 1 to 2 UTC")]
)
def test_what_a_finding_is_about_claims_no_zone_where_nothing_tells_it(world, dated, item):
    rule = proofs({"item": "2 times from 1 to 2 UTC"})
    found = find(*on_own_clock(world, dated=dated), rules={CAUSE: rule}).findings
    assert found["item"].to_list() == [item]


@pytest.mark.parametrize(("member", "said"), [("export.evtx", LOCAL_WORDS), ("other.csv", UNDATED_WORDS)])
def test_a_listed_event_without_an_instant_shows_the_device_s_own_clock(world, member, said):
    rule = proofs({"attempt": 1, "member": member})
    found = find(*on_own_clock(world, dated=False), rules={CAUSE: rule}).findings
    assert found["meaning"][0].endswith(said)


@pytest.mark.parametrize(
    ("attempt", "severity", "left"),
    [(None, "info", 1), (1, "warning", 2), (1, "info", 1), (None, "warning", 1)],
)
def test_a_fact_of_the_device_says_again_what_is_quiet_in_an_attempt_and_nothing_loud(
    world, attempt, severity, left
):
    rules = {
        "CLOCK-STEPPED": proofs({"attempt": None, "severity": "info"}),
        "CHECK-CF18": proofs({"attempt": attempt, "severity": severity}),
    }
    assert find(*world(), rules=rules).findings.height == left
