from __future__ import annotations

import pytest

from autopilot_analysis.readers.damage import AGAIN, add_damage, find_damage
from autopilot_analysis.readers.reading import Reading, Unread

RULE = "+----------------------------------------------------------------------+"
BOXES = ("Device State", "SSO State", "Ngc Prerequisite Check")
STATUS = "".join(f"{RULE}\n| {name:<69}|\n{RULE}\n\n     Field : YES\n\n{RULE}\n" for name in BOXES)
SETUP = "".join(f"2026-03-02 10:2{n}:00, Info  CBS  Line {n}\r\n" for n in range(9))
DUMP = '[HKEY_LOCAL_MACHINE\\x]\r\n    "A"="1"\r\n    "B"=DWORD:01\r\n\r\n'
PAGE = "<html><body><table><tr><td>a</td></tr></table></body></html>"
REPORT = "DeviceName,SerialNumber\r\na,SN-0001\r\nb,SN-0002\r\n"
WHOLE = {
    "setup_log": SETUP,
    "dsregcmd": STATUS,
    "registry_dump": DUMP,
    "mdm_report_html": PAGE,
    "report_csv": REPORT,
}


def gaps(reader, text):
    content = text if isinstance(text, bytes) else text.encode()
    return add_damage(Reading(), find_damage(content, reader)).unread


@pytest.mark.parametrize("reader", WHOLE)
def test_a_whole_text_has_no_gap(reader):
    assert gaps(reader, WHOLE[reader]) == ()


@pytest.mark.parametrize("reader", ["setup_log", "report_csv", "registry_dump", "dsregcmd"])
def test_a_text_that_breaks_off_in_a_line_has_a_gap(reader):
    (gap,) = gaps(reader, WHOLE[reader][:-5].rstrip("\r\n"))
    assert gap.advice == AGAIN
    assert "breaks off" in gap.reason


def test_a_status_cut_at_any_line_end_has_a_gap_except_where_nothing_is_left_to_tell():
    lines = STATUS.splitlines(keepends=True)
    quiet = [n for n in range(2, len(lines)) if not gaps("dsregcmd", "".join(lines[:n]))]
    assert quiet == []


def test_a_status_without_its_first_box_is_an_excerpt_and_whole():
    assert gaps("dsregcmd", STATUS[STATUS.index(f"{RULE}\n| SSO") : STATUS.index(f"{RULE}\n| Ngc")]) == ()


def test_a_registry_file_that_ends_without_an_empty_line_breaks_off():
    (gap,) = gaps("registry_dump", DUMP[:-2])
    assert gap.reason == "the registry file breaks off: no empty line ends it"


@pytest.mark.parametrize("lost", ["</table>", "</tr>", "<table>", "</html>"])
def test_a_page_whose_elements_do_not_pair_is_ill_formed(lost):
    (gap,) = gaps("mdm_report_html", PAGE.replace(lost, ""))
    assert "ill-formed" in gap.reason


def test_holes_are_one_gap_that_says_where_and_how_much():
    text = SETUP.encode()
    holed = text[:100] + bytes(64) + text[164:200] + bytes(40) + text[240:]
    gap = gaps("setup_log", holed)[0]
    assert (gap.record, gap.count, gap.advice) == (text[:100].count(b"\n") + 1, 2, AGAIN)
    assert gap.reason.startswith("holes of zeros, 104 bytes in all")


@pytest.mark.parametrize(("zeros", "found"), [(31, 0), (32, 1)])
def test_fewer_than_32_zeros_are_no_hole(zeros, found):
    assert len(gaps("cmtrace", b"a" * 50 + bytes(zeros) + b"b\n")) == found


def test_what_a_reader_says_itself_is_not_said_twice():
    known = Reading(unread=(Unread("the JSON breaks off here"),))
    assert add_damage(known, find_damage(SETUP[:-5].encode(), "setup_log")).unread == known.unread


def test_a_log_that_cannot_show_a_cut_is_not_held_twice(peak):
    log = "é".encode() * 100_000
    assert peak(lambda: gaps("cmtrace", log)) < len(log) / 10
