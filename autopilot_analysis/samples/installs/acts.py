"""Tells a plan of installs: every act becomes log lines, events, registry values, and a row of truth."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from random import Random

from autopilot_analysis.samples.device.device import App, guid
from autopilot_analysis.samples.device.story import Story
from autopilot_analysis.samples.installs.apps import tell_classic_app, tell_new_app, tell_store_app
from autopilot_analysis.samples.installs.plan import Act
from autopilot_analysis.samples.installs.services import (
    tell_certificate,
    tell_modern,
    tell_package,
    tell_remediation,
    tell_restart,
    tell_script,
)
from autopilot_analysis.samples.installs.stage import Stage

PAUSE = 0.3
"""Seconds between two acts."""


def tell_plan(story: Story, start: datetime, phase: str) -> datetime:
    """Tell the acts of a phase one after the other, those beside each other together; return the last end.

    Args:
        story: The story so far; its scenario has a plan.
        start: When the agent begins.
        phase: device or account.
    """
    plan = story.scenario.plan
    assert plan is not None
    acts = plan.device if phase == "device" else plan.account
    stage = Stage(story, phase, plan, {act.name: _app(story, act) for act in acts})
    _announce(stage, acts, start)
    begun = now = start + timedelta(seconds=1)
    for act in acts:
        begun = begun if act.beside else now
        now = max(now, tell_act(stage, act, begun) + timedelta(seconds=PAUSE))
    return now


def tell_act(stage: Stage, act: Act, at: datetime) -> datetime:
    """Tell one act that begins at an instant; return when it is over."""
    if act.kind == "win32":
        return (tell_new_app if stage.plan.era == "new" else tell_classic_app)(stage, act, at)
    return _TELLERS[act.kind](stage, act, at)


_TELLERS: dict[str, Callable[[Stage, Act, datetime], datetime]] = {
    "winget": tell_store_app,
    "msi": tell_package,
    "modern": tell_modern,
    "script": tell_script,
    "remediation": tell_remediation,
    "certificate": tell_certificate,
    "reboot": tell_restart,
}


def _app(story: Story, act: Act) -> App:
    return App(guid(Random(f"{story.device.tenant_id}/{act.name}")), act.name, act.size)


def _announce(stage: Stage, acts: tuple[Act, ...], at: datetime) -> None:
    """Hand the policies to the agent and register what the page waits for."""
    apps = {act.name: act for act in acts if act.kind in ("win32", "winget")}
    listed = []
    for name, act in apps.items():
        policy: dict[str, object] = {"Id": stage.apps[name].id, "Name": name, "Version": 1, "Intent": 3}
        policy["TargetType"] = 1 if stage.phase == "account" else 2
        if act.kind == "winget":
            policy["InstallerData"] = "{}"
        if act.outcome == "failed" and act.exit_code is None:
            ids = {"Action": 10, "AppId": stage.apps[name].id, "Level": 0}
            policy["FlatDependencies"] = [
                ids | {"ChildId": stage.apps[other].id}
                for other in apps
                if apps[other].outcome == "failed" and other != name
            ]
        listed.append(policy)
    stage.line(at, f"[Win32App] In EspPhase: {stage.esp}.")
    stage.line(at, f"Get policies = {json.dumps(listed, separators=(',', ':'))}", after=20)
    for name, act in apps.items():
        if not act.blocking:
            continue
        app = stage.apps[name]
        if stage.plan.era == "new":
            text = f"App {app.id} has been registered as a tracked app. App name: {name}"
            stage.line(at, f"[Win32App][EspManager] In EspPhase: {stage.esp}. {text}", after=60)
        else:
            text = f"Win32App_{app.id}_1, installationStateString: 1"
            stage.line(at, f"[Win32App] Got InstanceID: {text}", after=60)
        stage.track(name, at, 1)
