"""Descriptions that a merged trace carries: they decode the events of their manifest, and no other."""

import struct
from uuid import UUID

import pytest

from autopilot_analysis.readers.trace_log.payload.layout import Field
from autopilot_analysis.readers.trace_log.payload.templates import read_template
from autopilot_analysis.samples.formats.trace_log import SYSTEM_TIME, Template
from autopilot_analysis.samples.formats.trace_values import TraceField

AUTOPILOT = UUID("bab3ad92-fb96-5902-450b-b8421bdec7bd")
FIELDS = (
    TraceField("HRESULT", 0x80180014, "hex32"),
    TraceField("Message1", "refused"),
    TraceField("Size", 2, "uint32"),
    TraceField("Blob", b"\xab\xcd", "binary", length_of="Size"),
    TraceField("Done", 1, "bool32"),
)


def described(event_id=171, version=0):
    return Template("Example-Provider", AUTOPILOT, event_id, version, FIELDS)


@pytest.fixture
def manifest_event(event):
    def build(event_id=171, version=0):
        return event(
            name="", fields=FIELDS, provider="", provider_guid=AUTOPILOT, event_id=event_id, version=version
        )

    return build


def properties(*rows, top=None):
    """A description with these properties: flags, in, out, count, length."""
    head = AUTOPILOT.bytes_le + bytes(16) + struct.pack("<HBBBBHQ", 1, 0, 0, 0, 0, 0, 0) + bytes(52)
    head += struct.pack("<III", len(rows), len(rows) if top is None else top, 1)
    name = 112 + 24 * len(rows)
    table = [struct.pack("<IIHHIHHI", f, name, i, o, 0, c, length, 0) for f, i, o, c, length in rows]
    return head + b"".join(table) + "f\0".encode("utf-16-le")


def test_a_template_decodes_the_events_of_its_id_and_version(trace, manifest_event, payloads):
    content = trace(manifest_event(), templates=[described()], relogged=True, clock=SYSTEM_TIME)
    assert payloads(content) == [
        {"HRESULT": "0x80180014", "Message1": "refused", "Size": 2, "Blob": "ABCD", "Done": True}
    ]


def test_another_version_is_another_event(trace, manifest_event, payloads, gaps):
    content = trace(manifest_event(version=1), templates=[described()])
    assert payloads(content) == [None]
    name = "Microsoft-Windows-ModernDeployment-Diagnostics-Provider"
    reason = f"events without a description in this export, their values unknown ({name} 1)"
    assert (reason, 1) in gaps(content)


def test_members_of_a_struct_lie_behind_the_top(payloads):
    payload = properties((1, 1, 2, 1, 0), (0, 4, 0, 1, 0), (0, 6, 0, 1, 0), top=1)
    _, layout = read_template(payload)
    assert layout.fields[0].kind == 24
    assert [(field.name, field.kind) for field in layout.fields[0].members] == [("f", 4), ("f_2", 6)]


def test_lengths_and_counts_refer_to_earlier_neighbours():
    _, layout = read_template(properties((0, 8, 0, 1, 0), (2, 14, 0, 1, 0), (4, 6, 0, 0, 0)))
    assert layout.fields[1:] == (
        Field("f_2", 14, length_of=0),
        Field("f_3", 6, array=True, count=0, count_of=0, length=0),
    )


@pytest.mark.parametrize(
    "payload",
    [
        b"short",
        properties((2, 14, 0, 1, 0)),
        properties((4, 14, 0, 5, 0)),
        properties((1, 0, 1, 1, 0)),
        properties((1, 1, 1, 1, 0), (1, 1, 1, 1, 0), top=1),
        properties((1, 2, 1, 1, 0), (1, 2, 1, 1, 0), (0, 4, 0, 1, 0), top=2),
        properties((0, 4, 0, 1, 0), top=2),
    ],
    ids=["short", "own length", "later count", "own member", "circle", "two owners", "more than there are"],
)
def test_a_template_that_breaks_its_rules_is_none(payload):
    assert read_template(payload) is None


@pytest.mark.parametrize(("count", "read"), [(512, True), (513, False)])
def test_no_template_has_more_properties_than_any_provider_writes(count, read):
    assert (read_template(properties(*[(0, 4, 0, 1, 0)] * count)) is not None) is read
