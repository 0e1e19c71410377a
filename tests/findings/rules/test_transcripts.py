"""What transcripts of PowerShell show of scripts; every id, path and name is made up."""

from __future__ import annotations

import pytest
from findings.rule_worlds import GOOD

from autopilot_analysis.findings import find
from autopilot_analysis.findings.rule import RULES

RULE = {"SCRIPT-ENDED-BY-ERROR": RULES["SCRIPT-ENDED-BY-ERROR"]}
ERROR = 'PS>TerminatingError(Get-Item): "Cannot find path C:\\Atlas"'
AGENT = r"C:\Program Files (x86)\Microsoft Intune Management Extension\Policies\Scripts"
ID = "0d1e2f3a-1111-4222-8333-444455556666"
USER = "5b6c7d8e-1111-4222-8333-444455556666"


def search(world, *lines, script="", sources="transcript", **more):
    told = [("Started", "20260302081500", "agent.log", "PowerShell transcript")]
    told += [("Script", script, "agent.log", "PowerShell transcript")] if script else []
    rows = [("error" if "Terminating" in text or "CategoryInfo" in text else None, text) for text in lines]
    return find(
        *world(lines=rows, properties=told, sources={"agent.log": sources}, members=(), **more), rules=RULE
    )


@pytest.mark.parametrize(
    ("script", "named"),
    [
        (rf"{AGENT}\{USER}_{ID.upper()}.ps1", f"script {ID}"),
        (rf"{AGENT}\{ID}.ps1", f"script {ID}"),
        (rf"C:\Windows\IMECache\HealthScripts\{ID}_2\detect.ps1", f"remediation {ID}"),
        (r"C:\Tools\maps.ps1", "maps.ps1"),
        ("", "Get-Item"),
    ],
)
def test_an_error_that_ends_a_command_is_told_with_the_script_that_met_it(world, script, named):
    found = search(world, "ready", ERROR, script=script)
    assert found.findings["title"].to_list() == [
        f"A script or a command met an error, as its transcript shows: {named}"
    ]
    assert found.evidence["quote"].to_list() == ["the transcript was begun at 20260302081500", ERROR]


def test_an_error_that_is_passed_on_is_quoted_once(world):
    found = search(world, ERROR, ERROR.replace("PS>", ">> "), ERROR.replace("Atlas", "Maps"))
    assert found.evidence.height == 3


def test_a_transcript_without_such_an_error_and_another_log_with_its_words_are_no_finding(world):
    assert search(world, "Get-Item : Cannot find path").findings.is_empty()
    assert search(world, ERROR, sources="own_log").findings.is_empty()


BLOCK = "robocopy : no such share\nAt line:1 char:1\n    + CategoryInfo          : NotSpecified: (:String) []"


def test_where_no_command_was_ended_the_block_of_an_error_is_quoted(world):
    found = search(world, "ready", BLOCK)
    assert found.findings["title"].to_list() == [
        "A script or a command met an error, as its transcript shows: robocopy"
    ]
    assert found.evidence["quote"][-1] == (
        "robocopy : no such share At line:1 char:1 + CategoryInfo : NotSpecified: (:String) []"
    )
    assert search(world, ERROR, BLOCK).evidence["quote"].to_list()[1:] == [ERROR]


def test_on_a_device_that_was_deployed_it_is_only_mentioned(world):
    assert search(world, ERROR).findings["severity"].to_list() == ["warning"]
    assert search(world, ERROR, attempts=GOOD).findings["severity"].to_list() == ["info"]
