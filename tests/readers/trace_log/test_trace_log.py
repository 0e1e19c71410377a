"""Traces of one capture: they lend their descriptions to one another."""

import json
from uuid import UUID

from autopilot_analysis.readers.trace_log.trace_log import TraceLogs, read_trace_log
from autopilot_analysis.samples.formats.trace_log import Template
from autopilot_analysis.samples.formats.trace_values import TraceField

AUTOPILOT = UUID("bab3ad92-fb96-5902-450b-b8421bdec7bd")
FIELDS = (TraceField("Message1", "refused"),)


def manifest(event):
    return event(name="", fields=FIELDS, provider="", provider_guid=AUTOPILOT, event_id=171)


def described(name):
    return Template("Example-Provider", AUTOPILOT, 171, 0, (TraceField(name, ""),))


def said(reading):
    return [json.loads(text) for text in reading.rows["events"]["data"]]


def test_a_trace_is_decoded_by_what_another_describes(trace, event):
    traces = TraceLogs()
    traces.add(trace(manifest(event)), "a.etl")
    traces.add(trace(templates=[described("Message1")]), "b.etl.merged")
    answers = traces.answers()
    assert said(answers["a.etl"]) == [{"Message1": "refused"}]
    assert answers["a.etl"].unread == ()


def test_a_traces_own_description_goes_before_anothers(trace, event):
    traces = TraceLogs()
    traces.add(trace(templates=[described("Elsewhere")]), "a.etl")
    traces.add(trace(manifest(event), templates=[described("Own")]), "b.etl")
    assert said(traces.answers()["b.etl"]) == [{"Own": "refused"}]


def test_an_xml_payload_stays_text(trace, event):
    capi = event(
        name="", fields=(), provider="", xml="<Check a='1'/>", event_id=11,
        provider_guid=UUID("5bbca4a8-b209-48dc-a8c7-b23d3e5216fb"),
    )  # fmt: skip
    reading = read_trace_log(trace(capi))
    assert said(reading) == [{"Xml": "<Check a='1'/>"}]
    assert reading.unread == ()
