"""Own rules come from a file of one's own, and nothing half-loaded is taken for one."""

import pytest

from autopilot_analysis.errors import BadInput
from autopilot_analysis.findings.loading import load_rules
from autopilot_analysis.findings.rule import OWN_WORDS, RULES

OWN = """
from autopilot_analysis.findings import rule
from autopilot_analysis.findings.rule import no_proof

@rule("OWN-LOADED", title="Loaded")
def loaded(tables, trace):
    return no_proof()
"""


@pytest.fixture
def own(tmp_path):
    def load(text, name="own.py"):
        path = tmp_path / name
        path.write_text(text)
        return load_rules(path)

    yield load
    RULES.pop("OWN-LOADED", None)
    OWN_WORDS.pop("OWN-LOADED", None)


def test_rules_of_a_file_join_those_of_the_package(own):
    before = set(RULES)
    assert set(own(OWN)) == before | {"OWN-LOADED"}


@pytest.mark.parametrize(
    ("text", "name", "why"),
    [
        ("x = 1", "own.py", "registers no rule"),
        ("1 / 0", "own.py", "cannot be run: ZeroDivisionError"),
        ("def (", "own.py", "cannot be run: SyntaxError"),
        (OWN, "own.txt", "is no file of rules"),
        (OWN.replace("OWN-LOADED", "ESP-OFF"), "own.py", "two rules are called ESP-OFF"),
    ],
)
def test_what_brings_no_rule_is_refused_with_why(own, text, name, why):
    with pytest.raises(BadInput, match=why):
        own(text, name)
    assert "OWN-LOADED" not in RULES


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(BadInput, match=r"absent\.py is no file of rules"):
        load_rules(tmp_path / "absent.py")
