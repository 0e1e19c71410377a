"""A refused import is known by its words and its status; what only speaks of one reports none."""

from __future__ import annotations

import pytest

from autopilot_analysis.facts.refused_calls import MOST_STATUSES
from autopilot_analysis.facts.refused_imports import by_hand, refused_imports, shows_refused_import

FORBIDDEN = "The import of our Autopilot devices ends with 403 (Forbidden)."


@pytest.mark.parametrize(
    ("line", "status"),
    [
        (FORBIDDEN, "403"),
        ("We get 403 at import of the hardware hash, why?", "403"),
        ("Upload of the Autopilot CSV: 429 too many requests", "429"),
        ("Uploading hardware hashes: too many requests after 60 devices", "429"),
        ("corp.example: Failed to create Autopilot devices. Response status: 400 (Bad Request).", "400"),
        ("Our tool says too many retries when it imports the Autopilot devices", ""),
        ("Beim Import der Autopilot-Geräte kommt Fehler 403.", "403"),
        ("L'import des appareils Autopilot renvoie une erreur 400 (Bad Request)", "400"),
        ("Adding the hash to Autopilot fails with error 400", "400"),
        ("> every upload of our HWID CSV returns HTTP 503 Service Unavailable", "503"),
    ],
)
def test_a_sentence_names_an_import_and_the_status_with_which_it_ended(line, status):
    [found] = refused_imports(["Hello,", line])
    assert (found.line, found.text, found.status) == (1, line.strip("> "), status)
    assert shows_refused_import(["Hello,", line])


def test_an_import_and_its_status_may_stand_in_neighbouring_lines():
    lines = ["We import the Autopilot devices", "by script and get 403 (Forbidden)."]
    assert [(one.line, one.status) for one in refused_imports(lines)] == [(1, "403")]


@pytest.mark.parametrize(
    "line",
    [
        "What does 403 at import of Autopilot devices mean?",
        "Is 429 at import of Autopilot devices normal?",
        "If the Autopilot import returns 403, ask for the permission.",
        "We imported 400 devices into Autopilot.",
        "Autopilot import of 429 hashes was fine.",
        "The Autopilot import no longer returns 403.",
        "Last year the Autopilot import ended with 403 (Forbidden).",
        "The import of the CSV of users ends with 403 (Forbidden).",
        "The Autopilot import got 403 until we gave the permission.",
        "The Autopilot import works, the web shop returns 404 Not Found.",
        "- 403 (Forbidden) at the Autopilot import: the permission is missing",
        "| 403 | Forbidden | at the Autopilot import |",
    ],
)
def test_a_question_a_number_of_devices_and_a_point_of_a_list_report_no_import(line):
    assert refused_imports([line]) == []


def test_many_statuses_are_a_list_and_a_guide_reports_none():
    statuses = ["Autopilot import: 400 (Bad Request)", "Then 403 (Forbidden)", "Then 429 (too many requests)"]
    assert refused_imports(statuses[:MOST_STATUSES])
    assert refused_imports(statuses) == []
    guide = ["How to fix 403 at the Autopilot import", "You may see 403 (Forbidden) at import."]
    assert not shows_refused_import(guide)


@pytest.mark.parametrize(
    "line",
    [
        "If we fill in serial and hash manually it works.",
        "By hand it works.",
        "It works when we add them one by one.",
        "Von Hand klappt es.",
        "Manuellement ça marche.",
    ],
)
def test_the_same_devices_go_in_by_hand(line):
    assert list(by_hand([f"We tried again. {line}"])) == [line]


@pytest.mark.parametrize(
    "line",
    [
        "Manually it does not work.",
        "By hand it fails too.",
        "Does it work by hand?",
        "It works neither by hand nor by CSV.",
        "We do it by hand.",
    ],
)
def test_what_fails_by_hand_as_well_is_no_contrast(line):
    assert list(by_hand([line])) == []
