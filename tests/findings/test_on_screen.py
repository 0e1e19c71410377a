"""What the screens of OOBE show: the company's way, a private one, or an error page."""

from datetime import UTC, datetime, timedelta

import pytest

from autopilot_analysis.facts import read_facts
from autopilot_analysis.findings.on_screen import expected_screens, of_path, sign_in_page

SCREENS = read_facts("screens")
COMPANY, CONSUMER = (SCREENS.filter(SCREENS["path"] == path)["screen"][0] for path in ("company", "consumer"))


@pytest.fixture
def shown(world, rows):
    """Ask about screens from names; `more` goes to the world."""

    def ask(*names, errors=(), **more):
        start = datetime(2026, 3, 2, 8, tzinfo=UTC)
        screens = [
            {
                "screen": name,
                "at": start,
                "visible_at": start,
                "error_at": start + timedelta(minutes=1) if name in errors else None,
            }
            for name in names
        ]
        tables, trace = world(screens=screens, **more)
        return expected_screens(tables, trace, "D")

    return ask


@pytest.mark.parametrize(
    ("names", "registered", "result"),
    [
        ([COMPANY], None, "pass"),
        ([CONSUMER], True, "fail"),
        ([CONSUMER], False, "unknown"),
        ([CONSUMER], None, "unknown"),
        ([COMPANY, CONSUMER], True, "fail"),
        (["SomethingNew"], True, "unknown"),
    ],
)
def test_oobe_went_the_companys_way_or_a_private_one(shown, names, registered, result):
    assert shown(*names, device={"registered": registered})[0] == result


def test_no_screen_says_nothing(shown):
    assert shown() is None


def test_an_error_page_counts_unless_the_device_went_on_to_succeed(shown):
    assert shown(COMPANY, errors=[COMPANY])[0] == "fail"
    good = [("succeeded", None, "user_driven", 0, 60, None)]
    assert shown(COMPANY, errors=[COMPANY], attempts=good)[0] == "pass"


@pytest.mark.parametrize(("minute", "told"), [(5, "pass"), (-5, None)])
def test_branding_counts_while_a_page_of_the_companys_way_is_open(world, rows, minute, told):
    screen = {"screen": COMPANY, "at": datetime(2026, 3, 2, 8, tzinfo=UTC)}
    tables, trace = world(screens=[screen], marks=[("sign_in_page_branded", None, minute, None, "")])
    answer = sign_in_page(tables, trace, "D")
    assert (answer[0] if answer else None) == told


def test_screens_of_a_path_are_found_in_any_letter_case(rows):
    screens = rows("screens", {"screen": COMPANY.upper()}, {"screen": CONSUMER})
    assert of_path(screens, "company")["screen"].to_list() == [COMPANY.upper()]
