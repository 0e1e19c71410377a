"""One endless line: no traceback, a gap, and memory in bounds, whatever the format."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from autopilot_analysis.readers.long_lines import LONGEST_LINE, shorten_lines

NEEDS_PROC = pytest.mark.skipif(
    not Path("/proc/self/status").exists(), reason="memory is told otherwise here"
)

MEGA = 10**6
KEY = b'[HKEY_LOCAL_MACHINE\\software\\example]\r\n    "a"="1"\r\n'
TRAILER = (
    b']LOG]!><time="10:00:00.0000000" date="3-2-2026" component="A" context="" type="1" thread="1" file="">'
)
WHOLE = b"<![LOG[before" + TRAILER + b"\r\n"
FILES = {
    "open record": ("AppWorkload.log", WHOLE + b"<![LOG[", b"x", b""),
    "whole record": ("AppWorkload.log", WHOLE + b"<![LOG[", b"Win32App_ ", TRAILER + b"\r\n"),
    "registry string": ("MdmDiagReport_RegistryDump.reg", KEY + b'    "b"="', b"x", b""),
    "registry bytes": ("MdmDiagReport_RegistryDump.reg", KEY + b'    "b"=hex(3):', b"00,ff,", b"01\r\n"),
    "plain text": ("dsregcmd.txt", b"", b"x", b""),
    "setup log": ("setupact.log", b"2026-03-02 10:00:00, Info  ", b"x", b"\r\n"),
}
READ = """
import sys
from autopilot_analysis import build_trace, open_export, read_tables
for folder in sys.argv[1:]:
    with open_export(folder) as export:
        tables = read_tables(export)
    build_trace(tables)
    status = open("/proc/self/status")
    peak = next(int(line.split()[1]) // 1024 for line in status if line.startswith("VmHWM"))
    print(peak, tables.gaps.height, tables.log_lines.height, tables.registry_values.height)
"""
"""A process of its own, so that its peak memory in MiB is its own too: the most of all folders so far."""


def read(folder, kinds, megabytes):
    """Return peak memory, gaps, log lines and values of a file of each kind with one endless line."""
    for kind in kinds:
        name, head, body, tail = FILES[kind]
        (folder / kind).mkdir()
        with (folder / kind / name).open("wb") as file:
            file.write(head)
            for _ in range(megabytes):
                file.write(body * (MEGA // len(body)))
            file.write(tail)
    run = subprocess.run(
        [sys.executable, "-c", READ, *(str(folder / kind) for kind in kinds)],
        check=True, capture_output=True, text=True,
    )  # fmt: skip
    shown = [map(int, line.split()) for line in run.stdout.splitlines()]
    return dict(zip(kinds, map(tuple, shown), strict=True))


@pytest.fixture(scope="module")
def of_eighteen(tmp_path_factory):
    return read(tmp_path_factory.mktemp("lines"), FILES, 18)


@NEEDS_PROC
@pytest.mark.parametrize("kind", FILES)
def test_a_line_of_more_than_sixteen_megabytes_is_a_gap(kind, of_eighteen):
    peak, gaps, lines, values = of_eighteen[kind]
    assert gaps >= 1
    assert lines + values == (0 if kind == "plain text" else 1)
    assert peak < 1000


@NEEDS_PROC
@pytest.mark.skipif(not os.environ.get("AUTOPILOT_LARGE"), reason="set AUTOPILOT_LARGE=1 to read 300 MB")
@pytest.mark.parametrize("kind", FILES)
def test_a_line_of_three_hundred_megabytes_is_a_gap_in_bounded_memory(kind, tmp_path):
    peak, gaps, _, _ = read(tmp_path, [kind], 300)[kind]
    assert gaps >= 1
    assert peak < 1500


@pytest.mark.parametrize("text", ["", "a\n", "1234\n1234", "\n\n\n1234\n"])
def test_short_lines_stay_the_very_same_bytes(text):
    content = text.encode()
    assert shorten_lines(content, longest=4) == (content, ())


def test_long_lines_are_cut_counted_and_numbered_and_the_rest_stays():
    content, (gap,) = shorten_lines(b"ab\n0123456789\ncd\n0123456789", longest=4)
    assert content == b"ab\n0123\ncd\n0123"
    assert (gap.record, gap.count) == (2, 2)


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_a_cut_leaves_pairs_of_bytes_whole(encoding):
    content, _ = shorten_lines("ab\n0123456789\ncd\n".encode(encoding), longest=6)
    assert content.decode(encoding).splitlines()[::2] == ["ab", "cd"]


def test_the_limit_is_far_beyond_the_longest_genuine_line(genuine):
    log = (genuine / "ime" / "IntuneManagementExtension.log").read_bytes()
    assert max(map(len, log.splitlines())) * 100 < LONGEST_LINE
