"""What stands between records is shown or counted, never dropped."""

from autopilot_analysis.readers.text_logs.cmtrace_between import Stretch, read_between


def test_blank_stretches_say_nothing():
    rows, unread = read_between(b"\xef\xbb\xbf \r\n\0", [Stretch(0, 7, line=1)])
    assert (rows.height, unread) == (0, [])


def test_lines_are_numbered_from_where_the_counting_began():
    text = b"record\nlines\n\nloose text\nmore\n\n"
    _, unread = read_between(text, [Stretch(12, len(text), line=41, counted_from=0)])
    assert [(gap.record, gap.count) for gap in unread] == [(44, 2)]


def test_a_marker_ends_a_plain_line():
    text = b"2026-01-05 10:00:00 plain<![LOG[torn"
    rows, unread = read_between(text, [Stretch(0, len(text), line=1)])
    assert rows["message"].to_list() == ["plain"]
    assert [(gap.reason, gap.record) for gap in unread] == [("the log ends inside a record", 1)]
