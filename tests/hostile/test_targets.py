"""Every reader is fuzzed, from an input that it reads, and the page on security says how long."""

import json
from pathlib import Path

import pytest
from corpus import is_read, seeds
from targets import TARGETS, attempt

from autopilot_analysis.readers.formats import READERS

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("name", sorted(READERS))
def test_every_reader_is_a_target_that_starts_from_what_it_reads(name):
    contents = seeds()[name]
    assert [content for content in contents if is_read(name, content)]
    assert [attempt(TARGETS[name], content) for content in contents] == [None] * len(contents)


def test_every_target_has_a_line_in_the_table_of_what_was_tried():
    tried = json.loads((ROOT / "benchmarks" / "fuzz" / "results.json").read_text())["fuzz"]
    page = (ROOT / "docs" / "security.md").read_text("utf-8")
    assert {name for name in TARGETS if name not in tried or f"fuzzing `{name}`" not in page} == set()
