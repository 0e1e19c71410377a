"""What several devices come to together: how many failed, of what, each remedy once."""

import polars as pl
import pytest

from autopilot_analysis.findings import Answer, Answers, Line, Part, Section
from autopilot_analysis.fleet.explanation.answer.devices_summed import MOST_KINDS, sum_devices
from autopilot_analysis.tables import Deployment, Finding, Findings
from autopilot_analysis.tables.typed import empty

HUNG = ("An app was not finished when time ran out: Sensor", "Sensor", "Make it silent")
ABSENT = ("An app installed but was not detected: Sensor", "Sensor", "Mend the rule")
REFUSED = ("MDM enrolment was refused (0x80180014)", None, "Allow the platform.")


def export(*failed, well=0, unknown=0):
    """Answers and findings of devices that failed of these causes, and of others."""
    devices, rows = [], []
    for n, cause in enumerate(failed):
        lead = f"{cause[0]}, in {n + 2} attempts." if cause else f"The attempt failed after {n + 1} min."
        devices.append(answer(f"F-{n}", "failed", lead))
        if cause:
            title, item, remedy = cause
            own = {"title": f"{title}, in {n + 2} attempts", "item": item, "remedy": remedy}
            rows.append(
                {"id": n, "device": f"F-{n}", "rule": "R", "severity": "high", "role": "cause", **own}
            )
    devices += [answer(f"W-{n}", "succeeded", "The attempt succeeded.") for n in range(well)]
    devices += [answer(f"U-{n}", "unknown", "Nothing was seen.") for n in range(unknown)]
    schema = empty(Finding).schema
    found = pl.DataFrame([{name: row.get(name) for name in schema} for row in rows], schema=schema)
    members = pl.DataFrame(schema={"member": pl.String, "state": pl.String})
    return Answers(tuple(devices)), Findings(findings=found, evidence=pl.DataFrame()), members


def attempts(*rows):
    """Attempts as deployments: device, outcome, stage, flags, details."""
    empty_one = empty(Deployment)
    names = ("device", "outcome", "failed_stage", "flags", "details")
    told = [
        dict(zip(names, row, strict=True)) | {"deployment": f"{row[0]}/1", "origin": "capture"}
        for row in rows
    ]
    filled = [dict.fromkeys(empty_one.schema) | row for row in told]
    return pl.DataFrame(filled, schema=empty_one.schema)


def answer(device, outcome, lead):
    return Answer(device, "1 attempt", outcome, (Section(Part.HAPPENED, (Line(lead),)),))


def together(*failed, **others):
    summed = sum_devices(*export(*failed, **others), attempts()).together
    return summed and [summed.verdict, *(line.text for part in summed.sections for line in part.lines)]


def test_one_app_behind_two_kinds_of_failure_is_named_first_and_each_remedy_once():
    assert together(HUNG, REFUSED, HUNG, ABSENT, HUNG, REFUSED, well=8) == [
        "6 of 14 (43 %, 21 to 67 %) failed",
        "Sensor is behind 4 of 6 (67 %, 30 to 90 %) failures, in 2 ways.",
        f"{HUNG[0]}: 3 of 6 (50 %, 19 to 81 %) that failed.",
        f"{REFUSED[0]}: 2 of 6 (33 %, 10 to 70 %) that failed.",
        f"{ABSENT[0]}: 1 of 6 (17 %, 3 to 56 %) that failed.",
        f"{HUNG[0]}: Make it silent.",
        f"{REFUSED[0]}: Allow the platform.",
        f"{ABSENT[0]}: Mend the rule.",
    ]


def test_an_app_that_fails_in_one_way_stands_in_that_cause_alone():
    assert together(HUNG, HUNG, REFUSED, well=5)[1] == f"{HUNG[0]}: 2 of 3 that failed."


def test_what_has_no_cause_is_counted_as_such_and_what_is_unknown_belongs_to_no_share():
    told = together(None, None, REFUSED, well=5, unknown=2)
    assert told[0] == "3 of 8 (38 %, 14 to 69 %) failed; what came of 2 more is not known"
    assert told[1] == "Cause not found: 2 of 3 that failed."


@pytest.mark.parametrize("failed", [(), (HUNG,)])
def test_where_none_or_one_failed_the_devices_say_it_themselves(failed):
    assert together(*failed, well=11) is None


def test_more_causes_than_there_is_room_for_are_counted():
    causes = [(f"Cause {n}", None, None) for n in range(MOST_KINDS + 2)]
    assert together(*causes)[-1] == "And 2 more causes, each on its device below."


def test_the_sum_stands_before_the_devices_on_a_terminal_and_in_a_ticket():
    summed = sum_devices(*export(HUNG, HUNG, well=1), attempts())
    assert summed.in_lines()[0] == "devices: 2 of 3 failed"
    assert summed.in_lines()[-1].startswith("W-0: ")
    assert summed.markdown().startswith("# devices: 2 of 3 failed\n")
    assert summed.in_lines(whole=True)[0] == "devices: 2 of 3 failed"
    assert [one.key for one in summed] == ["F-0", "F-1", "W-0"]


def test_a_file_that_no_reader_took_is_named_once_for_all_devices():
    members = pl.DataFrame({"member": ["note.txt", "events.csv"], "state": ["unknown", "read"]})
    summed = sum_devices(*export(HUNG, HUNG)[:2], members, attempts()).together
    unread = [
        line.text for section in summed.sections if section.label == Part.UNREAD for line in section.lines
    ]
    assert unread == ["1 file was not read: note.txt."]


PROXY, DIRECT = '{"proxy": "192.0.2.9:8080"}', '{"proxy": "direct"}'


def test_devices_that_passed_the_stage_of_the_others_count_and_what_is_told_of_them_is_compared():
    failing = [(f"F-{n}", "failed", "mdm_enrollment", None, PROXY) for n in range(8)]
    passing = [(f"U-{n}", "in_progress", None, "passed_mdm_enrollment", DIRECT) for n in range(12)]
    summed = sum_devices(*export(*[REFUSED] * 8, unknown=13), attempts(*failing, *passing)).together
    assert summed.verdict == (
        "8 of 20 (40 %, 22 to 61 %) failed in MDM enrolment; 12 passed it and were not seen to end; "
        "what came of 1 more is not known; 100 % of proxy 192.0.2.9:8080 failed, elsewhere 0 %"
    )
    first = summed.sections[0].lines[0].text
    assert first == "Proxy 192.0.2.9:8080: 8 of 8 (100 %, 68 to 100 %) failed, against 0 % elsewhere."


def to_do(details, others, **more):
    failing = [(f"F-{n}", "failed", "device_setup", None, details) for n in range(10)]
    well = [(f"W-{n}", "succeeded", None, None, others) for n in range(20)]
    rows = attempts(*failing, *well)
    model = pl.when(outcome="failed").then(pl.lit(more.get("model"))).otherwise(pl.lit("Slate"))
    rows = rows.with_columns(model=model.cast(pl.String))
    summed = sum_devices(*export(*[REFUSED] * 10, well=20), rows).together
    return summed.verdict, summed.sections


def test_a_network_whose_devices_failed_is_named_first_and_looked_at_before_single_devices():
    verdict, sections = to_do('{"dns_suffix": "bergen.example.com"}', '{"dns_suffix": "oslo.example.com"}')
    assert verdict.endswith(" failed; 100 % of DNS suffix bergen.example.com failed, elsewhere 0 %")
    assert (
        sections[1]
        .lines[0]
        .text.startswith("DNS suffix bergen.example.com: Look at this network before single devices")
    )


def test_a_site_whose_devices_are_of_one_model_is_named_with_it():
    site, other = ('{"dns_suffix": "bergen.example.com"}', '{"dns_suffix": "oslo.example.com"}')
    _, sections = to_do(site, other, model="Tablet 7")
    line = sections[0].lines[0].text
    assert line.startswith("Model Tablet 7: 10 of 10")
    assert "cannot be told apart from DNS suffix bergen.example.com" in line
    assert "Look at this network" not in " ".join(one.text for one in sections[1].lines)


def test_three_failures_at_a_small_site_are_chance():
    rows = [(f"F-{n}", "failed", "device_setup", None, '{"subnet": "192.0.2.0/26"}') for n in range(3)]
    rows += [(f"W-{n}", "succeeded", None, None, '{"subnet": "192.0.2.64/26"}') for n in range(20)]
    assert sum_devices(*export(*[REFUSED] * 3, well=20), attempts(*rows)).together.verdict == (
        "3 of 23 (13 %, 5 to 32 %) failed"
    )


def test_a_device_counts_by_its_last_attempt():
    failing = [(f"F-{n}", "failed", "mdm_enrollment", None, None) for n in range(4)]
    again = [("F-0", "in_progress", None, "passed_mdm_enrollment", None)]
    rows = attempts(*again, *failing).with_columns(
        deployment=pl.Series([f"F-0/{n}" for n in (2,)] + [f"F-{n}/10" for n in range(4)])
    )
    assert sum_devices(*export(*[REFUSED] * 4), rows).together.verdict == (
        "4 of 4 failed; 5 attempts on 4 devices; 4 of 5 (80 %, 20 to 98 %) failed in MDM enrolment; "
        "1 passed it and was not seen to end"
    )


def test_of_causes_on_as_many_devices_the_gravest_leads_and_then_that_of_the_first_device():
    answers, found, members = export(REFUSED, HUNG)
    severity = pl.Series("severity", ["high", "high"], dtype=found.findings.schema["severity"])
    for grave, first in (
        (severity, REFUSED[0]),
        (pl.Series(severity.name, ["high", "critical"], dtype=severity.dtype), HUNG[0]),
    ):
        told = sum_devices(
            answers, Findings(found.findings.with_columns(grave), found.evidence), members, attempts()
        )
        assert told.together.sections[0].lines[0].text.startswith(first)
