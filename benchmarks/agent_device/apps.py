"""Which apps a device has, and what will become of each."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from random import Random

from agent_device.app import App
from agent_device.installing import FAILED_CODES, Era

NewId = Callable[[], str]
BEHAVIOURS = {
    "present": 8,
    "install": 12,
    "soft_reboot": 2,
    "hard_reboot": 1,
    "fail_code": 5,
    "fail_unmapped": 2,
    "fail_timeout": 1,
    "fail_undetected": 2,
    "fail_download": 2,
    "fail_content": 1,
    "fail_decrypt": 1,
    "retry": 1,
    "requirement": 3,
    "not_applicable": 2,
    "excluded": 1,
    "not_targeted": 1,
    "uninstall_absent": 2,
    "uninstall_present": 2,
    "listed": 1,
    "stopped": 1,
    "available": 2,
    "quiet_present": 5,
    "quiet_history": 2,
    "quiet_failed": 2,
    "quiet_inapplicable": 2,
    "quiet_other": 3,
}
WORDS = ("Contoso", "Fabrikam", "Northwind", "Tailspin", "Wingtip", "Litware", "Proseware")
THINGS = (
    "Reader",
    "VPN Client",
    "Agent",
    "Viewer (x64)",
    "Büro-Suite",
    "Runtime 8.0",
    "Printer, Driver",
    "Löschdienst",
)
INTENTS = {"available": 1, "not_targeted": 0, "uninstall_absent": 4, "uninstall_present": 4}
RULES = ("registry", "msi", "file", "script", "script")


def draw_apps(chance: Random, era: Era, start: datetime, new_id: NewId) -> list[list[App]]:
    """Return the device's apps, in the groups that the agent processes together."""

    def app_of(behaviour: str, name: str) -> App:
        app = draw_app(chance, era, behaviour, name, new_id())
        if app.behaviour.startswith("quiet"):
            quiet_state(chance, app, start)
        return app

    names = chance.sample([f"{maker} {thing}" for maker in WORDS for thing in THINGS], 24)
    picked = chance.choices(list(BEHAVIOURS), list(BEHAVIOURS.values()), k=chance.randrange(6, 14))
    apps = [app_of(behaviour, names.pop()) for behaviour in picked]
    if not era.v3:
        apps = [app for app in apps if not app.quiet and app.behaviour != "not_targeted"]
    graphs = [[app] for app in apps]
    if era.v3 and chance.random() < 0.4:
        child = app_of(chance.choice(["install", "present"]), names.pop())
        parent = app_of("install", names.pop())
        if chance.random() < 0.3:
            child, parent = app_of("fail_code", names.pop()), app_of("dependent", names.pop())
            child.as_user = child.winget = False
        parent.needs = [child]
        graphs.append([parent, child])
    if era.v3 and chance.random() < 0.25:
        old = app_of("superseded", names.pop())
        graphs.append([app_of("install", names.pop()), old])
    chance.shuffle(graphs)
    ending = chance.random()
    if ending < 0.12:
        graphs.append([app_of("cut_install", names.pop())])
    elif ending < 0.24 and era.v3:
        graphs.append([app_of("due", names.pop())])
    return graphs


def draw_app(chance: Random, era: Era, behaviour: str, name: str, item: str) -> App:
    app = App(item, name, chance.choice((1, 1, 1, 2, 4)), chance.choice(RULES), behaviour)
    app.as_user = chance.random() < 0.12
    app.size = chance.randrange(200_000, 900_000_000)
    packaged = behaviour in {"present", "install", "fail_code"} and era.v3
    if packaged and chance.random() < 0.2:
        app.winget = True
        app.identity = f"{chance.randrange(1, 9)}.{chance.randrange(40)}.{chance.randrange(999)}.0"
    app.exit_code = chance.choice(list(FAILED_CODES))
    if behaviour == "fail_unmapped":
        app.exit_code = chance.choice((5, 87, 1223, 60001))
    app.intent = INTENTS.get(behaviour, 3)
    app.known = era.v3 and behaviour in {"present", "available", "excluded", "not_targeted"}
    if app.known and behaviour in {"present", "available"}:
        app.detected, app.applicability = True, 0
        app.enforcement = chance.choice((1000, None))
        app.error = None if app.enforcement is None else 0
    return app


def quiet_state(chance: Random, app: App, start: datetime) -> None:
    """Give an app the state of days ago: nothing of its installation is in the logs any more."""
    app.quiet = app.known = True
    app.detected, app.applicability = app.behaviour in {"quiet_present", "quiet_history"}, 0
    if app.behaviour == "quiet_history":
        app.enforcement, app.error = chance.choice((1000, 5000)), -2147023294
    elif app.behaviour == "quiet_failed":
        app.enforcement = chance.choice((5000, 5000, 5003))
        app.error = -2016214839 if app.enforcement == 5003 else chance.choice((-2147023293, -2147023294))
        ago = timedelta(hours=chance.uniform(2, 12))
        app.tried_at = (start - ago).replace(microsecond=0)
    elif app.behaviour == "quiet_other":
        app.enforcement = chance.choice((2000, 2008, 3000, 5999, 6002))
        app.error = -2147023294 if app.enforcement == 5999 else None
    elif app.behaviour == "quiet_inapplicable":
        app.applicability = 1008
    else:
        app.enforcement = chance.choice((1000, None))
        app.error = None if app.enforcement is None else 0
    app.identity = "3.2.0.0" if app.detected and chance.random() < 0.2 else None
