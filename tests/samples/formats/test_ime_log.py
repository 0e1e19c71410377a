"""Logs of the agent hold local time without an offset, and torn records where two writers met."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from autopilot_analysis.samples.formats.ime_log import LogRecord, write_ime_log

AT = datetime(2026, 3, 2, 8, 0, 1, 234000, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")


def lines(*records):
    return write_ime_log(records, BERLIN, "AppWorkload").decode("utf-8-sig").splitlines()


def test_a_record_is_written_in_the_devices_zone_with_seven_decimals_and_an_unpadded_date():
    assert lines(LogRecord(AT, "hello", severity=2, thread=9)) == [
        '<![LOG[hello]LOG]!><time="09:00:01.2340000" date="3-2-2026" component="AppWorkload" context="" '
        'type="2" thread="9" file="">'
    ]


def test_a_process_that_is_stuck_in_another_zone_writes_in_that():
    (line,) = lines(LogRecord(AT, "x", zone=ZoneInfo("America/Los_Angeles")))
    assert 'time="00:00:01.2340000"' in line


def test_a_torn_record_ends_where_another_overran_it():
    assert lines(LogRecord(AT, "a long message", torn=12), LogRecord(AT, "b"))[0] == "<![LOG[a lon"


def test_a_log_begins_with_a_byte_order_mark():
    assert write_ime_log([], BERLIN, "x") == b"\xef\xbb\xbf"
