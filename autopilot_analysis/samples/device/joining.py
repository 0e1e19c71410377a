"""The stages that make the device belong to someone: TPM attestation, Entra join, MDM enrolment, sync."""

from __future__ import annotations

from datetime import datetime, timedelta

from autopilot_analysis.samples.device.device import DOMAIN
from autopilot_analysis.samples.device.story import Data, Step, Story, fields, ids_of
from autopilot_analysis.samples.formats.event_values import Hex32

JOIN_REQUEST: Data = {"JoinRequestType": 0, "JoinRequestTypeSymbolicName": "DEVICE"}
_REFUSAL = "The device is not allowed to enroll in this way."


def tell_entra_join(story: Story, step: Step) -> None:
    """Join the directory; `how` "offline" waits for a domain join instead."""
    start = story.now + timedelta(seconds=story.random.randint(1, 4))
    end = story.end_of(step, start)
    if step.how == "offline":
        _wait_for_domain(story, step, start, end)
    else:
        _join(story, start, end)
    story.truth(step, start, end)
    story.now = end


def _join(story: Story, start: datetime, end: datetime) -> None:
    third, device = (end - start) / 3, story.device
    story.event("UDR", 100, start)
    story.event("UDR", 101, start, {"ServerMessage": ""}, after=400)
    story.event("UDR", 102, start + third, fields(JOIN_REQUEST, {"Domain": device.tenant_domain}))
    story.event("UDR", 103, start + third, {"AuthToken": ""}, after=3)
    answer = {"ServerResponse": '{"Certificate":{}}', "ActivityId": device.correlation_id}
    story.event("UDR", 104, start + 2 * third, answer)
    story.event("UDR", 105, end)
    story.event("UDR", 106, end, after=60)
    if story.computer != device.name:
        story.event("SYS", 6011, end, {"": [story.computer, device.name]}, after=80)
        story.computer = device.name
    story.state.joined = True


def _wait_for_domain(story: Story, step: Step, start: datetime, end: datetime) -> None:
    """Wait for the offline domain join in vain."""
    story.event("DM", 111, start, {"Boolean1": True})
    story.event("DM", 110, start, {"HexInt1": Hex32(1)}, after=40)
    story.event("DM", 100, end, {"HexInt1": Hex32(2), "HRESULT": step.result}, after=-20)
    story.event("DM", 109, end, {"HexInt1": Hex32(3)})


def tell_mdm_enrollment(story: Story, step: Step) -> None:
    """Enrol with the MDM service, or be refused."""
    start = story.now + timedelta(seconds=story.random.randint(1, 5))
    end = story.end_of(step, start)
    part = (end - start) / 6
    for number, event_id in enumerate((4, 6, 8)):
        story.event("DM", event_id, start + number * part)
    if step.outcome == "failed":
        _refuse(story, step, end)
    else:
        for number, event_id in enumerate((10, 16, 58), start=3):
            story.event("DM", event_id, start + number * part)
        for event_id in ids_of("enrolled", "enrolled_preparing"):
            story.event("DM", event_id, end)
        story.state.enrolled, story.state.enrolled_at = True, end
    story.truth(step, start, end)
    story.now = end


def _refuse(story: Story, step: Step, end: datetime) -> None:
    story.event("DM", 11, end, {"HRESULT": step.result}, after=-6)
    story.event("DM", 52, end, {"Message1": "s:DeviceNotSupported", "Message2": _REFUSAL}, after=-5)
    story.event("DM", 59, end, {"Message1": f"TraceId={story.device.correlation_id}"}, after=-4)
    story.event("DM", 71, end, {"HRESULT": step.result})


def secure_hardware(story: Story, step: Step, start: datetime) -> datetime:
    """Attest the TPM; return when that ended.

    Args:
        story: The story so far.
        step: The device preparation it belongs to.
        start: When it begins.
    """
    story.event("AP", 179, start, {"State": 1}, after=10)
    story.event("AP", 151, start, after=20)
    story.event("AP", 190, start, after=900)
    story.event("AP", 250, start, after=910)
    if step.outcome == "failed":
        return _give_up(story, step, start)
    end = start + timedelta(seconds=story.random.randint(25, 80))
    measured: Data = {"HRESULT": Hex32(0), "UInt1": 21_000_000, "Int1": 60_000}
    story.event("AP", 251, end, measured, after=-40)
    story.event("AP", 169, end, after=-20)
    story.event("AP", 181, end, {"State": 1, "HRESULT": Hex32(0)})
    return end


def _give_up(story: Story, step: Step, start: datetime) -> datetime:
    end = story.end_of(step, start)
    for number in range(1, 6):
        tried: Data = {"HRESULT": step.result, "WaitMs": 30_000, "AttemptNumber": number, "MaxAttempts": 5}
        story.event("AP", 192, start + (end - start) * number / 6, tried)
    story.event("AP", 189, end, after=-4)
    story.event("AP", 171, end, {"HRESULT": step.result})
    story.event("AP", 172, end, {"HRESULT": step.result}, after=2)
    story.event("AP", 301, end, {"State": 1, "HRESULT": step.result}, after=5)
    return end


def sync(story: Story, at: datetime, *, seconds: int) -> None:
    """Run one sync session with the MDM service: 208 and 209.

    Args:
        story: The story so far.
        at: When it begins.
        seconds: How long it takes.
    """
    server = f"https://r.manage.{DOMAIN}/devicegatewayproxy/cimhandler.ashx"
    texts = {"Message1": story.device.enrollment_id, "Message2": server, "Message3": "4.0", "Message4": "1.2"}
    numbers = {f"HexInt{number}": Hex32(0) for number in range(1, 5)}
    story.event("SYNC", 208, at, fields(texts, numbers, {"UInt1": 1, "UInt2": 0}), after=50)
    story.event("SYNC", 209, at + timedelta(seconds=seconds), {"HRESULT": Hex32(0)})
