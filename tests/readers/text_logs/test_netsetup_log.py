"""NetSetup.log: each line of a join, with the time it was written at where it has one."""

from datetime import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autopilot_analysis.errors import NotThisFormat
from autopilot_analysis.export.magic import kinds_of, text_of
from autopilot_analysis.export.sources import classify
from autopilot_analysis.readers.text_logs.netsetup_log import read_netsetup_log

LOG = b"""05/01/2026 10:00:00:617 -----------------------------------------------
05/01/2026 10:00:00:617 NetpDoDomainJoin
05/01/2026 10:00:00:620 NetpMachineValidToJoin: 'AP-0001'
NetpCreateComputerObjectInDs: failed: 0x216d
05/01/2026 10:00:02:001 NetpDoDomainJoin: status: 0x216d
05/01/2026 10:09:02:001 NetpDoDomainJoin: status: 0x0
"""


def test_each_line_is_a_record_with_its_time_month_first():
    rows = read_netsetup_log(LOG).rows["log_lines"].rows(named=True)
    assert [(row["record"], row["severity"]) for row in rows] == [
        (2, None),
        (3, None),
        (4, None),
        (5, "error"),
        (6, None),
    ]
    assert rows[1]["message"] == "NetpMachineValidToJoin: 'AP-0001'"
    assert rows[1]["written_at"] == datetime.fromisoformat("2026-05-01T10:00:00.620")
    assert rows[2]["written_at"] is None


OLD = b"""05/09 17:20:23 NetpJoinWorkgroup: joining computer 'AP-0001' to workgroup 'OFFICE'
05/09 17:20:23 NetpJoinWorkgroup: status: 0x0
"""
THREAD = b"05/01/2026 10:00:00:617 [000004e8] NetpGetLsaPrimaryDomain: status: 0x0\n"


@pytest.mark.parametrize(
    ("content", "message", "dated"),
    [
        (OLD, "NetpJoinWorkgroup: status: 0x0", False),
        (THREAD, "NetpGetLsaPrimaryDomain: status: 0x0", True),
    ],
)
def test_neither_a_time_without_its_year_nor_a_thread_is_a_part_of_the_line(content, message, dated):
    last = read_netsetup_log(content).rows["log_lines"].rows(named=True)[-1]
    assert (last["message"], last["written_at"] is not None) == (message, dated)
    assert classify("notes.txt", kinds_of(content), text_of(content)).source == "netsetup_log"


PLACE = r"*\<DateTime>* NetpDsGetDcName: trying to find DC in domain 'example.com'"
PASTED = """# Our build fails at the join

The log of it, without its times:
```
NetpGetComputerObjectDn: Crack results:  (Account already exists) DN = CN=AP-0001
  lpDomain: example.com

NetpReadAccountReuseModeFromAD: Got 0 Entries.
```
Has anybody met this?
"""


def test_a_word_in_the_place_of_the_time_is_no_part_of_the_line():
    for place in (PLACE, PLACE.replace(r"*\<DateTime>*", "mm/dd/yyyy hh:mm:ss:ms"), f"> {PLACE}"):
        (row,) = read_netsetup_log(place.encode()).rows["log_lines"].rows(named=True)
        assert row["message"] == PLACE.split("* ")[1]
        assert row["written_at"] is None


def test_of_lines_in_prose_those_of_the_log_are_read():
    rows = read_netsetup_log(PASTED.encode()).rows["log_lines"]
    assert rows["record"].to_list() == [5, 6, 8]
    assert rows["message"][1] == "lpDomain: example.com"


@pytest.mark.parametrize("text", [PASTED, PLACE, "NetpDsGetDcName: failed to find a DC: 0x54b"])
@pytest.mark.parametrize("name", ["mail.txt", "join.log"])
def test_such_a_text_is_known_whatever_its_name(text, name):
    assert classify(name, frozenset({"text"}), text).source == "netsetup_log"


@pytest.mark.parametrize("text", ["The function NetpDsGetDcName: what does it do?", "Network: up"])
def test_words_about_the_log_are_none_of_it(text):
    found = classify("mail.txt", frozenset({"text"}), text)
    assert found is None or found.source != "netsetup_log"


def test_another_text_is_refused_and_an_empty_one_holds_nothing():
    assert read_netsetup_log(b"\n").rows["log_lines"].is_empty()
    with pytest.raises(NotThisFormat):
        read_netsetup_log(b"05/01/2026 10:00:00:617 something else\n")


@settings(max_examples=40, deadline=None)
@given(st.binary(max_size=120))
def test_any_bytes_after_a_line_are_read(noise):
    assert read_netsetup_log(LOG + noise).rows["log_lines"].height >= 5
