"""How each stage shows itself: one teller a stage; the docstring of `truth` says which event bounds what."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from autopilot_analysis.samples.device.esp import (
    prepare,
    run_agent_page,
    tell_account_setup,
    tell_desktop,
    tell_device_setup,
)
from autopilot_analysis.samples.device.joining import secure_hardware, tell_entra_join, tell_mdm_enrollment
from autopilot_analysis.samples.device.oobe import (
    tell_network,
    tell_profile_download,
    tell_user_authentication,
)
from autopilot_analysis.samples.device.story import Step, Story
from autopilot_analysis.samples.formats.channels import exists


def tell(story: Story, step: Step) -> None:
    """Tell one stage and move the story's clock to its end.

    Args:
        story: The story so far.
        step: The stage that comes next.
    """
    if step.outcome == "skipped" and step.seconds == (0, 0):
        story.truth(step, None, None)
    else:
        _TELLERS[step.stage](story, step)


def _device_preparation(story: Story, step: Step) -> None:
    """Prepare the device: alone after its enrolment, or with attestation, join and enrolment inside."""
    if step.outcome == "unfinished":
        story.truth(step, story.now, None)
    elif step.inside or step.outcome == "failed":
        _enrol_itself(story, step)
    else:
        start, end = story.now, story.end_of(step, story.now)
        (run_agent_page if step.how == "agent" else prepare)(story, start, end)
        logged = step.how == "agent" or exists("AP", 293, story.device.release)
        story.truth(step, start, end if logged else None)
        story.now = end


def _enrol_itself(story: Story, step: Step) -> None:
    start = story.now + timedelta(seconds=story.random.randint(5, 20))
    story.event("AP", 178, start, {"Int1": 0})
    end = story.now = secure_hardware(story, step, start)
    if step.outcome != "failed":
        for inner in step.inside:
            tell(story, inner)
        story.event("AP", 303, story.now, {"State": 7}, after=20)
        end = story.end_of(step, story.now)
        prepare(story, story.now, end)
    story.truth(step, start, end)
    story.now = end


_TELLERS: dict[str, Callable[[Story, Step], None]] = {
    "network": tell_network,
    "profile_download": tell_profile_download,
    "user_authentication": tell_user_authentication,
    "entra_join": tell_entra_join,
    "mdm_enrollment": tell_mdm_enrollment,
    "device_preparation": _device_preparation,
    "device_setup": tell_device_setup,
    "account_setup": tell_account_setup,
    "desktop": tell_desktop,
}
