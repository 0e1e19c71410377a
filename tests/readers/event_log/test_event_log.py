"""Event logs: every record that is there is read, and what is not there is said."""

import random
from uuid import UUID

import pytest
from readers.event_log.written_logs import START, log

from autopilot_analysis.errors import NotThisFormat
from autopilot_analysis.readers.event_log.event_log import read_event_log
from autopilot_analysis.samples.formats.event_log import EventRecord, write_event_log

CHUNK = 65536


def gaps(reading):
    return [(gap.reason, gap.record, gap.count) for gap in reading.unread]


def test_a_record_tells_when_where_and_what():
    reading = read_event_log(
        write_event_log(
            [
                EventRecord(
                    record_id=1,
                    at=START.replace(microsecond=123456),
                    provider="Example-Provider",
                    provider_guid=UUID(int=5),
                    event_id=301,
                    channel="Example/Admin",
                    computer="PC-1",
                    version=2,
                    level=2,
                    process_id=40,
                    thread_id=44,
                    user_sid="S-1-5-18",
                    activity_id=UUID(int=7),
                    data={"Message": "x", "ErrorCode": "0x80180014"},
                )
            ]
        )
    )
    assert reading.unread == ()
    (row,) = reading.rows["events"].rows(named=True)
    assert row == {
        "record": 1,
        "recorded_at": START.replace(microsecond=123456),
        "at": START.replace(microsecond=123456),
        "clock": "declared",
        "channel": "Example/Admin",
        "provider": "Example-Provider",
        "event_id": 301,
        "version": 2,
        "level": 2,
        "computer": "PC-1",
        "user_sid": "S-1-5-18",
        "process_id": 40,
        "thread_id": 44,
        "activity_id": "00000000-0000-0000-0000-000000000007",
        "data": '{"Message":"x","ErrorCode":"0x80180014"}',
        "code": "0x80180014",
        "name": None,
        "opcode": None,
    }


def test_an_empty_log_has_no_rows_and_no_gap():
    reading = read_event_log(log())
    assert (reading.count, reading.unread) == (0, ())
    assert "at" in reading.rows["events"].columns


@pytest.mark.parametrize("content", [b"", b"MZ", b"ElfChnk\0" * 99, bytes(5000)])
def test_what_is_no_event_log_is_refused(content):
    with pytest.raises(NotThisFormat, match=r"Admin.evtx begins with .*, an event log with 'ElfFile'"):
        read_event_log(content, "Admin.evtx")


def test_a_log_of_many_chunks_is_whole_and_in_order():
    reading = read_event_log(log(*range(1, 301)))
    assert reading.rows["events"]["record"].to_list() == list(range(1, 301))
    assert reading.unread == ()


def test_chunks_of_a_log_that_wrapped_are_put_in_order():
    content = log(*range(1, 301))
    chunks = [content[at : at + CHUNK] for at in range(4096, len(content), CHUNK)]
    reading = read_event_log(content[:4096] + b"".join(chunks[1:] + chunks[:1]))
    assert reading.rows["events"]["record"].to_list() == list(range(1, 301))


def test_a_log_that_rolled_over_says_how_many_records_are_gone():
    (gap,) = read_event_log(log(*range(41, 50))).unread
    assert (gap.record, gap.count) == (41, 40)
    assert "records 1 to 40 are gone" in gap.reason


def test_missing_record_ids_are_counted():
    reading = read_event_log(log(1, 2, 3, 7, 8, 20))
    assert gaps(reading) == [
        ("14 record ids are missing, the first behind record 3: filtered out or lost", 3, 14)
    ]


def test_a_cut_file_says_how_many_chunks_are_missing():
    content = log(*range(1, 301))
    count = (len(content) - 4096) // CHUNK
    whole = read_event_log(content[: 4096 + CHUNK])
    assert gaps(whole) == [
        (
            f"the file is cut: {count - 1} of the {count} chunks its header counts"
            " are not, or not wholly, in it",
            None,
            count - 1,
        )
    ]


def test_a_chunk_cut_in_the_middle_keeps_its_whole_records():
    content = log(*range(1, 61))
    all_of_it = read_event_log(content).rows["events"]
    reading = read_event_log(content[: 4096 + 30_000])
    kept = reading.rows["events"]
    assert 0 < kept.height < 60
    assert kept.equals(all_of_it.head(kept.height))
    assert (f"{60 - kept.height} of the 60 records of chunk 0 are cut off", 1, 60 - kept.height) in gaps(
        reading
    )


def test_a_chunk_without_its_beginning_is_one_gap_with_the_records_it_cost():
    content = bytearray(log(*range(1, 301)))
    before = read_event_log(bytes(content)).rows["events"]
    content[4096 + CHUNK : 4096 + CHUNK + 8] = bytes(8)
    reading = read_event_log(bytes(content))
    (gap,) = reading.unread
    assert gap.reason.startswith("chunk 1 has no readable beginning; records")
    assert gap.count == before.height - reading.count
    assert gap.record not in reading.rows["events"]["record"]


def test_altered_bytes_are_seen_by_the_checksum():
    content = bytearray(log(1, 2, 3))
    at = content.find("text 2".encode("utf-16-le"))
    content[at] = ord("T")
    reading = read_event_log(bytes(content))
    assert reading.count == 3
    assert gaps(reading) == [("the checksum of chunk 0 does not match: its 3 records may be altered", 1, 3)]


def test_a_record_with_a_broken_size_costs_no_record_behind_it():
    content = bytearray(log(*range(1, 11)))
    second = content.find(b"**\0\0", content.find(b"**\0\0") + 4)
    content[second + 4 : second + 8] = bytes(4)
    reading = read_event_log(bytes(content))
    assert reading.rows["events"]["record"].to_list() == list(range(1, 11))
    assert [gap.count for gap in reading.unread] == [10]


def test_a_broken_record_is_counted_and_the_others_stay():
    content = bytearray(log(*range(1, 11)))
    at = 0
    for _ in range(4):
        at = content.find(b"**\0\0", at + 4)
    content[at + 24 : at + 60] = b"\xb0" * 36
    reading = read_event_log(bytes(content))
    assert reading.rows["events"]["record"].to_list() == [1, 2, 3, 5, 6, 7, 8, 9, 10]
    assert ("1 of the 10 records of chunk 0 could not be read", 1, 1) in gaps(reading)


def test_a_header_that_cannot_be_trusted_is_said():
    content = bytearray(log(1, 2))
    content[42] ^= 0xFF
    reading = read_event_log(bytes(content))
    assert reading.count == 2
    assert [gap.reason for gap in reading.unread] == [
        "the checksum of the file header does not match: how many chunks there were is not known"
    ]


def test_no_damage_ends_in_a_traceback():
    chance = random.Random(11)
    whole = log(*range(1, 121))
    for _ in range(300):
        content = bytearray(whole)
        for _ in range(chance.choice((1, 5, 50))):
            content[chance.randrange(8, len(content))] = chance.choice((0, 255, chance.randrange(256)))
        reading = read_event_log(bytes(content[: chance.randrange(8, 2 * len(content))]))
        assert reading.rows["events"]["record"].null_count() == 0


DAMAGED = {
    "Application_no_crc32.evtx": (17, 425),
    "cut-at-200000-bytes.evtx": (283, 95),
    "sample-with-irregular-bool-values.evtx": (3028, 0),
    "sample-with-zero-data-size-event.evtx": (450, 117),
    "sample_with_a_bad_chunk_magic.evtx": (301, 770 + 778 + 116 + 14 + 34 + 44 + 16 + 114 + 45690),
}


@pytest.mark.parametrize("name", DAMAGED)
def test_genuine_damage_is_told_and_what_is_whole_is_read(genuine, name):
    reading = read_event_log((genuine / "damaged-event-logs" / name).read_bytes())
    assert (reading.count, sum(gap.count for gap in reading.unread)) == DAMAGED[name]
    assert reading.rows["events"]["record"].is_unique().all()


def test_genuine_logs_are_whole(genuine):
    counts = {}
    for path in sorted((genuine / "windows11-event-logs").glob("*.evtx")):
        reading = read_event_log(path.read_bytes(), path.name)
        events = reading.rows["events"]
        counts[path.stem] = events.height
        assert reading.unread == ()
        assert events["record"].to_list() == list(range(1, events.height + 1))
        assert events["at"].null_count() == 0
    assert counts["Microsoft-Windows-ModernDeployment-Diagnostics-Provider%4Autopilot"] == 32
    assert sum(counts.values()) == 3442
