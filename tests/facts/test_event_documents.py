"""A document is known by the same names by which it is read."""

from __future__ import annotations

import json

import polars as pl
import pytest

from autopilot_analysis.facts import event_documents, read_facts
from autopilot_analysis.facts.event_documents import are_event_documents, document_names, plain
from autopilot_analysis.readers.event_log.lists.event_documents import read_event_documents

PROVIDER = "Microsoft-Windows-AAD"


def document(**names):
    spelt = {"Provider": PROVIDER, "EventID": 1098, "Channel": f"{PROVIDER}/Operational"}
    return json.dumps(
        {**{names.get(name, name): value for name, value in spelt.items()}, "EventData": {"a": "b"}}
    )


@pytest.mark.parametrize("number", ["EventID", "event_id", "eventid", "EVENT_ID"])
@pytest.mark.parametrize("provider", ["Provider", "provider_name", "ProviderName"])
def test_every_spelling_of_a_known_name_is_known_and_read(number, provider):
    text = document(EventID=number, Provider=provider)
    assert are_event_documents(text)
    assert read_event_documents(text.encode()).rows["events"]["event_id"].to_list() == [1098]


def test_a_name_that_is_new_in_the_table_is_known_and_read(monkeypatch):
    assert not are_event_documents(document(EventID="EventCode"))
    rows = read_facts("event_document_names")
    new = pl.DataFrame([["eventcode", "event_id", "this project"]], schema=rows.columns, orient="row")
    document_names.cache_clear()
    monkeypatch.setattr(event_documents, "read_facts", lambda _: pl.concat([rows, new]))
    text = document(EventID="EventCode")
    assert are_event_documents(text)
    assert read_event_documents(text.encode()).rows["events"]["event_id"].to_list() == [1098]
    document_names.cache_clear()


@pytest.mark.parametrize(
    "text",
    [
        document(Provider="writer"),
        document(Channel="log"),
        document().replace('"EventData": {', '"data": {'),
        document().replace('{"a": "b"}', '"a"'),
        document().lstrip("{"),
    ],
    ids=["no provider", "no channel", "no data", "data that is no object", "no JSON"],
)
def test_what_lacks_a_name_is_no_record(text):
    assert not are_event_documents(text)


def test_a_name_of_the_table_is_its_plain_letters():
    assert all(plain(name) == name for name in document_names())
