import errno
import multiprocessing
import os
import shutil
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import polars as pl
import pytest

from autopilot_analysis.cli import main
from autopilot_analysis.errors import BadInput, NotWritten
from autopilot_analysis.fleet.dataset.dataset import open_dataset
from autopilot_analysis.fleet.dataset.ingest import ingest
from autopilot_analysis.fleet.dataset.run import batch as batch_module

CALL = """
import sys
from autopilot_analysis.fleet.dataset.ingest import ingest
ingest(sys.argv[1], into=sys.argv[2], workers=int(sys.argv[3]))
"""


def start(captures, root, workers=2):
    command = [sys.executable, "-c", CALL, str(captures), str(root), str(workers)]
    return subprocess.Popen(command, start_new_session=True, stderr=subprocess.DEVNULL)


def done(root):
    return len(list(root.glob("exports/*/*/manifest.json")))


def wait_until(condition, process):
    while not condition() and process.poll() is None:
        time.sleep(0.01)


def wait_until_gone(group):
    """Wait until no worker of a killed call is left; none may outlive it."""
    until = time.monotonic() + 20
    while time.monotonic() < until:
        try:
            os.killpg(group, 0)
        except ProcessLookupError:
            return
        time.sleep(0.02)
    pytest.fail("a worker outlived the call that started it")


def few(captures, count):
    return sorted(captures.glob("*.cab"))[:count]


def test_two_processes_write_the_same_tables_as_one(captures, undisturbed, same_tables, tmp_path):
    summary = ingest(captures, into=tmp_path / "dataset", workers=2)
    assert (summary.ingested, summary.workers, summary.set_aside) == (10, 2, ())
    assert [path.rpartition("/")[2] for path in summary.ignored] == ["truth.parquet"]
    same_tables(tmp_path / "dataset", undisturbed)


def test_killed_at_any_moment_and_called_again_it_ends_as_if_undisturbed(
    captures, undisturbed, same_tables, tmp_path
):
    root = tmp_path / "dataset"
    for share in (0, 2, 5):
        process = start(captures, root)
        wait_until(lambda share=share: root.exists() and done(root) >= share, process)
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        wait_until_gone(process.pid)
    before = done(root)
    assert before < 10
    summary = ingest(captures, into=root, workers=1)
    assert summary.already >= before
    assert summary.ingested + summary.already == 10
    same_tables(root, undisturbed)
    assert list((root / "work").iterdir()) == []


def test_two_calls_at_once_fill_one_dataset_with_each_export_once(
    captures, undisturbed, same_tables, tmp_path
):
    root = tmp_path / "dataset"
    processes = [start(captures, root, workers=1) for _ in range(2)]
    assert [process.wait() for process in processes] == [0, 0]
    same_tables(root, undisturbed)
    said = (root / "ingest.log").read_text()
    assert said.count("status=ingested") == 10
    assert [path for path in (root / "work").iterdir() if path.is_dir()] == []


def test_a_worker_killed_midway_loses_nothing(captures, undisturbed, same_tables, tmp_path):
    killed = []

    def kill_one(done, _total, _name):
        if done == 3:
            killed.append(multiprocessing.active_children()[0].pid)
            os.kill(killed[0], signal.SIGKILL)

    summary = ingest(captures, into=tmp_path / "dataset", workers=2, progress=kill_one)
    assert killed
    assert (summary.ingested, summary.set_aside) == (10, ())
    same_tables(tmp_path / "dataset", undisturbed)


def test_an_export_counts_once_whatever_its_name(captures, tmp_path):
    pile = tmp_path / "pile"
    pile.mkdir()
    first, second = few(captures, 2)
    shutil.copy(first, pile / "a.cab")
    shutil.copy(first, pile / "b.cab")
    shutil.copy(second, pile / "c.cab")
    summary = ingest(pile, into=tmp_path / "dataset")
    assert (summary.ingested, summary.duplicates) == (2, 1)
    (pile / "c.cab").rename(pile / "d.cab")
    again = ingest([pile / "d.cab", pile / "a.cab"], into=tmp_path / "dataset")
    assert (again.ingested, again.already) == (0, 2)
    assert open_dataset(tmp_path / "dataset").exports.height == 2


def test_a_bad_export_is_set_aside_with_its_reason_and_the_rest_go_on(captures, tmp_path):
    pile = tmp_path / "pile"
    pile.mkdir()
    (good,) = few(captures, 1)
    shutil.copy(good, pile / "good.cab")
    (pile / "cut.cab").write_bytes(good.read_bytes()[:200])
    (pile / "empty.zip").touch()
    (pile / "page.zip").write_text("<html>sign in</html>")
    (pile / "notes.txt").write_text("buy milk")
    root = tmp_path / "dataset"
    summary = ingest([pile, tmp_path / "gone.cab"], into=root)
    assert summary.ingested == 1
    assert sorted(name for name, _ in summary.set_aside) == ["cut.cab", "empty.zip", "gone.cab", "page.zip"]
    aside = open_dataset(root).set_aside
    assert dict(aside.select("name", "error").rows()) == dict.fromkeys(aside["name"], "NotAnExport")
    assert "empty (0 bytes)" in aside.filter(pl.col("name") == "empty.zip")["reason"][0]
    assert "\n" not in "".join(aside["reason"])

    shutil.copy(good, pile / "cut.cab")
    assert ingest(pile, into=root).duplicates == 0
    assert open_dataset(root).exports.height == 1


def test_what_was_set_aside_is_tried_again_only_when_asked(tmp_path):
    (tmp_path / "bad.cab").write_bytes(b"MSCF" + b"\xff" * 60)
    root = tmp_path / "dataset"
    ingest(tmp_path / "bad.cab", into=root)
    told = (root / "ingest.log").read_text()
    assert len(ingest(tmp_path / "bad.cab", into=root).set_aside) == 1
    assert len(ingest(tmp_path / "bad.cab", into=root, retry=True).set_aside) == 1
    assert told in (root / "ingest.log").read_text()
    assert open_dataset(root).set_aside.height == 1


def test_a_full_disk_stops_the_call_and_sets_nothing_aside(captures, tmp_path, monkeypatch):
    def full(*_args, **_kwargs):
        raise OSError(errno.ENOSPC, "No space left on device")

    root = tmp_path / "dataset"
    monkeypatch.setattr(pl.DataFrame, "write_parquet", full)
    with pytest.raises(NotWritten, match=r"No space left on device; free some room"):
        ingest(few(captures, 1), into=root)
    monkeypatch.undo()
    assert not list(root.glob("set_aside/*"))
    assert ingest(few(captures, 1), into=root).ingested == 1


def test_a_fault_of_ours_on_one_export_does_not_stop_the_others(captures, tmp_path, monkeypatch):
    real = batch_module.build_trace

    def fail_on_one(tables):
        if "SN-0002" in tables.devices["device"]:
            raise ZeroDivisionError("nobody thought of this")
        return real(tables)

    monkeypatch.setattr(batch_module, "build_trace", fail_on_one)
    summary = ingest(few(captures, 3), into=tmp_path / "dataset")
    assert summary.ingested == 2
    ((name, reason),) = summary.set_aside
    assert "0002" in name
    assert reason.startswith("this package failed on it: ZeroDivisionError: nobody")


def test_compact_as_a_verb_needs_no_export(captures, tmp_path, capsys):
    root = tmp_path / "dataset"
    assert main(["ingest", *map(str, few(captures, 2)), "--into", str(root), "--compact"]) == 0
    assert "2 exports merged into 1 packs" in capsys.readouterr().out
    assert main(["ingest", "--into", str(root), "--compact"]) == 0
    assert "0 exports merged" in capsys.readouterr().out
    assert open_dataset(root).exports.height == 2


def test_an_ingest_of_nothing_says_what_to_name(tmp_path, capsys):
    assert main(["ingest", "--into", str(tmp_path / "dataset")]) == 2
    assert "name folders, ZIPs, CABs, files or patterns, or add --compact" in capsys.readouterr().err
    assert not (tmp_path / "dataset").exists()


def test_any_executor_does_the_work(captures, tmp_path):
    with ThreadPoolExecutor(2) as executor:
        summary = ingest(few(captures, 3), into=tmp_path / "dataset", executor=executor)
    assert (summary.ingested, summary.workers) == (3, 0)


def test_progress_counts_what_is_done_and_names_it(captures, tmp_path):
    calls = []
    ingest(few(captures, 2), into=tmp_path / "dataset", progress=lambda *call: calls.append(call))
    assert calls == [(1, 2, few(captures, 2)[0].name), (2, 2, few(captures, 2)[1].name)]


def test_a_folder_that_holds_something_else_is_left_alone(captures, tmp_path):
    (tmp_path / "thesis.txt").write_text("years of work")
    with pytest.raises(BadInput, match="is there and is no dataset"):
        ingest(captures, into=tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


def test_less_than_one_worker_is_refused(captures, tmp_path):
    with pytest.raises(BadInput, match="ask for at least 1"):
        ingest(few(captures, 1), into=tmp_path / "dataset", workers=0)
