"""The native unpacker in its own process: whatever it does, the content is read, and a gap says so."""

from __future__ import annotations

import textwrap

import pytest

from autopilot_analysis.errors import DamagedArchive
from autopilot_analysis.export import open_export
from autopilot_analysis.export.cabinet import fast
from autopilot_analysis.export.cabinet.cabinet import cabinet_entries
from autopilot_analysis.export.limits import Budget, Limits
from autopilot_analysis.export.workspace import Workspace

VERBATIM, ALIGNED, UNCOMPRESSED = 1, 2, 3
DUMP = b"[HKEY_LOCAL_MACHINE\\software\\microsoft\\provisioning]\r\n\r\n"
MEMBERS = [
    ("MdmDiagReport_RegistryDump.reg", DUMP),
    ("a.log", b"one line\r\n" * 9000),
    ("b.log", b"x" * 5000),
]
WORKERS = {
    "is killed": ("import os; os.kill(os.getpid(), 9)", "status -9"),
    "crashes half way": ("open('f', 'wb').write(b'x' * 100); import os; os.abort()", "status -6"),
    "loops": ("while True: pass", "after 1 s"),
    "eats memory": ("held = [bytes(50 << 20) for _ in range(1000)]", "status 1"),
    "eats memory slowly": ("held = []\nwhile True: held.append(b'x' * 4096 * len(held))", "status 1"),
    "writes without end": ("file = open('f', 'wb')\nwhile True: file.write(bytes(1 << 20))", "status"),
    "opens without end": ("held = [open(str(n), 'wb') for n in range(1000)]", "status 1"),
}


@pytest.fixture
def packed(tmp_path, lzx):
    path = tmp_path / "export.cab"
    path.write_bytes(
        lzx.write_lzx_cabinet(MEMBERS, [(VERBATIM, 40_000), (UNCOMPRESSED, 33_333), (ALIGNED, 0)])
    )
    return path


@pytest.fixture
def always(monkeypatch):
    """Every LZX folder goes through the worker, which is held to one second."""
    monkeypatch.setattr(fast, "WORTH", 0)
    monkeypatch.setattr(fast, "is_installed", lambda: True)


@pytest.mark.parametrize(("code", "words"), WORKERS.values(), ids=WORKERS)
@pytest.mark.usefixtures("always")
def test_a_worker_that_does_harm_is_one_gap_and_everything_is_read(
    tmp_path, monkeypatch, packed, code, words
):
    held_to_limits = fast.WORKER.read_text("utf-8").partition("    from pylibmspack")[0]
    worker = tmp_path / "worker.py"
    worker.write_text(f"{held_to_limits}{textwrap.indent(code, '    ')}\n\nmain()\n")
    monkeypatch.setattr(fast, "WORKER", worker)
    monkeypatch.setattr(fast, "PATIENCE", 1.0 if code.startswith("while") else 20.0)
    with open_export(packed) as export:
        assert [(member.path, member.read()) for member in export.members] == MEMBERS
        (gap,) = export.gaps
    assert gap.member == "export.cab"
    assert words in gap.reason
    assert gap.reason.endswith("the cabinet was read without it")


@pytest.mark.usefixtures("always")
def test_a_worker_that_fails_for_one_folder_is_not_asked_again(monkeypatch, packed):
    calls = []

    def fail(job, room):
        calls.append(job)
        raise DamagedArchive("gone")

    monkeypatch.setattr(fast, "unpack", fail)
    notes, workspace = [], Workspace()
    list(cabinet_entries(packed, workspace, Budget(Limits()), notes.append))
    workspace.close()
    assert [len(calls), len(notes)] == [1, 1]


def test_small_folders_start_no_process(monkeypatch, packed):
    monkeypatch.setattr(fast, "is_installed", lambda: True)
    monkeypatch.setattr(fast, "unpack", lambda job, room: pytest.fail("a process was started"))
    with open_export(packed) as export:
        assert [member.read() for member in export.members] == [content for _, content in MEMBERS]


def test_quantum_names_the_extra_where_it_is_missing(tmp_path, monkeypatch, cabinet):
    content = bytearray(cabinet([("a.reg", DUMP)], [("MdmDiagReport_RegistryDump.reg", DUMP)]))
    content[36 + 6] = 2
    path = tmp_path / "export.cab"
    path.write_bytes(content)
    monkeypatch.setattr(fast, "is_installed", lambda: False)
    with open_export(path) as export:
        assert [member.read() for member in export.members] == [DUMP]
        assert export.gaps[0].reason.endswith("Quantum, which needs the extra: " + fast.EXTRA)


def contents(path):
    """Return what each member holds, or why it cannot be read, and what was noted."""
    notes, workspace = [], Workspace()
    try:
        entries = list(cabinet_entries(path, workspace, Budget(Limits()), notes.append))
        read = [
            (entry.name, str(entry.refused) if entry.refused else entry.content.read()) for entry in entries
        ]
    finally:
        workspace.close()
    return read, notes


@pytest.fixture
def both(monkeypatch):
    """Read a cabinet plainly and natively; return both."""
    pytest.importorskip("pylibmspack", reason="the extra fast is not installed")

    def read(path):
        monkeypatch.setattr(fast, "WORTH", 1 << 40)
        plain = contents(path)
        monkeypatch.setattr(fast, "WORTH", 0)
        return plain, contents(path)

    return read


def test_both_readers_give_the_same_bytes(packed, both):
    plain, native = both(packed)
    assert native == plain == (MEMBERS, [])


def test_both_readers_give_the_same_bytes_of_a_genuine_cabinet(genuine, both):
    plain, native = both(genuine / "mdm-diagnostics-23h2.cab")
    assert native == plain
    assert [len(plain[0]), plain[1]] == [39, []]
