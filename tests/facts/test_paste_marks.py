"""Marks of a paste are no part of a value; what markup, a prompt, a script or a log writes alike stays."""

from __future__ import annotations

import pytest

from autopilot_analysis.facts.paste_marks import without_paste_marks


@pytest.mark.parametrize(
    ("pasted", "plain"),
    [
        ("`state : done`", "state : done"),
        ("`a : b\nstate : @{c=}`\n", "a : b\nstate : @{c=}\n"),
        ("> a : 1\n> b : 2\n> c : 3\n", "a : 1\nb : 2\nc : 3\n"),
        (">> a : 1\n>> b : 2\n> > c : 3", "a : 1\nb : 2\nc : 3"),
        ("**Certificates (Error)** 0x80070002", "Certificates (Error) 0x80070002"),
        ("a : 1<br>\nb : 2<br/>c : 3", "a : 1\nb : 2\nc : 3"),
        ("a\u00a0:\u202f1&nbsp;&gt;\u200b 2 &amp; 3", "a : 1 > 2 & 3"),
    ],
)
def test_the_marks_are_taken_off(pasted, plain):
    assert without_paste_marks(pasted) == plain


@pytest.mark.parametrize(
    "text",
    [
        "<Event>\n`a` &gt; **b**\n</Event>",
        'Windows Registry Editor Version 5.00\n\n"a"="**b**"',
        "<![LOG[SELECT `Message` FROM `Error`]LOG]!>",
        "> one line\n> and a second\nand none",
        'Write-Host "one`r`ntwo" `\n  -NoNewline',
        "**********************\nWindows PowerShell transcript start\n**********************",
        "2 ** 3 and 4 ** 5",
    ],
)
def test_what_is_no_mark_stays(text):
    assert without_paste_marks(text) == text


def test_a_quote_of_html_within_quotes_stays_so_that_an_object_stays_whole():
    assert (
        without_paste_marks('The answer: {"name": "PC &quot;one&quot; &amp; two"}')
        == 'The answer: {"name": "PC &quot;one&quot; & two"}'
    )
    assert without_paste_marks("{&quot;name&quot;: 1}") == '{"name": 1}'


@pytest.mark.parametrize("value", ["`a`", "**b**", "a &amp; b", "c<br>d", "e\u00a0f"])
def test_whole_json_keeps_each_letter_of_its_values(value):
    whole = f'\n[{{"name": "{value}"}}]\n'
    assert without_paste_marks(whole) == whole
    assert without_paste_marks(f"{whole}as he wrote") != f"{whole}as he wrote"
