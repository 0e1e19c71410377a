"""One check-in: the policies, the stored states, then each subgraph in turn."""

from __future__ import annotations

import json

from agent_device.app import App
from agent_device.attempts import in_lock, install, left_waiting, uninstall
from agent_device.installing import Agent
from agent_device.records import ACTIONS, Record

ABSENT = {"uninstall_absent"}
PRESENT = {"present", "available", "history"}
DOTS = "....................."


def check_in(agent: Agent, graphs: list[list[App]], *, lists_policies: bool) -> None:
    """Write a whole check-in, and leave in the apps what became of them."""
    apps = [app for graph in graphs for app in graph]
    agent.say(
        "[Win32App] ----------------------------------------------------- application poller starts. -----"
    )
    agent.say(f"[Win32App] {DOTS} Processing user session 1, userId: {agent.user}, userSID:  {DOTS}")
    agent.say("[Win32App] The EspPhase: NotInEsp.")
    agent.say(f"[Win32App] Got {len(apps)} Win32App(s) for user {agent.user} in session 1")
    if lists_policies:
        policies = [app.policy() for app in apps]
        line = agent.say("Get policies = " + json.dumps(policies, separators=(",", ":")))
        for app in apps:
            app.policies.append(line)
    listed = [app for app in apps if app.behaviour != "listed"]
    if agent.era.v3:
        for app in listed:
            if app.known:
                app.load_state(agent.flow)
        agent.say(f"[Win32App][V3Processor] Processing {len(graphs)} subgraphs.")
    for graph in graphs:
        if agent.era.v3:
            subgraph(agent, [app for app in graph if app.behaviour != "listed"])
        else:
            for app in graph:
                step_through(agent, app)
        if agent.stopped:
            return
        if any(app.behaviour == "cut_install" and app.tries for app in graph):
            return
        if any(app.behaviour == "due" and app.tries for app in graph):
            break
    agent.say(
        f"[Win32App] {DOTS} Completed user session 1, userId: {agent.user}, userSID: S-1-12-1-1-2-3-4 {DOTS}"
    )


def subgraph(agent: Agent, graph: list[App]) -> None:
    if not graph:
        return
    ids = ", ".join(app.item for app in graph)
    agent.say(f"[Win32App][V3Processor] Processing subgraph with app ids: {ids}")
    if all(app.behaviour == "excluded" for app in graph):
        reason = "All apps in the subgraph are not applicable due to assignment filters. Skipping processing."
        line = agent.say(f"[Win32App][V3Processor] {reason}")
        for app in graph:
            app.look(line, excluded=True)
        return
    expired = [agent.read_lock(app) for app in graph]
    manager = "[Win32App][ReevaluationScheduleManager] Subgraph"
    if all(app.quiet for app in graph):
        agent.say(f"{manager} reevaluation interval is not expired.\nHash = {agent.hash}")
        return
    agent.say(
        f"{manager} has no recorded reevaluation info which will be treated as expired.\nHash = {agent.hash}"
    )
    for app, free in zip(reversed(graph), reversed(expired), strict=True):
        evaluate(agent, app, free=free)
    agent.say("[Win32App][V3Processor] Done processing subgraph.")
    for app in graph:
        app.known = True


def wanted(app: App) -> bool:
    """Say whether the agent finds the app on the device before it acts."""
    if app.detected is None:
        return app.behaviour in PRESENT or app.behaviour in {"uninstall_present", "superseded"}
    return app.detected


def evaluate(agent: Agent, app: App, *, free: bool) -> None:
    """Evaluate one app of a subgraph, and act where something has to be done."""
    agent.flow.wait(agent.chance.uniform(0.1, 1.5))
    if app.behaviour == "not_targeted":
        plan = (
            f"[Win32App][ActionProcessor] App with id: {app.item}, targeted intent: RequiredInstall, and "
            "enforceability: Enforceable has projected enforcement classification: "
            "NotApplicableOrNotTargeted with desired state: None."
        )
        app.look(agent.flow.say(ACTIONS, plan))
        app.look(agent.delta(app, "Desired", {"DesiredState": (None, "None")}))
        return
    detected, unknown = wanted(app), app.detected is None
    found = agent.detect(app, detected=detected)
    if detected and unknown:
        changes: dict[str, tuple[object, object]] = {"DetectionState": (None, "Installed")}
        changes |= {"DetectedIdentityVersion": (None, app.identity)} if app.identity else {}
        agent.delta(app, "Detection", changes)
    agent.check_applicability(app, applicable=app.behaviour not in {"requirement", "not_applicable"})
    app.look(agent.flow.records[-3] if app.behaviour == "not_applicable" else found[0])
    settle(agent, app)
    if app.behaviour in {"requirement", "not_applicable"}:
        return
    if app.behaviour == "dependent":
        app.enforcement = 6001
        return
    if app.behaviour in {"uninstall_present", "superseded"} and detected:
        uninstall(agent, app)
        return
    if detected or app.intent == 4 or app.behaviour == "superseded":
        agent.no_action(app)
        portal(agent, app, 1 if detected else 3)
        return
    if not free:
        in_lock(agent, app)
        return
    if app.behaviour == "due":
        left_waiting(agent, app)
        return
    before = len(app.tries)
    agent.project(app)
    install(agent, app)
    for row in app.tries[before:]:
        row.proofs["detected_before"] = [found]
    if app.behaviour != "cut_install":
        portal(agent, app, 1 if app.detected else 3)


def settle(agent: Agent, app: App) -> None:
    """Close a try that only waited for a restart."""
    if app.enforcement != 6002 or not app.detected or not app.tries:
        return
    change: dict[str, tuple[object, object]] = {"EnforcementState": ("InProgressPendingReboot", "Success")}
    told: Record = agent.delta(app, "Execution", change)
    row = app.tries[-1]
    row.loose["outcome"] = row.fields["outcome"]
    row.fields["outcome"] = "succeeded"
    row.proofs["outcome"] = [[told]]
    row.views.append([*row.views[0], told])
    app.enforcement = 1000


def portal(agent: Agent, app: App, resultant: int) -> None:
    text = app.report(resultant=resultant)
    agent.say(f"[Win32App][ReportingManager] Sending status to company portal based on report: {text}")


def step_through(agent: Agent, app: App) -> None:
    """Write one app the way the older pipeline did."""
    if app.behaviour in {"listed", "excluded"}:
        return
    head = f"[Win32App] ExecManager: processing targeted app (name='{app.name}', id='{app.item}')"
    app.named.append(
        agent.say(f"{head} with intent={app.intent}, appApplicabilityStateDueToAssginmentFilters=0")
    )
    app.named.append(
        agent.say(f"[Win32App] ProcessAppWithDependencies starts for {app.item} with name {app.name}")
    )
    agent.say(f"[Win32App] ===Step=== Start to Present app {app.item}")
    agent.say("[Win32App] ===Step=== Detection rules")
    detected = wanted(app)
    found = agent.detect(app, detected=detected)
    if detected and app.intent != 4 and app.behaviour != "superseded":
        note = f"[Win32App] Detected app {app.item} and intent is to install, skip applicability check"
        app.look(agent.say(note))
        return
    if not detected and (app.intent == 4 or app.behaviour == "superseded"):
        note = f"[Win32App] Not detected app {app.item} and intent is to un-install, skip applicability check"
        app.look(agent.say(note))
        return
    agent.say("[Win32App] ===Step=== Check applicability")
    if app.behaviour in {"requirement", "not_applicable"}:
        app.applicability = 1001
        note = f"[Win32App] applicability of app {app.item} is RequirementRuleNotMet, finished processing"
        app.look(agent.say(note))
        return
    before = len(app.tries)
    if app.intent == 4 or app.behaviour == "superseded":
        uninstall(agent, app)
    else:
        install(agent, app)
    for row in app.tries[before:]:
        row.proofs["detected_before"] = [found]
