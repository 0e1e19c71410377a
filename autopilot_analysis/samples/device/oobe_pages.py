"""The pages that a story's user saw in OOBE, told by its trace: from the first page to the error page.

One sitting: region, keyboard and network, then for each attempt one sign-in page that ends as its error page.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from autopilot_analysis.samples.device.oobe_capture import Page, Report, Said, oobe_trace, reports_of
from autopilot_analysis.samples.device.story import Story
from autopilot_analysis.samples.truth import StageTruth

BEFORE = timedelta(seconds=100)
"""How long before the network is sought the first page comes up."""
SHOWN = timedelta(milliseconds=250)
"""From the refusal to the error page."""
PRESSED = timedelta(seconds=6)
"""From the button of the error page to the next sign-in."""
_START = timedelta(milliseconds=400)
"""From the start of a run to its first page, and what a page leaves before the next."""
_GAP = timedelta(milliseconds=200)
_BRANDED = "Identity.UsernameView.Branding.HasBoilerPlateText"


def write_oobe_pages(story: Story) -> bytes:
    """Return the trace of the pages that the user of a told story saw.

    Args:
        story: One whose attempts end by a refusal of enrolment.
    """
    start = story.device.started_at - BEFORE
    reports = list(_reports(story, start))
    local = start.astimezone(story.device.zone).utcoffset() or timedelta()
    bias = -int(local.total_seconds()) // 60
    return oobe_trace(reports, start, off=timedelta(), bias=bias)


def _reports(story: Story, start: datetime) -> Iterator[Report]:
    """Yield what the pages report: those before the sign-in, then a sign-in page an attempt."""
    rows = [row for row in story.rows if row.started_at and row.ended_at]
    network = next(row for row in rows if row.stage == "network")
    yield from reports_of(_before(network, start), 0, start)
    attempts = sorted({row.attempt for row in rows})
    signs = [_of(rows, number, "user_authentication") for number in attempts]
    for number, sign in zip(attempts, signs, strict=True):
        later = [other.started_at for other in signs if other.attempt > number and other.started_at]
        refused = _of(rows, number, "mdm_enrollment")
        assert sign.started_at
        pages = [_sign_in(rows, number, refused, later[0] - PRESSED if later else None)]
        for report in reports_of(pages, 0, sign.started_at - _START):
            if report.name != "AppActivityRequired":  # the sitting began with the first page
                yield report


def _of(rows: list[StageTruth], attempt: int, stage: str) -> StageTruth:
    return next(row for row in rows if row.attempt == attempt and row.stage == stage)


def _before(network: StageTruth, start: datetime) -> list[Page]:
    """Return the pages before the sign-in; the network page stands while the network is sought."""
    assert network.started_at
    assert network.ended_at
    visible = (Said(0.4, "Visible", "true"),)
    until = (network.started_at - start - _START - 2 * _GAP).total_seconds()
    searched = (network.ended_at - network.started_at).total_seconds()
    return [
        Page("OobeRegion", 52.5, reports=(*visible, Said(51, "nextButton", None, pressed=True))),
        Page("OobeKeyboard", round(until - 52.5, 3), reports=visible),
        Page("OobeWireless", searched, reports=(Said(0.1, "Visible", "true"),)),
    ]


def _sign_in(rows: list[StageTruth], attempt: int, refused: StageTruth, pressed: datetime | None) -> Page:
    """Return the sign-in page of one attempt, which becomes an error page when the enrolment is refused."""
    sign, join = _of(rows, attempt, "user_authentication"), _of(rows, attempt, "entra_join")
    begun = sign.started_at

    def after(at: datetime | None) -> float:
        assert begun
        assert at
        return round((at - begun).total_seconds(), 3)

    failed = after(refused.ended_at)
    reports = [
        Said(0.75, "Visible", "true"),
        Said(1.5, _BRANDED, "1"),
        Said(after(join.started_at), "CDJUICheckRequirementsAndJoin"),
        Said(after(refused.started_at), "CDJUIStartAadProvisioning"),
        Said(failed, "CDJUIEndAadProvisioning", "3"),
        Said(failed + 0.1, "CDJUIError", f"{refused.code}"[2:]),
        Said(failed + SHOWN.total_seconds(), "CDJUIShowPage", "idErrorPage"),
    ]
    if pressed is None:
        return Page("OobeAAD", None, reports=tuple(reports))
    reports.append(Said(after(pressed), "CDJUIClickOnErrorTryAgain"))
    return Page("OobeAAD", after(pressed) + 0.5, result="fail", reports=tuple(reports))
