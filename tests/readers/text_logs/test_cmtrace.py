"""CMTrace logs: every whole record is one row, every torn one a gap."""

import random
from datetime import UTC, datetime
from itertools import accumulate

import pytest
from polars.testing import assert_frame_equal

from autopilot_analysis.errors import NotThisFormat
from autopilot_analysis.readers.text_logs import cmtrace_spans
from autopilot_analysis.readers.text_logs.cmtrace import read_agent_log, read_cmtrace
from autopilot_analysis.readers.text_logs.cmtrace_between import LONGEST_CUT

TORN = "a record was torn, as when two programs write one log; this fragment of it is left"


def record(message, *, time="01:02:03.1234567", date="8-4-2026", component="Agent", kind=1, thread=4):
    return (
        f'<![LOG[{message}]LOG]!><time="{time}" date="{date}" component="{component}" context=""'
        f' type="{kind}" thread="{thread}" file="">'
    )


def messages(content):
    return read_cmtrace(content.encode()).rows["log_lines"]["message"].to_list()


def test_a_record_tells_time_severity_component_thread_and_message():
    lines = read_cmtrace(("\ufeff" + record("Started", kind=3, thread=17) + "\r\n").encode()).rows[
        "log_lines"
    ]
    assert lines.rows(named=True) == [
        {
            "record": 1,
            "written_at": datetime.fromisoformat("2026-08-04T01:02:03.123456"),
            "at": None,
            "clock": "unknown",
            "severity": "error",
            "component": "Agent",
            "thread": 17,
            "message": "Started",
        }
    ]


def test_a_record_over_several_lines_stays_whole():
    log = record("one") + "\r\n" + record("two\r\nthree\nfour") + "\n" + record("five")
    lines = read_cmtrace(log.encode()).rows["log_lines"]
    assert lines["message"].to_list() == ["one", "two\r\nthree\nfour", "five"]
    assert lines["record"].to_list() == [1, 2, 5]


def test_markers_inside_a_message_are_text():
    nested = "saw <![LOG[ and ]LOG] and ]LOG]!> here"
    assert messages(record(nested) + "\n" + record("")) == [nested, ""]


def test_a_byte_order_mark_may_begin_any_part():
    log = "\ufeff" + record("one") + "\r\n\ufeff" + record("two")
    reading = read_cmtrace(log.encode())
    assert reading.rows["log_lines"]["message"].to_list() == ["one", "two"]
    assert reading.unread == ()


@pytest.mark.parametrize(
    ("time", "written", "at"),
    [
        ("13:05:12.345", datetime.fromisoformat("2026-08-04T13:05:12.345000"), None),
        ("13:05:12", datetime.fromisoformat("2026-08-04T13:05:12"), None),
        (
            "13:05:12.345-060",
            datetime.fromisoformat("2026-08-04T13:05:12.345000"),
            datetime(2026, 8, 4, 12, 5, 12, 345000, UTC),
        ),
        (
            "20:05:12.100+480",
            datetime.fromisoformat("2026-08-04T20:05:12.100000"),
            datetime(2026, 8, 5, 4, 5, 12, 100000, UTC),
        ),
        ("23:59:59.9999999", datetime.fromisoformat("2026-08-04T23:59:59.999999"), None),
        ("29:59:59.0000000", None, None),
    ],
)
def test_the_zone_that_a_native_component_writes_gives_the_instant_and_nothing_else_does(time, written, at):
    native = record("x", time=time).replace('file="">', 'file="tsmanager.cpp:1206">')
    (line,) = read_cmtrace(native.encode()).rows["log_lines"].rows(named=True)
    assert (line["written_at"], line["at"]) == (written, at)
    assert line["clock"] == ("declared" if at else "unknown")


@pytest.mark.parametrize("offset", ["+60", "+330", "-300", " 60", "+-60"])
@pytest.mark.parametrize("file", ["", "Install-Drivers.ps1", "script.ps1:12", "notes.cpp.txt"])
def test_minutes_that_a_script_wrote_are_no_zone(offset, file):
    of_script = record("x", time=f"13:05:12.345{offset}").replace('file="">', f'file="{file}">')
    reading = read_cmtrace(of_script.encode())
    (line,) = reading.rows["log_lines"].rows(named=True)
    assert (line["written_at"], line["at"]) == (datetime.fromisoformat("2026-08-04T13:05:12.345"), None)
    assert line["clock"] == "unknown"
    assert reading.unread == ()


def test_a_torn_record_is_a_gap_and_swallows_no_whole_one():
    log = "\n".join(
        [record("one"), "<![LOG[torn off", record("two"), record("three") + "rest of another", record("4")]
    )
    reading = read_cmtrace(log.encode())
    assert reading.rows["log_lines"]["message"].to_list() == ["one", "two", "three", "4"]
    assert [(gap.reason, gap.record, gap.count) for gap in reading.unread] == [(TORN, 2, 1), (TORN, 4, 1)]


def test_a_record_torn_in_its_trailer_is_a_gap():
    torn = record("torn")[:-60]
    reading = read_cmtrace((torn + "\n" + record("whole")).encode())
    assert reading.rows["log_lines"]["message"].to_list() == ["whole"]
    assert [(gap.reason, gap.record) for gap in reading.unread] == [(TORN, 1)]


def test_a_log_cut_at_both_ends_keeps_every_whole_record():
    log = "\n".join([record("first")[10:], record("one"), record("two"), "<![LOG[last\nof all"])
    reading = read_cmtrace(log.encode())
    assert reading.rows["log_lines"]["message"].to_list() == ["one", "two", "last\nof"]
    assert [(gap.reason, gap.record, gap.count) for gap in reading.unread] == [
        ("the log begins inside a record", 1, 1),
        ("the log ends inside a record", 4, 2),
    ]


def test_plain_dated_lines_are_records_too():
    log = "2026-08-04 10:00:00.123 plain\n  and more\n" + record("one") + "\n2026-08-04 10:00:01 last"
    lines = read_cmtrace(log.encode()).rows["log_lines"]
    assert lines.select("record", "written_at", "component", "message").rows() == [
        (1, datetime.fromisoformat("2026-08-04T10:00:00.123000"), None, "plain\n  and more"),
        (3, datetime.fromisoformat("2026-08-04T01:02:03.123456"), "Agent", "one"),
        (4, datetime.fromisoformat("2026-08-04T10:00:01"), None, "last"),
    ]


def test_utf16_and_broken_utf8_are_read_and_replaced_bytes_counted():
    assert read_cmtrace(record("é").encode("utf-16")).rows["log_lines"]["message"].to_list() == ["é"]
    assert read_cmtrace(record("é").encode("cp1252")).rows["log_lines"]["message"].to_list() == ["é"]
    broken = read_cmtrace(record("éé").encode() + b"\n" + record("?").encode().replace(b"?", b"\xc3"))
    assert broken.rows["log_lines"]["message"].to_list() == ["éé", "\ufffd"]
    assert broken.unread[0].count == 1


def test_nul_bytes_are_a_gap_and_not_an_end():
    reading = read_cmtrace(record("one").encode() + bytes(500) + record("two").encode())
    assert reading.rows["log_lines"]["message"].to_list() == ["one", "two"]
    assert [gap.count for gap in reading.unread] == [500]


@pytest.mark.parametrize("content", [b"", b"\r\n", b"\xef\xbb\xbf"])
def test_an_empty_log_has_no_rows_and_no_gap(content):
    reading = read_cmtrace(content)
    assert (reading.count, reading.unread) == (0, ())


@pytest.mark.parametrize("content", [b"MZ\x90\0\3" * 999, b"x" * 10**6, bytes(range(256)) * 9])
def test_what_has_neither_record_nor_date_is_not_this_format(content):
    with pytest.raises(NotThisFormat, match=r"Agent.log holds no CMTrace record"):
        read_cmtrace(content, "Agent.log")


def test_every_record_of_a_long_log_comes_back_as_it_was_written():
    chance = random.Random(7)
    pieces = ["a b", "é", "]LOG]", " <![LOG[", "\r\n", "\n", "!", "x" * 3000, '><time="', ""]
    written = ["".join(chance.choices(pieces, k=chance.randrange(6))) for _ in range(3000)]
    written = [
        text.replace("\n <![LOG[", " ").replace("\n<![LOG[", " ").replace(']LOG]!><time="', "")
        for text in written
    ]
    parts = [record(text, thread=chance.randrange(9)) + chance.choice(["\r\n", "\n"]) for text in written]
    firsts = [1, *(1 + count for count in accumulate(part.count("\n") for part in parts[:-1]))]
    lines = read_cmtrace(("\ufeff" + "".join(parts)).encode())
    assert lines.rows["log_lines"]["message"].to_list() == written
    assert lines.rows["log_lines"]["record"].to_list() == firsts
    assert lines.unread == ()


@pytest.mark.parametrize("block", [30, 170, 1000])
def test_a_log_read_in_parts_says_what_it_says_as_one(monkeypatch, block):
    parts = [record("one\r\ntwo"), "<![LOG[torn", record("three", thread=7) + "rest", record("é" * 40), "x"]
    content = ("\n".join(parts * 5) + "\n2026-08-04 10:00:01 plain").encode()
    whole = read_cmtrace(content)
    monkeypatch.setattr(cmtrace_spans, "_BLOCK", block)
    monkeypatch.setattr(cmtrace_spans, "_BLOCKS", 1)
    again = read_cmtrace(content)
    assert_frame_equal(again.rows["log_lines"], whole.rows["log_lines"])
    assert again.unread == whole.unread
    assert (whole.count, len(whole.unread)) == (16, 15)


def test_any_bytes_give_rows_and_gaps_or_one_clear_error():
    chance = random.Random(3)
    whole = "\r\n".join(record(f"message {n}\nsecond line") for n in range(40)).encode()
    for _ in range(100):
        content = bytearray(whole[chance.randrange(2000) : chance.randrange(2000, len(whole))])
        for _ in range(chance.choice((1, 10, 100))):
            content[chance.randrange(len(content))] = chance.choice(
                (0, 10, 33, 34, 255, chance.randrange(256))
            )
        try:
            lines = read_cmtrace(bytes(content)).rows["log_lines"]
        except NotThisFormat:
            continue
        assert lines["record"].is_sorted()
        assert lines["message"].null_count() == 0


def test_a_flood_of_fragments_is_summed_up():
    reading = read_cmtrace(("<![LOG[torn\n" * 2000).encode())
    assert len(reading.unread) == 501
    assert reading.unread[-1].count == 1500


def test_the_genuine_log_is_read_whole(genuine):
    content = (genuine / "ime" / "IntuneManagementExtension.log").read_bytes()
    reading = read_cmtrace(content)
    lines = reading.rows["log_lines"]
    assert lines.height == content.count(b"<![LOG[") == content.count(b"]LOG]!>") == 2022
    inside = lines["message"].str.count_matches("\n", literal=True)
    assert (inside.sum(), inside.max()) == (449, 19)
    assert lines.height + inside.sum() == content.count(b"\n")
    assert (lines["record"] + inside + 1)[:-1].to_list() == lines["record"][1:].to_list()
    assert not lines["message"].str.contains("<![LOG[", literal=True).any()
    assert lines["message"].str.contains("\n", literal=True).sum() == 33
    assert lines["written_at"].null_count() == 0
    assert reading.unread == ()


def test_a_log_of_which_no_line_is_known_says_so():
    silent = read_agent_log("\r\n".join([record("one"), record("two")]).encode(), "New.log")
    assert [(gap.reason, gap.count) for gap in silent.unread] == [
        ("0 of 2 records understood: no line is known", 2)
    ]
    told = read_agent_log("\r\n".join([record("one"), record("EMS Agent Started")]).encode(), "New.log")
    assert told.unread == ()


def test_bare_messages_of_the_agent_are_records_where_one_is_known():
    reading = read_agent_log(b"\n[HS] Get 2 active user sessions\n\nsomething else\n")
    lines = reading.rows["log_lines"]
    assert lines.select("record", "message", "written_at").rows() == [
        (2, "[HS] Get 2 active user sessions", None),
        (4, "something else", None),
    ]
    assert [(gap.reason, gap.whole) for gap in reading.unread] == [
        ("its messages stand without time and thread, as they are pasted", True)
    ]


def test_bare_lines_of_which_none_is_known_are_another_format():
    with pytest.raises(NotThisFormat):
        read_agent_log(b"[Example] nothing that the agent writes\n")


@pytest.mark.parametrize(
    ("cut", "message", "written"),
    [
        ("", "exit code is", None),
        (']LOG]!><time="01:02:03.5" date="8-4-2026" compo', "exit code is 16", "2026-08-04T01:02:03.500"),
        (']LOG]!><time="01:02:0', "exit code is 16", None),
    ],
)
def test_a_record_that_the_end_cuts_keeps_its_text_and_no_half_word(cut, message, written):
    reading = read_cmtrace((record("whole") + "\n<![LOG[exit code is 16" + cut).encode())
    last = reading.rows["log_lines"].rows(named=True)[-1]
    at = None if written is None else datetime.fromisoformat(written)
    assert (last["record"], last["message"], last["written_at"]) == (2, message, at)
    assert [gap.reason for gap in reading.unread] == ["the log ends inside a record"]


@pytest.mark.parametrize(("length", "kept"), [(LONGEST_CUT - len("<![LOG[ x"), 1), (LONGEST_CUT, 0)])
def test_a_cut_record_that_is_longer_than_any_message_is_left(length, kept):
    lines = read_cmtrace(b"<![LOG[" + b"y" * length + b" x").rows["log_lines"]
    assert lines.height == kept
