"""From a scenario to a told story: attempts in order, and what stands between them."""

from __future__ import annotations

from datetime import timedelta
from random import Random

from autopilot_analysis.samples.device.device import Device
from autopilot_analysis.samples.device.joining import JOIN_REQUEST
from autopilot_analysis.samples.device.power import boot, shut_down
from autopilot_analysis.samples.device.stages import tell
from autopilot_analysis.samples.device.story import Scenario, Step, Story, fields


def tell_story(device: Device, scenario: Scenario, random: Random) -> Story:
    """Return everything that happens to `device`.

    Args:
        device: The device.
        scenario: What happens.
        random: Source of durations.
    """
    story = Story(device, scenario, random)
    _begin(story)
    number = 0
    for place, steps in enumerate(scenario.attempts):
        if place > 0:
            _BETWEEN[scenario.between](story)
        number += _is_attempt(steps)
        story.attempt = number if _is_attempt(steps) else 0
        for step in steps:
            tell(story, step)
    _end(story)
    return story


def _is_attempt(steps: tuple[Step, ...]) -> bool:
    """Whether more came of a start than the answer that there is no profile."""
    return any(step.outcome != "skipped" for step in steps if step.stage != "network") or len(steps) == 1


def _begin(story: Story) -> None:
    boot(story, story.now - timedelta(seconds=45))
    story.now = story.now.replace(microsecond=300_000)
    if story.scenario.mode == "pre_provisioning":
        story.event("APM", 509, story.now, {"UInt1": 1}, after=-60)
    if story.scenario.mode == "reset":
        story.state.joined = story.state.enrolled = True
        story.state.profile, story.computer = "assigned", story.device.name
        story.state.enrolled_at = story.now - timedelta(days=200)


def _end(story: Story) -> None:
    """Leave plain traces of a device that goes through the plain OOBE."""
    if story.scenario.mode == "not_autopilot":
        story.event("AP", 162, story.now, after=30_000)
        story.event("AP", 314, story.now, after=61_000)
        story.event("SC", 62405, story.now, {"Result": "exitCxhSuccess"}, after=240_000, opcode=2)
        story.event("UDR", 360, story.now, _HELLO, after=300_000)
        story.now += timedelta(seconds=300)


_HELLO = {
    "Message": "Windows Hello for Business provisioning will not be launched.",
    "DeviceIsJoined": "No",
} | dict.fromkeys(
    ("AADPrt", "NgcPolicyEnabled", "NgcPostLogonProvisioningEnabled", "NgcHardwarePolicyMet", "UserIsRemote"),
    "Not Tested",
)


def _pause(story: Story) -> None:
    seconds = story.random.randint(*story.scenario.pause)
    story.now = (story.now + timedelta(seconds=seconds)).replace(microsecond=300_000)


def _reboot(story: Story) -> None:
    shut_down(story, "restart", story.now)
    _pause(story)
    boot(story, story.now - timedelta(seconds=25))


def _reseal(story: Story) -> None:
    shut_down(story, "power off", story.now)
    _pause(story)
    boot(story, story.now - timedelta(seconds=40))


def _unjoin(story: Story) -> None:
    """Leave the tenant again, then show the sign-in page once more."""
    story.event("UDR", 111, story.now, JOIN_REQUEST, after=2400)
    story.event("UDR", 371, story.now, after=2500)
    text = {"ErrorMessage": "Device is not joined.", "AdditionalInformation": ""}
    story.event("AAD", 1098, story.now, fields({"Error": 3399614476}, text), after=2900)
    story.state.joined = False
    _pause(story)


_BETWEEN = {"reboot": _reboot, "reseal": _reseal, "unjoin": _unjoin}
