"""Every verb, run in two fresh processes on one input, gives the same bytes, whatever hash and threads."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SAMPLE = "data/esp-app-timeout.zip"
ALL = """
import io, json, sys
from contextlib import redirect_stdout
from importlib import import_module
from pathlib import Path
from autopilot_analysis.cli import main
from autopilot_analysis.privacy import share

def once(module, name):
    place, kept = import_module(f"autopilot_analysis.{module}"), {}
    whole = getattr(place, name)
    def held(of, *more, **options):
        key = of if isinstance(of, str) else id(of)
        if key not in kept:
            kept[key] = of, whole(of, *more, **options)
        return kept[key][1]
    setattr(place, name, held)

for module in ("cli.findings", "cli.tables"):
    once(module, "load")
story = import_module("autopilot_analysis.fleet.dataset.story")
once("fleet.dataset.story", "load_story")
once("fleet.dataset.loading", "load_deployments")
once("fleet.explanation.explain", "explain_outcomes")
verbs, root, printed = json.loads(sys.argv[1]), Path(sys.argv[2]), {}
for verb, words in verbs.items():
    out = root / verb.replace(" ", "-")
    with redirect_stdout(io.StringIO()) as said:
        if verb == "share with a key":
            tables, trace, found = story.load_story(words[0])
            share({**tables.frames(), **trace.frames(), **found.frames()}, out, key=bytes(32))
        else:
            main([word.format(out=out) for word in words])
    printed[verb] = said.getvalue().replace(str(root), "OUT")
print(json.dumps(printed))
"""
"""What several verbs start from is worked out once a process: that it comes out alike, two processes show."""
VERBS = {
    "tables": ["tables", SAMPLE, "--out", "{out}"],
    "tables as CSV": ["tables", SAMPLE, "--out", "{out}", "--format", "csv"],
    "findings": ["findings", SAMPLE, "--all"],
    "findings as JSON": ["findings", SAMPLE, "--json"],
    "findings as Markdown": ["findings", SAMPLE, "--markdown"],
    "explain": ["explain", "data/fleet"],
    "explain as JSON": ["explain", "data/fleet", "--json"],
    "timeline": ["timeline", SAMPLE, "{out}"],
    "share with a key": [SAMPLE],
    "sample": ["sample", "{out}", "--devices", "2"],
}


def run(seed, root):
    """Return what each verb printed and every file it wrote, by name, in one process of so many threads."""
    own = {"PYTHONHASHSEED": seed, "POLARS_MAX_THREADS": seed, "PYTHONPATH": str(ROOT)}
    env = {**os.environ, **own, "PYTHONWARNINGS": "ignore"}
    done = subprocess.run(
        [sys.executable, "-P", "-c", ALL, json.dumps(VERBS), str(root)],
        cwd=ROOT, env=env, capture_output=True, check=True, text=True, encoding="utf-8",
    )  # fmt: skip
    made = {verb: {"printed": text.encode()} for verb, text in json.loads(done.stdout).items()}
    for verb, parts in made.items():
        out = root / verb.replace(" ", "-")
        files = [out] if out.is_file() else sorted(path for path in out.rglob("*") if path.is_file())
        parts |= {str(path.relative_to(out)): path.read_bytes() for path in files}
    return made


@pytest.fixture(scope="module")
def twice(tmp_path_factory):
    return [run(seed, tmp_path_factory.mktemp(f"seed-{seed}")) for seed in ("1", "2")]


@pytest.mark.parametrize("verb", VERBS)
def test_a_verb_gives_the_same_bytes_in_every_process(verb, twice):
    first, second = (made[verb] for made in twice)
    assert first["printed"] or len(first) > 1
    assert [name for name in first if first[name] != second.get(name)] == []
    assert first.keys() == second.keys()
