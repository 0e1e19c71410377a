"""Lines of the agent's log about apps, by a clock without a zone; all that they hold is made up."""

import json
from datetime import datetime, timedelta
from uuid import NAMESPACE_DNS, uuid5

from autopilot_analysis import build_trace, find, open_export, read_tables

WORDS = {0: "Success", 1618: "Retry", 3010: "SoftReboot"}


def app_id(name):
    return str(uuid5(NAMESPACE_DNS, name))


class AgentLog:
    """A log that grows by a line a second."""

    def __init__(self, start="2026-05-06T09:00"):
        self.now, self.lines = datetime.fromisoformat(start), []

    def say(self, message, after=1):
        self.now += timedelta(seconds=after)
        at = f'time="{self.now:%H:%M:%S}.0000000" date="{self.now.month}-{self.now.day}-{self.now.year}"'
        trailer = f'{at} component="AppWorkload" context="" type="1" thread="7" file=""'
        self.lines.append(f"<![LOG[[Win32App]{message}]LOG]!><{trailer}>")
        return self

    def page(self, *names):
        self.say(" The EspPhase: DeviceSetup.")
        for name in names:
            named = f"App {app_id(name)} has been registered. App name: {name}"
            self.say(f"[EspManager] In EspPhase: DeviceSetup. {named}")
        return self

    def policies(self, *names, needs=(), intent=3, kind=0):
        link = {"Action": 10, "AppId": app_id(names[0]), "Type": kind, "Level": 0}
        apps = [{"Id": app_id(name), "Name": name, "Version": 1, "Intent": intent} for name in names]
        apps[0]["FlatDependencies"] = [link | {"ChildId": app_id(name)} for name in needs] or None
        return self.say(f" Get policies = {json.dumps(apps)}")

    def graph(self, *names):
        return self.say(f"[V3Processor] Processing subgraph with app ids: {', '.join(map(app_id, names))}")

    def detected(self, name, there):
        state = "Detected" if there else "NotDetected"
        return self.say(
            f"[DetectionActionHandler] Detection for policy with id: {app_id(name)} resulted in action "
            f"status: Success and detection state: {state}."
        )

    def state(self, name, before, after, code=None):
        delta = {"EnforcementState": {"OldValue": before, "NewValue": after}}
        if code is not None:
            delta["EnforcementErrorCode"] = {"OldValue": None, "NewValue": code - (1 << 32) * (code >> 31)}
        return self.say(
            f"[ReportingManager] Execution state for app with id: {app_id(name)} has been updated. "
            f"Report delta: {json.dumps(delta)}"
        )

    def told(self, name, before, after):
        return self.say(
            f"[EspManager] Updating ESP tracked install status from {before} to {after} for application "
            f"{app_id(name)} with name: {name}."
        )

    def begins(self, name):
        return self.graph(name).detected(name, there=False).launched(name)

    def launched(self, name):
        app, begun = app_id(name), "[ExecutionActionHandler] Handler invoked with execution type: Install"
        self.say(f" Content cache miss for app (id = {app}, name = {name}), start downloading...")
        self.say(f"{begun} for policy with id: {app}")
        return self.state(name, None, "InProgress").say(" ===Step=== Execute retry 0")

    def ends(self, code):
        self.say(" Installation is done, collecting result", after=60).say(f" lpExitCode {code}")
        return self.say(f" lpExitCode is defined as {WORDS.get(code, 'Failed')}")

    def well(self, name):
        self.detected(name, there=True).state(name, "InProgress", "Success", 0)
        return self.told(name, "InProgress", "Completed").say("[V3Processor] Done processing subgraph.")

    def badly(self, name, code=0x80070643, *, tracked=True):
        self.detected(name, there=False).state(name, "InProgress", "Error", code)
        self.told(name, "InProgress", "Error") if tracked else None
        return self.say("[V3Processor] Done processing subgraph.")

    def fails(self, name, *, tracked=True):
        return self.begins(name).ends(1603).badly(name, tracked=tracked)

    def found(self, folder):
        """Return the findings in the log, once it is written to a folder."""
        (folder / "AppWorkload.log").write_text("\n".join(self.lines), encoding="utf-8")
        tables = read_tables(open_export(folder))
        return find(tables, build_trace(tables)).findings
