from __future__ import annotations

import gzip
import json
import re

import numpy as np
import polars as pl
import pytest

from autopilot_analysis import wording
from autopilot_analysis.timeline import build_timeline
from autopilot_analysis.timeline.packing import CODED, IN_WORDS, pack_timeline
from autopilot_analysis.timeline.page import read_module

KINDS = {"f8": "<f8", "u1": "<u1", "u2": "<u2", "u4": "<u4"}


def unpacked(block):
    content = gzip.decompress(block)
    start = 4 + int.from_bytes(content[:4], "little")
    head = json.loads(content[4:start])
    arrays = {
        name: np.frombuffer(content, KINDS[kind], length, start + offset)
        for name, (kind, offset, length) in head["arrays"].items()
    }
    assert start % 8 == 0
    return head, arrays


@pytest.fixture(scope="module")
def first(timeline):
    return unpacked(pack_timeline(timeline, zone="Europe/Berlin").first)


def test_every_distinct_text_stands_once_and_every_row_finds_its_own(first, timeline):
    head, arrays = first
    for name in CODED:
        texts = head["lists"][name]
        assert len(texts) == len(set(texts))
        expected = timeline[name].cast(pl.String).fill_null("").to_list()
        assert [texts[place] for place in arrays[name]] == expected


def test_texts_come_in_the_second_block(timeline):
    head, arrays = unpacked(pack_timeline(timeline).rest)
    assert [head["lists"]["text"][place] for place in arrays["text"]] == timeline["text"].to_list()


def test_instants_are_differences_and_undated_rows_have_none(first, timeline):
    head, arrays = first
    dated = timeline["at"].drop_nulls()
    assert (head["rows"], head["dated"], head["zone"]) == (timeline.height, dated.len(), "Europe/Berlin")
    assert np.cumsum(arrays["at"]).astype(int).tolist() == dated.dt.epoch("us").to_list()


def test_spans_and_proofs_name_their_rows(first, timeline):
    _, arrays = first
    ends = timeline["ended_at"].dt.epoch("us").to_list()
    spans = dict(zip(arrays["span_row"].tolist(), arrays["span_end"].tolist(), strict=True))
    assert spans == {row: end for row, end in enumerate(ends) if end is not None}
    proofs = list(zip(arrays["proof_row"].tolist(), arrays["proof_of"].tolist(), strict=True))
    lists = enumerate(timeline["findings"].to_list())
    assert proofs == [(row, finding) for row, ids in lists for finding in ids]


def test_what_was_written_goes_along_only_where_it_differs(world):
    events = [
        world.event(1, 0, 160),
        world.event(2, 1, 161, recorded_at=world.at(9)),
        world.event(3, 2, 164, recorded_at=None),
    ]
    lines = [world.line(1, 3, "x", written_at=world.at(3).replace(tzinfo=None))]
    frames = {"events": world.frame("events", *events), "log_lines": world.frame("log_lines", *lines)}
    _, arrays = unpacked(pack_timeline(build_timeline(world.tables(frames))).first)
    start = int(world.at(0).timestamp() * 1e6)
    assert arrays["moved_row"].tolist() == [1, 2]
    assert arrays["moved_at"][0] == start + 9e6
    assert np.isnan(arrays["moved_at"][1])
    assert (arrays["local_row"].tolist(), arrays["local_at"].tolist()) == ([3], [start + 3e6])


def test_codes_bring_their_meaning(first):
    assert first[0]["meanings"]["0x80180014 mdm_enrollment"].startswith("MENROLL_E_")


def test_a_code_has_the_meaning_of_the_stage_of_its_row(timeline):
    code = "0x8007000D"
    stages = pl.Series("stage", ["entra_join", "device_setup"], dtype=timeline.schema["stage"])
    rows = timeline.head(2).with_columns(stages, code=pl.lit(code))
    meanings = unpacked(pack_timeline(rows).first)[0]["meanings"]
    assert "usually a proxy" in meanings[f"{code} entra_join"]
    assert meanings[f"{code} device_setup"].endswith("The data are not valid")


def test_the_words_for_an_end_that_is_not_recorded_go_along(first):
    assert first[0]["end_open"] == wording.END_OPEN == "end not recorded"


def test_the_values_that_a_page_shows_in_words_go_along_as_python_words_them(timeline):
    rows = timeline.head(1).with_columns(outcome=pl.lit("pre_provisioning_refused"))
    names = unpacked(pack_timeline(rows).first)[0]["names"]
    assert names["pre_provisioning_refused"] == "pre-provisioning refused"
    assert set(names) == {text for name in IN_WORDS for text in rows[name].cast(pl.String).fill_null("")}


def test_a_page_words_the_values_of_no_other_column():
    worded = set(re.findall(r'words\(rows\.said\("(\w+)"', read_module()))
    assert worded
    assert worded <= set(IN_WORDS)
    assert 'rows.lanes[rows.said("lane", row)]' in read_module()


def test_an_empty_timeline_packs_too(world):
    head, arrays = unpacked(pack_timeline(build_timeline(world.tables({}))).first)
    assert (head["rows"], head["dated"], arrays["at"].size) == (0, 0, 0)


def test_the_same_timeline_gives_the_same_bytes(timeline):
    assert pack_timeline(timeline) == pack_timeline(timeline)


def test_a_block_does_not_say_which_system_and_python_packed_it(timeline):
    packed = pack_timeline(timeline)
    assert {packed.first[9], packed.rest[9]} == {255}
