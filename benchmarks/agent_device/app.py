"""One app of the device: what the agent stores of it, and what its log lines were."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from agent_device.records import WORKLOAD, Flow, Record
from agent_device.truth import Expected, NotOneOf, Try, Within, one_of

STATE_HEAD = "[Win32App][ReportingManager] App with id: {} and prior AppAuthority: V3 has been loaded "
FAILED_STATES = (5000, 5003, 5999)


def number_tries(tries: list[Try]) -> None:
    """Number the tries at one item from 1, up to the first of which something is lost."""
    for number, entry in enumerate(tries, start=1):
        entry.fields["try_number"] = number
    kept = next((place for place, entry in enumerate(tries) if not entry.whole), len(tries))
    for entry in tries[kept:]:
        del entry.fields["try_number"]


@dataclass
class Look:
    """One time the agent wrote what it knows of the app, without trying anything."""

    record: Record
    detected: bool | None = None
    applicable: bool | None = None
    enforcement: int | None = None
    error: int | None = None
    excluded: bool = False


@dataclass
class App:
    item: str
    name: str
    revision: int
    rule: str
    behaviour: str
    intent: int = 3
    as_user: bool = False
    winget: bool = False
    size: int = 0
    identity: str | None = None
    exit_code: int = 0
    needs: list[App] = field(default_factory=list)
    detected: bool | None = None
    enforcement: int | None = None
    error: int | None = None
    applicability: int | None = None
    known: bool = False
    quiet: bool = False
    tried_at: datetime | None = None
    tries: list[Try] = field(default_factory=list)
    looks: list[Look] = field(default_factory=list)
    named: list[Record] = field(default_factory=list)
    typed: list[Record] = field(default_factory=list)
    policies: list[Record] = field(default_factory=list)
    retry_marks: list[Record] = field(default_factory=list)

    @property
    def context(self) -> str:
        return "user" if self.as_user else "system"

    @property
    def session(self) -> str:
        return "user" if self.as_user else "machine"

    @property
    def kind(self) -> str:
        return "winget" if self.winget else "win32"

    def version(self) -> Expected:
        return one_of(str(self.revision), self.identity or str(self.revision))

    def report(self, *, resultant: int | None = None) -> str:
        desired = {0: 0, 4: 1}.get(self.intent, 2)
        return json.dumps(
            {
                "ApplicationId": self.item,
                "ResultantAppState": resultant,
                "ReportingImpact": None,
                "WriteableToStorage": True,
                "CanGenerateComplianceState": True,
                "CanGenerateEnforcementState": self.enforcement is not None,
                "IsAppReportable": True,
                "IsAppAggregatable": True,
                "AvailableAppEnforcementFlag": 0,
                "DesiredState": desired,
                "DetectionState": None if self.detected is None else 2 - self.detected,
                "DetectionErrorOccurred": False,
                "DetectionErrorCode": None,
                "ApplicabilityState": self.applicability,
                "ApplicabilityErrorOccurred": False,
                "ApplicabilityErrorCode": None,
                "EnforcementState": self.enforcement,
                "EnforcementErrorCode": self.error,
                "TargetingMethod": 0,
                "TargetingType": 2,
                "InstallContext": 1 if self.as_user else 2,
                "Intent": self.intent,
                "InternalVersion": self.revision,
                "DetectedIdentityVersion": self.identity if self.detected else None,
                "RemovalReason": None,
            },
            separators=(",", ":"),
        )

    def policy(self) -> dict[str, object]:
        """Return the app as `Get policies` lists it."""
        behaviour = {"RunAs": int(not self.as_user), "RequiresLogon": False, "InstallProgramVisibility": 1}
        entry: dict[str, object] = {
            "Id": self.item,
            "Name": self.name,
            "Version": self.revision,
            "Intent": self.intent,
            "TargetType": 2,
            "AppApplicabilityStateDueToAssginmentFilters": 1010 if self.behaviour == "excluded" else 0,
            "AssignmentFilterIds": None,
            "DetectionRule": json.dumps(
                [{"DetectionType": {"registry": 0, "msi": 1, "file": 2, "script": 3}[self.rule]}]
            ),
            "InstallCommandLine": "setup.exe /quiet",
            "UninstallCommandLine": "setup.exe /uninstall /quiet",
            "RequirementRules": "{}",
            "InstallEx": json.dumps({**behaviour, "DeviceRestartBehavior": 0, "MaxRunTimeInMinutes": 60}),
            "ReturnCodes": json.dumps([{"ReturnCode": 0, "Type": 1}, {"ReturnCode": 3010, "Type": 2}]),
            "FlatDependencies": [
                {"Action": 10, "AppId": self.item, "ChildId": child.item, "Type": 0, "Level": 0}
                for child in self.needs
            ],
        }
        return entry | ({"InstallerData": '{"PackageIdentifier":"9P7BP5VNWKX5"}'} if self.winget else {})

    def load_state(self, flow: Flow) -> None:
        """Write the state stored earlier, as the head of a check-in does."""
        line = (
            STATE_HEAD.format(self.item) + f"and reporting state initialized. ReportingState: {self.report()}"
        )
        self.look(flow.say(WORKLOAD, line))

    def look(self, record: Record, *, excluded: bool = False) -> None:
        applicable = None if self.applicability is None else self.applicability == 0
        state = (self.detected, applicable, self.enforcement, self.error)
        self.looks.append(Look(record, *state, excluded=excluded))

    def rows(self) -> list[Try]:
        """Return what a reader must find of this app in what is left of the logs."""
        visible = [entry for entry in self.tries if entry.visible]
        for entry in visible:
            self.label(entry)
        if visible:
            number_tries(self.tries)
            return visible
        looks = [look for look in self.looks if not look.record.lost]
        if looks:
            return [self.state_row(looks)]
        policies = [record for record in self.policies if not record.lost]
        if not policies:
            return []
        outcome: Expected = "skipped" if self.behaviour == "excluded" else "unknown"
        if self.intent == 0:
            outcome = one_of("skipped", "unknown")
        row = Try(self.kind, self.item, {"outcome": outcome}, [policies[-1:]])
        self.label(row)
        return [row]

    def label(self, row: Try) -> None:
        """Name and type it as far as the records left do."""
        named = any(not record.lost for record in self.named + self.policies)
        typed = not self.winget or any(not record.lost for record in self.typed + self.policies)
        row.fields["name"] = self.name if named else None
        row.fields["kind"] = self.kind if typed else one_of("win32", "winget")

    def state_row(self, looks: list[Look]) -> Try:
        last = looks[-1]
        row = Try(self.kind, self.item, {"try_number": 1}, [[last.record]])
        row.fields["outcome"] = self.state_outcome(looks)
        if row.fields["outcome"] == "skipped":
            row.fields["code"] = one_of(None, "", "0x00000000")
            row.fields["reason"] = NotOneOf(frozenset({None, ""}))
            row.fields["exit_code"] = None
        if last.detected:
            row.fields["detected_before"] = True
        if row.fields["outcome"] == "failed" and last.error is not None:
            row.fields["code"] = f"0x{last.error & 0xFFFFFFFF:08X}"
        if self.tried_at is not None and row.fields["outcome"] == "failed" and self.retry_marks:
            row.fields["next_retry_at"] = self.next_retry()
            row.proofs["next_retry_at"] = [[record] for record in self.retry_marks]
        loaded = [look.record for look in looks if "reporting state initialized" in look.record.message]
        if loaded:
            row.fields["version"], row.fields["context"] = self.version(), self.context
        self.label(row)
        return row

    def next_retry(self) -> Expected:
        if self.tried_at is None:
            return None
        due = self.tried_at + timedelta(hours=24)
        return Within(due, due)

    def state_outcome(self, looks: list[Look]) -> Expected:
        last = looks[-1]
        if last.excluded:
            return "skipped"
        if self.intent == 4:
            return "skipped" if last.detected is False else NotOneOf(frozenset({"never_started"}))
        if last.detected:
            return "skipped"
        if self.intent == 0:
            return one_of("skipped", "unknown")
        if self.behaviour == "dependent":
            return NotOneOf(frozenset({"succeeded"}))
        if last.applicable is False or last.enforcement == 3000:
            return "skipped"
        stored = any("reporting state initialized" in look.record.message for look in looks)
        if stored and last.enforcement in FAILED_STATES:
            return "failed"
        return NotOneOf(frozenset({"never_started", "succeeded"}))
