"""A device over a few days: its apps, its scripts, its check-ins, its noise, and the export of its logs."""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from uuid import UUID
from zoneinfo import ZoneInfo

from agent_device.app import App
from agent_device.checkin import check_in
from agent_device.installing import ERAS, FAILED_CODES, Agent, Era, restart_marks
from agent_device.records import (
    ACTIONS,
    CLIENT,
    EXECUTOR,
    HEALTH,
    IME,
    LINE_END,
    WORKLOAD,
    Flow,
    Record,
    in_order,
    tear,
    write_log,
)
from agent_device.scripts import (
    ERRORS,
    OUTPUTS,
    Policy,
    Run,
    compliance,
    platform_script,
    remediation,
    seconds,
)
from agent_device.truth import Try, is_there

WINDOWS_ZONES = {
    "Europe/Berlin": "W. Europe Standard Time",
    "America/New_York": "Eastern Standard Time",
    "America/Los_Angeles": "Pacific Standard Time",
    "Asia/Tokyo": "Tokyo Standard Time",
    "Australia/Brisbane": "E. Australia Standard Time",
    "Asia/Kolkata": "India Standard Time",
    "Etc/UTC": "UTC",
}
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
RUN_KINDS = {"script", "detection", "requirement", "compliance"}
LOCAL = {"started_at", "ended_at", "waited", "download_started_at", "download_ended_at"}
RULES = ("registry", "msi", "file", "script", "script")


@dataclass
class Device:
    """What was simulated: the logs, the apps, the tries of scripts, and how its zone is known."""

    seed: str
    era: Era
    chance: Random
    records: list[Record] = field(default_factory=list)
    graphs: list[list[App]] = field(default_factory=list)
    scripts: list[Try] = field(default_factory=list)
    zones: list[tuple[datetime, ZoneInfo]] = field(default_factory=list)
    zone_told: bool = True
    start: datetime = datetime(2026, 1, 1, tzinfo=UTC)
    user: str = ""

    def new_id(self) -> str:
        return str(UUID(int=self.chance.getrandbits(128), version=4))

    def flow(self, at: datetime, thread: int) -> Flow:
        joined = {} if self.era.own_log else {WORKLOAD: IME, ACTIONS: IME, HEALTH: IME}
        return Flow(self.records, self.chance, at, thread, joined)

    def rows(self) -> list[Try]:
        """Return what a reader must or may find, in the order of the tries."""
        apps = [row for graph in self.graphs for app in graph for row in app.rows()]
        rows = apps + [row for row in self.scripts if row.visible]
        for row in rows:
            if max(map(len, row.views)) > 2:
                row.fields["place"] = row.located(15 if row in self.scripts else 60)
            if row.kind in RUN_KINDS and any(
                is_there(view) and view[0].log == EXECUTOR for view in row.views
            ):
                row.fields["log"] = EXECUTOR
        if not self.zone_told or len(self.zones) > 1:
            for row in rows:
                row.fields = {name: value for name, value in row.fields.items() if name not in LOCAL}
        return rows


def simulate(seed: str) -> Device:
    chance = Random(seed)
    era = chance.choice(ERAS)
    device = Device(seed, era, chance)
    device.user = device.new_id()
    (first, last) = (datetime(*day, tzinfo=UTC) for day in era.years)
    device.start = first + (last - first) * chance.random()
    zone = ZoneInfo(chance.choice(list(WINDOWS_ZONES)))
    device.zones = [(datetime.min.replace(tzinfo=UTC), zone)]
    device.zone_told = chance.random() < 0.8
    if device.zone_told and chance.random() < 0.06:
        device.zones.insert(0, (datetime.min.replace(tzinfo=UTC), ZoneInfo("America/Los_Angeles")))
        device.zones[1] = (device.start + timedelta(hours=3), zone)
    device.graphs = apps_of(device)
    agent = Agent(device.flow(device.start, 11), era, chance, device.user, device.new_id)
    work(device, agent)
    device.scripts += agent.checks
    device.records = in_order(device.records)
    part_writers(device.scripts)
    return device


def part_writers(tries: list[Try]) -> None:
    """Take from tries whose runs overlap in the executor's log what only that log could tell.

    Its records carry no key of their run, so of two processes at once nobody can say whose exit code it is.
    """
    spans = []
    for row in tries:
        times = [record.at for view in row.views for record in view if record.log == EXECUTOR]
        spans.append((min(times), max(times) + timedelta(seconds=1), row))
    spans.sort(key=lambda span: span[0])
    for number, (begun, ended, row) in enumerate(spans):
        if any(begun < other[1] and other[0] < ended for other in spans[:number] + spans[number + 1 :]):
            row.share_the_log(EXECUTOR)


# The apps


def apps_of(device: Device) -> list[list[App]]:
    chance = device.chance
    names = chance.sample([f"{maker} {thing}" for maker in WORDS for thing in THINGS], 24)
    picked = chance.choices(list(BEHAVIOURS), list(BEHAVIOURS.values()), k=chance.randrange(6, 14))
    apps = [app_of(device, behaviour, names.pop()) for behaviour in picked]
    if not device.era.v3:
        apps = [app for app in apps if not app.quiet and app.behaviour != "not_targeted"]
    graphs = [[app] for app in apps]
    if device.era.v3 and chance.random() < 0.4:
        child = app_of(device, chance.choice(["install", "present"]), names.pop())
        parent = app_of(device, "install", names.pop())
        if chance.random() < 0.3:
            child, parent = app_of(device, "fail_code", names.pop()), app_of(device, "dependent", names.pop())
            child.as_user = child.winget = False
        parent.needs = [child]
        graphs.append([parent, child])
    if device.era.v3 and chance.random() < 0.25:
        old = app_of(device, "superseded", names.pop())
        graphs.append([app_of(device, "install", names.pop()), old])
    chance.shuffle(graphs)
    ending = chance.random()
    if ending < 0.12:
        graphs.append([app_of(device, "cut_install", names.pop())])
    elif ending < 0.24 and device.era.v3:
        graphs.append([app_of(device, "due", names.pop())])
    return graphs


def app_of(device: Device, behaviour: str, name: str) -> App:
    chance = device.chance
    app = App(device.new_id(), name, chance.choice((1, 1, 1, 2, 4)), chance.choice(RULES), behaviour)
    app.as_user = chance.random() < 0.12
    app.size = chance.randrange(200_000, 900_000_000)
    packaged = behaviour in {"present", "install", "fail_code"} and device.era.v3
    if packaged and chance.random() < 0.2:
        app.winget, app.identity = (
            True,
            f"{chance.randrange(1, 9)}.{chance.randrange(40)}.{chance.randrange(999)}.0",
        )
    app.exit_code = chance.choice(list(FAILED_CODES))
    if behaviour == "fail_unmapped":
        app.exit_code = chance.choice((5, 87, 1223, 60001))
    app.intent = (
        4 if behaviour.startswith("uninstall") else {"available": 1, "not_targeted": 0}.get(behaviour, 3)
    )
    app.known = device.era.v3 and behaviour in {"present", "available", "excluded", "not_targeted"}
    if app.known and behaviour in {"present", "available"}:
        app.detected, app.applicability = True, 0
        app.enforcement = chance.choice((1000, None))
        app.error = None if app.enforcement is None else 0
    if behaviour.startswith("quiet"):
        quiet_state(device, app)
    return app


def quiet_state(device: Device, app: App) -> None:
    """Give an app the state of days ago: nothing of its installation is in the logs any more."""
    chance = device.chance
    app.quiet = app.known = True
    app.detected, app.applicability = app.behaviour in {"quiet_present", "quiet_history"}, 0
    if app.behaviour == "quiet_history":
        app.enforcement, app.error = chance.choice((1000, 5000)), -2147023294
    elif app.behaviour == "quiet_failed":
        app.enforcement = chance.choice((5000, 5000, 5003))
        app.error = -2016214839 if app.enforcement == 5003 else chance.choice((-2147023293, -2147023294))
        ago = timedelta(hours=chance.uniform(2, 12), microseconds=0)
        app.tried_at = (device.start - ago).replace(microsecond=0)
    elif app.behaviour == "quiet_other":
        app.enforcement = chance.choice((2000, 2008, 3000, 5999, 6002))
        app.error = -2147023294 if app.enforcement == 5999 else None
    elif app.behaviour == "quiet_inapplicable":
        app.applicability = 1008
    else:
        app.enforcement = chance.choice((1000, None))
        app.error = None if app.enforcement is None else 0
    app.identity = "3.2.0.0" if app.detected and chance.random() < 0.2 else None


# The days


def work(device: Device, agent: Agent) -> None:
    """Run the device's check-ins, with scripts beside and between them."""
    chance, flow = device.chance, agent.flow
    build = chance.choice(device.era.builds)
    restart_marks(flow, build)
    rounds = chance.randrange(2, 5)
    hours = chance.choice((1, 8, 8, 13))
    held = [graph for graph in device.graphs if graph[0].behaviour in {"cut_install", "due"}]
    free = [graph for graph in device.graphs if graph not in held]
    policies = script_policies(device)
    lists_policies = chance.random() < 0.8
    for number in range(rounds):
        begun = flow.at
        graphs = free + (held if number == rounds - 1 else [])
        check_in(agent, graphs, lists_policies=lists_policies)
        beside = begun if chance.random() < 0.1 else flow.at
        idle = scripts_of_round(device, beside + timedelta(seconds=chance.uniform(20, 90)), policies, number)
        noise(device, begun)
        if number == rounds - 1:
            return
        if any(app.behaviour == "hard_reboot" for graph in free for app in graph) or chance.random() < 0.2:
            flow.say(IME, "EMS Agent received shutdown signal")
            flow.wait(60)
            restart_marks(flow, build)
        flow.at = max(flow.at, idle, begun + timedelta(hours=hours))
        repair(chance, free)


def repair(chance: Random, graphs: list[list[App]]) -> None:
    """Let some of the failing installers work from their next try on."""
    for app in (app for graph in graphs for app in graph):
        if app.behaviour.startswith("fail") and app.tries and chance.random() < 0.3:
            app.behaviour = "install"


@dataclass(frozen=True)
class ScriptPolicy:
    policy: Policy
    kind: str
    habit: str


def script_policies(device: Device) -> list[ScriptPolicy]:
    chance = device.chance
    policies = []
    for kind, most in (("remediation", 4), ("script", 4), ("compliance", 2)):
        for _ in range(chance.randrange(most)):
            policy = Policy(device.new_id(), chance.choice((1, 1, 2, 5)), device.user, chance.random() < 0.2)
            habit = chance.choice(("clean", "clean", "fixed", "broken", "noisy", "fails"))
            policies.append(ScriptPolicy(policy, kind, habit))
    return policies


def scripts_of_round(device: Device, at: datetime, policies: list[ScriptPolicy], number: int) -> datetime:
    """Run this round's scripts, one after another on a thread of their own; return when the last ended."""
    flow = device.flow(at, 7)
    again = {entry.policy.item for entry in policies if entry.habit in {"noisy", "fails"}}
    for entry in policies:
        if entry.kind == "script" and number and entry.policy.item not in again:
            continue
        if entry.kind == "script" and number > 2:
            continue
        flow.wait(device.chance.uniform(2, 40))
        device.scripts.append(run_policy(device, flow, entry))
    return flow.at


def run_of(chance: Random, exit_code: int, *, error: bool = False) -> Run:
    output = chance.choice(OUTPUTS) if chance.random() < 0.8 else ""
    text = chance.choice(ERRORS) if error else ""
    return Run(exit_code=exit_code, output=output, error=text, seconds=seconds(chance))


def run_policy(device: Device, flow: Flow, entry: ScriptPolicy) -> Try:
    chance = device.chance
    if entry.kind == "script":
        return run_platform(chance, flow, entry)
    launcher = HEALTH if device.era.newer else IME
    if entry.kind == "compliance":
        fails = entry.habit == "fails"
        run = run_of(chance, int(fails), error=fails)
        if not fails:
            run.output = '{"BiosVersion":"2.3","TpmReady":true}'
        return compliance(flow, entry.policy, run, new_id=device.new_id, launcher=launcher)
    runs = [run_of(chance, 0)]
    if entry.habit == "fixed" and chance.random() < 0.5:
        runs = [run_of(chance, 1), run_of(chance, 0), run_of(chance, 0)]
    elif entry.habit == "broken":
        runs = [run_of(chance, 1), run_of(chance, 0), run_of(chance, 1)]
    elif entry.habit == "noisy":
        runs = [run_of(chance, 1), run_of(chance, 0, error=True)]
    elif entry.habit == "fails":
        runs = [run_of(chance, 1), run_of(chance, 1, error=True)]
    return remediation(
        flow, entry.policy, runs, new_id=device.new_id, launcher=launcher, newer=device.era.newer
    )


def run_platform(chance: Random, flow: Flow, entry: ScriptPolicy) -> Try:
    if entry.habit == "noisy":
        return platform_script(flow, entry.policy, run_of(chance, 0, error=True), result="Failed")
    if entry.habit == "fails":
        return platform_script(flow, entry.policy, run_of(chance, 1, error=True), result="Failed")
    run = run_of(chance, 0)
    run.cut = entry.habit == "broken" and chance.random() < 0.4
    return platform_script(flow, entry.policy, run, result="Success")


def noise(device: Device, at: datetime) -> None:
    """Write what the agent writes all day long and what is no try at anything."""
    chance = device.chance
    flow = device.flow(at, chance.choice((4, 8, 19)))
    for _ in range(chance.randrange(10, 60)):
        flow.wait(chance.uniform(0.1, 30))
        flow.say(IME, "Found 1 MDM certificates from Local Computer Store.")
        flow.say(IME, f"PrepareHeaders, client-request-id: {device.new_id()}, Method: PUT")
        flow.say(IME, "[SendWebRequestInternal] iteration [0] started, total retryCount: 0")
        if chance.random() < 0.1:
            flow.say(
                IME,
                "Failed to get AAD token. len = 0 using client id x and resource id y, "
                "errorCode = 3399548929",
            )
    client_health(device, device.flow(at, 1))
    proxy = device.flow(at + timedelta(seconds=chance.uniform(1, 900)), 1)
    proxy.say(EXECUTOR, "ExecutorLog AgentExecutor gets invoked")
    proxy.say(EXECUTOR, "Creating command line parser, name delimiter is - and value separator is  .")
    proxy.say(EXECUTOR, "Adding argument proxy with value AzureAD\\user to the named argument list.")
    proxy.say(EXECUTOR, "[proxy poller] Getting proxy info. url is https://manage.example.com")
    proxy.say(EXECUTOR, "autodetect=True")
    proxy.say(EXECUTOR, "DHCP detection: WinHttpGetProxyForUrl call failed because of error 12180")


def client_health(device: Device, flow: Flow) -> None:
    flow.say(CLIENT, "Client Health evaluation starts.")
    for rule in ("service exists.", "Service startup type.", "service status.", "memory usage."):
        name = f"Verify/Remediate Intune Management Extension {rule}"
        flow.say(CLIENT, f"Start processing rule {name}")
        flow.say(CLIENT, f"Summary: rule {name} with ID {device.new_id()}, result = Pass, details = N/A")
    if device.chance.random() < 0.3:
        flow.say(CLIENT, "statuscode is 401")
        flow.say(CLIENT, "The client heart beat health report failed to send. Response was empty or null.")
        flow.say(
            CLIENT,
            "TCP probe Phase 1 completed. Same endpoint test: SUCCESS, Resolved IP: 192.0.2.23, Subnet: SD2",
        )
    else:
        flow.say(CLIENT, "The client health report was sent successfully. Done.")


# The export


def write_export(device: Device, out: Path) -> Path:
    """Write the logs as a folder or a ZIP, with what a collection loses; return its path."""
    chance = device.chance
    files: dict[str, bytes] = {}
    for log in (IME, WORKLOAD, ACTIONS, EXECUTOR, HEALTH, CLIENT):
        records = [record for record in device.records if record.log == log]
        gone = chance.random() < {IME: 0.0, WORKLOAD: 0.03, ACTIONS: 0.3, EXECUTOR: 0.15, HEALTH: 0.15}.get(
            log, 0.3
        )
        if gone or not records:
            for record in records:
                record.lost = True
            continue
        files |= parts_of(device, log, records)
    if device.zone_told:
        files["RegistryKey_TimeZoneInformation.reg"] = zone_file(device)
    return pack(files, out, zipped=chance.random() < 0.5)


def parts_of(device: Device, log: str, records: list[Record]) -> dict[str, bytes]:
    """Return one log's files: whole, rolled over with its older part kept, or without it."""
    chance = device.chance
    torn = tear(records, chance, 0.004) if log in {EXECUTOR, CLIENT} and chance.random() < 0.25 else {}
    appended = {place for place in range(1, len(records)) if chance.random() < 0.0005}
    write = {"zones": device.zones, "appended": set(), "torn": {}}
    fate = chance.random()
    if fate > 0.28 or len(records) < 50:
        return {
            f"{log}.log": write_log(f"{log}.log", records, **write | {"torn": torn, "appended": appended})
        }
    cut = chance.randrange(len(records) // 8, len(records) // 2)
    older, newer = records[:cut], records[cut:]
    shifted = {place - cut: head for place, head in torn.items() if place >= cut}
    kept = {f"{log}.log": write_log(f"{log}.log", newer, **write | {"torn": shifted})}
    if fate < 0.16:
        for record in older:
            record.lost = True
        return kept
    stamp = older[-1].at.astimezone(device.zones[-1][1])
    name = f"{log}-{stamp:%Y%m%d-%H%M%S}.log"
    early = {place: head for place, head in torn.items() if place < cut}
    return kept | {name: write_log(name, older, **write | {"torn": early})}


def zone_file(device: Device) -> bytes:
    zone = device.zones[-1][1]
    offset = device.start.astimezone(zone).utcoffset() or timedelta()
    bias = -int(offset.total_seconds() // 60) & 0xFFFFFFFF
    lines = (
        "Windows Registry Editor Version 5.00",
        "",
        "[HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Control\\TimeZoneInformation]",
        f'"TimeZoneKeyName"="{WINDOWS_ZONES[zone.key]}"',
        f'"ActiveTimeBias"=dword:{bias:08x}',
        "",
    )
    return ("\ufeff" + LINE_END.join(lines)).encode("utf-16-le")


def pack(files: dict[str, bytes], out: Path, *, zipped: bool) -> Path:
    folder = "Logs/"
    if zipped:
        path = out.with_suffix(".zip")
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in files.items():
                archive.writestr(folder + name, content)
        path.write_bytes(buffer.getvalue())
        return path
    (out / folder).mkdir(parents=True)
    for name, content in files.items():
        (out / folder / name).write_bytes(content)
    return out
