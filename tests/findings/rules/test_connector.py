"""What the Intune Connector for Active Directory answered; every text is made up."""

import json

import pytest

from autopilot_analysis.facts import read_facts
from autopilot_analysis.findings.rules.connector import number_in_words
from autopilot_analysis.findings.search import LONGEST_QUOTE

FAMILY = "CONNECTOR-ANSWERS"
REASON = "An account with the same name exists. Re-using the account was blocked by security policy."


def answered(code="5", *messages, description="not allowed"):
    text = "Failed. " + " ".join(f'[Exception Message: "{message}"]' for message in messages)
    dimensions = {
        "RequestId": "0" * 60, "DeviceId": "0" * 60, "DomainName": "corp.example.com", "ErrorCode": code,
        "ErrorDescription": description, "InstanceId": "0" * 60, "DiagnosticCode": "0x00000800",
        "DiagnosticText": text,
    }  # fmt: skip
    body = json.dumps({"Metric": {"Dimensions": dimensions, "Name": "Example_Failure"}})
    return ("connector:30132", {"Data": [body]}, 30, None)


def test_the_reason_comes_first_however_long_the_text_before_it(proofs, failure):
    told = answered("2732", "Failed to call Example. " * 30, REASON)
    rows = proofs(FAMILY, events=[told], **failure("entra_join", scenario="hybrid_join"))
    assert rows["rule"].to_list() == ["CONNECTOR-NAME-TAKEN"]
    assert rows["item"].to_list() == [f"ErrorCode 2732, {REASON}"]
    assert rows["quote"][0][:LONGEST_QUOTE].startswith(f"ErrorCode 2732; {REASON}")


@pytest.mark.parametrize(
    ("code", "rule"), read_facts("domain_join_errors").select("code", "connector").drop_nulls().rows()
)
def test_each_error_that_is_known_has_its_own_reason(proofs, failure, code, rule):
    given = failure("entra_join", scenario="hybrid_join")
    assert proofs(FAMILY, events=[answered(code)], **given)["rule"].to_list() == [rule]


@pytest.mark.parametrize(
    ("event", "item", "quote"),
    [
        (answered("4711"), "ErrorCode 4711, not allowed", "ErrorCode 4711; not allowed; DiagnosticCode 0x0"),
        (("connector:30132", {"Data": "{torn"}, 30, None), None, '{"Data": "{torn"}'),
        (("connector:30132", {"ErrorDescription": "no"}, 30, None), "no", "no"),
    ],
    ids=["another number", "no JSON", "plain fields"],
)
def test_an_answer_that_is_not_known_is_quoted_as_a_refusal(proofs, failure, event, item, quote):
    rows = proofs(FAMILY, events=[event], **failure("entra_join", scenario="hybrid_join"))
    assert rows.select("rule", "item").rows() == [("CONNECTOR-REFUSED", item)]
    assert rows["quote"][0].startswith(quote)


def test_a_connector_without_its_address_is_not_refused_by_the_domain(proofs, failure):
    event = answered("5", "Failed to get a value for Key: OdjServiceBaseUrl", "The key was not present")
    given = failure("entra_join", scenario="hybrid_join")
    assert proofs(FAMILY, events=[event], **given)["rule"].to_list() == ["CONNECTOR-NO-ADDRESS"]
    read = answered("5", "OdjServiceBaseUrl is https://odj.example.com")
    assert proofs(FAMILY, events=[read], **given)["rule"].to_list() == ["CONNECTOR-REFUSED"]


def test_a_connector_says_nothing_of_a_device_that_joins_no_domain(proofs, failure):
    assert proofs(FAMILY, events=[answered("2732")], **failure("entra_join")).is_empty()


def test_the_log_of_the_connector_s_own_server_is_answered_without_a_device(proofs):
    pasted = json.dumps(
        {"Metric": {"Dimensions": {"ErrorCode": "2732", "ErrorDescription": REASON}}}, indent=1
    )
    rows = proofs(FAMILY, events=[("connector:30132", {"RenderedMessage": pasted}, 30, None)])
    assert rows.select("rule", "item").rows() == [("CONNECTOR-NAME-TAKEN", f"ErrorCode 2732, {REASON}")]


def test_every_reason_of_the_connector_explains_that_no_domain_join_came():
    explained = read_facts("explains").filter(read_facts("explains")["consequence"] == "HYBRID-BLOB-MISSING")
    assert set(read_facts("domain_join_errors")["connector"].drop_nulls()) <= set(explained["cause"])


@pytest.mark.parametrize(
    ("number", "words"),
    [
        ("5", "ErrorCode 5 (the account that joins may not create the account)"),
        ("8239", "ErrorCode 8239 (the directory does not allow this value)"),
        ("1355", "ErrorCode 1355"),
        ("4711", "ErrorCode 4711"),
    ],
)
def test_a_number_without_a_rule_of_its_own_is_put_into_words_where_it_is_known(number, words):
    assert number_in_words(number) == words
