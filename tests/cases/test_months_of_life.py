"""What is true of a device stays true when months of a healthy machine's life lie around its failure."""

from __future__ import annotations

import json
import zipfile

import pytest
from cases.judging import judge_export
from cases.months import lay

LEAST = 18
"""Of the 21 outside cases so many have to hold with months around them."""


def _outside(genuine):
    folder = genuine.parent / "cases"
    if not (folder / "expected.json").is_file():
        pytest.skip("the outside cases are not beside this checkout")
    for case in json.loads((folder / "expected.json").read_text()):
        yield folder / f"{case['case']}.zip", case


def _has_events(export):
    with zipfile.ZipFile(export) as archive:
        return any(name.endswith(".evtx") for name in archive.namelist())


def test_months_of_healthy_life_around_a_failure_change_no_answer(genuine, tmp_path):
    machines = sorted((genuine / "healthy").glob("*.zip"))
    short = {}
    for number, (export, wanted) in enumerate(_outside(genuine)):
        lives = [machines[(number + k) % len(machines)] for k in range(3)]
        laid = lay(export, lives[:2], lives[2:], tmp_path) if _has_events(export) else export
        short[export.stem] = judge_export(laid, wanted)
    held = [name for name, lacks in short.items() if not lacks]
    assert len(held) >= LEAST, {name: lacks for name, lacks in short.items() if lacks}
