"""Where the output of a command begins and ends in a text that somebody pasted."""

from __future__ import annotations

from autopilot_analysis.facts.pasted_outputs import holds_outputs, pasted_outputs

PASTED = [
    "Hello,",
    "PS C:\\> sc.exe qc wlidsvc",
    "[SC] QueryServiceConfig SUCCESS",
    "",
    "C:\\>whoami",
    "example\\user",
]


def test_an_output_goes_from_its_prompt_to_the_next_one():
    outputs = pasted_outputs(PASTED)
    assert [(output.begin, output.end) for output in outputs] == [(1, 4), (4, 6)]
    assert outputs[0].reader
    assert outputs[1].reader == ""


def test_a_text_holds_outputs_only_where_a_command_is_known():
    assert holds_outputs(PASTED)
    assert not holds_outputs(PASTED[4:])
    assert not holds_outputs(["Hello,", "nothing was run."])
