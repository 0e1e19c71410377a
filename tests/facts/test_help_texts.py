"""Texts that explain errors to their readers quote nobody's screen; what somebody reports is one."""

from __future__ import annotations

import pytest

from autopilot_analysis.facts.help_texts import LEAST_EXPLAINED, is_article
from autopilot_analysis.facts.quotes import quotes_in

LIMIT = '"Exceeded the time limit set by your organization"'
LEAFLET = """What the messages mean
- AADSTS50126 - the password is wrong, try again.
- "Something went wrong. 0x80180018" - no licence yet, call 5500.
"""
EXPLAINED = {
    "a list of messages with what each means": LEAFLET,
    "a German list of questions": (
        'Erscheint "Ein Fehler ist aufgetreten. 0x80180018", bedeutet das: Die Lizenz fehlt noch.\n'
        'Erscheint "Ein Fehler ist aufgetreten. 0x80180014", ist das Gerät gesperrt.\n'
    ),
    "a German condition": 'Wenn Sie "Ein Fehler ist aufgetreten. 0x80180018" sehen, rufen Sie an.\n',
    "a leaflet with one page": f"If the screen says {LIMIT}, leave the laptop on and call 5500.\n",
    "an answer for callers": 'If the user reports "Something went wrong. 0x801C0003", see the limit.\n',
    "an answer for callers, code alone": "If the user reports error 0x801C0003 in Autopilot, see here.\n",
    "a meaning": '"Something went wrong. 0x80180018" means that the user has no licence.\n',
    "a table": (
        '| Message | Meaning |\n| "Something went wrong. 0x80180018" | no licence, call 5500 |\n'
        f"| {LIMIT} | too slow, please wait |\n"
    ),
    "in case of": 'In case of "Something went wrong. 0x80180018" call 5500.\n',
    "a screen that may come": 'When the screen shows "Something went wrong. 0x80180018", call 5500.\n',
    "a whole page": (
        'If you see "Something went wrong. Contact your system administrator with the error code 80180014", '
        "the device is blocked.\n"
    ),
    "a German screen": 'Wird auf dem Bildschirm "Ein Fehler ist aufgetreten. 0x80180018" angezeigt: 5500.\n',
    "French": 'Si vous voyez "Un problème est survenu. 0x80180018", appelez le support.\n',
}
REPORTED = {
    "a user's report": 'User reports: "Something went wrong. 0x80180018", tried twice on LT-22\n',
    "a report with when": 'When I sign in, it says "Something went wrong. 0x80180018".\n',
    "a German report": 'Wenn ich mich anmelde, erscheint "Ein Fehler ist aufgetreten. 0x80180018".\n',
    "a German report of a user": 'Heute meldet der Benutzer "Ein Fehler ist aufgetreten. 0x80180018"\n',
    "a report with if": 'If I restart, it says again "Something went wrong. 0x80180018".\n',
    "a German question": 'Hier erscheint "Ein Fehler ist aufgetreten. 0x80180018". Was bedeutet das?\n',
    "a question": 'Does anyone know what "Something went wrong. 0x80180018" means?\n',
    "a report with a list of what was tried": (
        '- "Something went wrong. 0x80180018" - on LT-22, at the second try too\n- TPM cleared - no change\n'
    ),
    "two tries": 'Monday: "Something went wrong. 0x80180018"\nTuesday: "Something went wrong. 0x80180018"\n',
    "a page in German": "Die Installation hat die von Ihrer Organisation festgelegte Zeit überschritten\n",
}


SAYS = 'The page says "Something went wrong. 0x80180014".\n'


@pytest.mark.parametrize(
    ("text", "article"),
    [
        (f"# Fix the enrolment error 0x80180014\nIt usually comes late. {SAYS}", True),
        (f"# Intune error 0x80180014: what it means\nYou may see this in OOBE. {SAYS}", True),
        (f"The blocked platform\nIn this article we show what devices usually meet. {SAYS}", True),
        (f"0x80180014\nUse this runbook where a device stops. {SAYS}", True),
        (f"# Fix the enrolment error 0x80180014\nPC-12 stops. {SAYS}", False),
        (f"How to fix 0x80180014?\nIt usually comes late. {SAYS}", False),
        (f"How to fix 0x80180014\nOur devices usually stop. {SAYS}", False),
        (f"How to fix 0x80180014\nI usually get it. {SAYS}", False),
        (f"The laptop of room 4\nIt usually works. {SAYS}", False),
        (f"Problem\nWe followed the steps in this article, as you might read there. {SAYS}", False),
    ],
)
def test_an_article_speaks_of_an_error_in_general_and_of_nobody(text, article):
    assert is_article(text) == article
    assert (quotes_in(text.splitlines()) == []) == article


@pytest.mark.parametrize("text", EXPLAINED.values(), ids=EXPLAINED)
def test_a_message_that_is_explained_was_on_nobodys_screen(text):
    assert quotes_in(text.splitlines()) == []


@pytest.mark.parametrize("text", REPORTED.values(), ids=REPORTED)
def test_a_message_that_somebody_reports_was_on_a_screen(text):
    assert quotes_in(text.splitlines())


def test_one_explained_message_is_no_list():
    lines = LEAFLET.splitlines()
    assert LEAST_EXPLAINED == 2
    assert quotes_in([lines[0], lines[2]])
    assert quotes_in([lines[0], lines[2], lines[2]])


def test_a_list_that_does_not_say_that_it_explains_may_be_a_report():
    assert quotes_in(LEAFLET.splitlines()[1:])
