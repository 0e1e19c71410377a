"""A line of tpmtool under another spelling is read as the line that the rules know."""

from __future__ import annotations

import polars as pl
import pytest

from autopilot_analysis.facts import read_facts
from autopilot_analysis.facts import tpm_tool as module
from autopilot_analysis.facts.tpm_tool import as_known, line_of
from autopilot_analysis.findings.rules.tpm_texts import ABSENT, ATTESTING
from autopilot_analysis.readers.texts.hardware.tpm import ANSWER, TOOL_LINES


def test_every_line_that_a_rule_asks_for_by_name_stands_in_the_facts() -> None:
    asked = {name: line_of(name) for name in (ABSENT, *ATTESTING)}
    assert asked == {
        "present": "tpm present",
        "attests now": "ready for attestation",
        "can attest": "is capable for attestation",
    }
    assert set(asked) == set(read_facts("tpm_tool")["asked"].drop_nulls())


def test_every_answer_that_is_read_in_any_language_stands_in_the_facts() -> None:
    answers = {label for label, shape in TOOL_LINES if shape == ANSWER}
    assert answers <= {f"-{line}" for line in read_facts("tpm_tool")["line"]}


def test_another_spelling_is_known_and_a_label_without_hyphen_or_row_stays(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    facts = pl.DataFrame({"line": ["Ready For Attestation"], "also": ["Is Ready For Attestation | Attests"]})
    monkeypatch.setattr(module, "read_facts", lambda _: facts)
    monkeypatch.setattr(module, "_spellings", module._spellings.__wrapped__)
    known = {label: as_known(label) for label in ("-Is Ready for attestation", "- Attests")}
    assert set(known.values()) == {"-Ready For Attestation"}
    for label in ("Is Ready For Attestation", "-Ready For Attestation", "-PPI Version"):
        assert as_known(label) == label
