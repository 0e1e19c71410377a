from __future__ import annotations

import json

import pytest

from autopilot_analysis import quoting


@pytest.mark.parametrize(
    ("quote", "text"),
    [
        ('{"HRESULT":"0x80180014","User":null,"N":0}', "HRESULT: 0x80180014; N: 0"),
        (
            '{"Name":"Page","Value":"{\\"message\\":\\"Time out\\",\\"n\\":[1,2]}"}',
            "Name: Page; message: Time out; n: 1; n: 2",
        ),
        ('{"A":"one","B":"cut he', "A: one; B: cut he"),
        (r'{"A":"first line\nC:\\new\r\ncut he', r"A: first line C:\\new  cut he"),
        ("AzureAdPrt: NO", "AzureAdPrt: NO"),
        ("two\n  lines", "two lines"),
        ("{not json at all", "{not json at all"),
    ],
)
def test_a_record_reads_as_its_fields(quote, text):
    assert quoting.fields(quote) == text


def test_only_sentences_are_a_service_own_words():
    quote = '{"Path":"C:\\\\a b\\\\c","Code":"0x1","Text":"The device may not enroll.","Word":"NotSupported"}'
    assert quoting.statements(quote) == ["The device may not enroll."]


def test_what_a_server_answered_in_a_message_is_told_without_the_words_before_it():
    answer = '{"subcode":"error_missing_device","message":"The device object is not found."}'
    text = json.dumps({"Message": f"Joining failed.\nServer response was: {answer}"})
    assert quoting.statements(text) == ["The device object is not found."]
    assert quoting.fields(text) == (
        "Message: Joining failed. Server response was; subcode: error_missing_device; "
        "message: The device object is not found."
    )
    assert quoting.fields('{"Message":"no {JSON} at all"}') == "Message: no {JSON} at all"


def test_words_around_an_answer_that_states_nothing_are_all_there_is():
    around = "The call of the service failed with this answer: "
    assert quoting.statements(json.dumps({"Text": around + '{"code":"x"}'})) == [around.rstrip(": ")]


def test_a_long_message_keeps_its_result():
    text = f"Command failure status. {'x' * 300} Result: (The request is not supported.)."
    assert quoting.shortened(text, 120).endswith("Result: (The request is not supported.).")
    assert len(quoting.shortened(text, 120)) <= 123
    assert quoting.shortened("short", 120) == "short"


def test_marks_of_direction_are_spelt_out():
    assert quoting.visible("a\u200eb\u200fc") == r"a\u200eb\u200fc"


def test_a_sentence_has_four_words_or_more():
    assert quoting.statements('{"a": "Three short words", "b": "Four words stand here"}') == [
        "Four words stand here"
    ]


@pytest.mark.parametrize(
    ("quote", "said"),
    [
        ('{"message": "Tenant unknown"}', ["Tenant unknown"]),
        ('{"error_description": "No such licence."}', ["No such licence."]),
        ('{"status": "Tenant unknown"}', []),
        ('{"Message1": "Tenant unknown"}', []),
        ('{"message": "Unknown"}', []),
        ('{"message": "Step 4 done"}', []),
    ],
)
def test_a_field_that_is_meant_for_people_may_be_two_words_short(quote, said):
    assert quoting.statements(quote) == said


def test_a_text_is_cut_to_its_length_and_a_list_to_its_first_names():
    assert (quoting.cut("four", 4), quoting.cut("fives", 4)) == ("four", "fiv…")
    assert (quoting.first_of(["a", "b"], 2), quoting.first_of(["a", "b", "c"], 2)) == ("a, b", "a, b, …")
    assert quoting.in_quotes("the cap is reached") == "“the cap is reached”"


OWN_ID = "0f000000-1111-4222-8333-444455556666"


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("<s:Reason><s:Text xml:lang='en'>Not supported.</s:Text></s:Reason>", "Not supported."),
        ("Not accepted.\n---------\n=====", "Not accepted."),
        (f"It is blocked. Trace ID: {OWN_ID} Correlation ID (request): {OWN_ID}", "It is blocked."),
        (f"Denied. Request: authority: https://login.corp.example/{'a' * 90}\n------", "Denied."),
        (f"Request: POST https://login.corp.example/{'a' * 90} Error: denied", "Error: denied"),
        ("Denied. Logged at token.cpp, line: 103, method: Token::Acquire.", "Denied."),
        ("*****", ""),
    ],
)
def test_what_is_none_of_a_servers_words_is_not_quoted(written, plain):
    assert quoting.in_plain_words(written) == plain


@pytest.mark.parametrize(
    "words",
    [
        "The device is known as a < b and b > c.",
        "a -- b",
        "Request: GET /x Error: no",
        f"The tenant {OWN_ID} is not known.",
        "See https://login.corp.example/a-b for more",
        f"wait{'.' * 20}",
    ],
)
def test_words_ids_and_addresses_of_a_sentence_stay(words):
    assert quoting.in_plain_words(words) == words
