"""What a list of enrolments covers: failures alone give no share, weeks without a row are not known."""

from datetime import UTC, datetime, timedelta

from findings.service_tables import failure, table

from autopilot_analysis.findings.service.enrollment_spans import span_words

START = datetime(2026, 5, 1, 9, tzinfo=UTC)


def enrolments(*days, report="troubleshootingEvents", category="authentication"):
    rows = [
        failure(None, report=report, category=category, activity=f"{n}", at=START + timedelta(days=day))
        for n, day in enumerate(days)
    ]
    return table("enrollment_failures", rows)


def test_a_list_of_failures_alone_gives_no_share():
    assert list(span_words(enrolments(0, 4))) == [
        "2 failed enrolments from 2026-05-01 to 2026-05-05; the list holds failures alone: how many "
        "enrolments went well, and which share failed, is not in it."
    ]
    assert next(iter(span_words(enrolments(0)))).startswith(
        "1 failed enrolment of 2026-05-01; the list holds"
    )


def test_a_list_with_enrolments_that_went_well_gives_one():
    whole = enrolments(*range(5), report="EnrollmentActivity")
    well = enrolments(*range(9), report="EnrollmentActivity", category="none")
    assert list(span_words(whole.extend(well))) == []
    assert list(span_words(well)) == []


def test_a_month_without_a_row_is_not_known():
    told = list(span_words(enrolments(*range(31), *range(61, 92))))
    assert told[1] == (
        "No row from 2026-06-01 to 2026-06-30, with 30 in the 30 days before and 30 in those after: what "
        "happened then is not known, and not that all went well."
    )
