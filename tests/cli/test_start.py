"""How a process begins: small exports on one thread, unless somebody said otherwise."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from autopilot_analysis.cli import start

BEGUN = """
import gc, os, sys
{before}
from autopilot_analysis.cli.start import begin
begin({export!r})
print(os.environ.get("POLARS_MAX_THREADS"), gc.get_threshold()[0])
"""


def begun(export, before="", **environment):
    """Return threads and threshold of a fresh process that begins with an export."""
    env = {name: value for name, value in os.environ.items() if name != start.THREADS} | environment
    code = BEGUN.format(before=before, export=export)
    done = subprocess.run([sys.executable, "-c", code], env=env, check=True, capture_output=True, text=True)
    return done.stdout.split()


def test_a_small_export_is_read_on_one_thread_and_garbage_looked_for_rarely(refused):
    assert begun(str(refused)) == ["1", str(start.OBJECTS)]


def test_the_number_of_threads_that_somebody_set_stays(refused):
    assert begun(str(refused), POLARS_MAX_THREADS="3")[0] == "3"


PRODUCTS = """
import os
from autopilot_analysis.cli.start import begin
begin(None)
import numpy
print(os.environ["OPENBLAS_NUM_THREADS"], len(os.listdir("/proc/self/task")))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux lists the threads of a process as files")
@pytest.mark.parametrize(("given", "threads"), [({}, "1"), ({start.PRODUCTS: "2"}, "2")])
def test_numpy_starts_no_threads_for_products_of_matrices_unless_somebody_asked(given, threads):
    env = {name: value for name, value in os.environ.items() if name != start.PRODUCTS} | given
    done = subprocess.run(
        [sys.executable, "-c", PRODUCTS], env=env, check=True, capture_output=True, text=True
    )
    assert done.stdout.split()[0] == threads
    assert given or done.stdout.split()[1] == "1"


def test_without_one_export_threads_are_left_alone():
    assert begun(None)[0] == "None"


def test_a_process_that_works_with_polars_already_is_left_as_it_is(refused):
    threads, threshold = begun(str(refused), before="import polars; gc.set_threshold(41)")
    assert (threads, threshold) == ("None", "41")


def test_polars_takes_the_number_from_there(refused):
    code = (
        f"from autopilot_analysis.cli.start import begin; begin({str(refused)!r})\n"
        "import polars; print(polars.thread_pool_size())"
    )
    env = {name: value for name, value in os.environ.items() if name != start.THREADS}
    done = subprocess.run([sys.executable, "-c", code], env=env, check=True, capture_output=True, text=True)
    assert done.stdout.split() == ["1"]


@pytest.mark.parametrize(("size", "small"), [(50, True), (51, False)])
def test_a_file_is_small_up_to_a_number_of_bytes(monkeypatch, tmp_path, size, small):
    monkeypatch.setattr(start, "SMALL_BYTES", 50)
    (tmp_path / "a.zip").write_bytes(bytes(size))
    assert start.is_small(tmp_path / "a.zip") is small


@pytest.mark.parametrize(("few", "size", "small"), [(2, 60, True), (1, 60, False), (2, 59, False)])
def test_a_folder_is_small_up_to_a_number_of_bytes_and_files(monkeypatch, tmp_path, few, size, small):
    monkeypatch.setattr(start, "SMALL_BYTES", size)
    monkeypatch.setattr(start, "SMALL_FILES", few)
    (tmp_path / "below").mkdir()
    for name in ("a.log", "below/b.log"):
        (tmp_path / name).write_bytes(bytes(30))
    assert start.is_small(tmp_path) is small


def test_what_is_not_there_is_not_small(tmp_path):
    assert not start.is_small(tmp_path / "gone.cab")


def test_a_process_that_ends_does_not_look_for_garbage_once_more():
    code = (
        "import atexit, gc\natexit.register(lambda: print(gc.get_freeze_count() > 0))\n"
        "from autopilot_analysis.cli.start import begin\nbegin(None)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert done.stdout == "True\n"
