"""The stages before the device belongs to anyone: network, profile, sign-in; and a wrong clock."""

from __future__ import annotations

import json
from datetime import datetime, timedelta

from autopilot_analysis.samples.device.story import Data, Step, Story, fields
from autopilot_analysis.samples.formats.channels import exists

_PATH = "C:\\Windows\\ServiceState\\wmansvc\\AutopilotDDSZTDFile.json"
_FILE = "C:\\Windows\\Provisioning\\Autopilot\\AutopilotConfigurationFile.json"


def tell_network(story: Story, step: Step) -> None:
    """Look for the internet and find it, or give up."""
    start, end = story.now, story.end_of(step, story.now)
    story.event("AP", 286, start, after=-2)
    story.event("AP", 285, start)
    network = {"Name": "Network", "Description": "Network", "Guid": story.device.correlation_id}
    story.event("NET", 10000, start, fields(network, {"Type": 0, "State": 9, "Category": 0}), after=30)
    if step.outcome == "failed":
        _wait_in_vain(story, start, end)
    else:
        if end - start > timedelta(seconds=10):
            story.event("AP", 167, start, after=20)
            story.event("AP", 165, start, after=21)
        story.event("AP", 166, end)
        story.event("AP", 164, end, after=1)
    released = exists("AP", 285, story.device.release)
    story.truth(step, start if released else None, end)
    story.now = end


def _wait_in_vain(story: Story, start: datetime, end: datetime) -> None:
    at = start + timedelta(milliseconds=20)
    while at < end:
        story.event("AP", 167, at)
        story.event("AP", 165, at, after=1)
        at += timedelta(seconds=60)
    story.event("AP", 314, end)


def tell_profile_download(story: Story, step: Step) -> None:
    """Ask the service for the profile; `how` is "", none, cached, or file."""
    start = story.now + timedelta(milliseconds=1500)
    end = story.end_of(step, start)
    message = "AutoPilot prefetch ZTP policy cache started"
    story.page("CommercialOOBE_AutopilotPreFetch_PolicyCache_Started", message, start)
    story.event("AP", 160, start)
    story.event("AP", 809, start, {"Message1": "ProfileRequest"}, after=300)
    if step.outcome == "failed":
        _refuse(story, step, end)
    elif step.how == "cached":
        story.event("AP", 163, end)
    elif step.how == "none":
        story.event("AP", 704, end, {"Message1": "DdsZtdPolicyManager"}, after=-8)
        _answered(story, end, state=1)
    else:
        _receive(story, step, end)
    story.truth(step, start, end)
    story.now = end


def _refuse(story: Story, step: Step, end: datetime) -> None:
    """Be refused by the registration service; since 26H1 an event quotes its answer, before, a text did."""
    name, server = "ZtdDeviceIsNotRegistered", step.how
    answer = {"ServerErrorCode": server, "ServerErrorMessage": name}
    quoted = {"ServerResponseJson": json.dumps({"ErrorCode": int(server), "ErrorReason": name})}
    data = fields(
        {"HRESULT": step.result, "CorrelationVector": "EXAMPLE.0", "StatusCode": 404}, answer, quoted
    )
    story.event("AP", 824, end, data, after=-4)
    story.event("AP", 707, end, {"HRESULT": step.result, "Message1": "EXAMPLE.0"})


def _receive(story: Story, step: Step, end: datetime) -> None:
    """Receive a profile, from the service or from a file."""
    if story.clock_error:
        _set_clock(story, end - timedelta(milliseconds=100))
    if step.how == "file":
        found = {"Message1": _FILE, "Message2": "AutopilotConfigurationFile.json"}
        story.event("AP", 310, end, found, after=-6)
    else:
        story.event("AP", 703, end, {"Message1": "DdsZtdPolicyManager"}, after=-8)
    _answered(story, end, state=3)
    story.state.profile = step.how or "assigned"


def _answered(story: Story, end: datetime, *, state: int) -> None:
    story.event("AP", 702, end, {"Message1": _PATH}, after=-7)
    story.event("AP", 161, end)
    story.event("AP", 153, end, {"InitialState": 0, "UpdateState": state}, after=1)
    story.event("AP", 170, end, after=2)
    story.state.profile_at = end


def _set_clock(story: Story, at: datetime) -> None:
    """Correct a clock that is hours wrong: 753 on the wrong clock, everything after it on the right one."""
    error, wrong = story.clock_error, at + story.clock_error
    tries: Data = {"AttemptNumber": -int(error.total_seconds() // 60), "MaxAttempts": 5}
    times = {"ServerTime": f"{at:%Y-%m-%dT%H:%M:%SZ}", "ClientTime": f"{wrong:%Y-%m-%dT%H:%M:%SZ}"}
    story.event("AP", 753, at, fields(times, tries))
    story.clock_error = timedelta(0)
    story.event("AP", 751, at, after=1)
    changed = {"NewTime": _milliseconds(at), "OldTime": _milliseconds(wrong)}
    story.event("TIME", 261, at, fields(changed, {"TickCount": 11859}), after=1)
    process = "\\Device\\HarddiskVolume3\\Windows\\System32\\svchost.exe"
    by = fields({"Reason": 1}, {"ProcessName": process}, {"ProcessID": 1648})
    story.event("SYS", 1, at, fields({"NewTime": at, "OldTime": wrong}, by))


def _milliseconds(at: datetime) -> str:
    return f"{at:%Y-%m-%dT%H:%M:%S}.{at.microsecond // 1000:03d}Z"


def tell_user_authentication(story: Story, step: Step) -> None:
    """Show the sign-in page, branded unless `how` is "plain", and get a token."""
    device = story.device
    start = story.now + timedelta(seconds=story.random.randint(4, 20))
    end = story.end_of(step, start)
    if step.how != "plain":
        _settings(story, start)
    asked = start if step.how == "plain" else end - timedelta(seconds=4)
    account = {"AccountProvider": "https://login.windows.net", "Scope": "", "Client": ""}
    resource = {"Authority": "organizations", "Resource": "https://enrollment.manage.microsoft.com/"}
    story.event("UDR", 323, asked, fields(account, resource, {"CorrelationId": device.correlation_id}))
    story.event("UDR", 325, end, {"CorrelationId": device.correlation_id})
    story.truth(step, start, end)
    story.now = end


def _settings(story: Story, at: datetime) -> None:
    """Read the profile's settings, which the branded page shows: 101 and 103, then 111."""
    device = story.device
    domain = {"Message1": "CloudAssignedTenantDomain", "Message2": device.tenant_domain}
    name = {"Message1": "DeploymentProfileName", "Message2": device.profile_name}
    story.event("AP", 100, at, {"Message1": "CloudAssignedLanguage"}, after=-9)
    story.event("AP", 101, at, {"Message1": "CloudAssignedForcedEnrollment", "Int1": 1}, after=-6)
    story.event("AP", 103, at, domain, after=-5)
    story.event("AP", 103, at, name, after=-4)
    story.event("AP", 109, at, {"Message1": "AUTOPILOT_OOBE_SETTINGS_SKIP_EULA", "Message2": "1"}, after=-2)
    story.event("AP", 111, at)
