"""Logs that no agent would write: cut, binary, empty, or one endless line."""

import random
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest

from autopilot_analysis import build_trace, open_export, read_tables
from autopilot_analysis.readers.text_logs.cmtrace import read_cmtrace
from autopilot_analysis.samples import write_sample
from autopilot_analysis.trace.installs.agent.messages import find_messages
from autopilot_analysis.trace.installs.agent.tries import read_installs_from_log

NEEDS_PROC = pytest.mark.skipif(
    not Path("/proc/self/status").exists(), reason="memory is told otherwise here"
)

MEGA = 1_000_000
RECORD = (
    '<![LOG[{}]LOG]!><time="10:00:00.0000000" date="3-2-2026" component="AppWorkload" context="" type="1"'
    ' thread="1" file="">\r\n'
)
READ = """
import sys
import polars as pl
from pathlib import Path
from autopilot_analysis.readers.text_logs.cmtrace import read_cmtrace
from autopilot_analysis.trace.installs.agent.tries import read_installs_from_log
status = Path("/proc/self/status")
peak = lambda: next(int(line.split()[1]) // 1024 for line in status.open() if line.startswith("VmHWM"))
content = Path(sys.argv[1]).read_bytes()
before = peak()
rows = read_cmtrace(content).rows["log_lines"]
read_installs_from_log(rows.with_columns(device=pl.lit("D"), member=pl.lit("AppWorkload.log")))
print(before, peak())
"""
"""A process of its own, so that its peak memory in MiB is its own too."""


@pytest.fixture(scope="module")
def log(tmp_path_factory):
    """The bytes of one whole AppWorkload.log."""
    sample = write_sample(tmp_path_factory.mktemp("whole"), "installs_new_era", layout="folder")
    return next(sample.path.rglob("AppWorkload.log")).read_bytes()


def lines_of(content):
    rows = read_cmtrace(content).rows["log_lines"]
    return rows.with_columns(device=pl.lit("D"), member=pl.lit("AppWorkload.log"))


def test_a_log_cut_anywhere_still_tells_of_what_is_left(log):
    chance = random.Random(3)
    for _ in range(25):
        start, stop = sorted(chance.randrange(len(log)) for _ in range(2))
        if stop - start > 2000:
            assert read_installs_from_log(lines_of(log[start:stop])).height >= 0


@pytest.mark.parametrize(
    "content", [b"", b"\0" * 4096, random.Random(1).randbytes(200_000)], ids=["empty", "zeros", "noise"]
)
def test_a_log_that_is_none_leaves_a_word_and_no_traceback(content, tmp_path):
    (tmp_path / "AppWorkload.log").write_bytes(content)
    (tmp_path / "IntuneManagementExtension.log").write_text(RECORD.format("EMS Agent Started"))
    with open_export(tmp_path) as export:
        tables = read_tables(export)
    assert build_trace(tables).installs.is_empty()
    assert tables.log_lines.height == 1
    states = dict(tables.members.select("member", pl.col("state").cast(pl.String)).iter_rows())
    assert states["AppWorkload.log"] in {"empty", "damaged", "unknown", "partial"}


def test_four_megabytes_of_broken_policies_in_one_line_tell_nothing_and_break_nothing():
    text = "Get policies = [" + '{"Id":"x","Name":"' * (4 * MEGA // 18) + "]"
    lines = lines_of(RECORD.format(text).encode())
    assert find_messages(lines)["pattern"].to_list() == ["policies"]
    assert read_installs_from_log(lines).is_empty()


@NEEDS_PROC
def test_sixty_four_megabytes_in_one_line_are_read_in_bounded_memory(tmp_path):
    log = tmp_path / "AppWorkload.log"
    text = "Get policies = [" + "Win32App_ lpExitCode 1 " * (64 * MEGA // 23) + "]"
    log.write_text(RECORD.format(text))
    run = subprocess.run([sys.executable, "-c", READ, str(log)], check=True, capture_output=True, text=True)
    before, after = map(int, run.stdout.split())
    assert after - before < 1000


def test_sixty_four_megabytes_without_any_record_are_a_gap(tmp_path):
    (tmp_path / "AppWorkload.log").write_bytes(b"<![LOG[" + b"x" * 64 * MEGA)
    with open_export(tmp_path) as export:
        tables = read_tables(export)
    assert tables.gaps.height >= 1
    assert build_trace(tables).installs.is_empty()
