"""Bytes of any kind into every reader, clock, codes and container: rows, gaps, or one of our own errors."""

import json
import struct
from random import Random

import polars as pl
import pytest
from hostile_inputs import sound_tables
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from mutation import mutate
from targets import TARGETS, attempt, judge

from autopilot_analysis import conclude, open_export, read_tables
from autopilot_analysis.fleet.dataset.run.batch import tell_together
from autopilot_analysis.readers.formats import READERS
from autopilot_analysis.readers.service import graph_pages
from autopilot_analysis.readers.text import whole_text
from autopilot_analysis.tables import Findings, Tables, Trace

FEW = settings(
    max_examples=10,
    deadline=None,
    database=None,
    derandomize=True,
    suppress_health_check=[
        HealthCheck.too_slow,
        HealthCheck.data_too_large,
        HealthCheck.function_scoped_fixture,
    ],
)
CHEAP = sorted(set(TARGETS) - {"clock", "container", "genuine", "members", "rows"})
DUMP = b"[HKEY_LOCAL_MACHINE\\software\\microsoft\\provisioning]\r\n\r\n"


@pytest.mark.parametrize("name", CHEAP)
@FEW
@given(content=st.one_of(st.binary(max_size=2000), st.text(max_size=2000).map(str.encode)))
def test_arbitrary_bytes_end_in_rows_gaps_or_our_own_error(name, content):
    assert attempt(TARGETS[name], content) is None


@pytest.mark.parametrize("name", CHEAP)
def test_a_sound_file_mutated_ends_in_rows_gaps_or_our_own_error(name):
    random, seeds = Random(f"hostile {name}"), TARGETS[name].seeds()
    for _ in range(10):
        content = mutate(random.choice(seeds), random, random.choice(seeds))
        assert attempt(TARGETS[name], content) is None, content[:200]


@pytest.mark.parametrize("name", CHEAP)
def test_a_file_cut_anywhere_ends_in_rows_gaps_or_our_own_error(name):
    seed = min(TARGETS[name].seeds(), key=len)
    places = {0, 1, 2, 3, 4, 7, 8, 15, len(seed) - 1, *(len(seed) * part // 23 for part in range(23))}
    for place in sorted(places):
        assert attempt(TARGETS[name], seed[: max(0, place)]) is None, place


@pytest.mark.parametrize("number", range(40))
def test_a_genuine_file_mutated_is_told_without_a_traceback(genuine, number):
    assert attempt(TARGETS["genuine"], b"%d hostile" % number) is None


@pytest.mark.parametrize("name", ["clock", "rows"])
@pytest.mark.parametrize("number", range(4))
def test_tables_with_absurd_cells_are_told_without_a_traceback(name, number):
    assert attempt(TARGETS[name], b"%d hostile" % number) is None


@pytest.mark.parametrize("number", range(4))
def test_an_export_with_mutated_members_is_told_without_a_traceback(number):
    assert attempt(TARGETS["members"], b"%d hostile" % number) is None


@pytest.mark.parametrize("number", range(4))
def test_a_mutated_archive_is_told_without_a_traceback(number):
    random, seeds = Random(number), TARGETS["container"].seeds()
    assert attempt(TARGETS["container"], mutate(random.choice(seeds), random, random.choice(seeds))) is None


@pytest.mark.parametrize(
    "error", [ValueError("x"), RecursionError(), MemoryError(), pl.exceptions.PanicException("x")]
)
def test_one_member_that_defeats_its_reader_never_costs_the_others(tmp_path, monkeypatch, error):
    def defeated(content, member=""):
        raise error

    (tmp_path / "MdmDiagReport_RegistryDump.reg").write_bytes(DUMP + b'"a"="1"\r\n')
    (tmp_path / "DeviceHash_A.csv").write_bytes(
        b"Device Serial Number,Windows Product ID,Hardware Hash\r\nSN-0001,,\r\n"
    )
    broken = type(READERS["registry_dump"])(defeated, ("registry_values",))
    monkeypatch.setitem(READERS, "registry_dump", broken)
    tables = read_tables(open_export(tmp_path))
    states = dict(tables.members.select("member", "state").iter_rows())
    assert states["MdmDiagReport_RegistryDump.reg"] == "damaged"
    assert tables.devices["serial"].to_list() == ["SN-0001"]
    assert type(error).__name__ in "".join(tables.gaps["reason"])


def test_an_interrupt_is_no_gap(tmp_path, monkeypatch):
    def interrupted(content, member=""):
        raise KeyboardInterrupt

    (tmp_path / "MdmDiagReport_RegistryDump.reg").write_bytes(DUMP)
    monkeypatch.setitem(
        READERS, "registry_dump", type(READERS["registry_dump"])(interrupted, ("registry_values",))
    )
    with pytest.raises(KeyboardInterrupt):
        read_tables(open_export(tmp_path))


def test_a_page_that_defeats_the_reader_of_pages_never_costs_the_others(tmp_path, monkeypatch):
    whole = graph_pages.unfinished_rows

    def defeated(report, origin):
        if "SN-0002" in report.column("serial").to_list():
            raise ValueError
        return whole(report, origin)

    monkeypatch.setattr(graph_pages, "unfinished_rows", defeated)
    for number in (1, 2):
        row = {"id": str(number), "deviceSerialNumber": f"SN-{number:04}", "deploymentState": "success"}
        (tmp_path / f"autopilotEvents-{number}.json").write_bytes(json.dumps({"value": [row]}).encode())
    tables = read_tables(open_export(tmp_path))
    assert tables.members["state"].to_list() == ["read", "damaged"]
    assert tables.deployments["serial"].to_list() == ["SN-0001"]
    assert "ValueError" in "".join(tables.gaps["reason"])


def test_a_header_that_counts_beyond_any_column_is_a_gap_without_a_number(tmp_path):
    seed = bytearray(max(TARGETS["event_log"].seeds(), key=len)[: 4096 + 65536])
    struct.pack_into("<QQQQ", seed, 4096 + 8, 1, 2000, 2**64 - 5, 2**64 - 2)
    (tmp_path / "System.evtx").write_bytes(seed)
    tables = read_tables(open_export(tmp_path))
    assert tables.gaps.height > 0
    judge(tables)


def test_half_a_surrogate_pair_becomes_a_mark_and_the_rest_stays():
    assert whole_text("a\ud800b\U0001f600") == "a\ufffdb\U0001f600"
    reading = READERS["collection_metadata"].read(b'{"MdmDiagVersion": "1", "a": "x\\ud800y"}', "m")
    assert "x\ufffdy" in reading.rows["properties"]["value"].to_list()
    reading = READERS["graph_json"].read(
        b'{"value": [{"a\\udc00": "x\\ud800y", "record": "1", "value": "2"}]}', "m"
    )
    assert set(reading.rows["properties"]["value"]) == {"x\ufffdy", "1", "2"}


BILLION = b'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "ha">%s]><%%s>&z;</%%s>' % b"".join(
    b'<!ENTITY %c "%s">' % (97 + n, b"&%c;" % (96 + n) * 10) for n in range(1, 26)
)
OUTSIDE = b'<?xml version="1.0"?><!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]><%s>&x;</%s>'


@pytest.mark.parametrize("bomb", [BILLION, OUTSIDE])
@pytest.mark.parametrize(
    ("reader", "root"),
    [
        ("mdm_report_xml", b"MDMEnterpriseDiagnosticsReport"),
        ("msinfo", b"MsInfo"),
        ("collect_results", b"Collection"),
        ("answer_file", b"unattend"),
    ],
)
def test_entities_are_never_expanded(reader, root, bomb):
    text = bomb % (root, root)
    assert attempt(TARGETS[reader], text) is None
    try:
        told = str(READERS[reader].read(text, "m").rows)
    except Exception as error:
        told = str(error)
    assert "root:" not in told
    assert "hahaha" not in told


DEEP = {
    "graph_json": b'{"value": [' + b'{"a":' * 100_000,
    "profile_json": b'{"CloudAssignedTenantId":' + b"[" * 100_000 + b"]" * 100_000 + b"}",
    "diagnostics_framework": b"[" * 100_000,
    "collection_metadata": b'{"a":' * 100_000 + b"1" + b"}" * 100_000,
    "configuration_file_json": b'{"CloudAssignedAadServerData":"' + b'{\\"a\\":' * 100_000,
    "mdm_report_xml": b"<MDMEnterpriseDiagnosticsReport>" + b"<a>" * 100_000,
    "mdm_report_html": b"<html><body>" + b"<div><table><tr><td>" * 50_000,
    "msinfo": b"<MsInfo>" + b'<Category name="x">' * 100_000,
    "answer_file": b'<unattend xmlns="urn:schemas-microsoft-com:unattend">' + b"<a>" * 100_000,
    "registry_dump": b"[HKEY_LOCAL_MACHINE" + b"\\a" * 200_000 + b"]\r\n",
    "registry_export": b"Windows Registry Editor Version 5.00\r\n\r\n[HKEY_LOCAL_MACHINE"
    + b"\\a" * 200_000
    + b']\r\n"x"="1"\r\n',
}


@pytest.mark.parametrize("reader", DEEP)
def test_what_is_nested_a_hundred_thousand_deep_ends(reader):
    assert attempt(TARGETS[reader], DEEP[reader]) is None


LINES = {
    "cmtrace": (
        b"<![LOG[",
        b"x",
        b']LOG]!><time="01:00:00.0000000" date="3-4-2026" component="a" context=""'
        b' type="1" thread="1" file="">\r\n',
    ),
    "setup_log": (b"2026-03-04 01:00:00, Info  IBS  ", b"x", b"\r\n"),
    "dsregcmd": (b"AzureAdJoined : ", b"x", b"\r\n"),
    "registry_dump": (b'[HKEY_LOCAL_MACHINE\\software]\r\n"a"="', b"x", b'"\r\n'),
    "graph_json": (b'{"value": [{"a": "', b"x", b'"}]}'),
    "collection_footprint": (b"", b"x ", b""),
    "mdm_report_xml": (
        b"<MDMEnterpriseDiagnosticsReport><a>",
        b"x",
        b"</a></MDMEnterpriseDiagnosticsReport>",
    ),
    "report_csv": (b"Device name,Serial number\r\n", b"x", b",y\r\n"),
}


@pytest.mark.parametrize("reader", LINES)
def test_one_endless_line_costs_work_in_proportion(reader, calls):
    start, fill, end = LINES[reader]
    made = []
    for size in (1 << 20, 1 << 22):
        text = start + fill * (size // len(fill)) + end
        made.append(calls(lambda text=text: made.append(attempt(TARGETS[reader], text))))
        assert made.pop(-2) is None
    assert made[1] < 5 * made[0]


def test_a_line_of_64_million_signs_is_a_gap_and_fits_in_a_gigabyte(measured):
    code = """
from autopilot_analysis.readers.text_logs.cmtrace import read_cmtrace
text = b'<![LOG[' + b'x' * (64 << 20) + b']LOG]!><time="01:00:00.0000000" date="3-4-2026"'
text += b' component="a" context="" type="1" thread="1" file="">'
said = [gap.reason for gap in read_cmtrace(text, "a.log").unread]
"""
    seen = measured(code)
    assert any("longer than 16 MiB" in reason for reason in seen["said"])
    assert seen["peak"] < 1 << 30


@pytest.mark.parametrize("sign", ["\0", "\u202e", "\u2066", "\ufeff", "\u2028", "\x0b", "\x85"])
def test_odd_signs_inside_a_value_stay_in_that_value(sign):
    head = "Windows Registry Editor Version 5.00\r\n\r\n"
    text = f'{head}[HKEY_LOCAL_MACHINE\\a]\r\n"x"="1{sign}2"\r\n"y"="3"\r\n'
    rows = READERS["registry_export"].read(text.encode("utf-16"), "m").rows["registry_values"]
    assert rows["value"].to_list() == [f"1{sign}2", "3"]


def test_clock_steps_beyond_the_widest_are_counted_as_a_gap(tmp_path):
    """A service that sets the clock every minute for hours: what is not followed is said."""
    from datetime import UTC, datetime, timedelta

    from autopilot_analysis.samples.formats.event_log import EventRecord, write_event_log

    begun = datetime(2026, 3, 2, 8, tzinfo=UTC)
    kernel = "Microsoft-Windows-Kernel-General"
    records = []
    for number in range(1, 301):
        at = begun + timedelta(minutes=number)
        data = {
            "NewTime": at,
            "OldTime": at + timedelta(seconds=10 + number),
            "Reason": 1,
            "ProcessName": "x",
        }
        records.append(EventRecord(number, at, kernel, None, 1, "System", "AP-0001", data=data))
    (tmp_path / "System.evtx").write_bytes(write_event_log(records))
    with open_export(tmp_path) as export:
        gaps = read_tables(export).gaps
    said = gaps.filter(pl.col("reason").str.contains("clock steps"))
    assert said["count"].to_list() == [100]


def test_cells_beyond_the_header_and_numbers_that_are_none_are_gaps(tmp_path):
    from autopilot_analysis.samples.fleet.files import report_v1_csv
    from autopilot_analysis.samples.fleet.fleet import simulate_fleet

    lines = report_v1_csv(simulate_fleet(3, seed=0)[0]).splitlines()
    lines[1] += b",more,and more"
    (tmp_path / "AutopilotV1DeploymentStatus.csv").write_bytes(b"\r\n".join(lines) + b"\r\n")
    with open_export(tmp_path) as export:
        tables = read_tables(export)
    assert tables.deployments.height == 3
    assert any("more cells than the header" in reason for reason in tables.gaps["reason"])


def test_a_build_that_is_no_number_any_column_holds_is_told_without_a_traceback():
    tables = sound_tables("esp-app-timeout.zip")
    builds = ["9" * 40, "-1", "", "26100." + "9" * 40, "\u0661\u0662", "0x6600.1"]
    judge_each(
        [{**tables.frames(), "devices": tables.devices.with_columns(build=pl.lit(build))} for build in builds]
    )


DIGITS = str.maketrans("0123456789", "\u0660\u0661\u0662\u0663\u0664\u0665\u0666\u0667\u0668\u0669")


@pytest.mark.parametrize("name", CHEAP)
def test_digits_of_another_script_are_text_and_no_traceback(name):
    """A pattern may take them for digits where a number is then made of them."""
    for seed in TARGETS[name].seeds():
        for encoding in ("utf-8", "utf-16"):
            try:
                text = seed.decode(encoding)
            except UnicodeDecodeError:
                continue
            for digits in (DIGITS, {digit: DIGITS[digit] for digit in b"0468"}, {ord("1"): DIGITS[ord("1")]}):
                assert attempt(TARGETS[name], text.translate(digits).encode(encoding)) is None
            break


def test_digits_of_another_script_in_every_text_of_the_tables_are_told_without_a_traceback():
    """One digit at a time, then all of them."""
    judge_each([in_digits({digit: DIGITS[digit]}) for digit in DIGITS] + [in_digits(DIGITS)])


def in_digits(digits):
    """Return the frames of a sound export with digits in the script that a mapping gives them."""
    return {
        name: frame.with_columns(
            pl.col(c).map_elements(lambda text: text.translate(digits), return_dtype=pl.String)
            for c, kind in frame.schema.items()
            if kind == pl.String and c not in ("source", "provider", "channel", "kind", "clock", "key")
        )
        for name, frame in sound_tables("esp-app-timeout.zip").frames().items()
    }


def judge_each(exports):
    """Tell the stories of the frames of one device in several forms in one go, each as a device of its own."""
    named = []
    for number, frames in enumerate(exports):
        device = (pl.col("device") + f"-{number}").alias("device")
        named.append(
            Tables.of(
                {
                    name: frame.with_columns(device) if "device" in frame.columns else frame
                    for name, frame in frames.items()
                }
            )
        )
    for tables, told in zip(named, tell_together(named), strict=True):
        assert told["attempts"].height
        conclude(tables, Trace.of(told), Findings.of(told))
