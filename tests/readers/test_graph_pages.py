import json

import pytest

from autopilot_analysis.errors import NotThisFormat
from autopilot_analysis.readers.graph_pages import read_graph_pages


def event(serial, day, state, **more):
    return {
        "id": f"{serial}-{day}",
        "deviceSerialNumber": serial,
        "deploymentState": state,
        "deploymentStartDateTime": f"2026-03-{day:02}T08:00:00Z",
        "osVersion": "10.0.22631.3447",
    } | more


def page(*events, link=False):
    document = {"@odata.nextLink": "https://graph.example.com/next"} if link else {}
    return json.dumps(document | {"value": list(events)}).encode()


@pytest.mark.parametrize(
    "nested", [{}, {"policyStatusDetails": [{"displayName": "A"}]}], ids=["flat", "nested"]
)
def test_a_retry_on_another_page_is_seen(nested):
    answers = read_graph_pages(
        {
            "1.json": page(event("SN-0001", 2, "failure", **nested), link=True),
            "2.json": page(event("SN-0001", 3, "success", **nested)),
        }
    )
    rows = answers["1.json"].rows["deployments"]
    assert rows["flags"].to_list()[0] == "failed_first_try_frozen"
    assert not answers["1.json"].unread
    assert not answers["2.json"].unread


def test_when_every_page_has_a_link_one_page_is_missing():
    answers = read_graph_pages(
        {f"{n}.json": page(event("SN-0001", n, "success"), link=True) for n in (1, 2, 3)}
    )
    assert [len(answer.unread) for answer in answers.values()] == [0, 0, 1]


def test_fifty_rows_on_the_last_of_linked_pages_are_no_gap():
    fifty = [event(f"SN-{n:04}", 2, "success") for n in range(50)]
    answers = read_graph_pages({"1.json": page(*fifty, link=True), "2.json": page(*fifty)})
    assert not answers["2.json"].unread
    assert read_graph_pages({"2.json": page(*fifty)})["2.json"].unread


def test_a_page_that_is_none_does_not_hurt_the_others():
    answers = read_graph_pages(
        {"1.json": b"<html>sign in</html>", "2.json": page(event("SN-0001", 2, "success"))}
    )
    assert isinstance(answers["1.json"], NotThisFormat)
    assert answers["2.json"].rows["deployments"].height == 1


def test_properties_nobody_knows_stay_with_their_own_page():
    answers = read_graph_pages(
        {f"{n}.json": page(event(f"SN-{n:04}", 2, "success", novelty=f"v{n}")) for n in (1, 2)}
    )
    assert [answers[f"{n}.json"].rows["properties"]["value"].to_list() for n in (1, 2)] == [["v1"], ["v2"]]
