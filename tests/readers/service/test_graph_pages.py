import json

import pytest

from autopilot_analysis.errors import NotThisFormat
from autopilot_analysis.readers.service import graph_pages
from autopilot_analysis.readers.service.graph_pages import GraphPages, read_graph_json


def read_graph_pages(pages):
    reader = GraphPages()
    for member, content in pages.items():
        reader.add(content, member)
    return reader.answers()


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
    reader = GraphPages()
    with pytest.raises(NotThisFormat, match="web page"):
        reader.add(b"<html>sign in</html>", "1.json")
    reader.add(page(event("SN-0001", 2, "success")), "2.json")
    assert {member: answer.rows["deployments"].height for member, answer in reader.answers().items()} == {
        "2.json": 1
    }


def told_by(pages):
    return [answer.rows["deployments"].rows() for answer in read_graph_pages(pages).values()]


def test_pages_read_one_by_one_tell_what_pages_read_at_once_tell(monkeypatch):
    states = ["failure", "success", "inProgress", "failure", "success", "success", "failure"]
    pages = {
        f"{n}.json": page(event("SN-0001", n + 1, state), event(f"SN-1{n:03}", 3, state), event("", 4, state))
        for n, state in enumerate(states)
    }
    at_once = told_by(pages)
    monkeypatch.setattr(graph_pages, "BATCH_ROWS", 1)
    assert told_by(pages) == at_once
    whole = json.dumps({"value": [each for p in pages.values() for each in json.loads(p)["value"]]})
    rows = read_graph_json(whole.encode()).rows["deployments"]
    place = rows.get_column_index("record")
    assert rows.drop("record").rows() == [
        (*row[:place], *row[place + 1 :]) for rows in at_once for row in rows
    ]
    assert rows["record"].to_list() == list(range(1, rows.height + 1))
    assert [[row[place] for row in rows] for rows in at_once] == [[1, 2, 3]] * len(pages)


def test_what_could_not_be_read_is_added_up_over_the_pages_and_told_once(monkeypatch):
    monkeypatch.setattr(graph_pages, "BATCH_ROWS", 1)
    answers = read_graph_pages(
        {
            f"{n}.json": page(event("SN-0001", n, "success", deviceSetupDuration="-PT2M", novelty="x"))
            for n in (1, 2, 3)
        }
    )
    told = [(gap.reason.partition(":")[0], gap.count) for gap in answers["1.json"].unread]
    assert told == [
        ("1 column of this autopilotEvents export is not known here", 1),
        ("negative durations in device setup", 3),
    ]
    assert not answers["2.json"].unread


def test_a_page_that_defeats_the_reader_is_its_own_answer(monkeypatch):
    whole = graph_pages.unfinished_rows

    def unfinished_rows(report, origin):
        if "SN-0002" in report.column("serial").to_list():
            raise ValueError("defeated")
        return whole(report, origin)

    monkeypatch.setattr(graph_pages, "unfinished_rows", unfinished_rows)
    answers = read_graph_pages({f"{n}.json": page(event(f"SN-{n:04}", 2, "success")) for n in (1, 2, 3)})
    assert isinstance(answers["2.json"], ValueError)
    assert [answers[name].rows["deployments"].height for name in ("1.json", "3.json")] == [1, 1]


def test_properties_nobody_knows_stay_with_their_own_page():
    answers = read_graph_pages(
        {f"{n}.json": page(event(f"SN-{n:04}", 2, "success", novelty=f"v{n}")) for n in (1, 2)}
    )
    assert [answers[f"{n}.json"].rows["properties"]["value"].to_list() for n in (1, 2)] == [["v1"], ["v2"]]
