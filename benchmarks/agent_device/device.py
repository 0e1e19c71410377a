"""A device over a few days: its check-ins, the scripts beside them, and what its agent writes all day."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random
from uuid import UUID
from zoneinfo import ZoneInfo

from agent_device.app import App, number_tries
from agent_device.apps import draw_apps
from agent_device.checkin import check_in
from agent_device.health import compliance, remediation
from agent_device.installing import ERAS, STAMPS, Agent, Era, restart_marks
from agent_device.records import (
    ACTIONS,
    CLIENT,
    EXECUTOR,
    HEALTH,
    IME,
    WORKLOAD,
    Flow,
    Record,
    in_order,
)
from agent_device.scripts import (
    ERRORS,
    OUTPUTS,
    Policy,
    Run,
    platform_script,
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
RUN_KINDS = {"script", "detection", "requirement", "compliance"}
LOCAL = {"started_at", "ended_at", "waited", "download_started_at", "download_ended_at"}


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
        return Flow(self.records, self.chance, at, thread, self.joined())

    def joined(self) -> dict[str, str]:
        """Return which logs are written into another one in this era."""
        return {} if self.era.own_log else {WORKLOAD: IME, ACTIONS: IME, HEALTH: IME}

    def rows(self) -> list[Try]:
        """Return what a reader must or may find, in the order of the tries."""
        apps = [row for graph in self.graphs for app in graph for row in app.rows()]
        for item in {row.item for row in self.scripts}:
            runs = [row for row in self.scripts if row.item == item]
            if all(row.scored().get("kind") == runs[0].kind for row in runs):
                number_tries(runs)
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
    device.graphs = draw_apps(chance, era, device.start, device.new_id)
    agent = Agent(device.flow(device.start, 11), era, chance, device.user, device.new_id)
    agent.stamp = chance.choice(STAMPS)
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


# The days


def work(device: Device, agent: Agent) -> None:
    """Run the device's check-ins, with scripts beside and between them."""
    chance, flow = device.chance, agent.flow
    build = chance.choice(device.era.builds)
    restart_marks(flow, build)
    rounds = chance.randrange(2, 5)
    upgrade = 0 if device.era.next is not None and chance.random() < 0.2 else None
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
        flow.at = max(flow.at, idle)
        if agent.stopped or number == upgrade:
            build = update(device, agent, build)
        elif any(app.behaviour == "hard_reboot" for graph in free for app in graph) or chance.random() < 0.2:
            flow.say(IME, "EMS Agent received shutdown signal")
            flow.wait(60)
            restart_marks(flow, build)
        flow.at = max(flow.at, begun + timedelta(hours=hours))
        repair(chance, free)


def update(device: Device, agent: Agent, build: str) -> str:
    """Start the agent again after a stop that it ordered itself; return the build that runs now."""
    newer = next((era for era in ERAS if era.name == device.era.next), None)
    if not agent.stopped:
        agent.flow.say(IME, "EMS Agent received stop signal")
        if newer is not None:
            device.era = agent.era = newer
            build = newer.builds[0]
    agent.stopped = False
    agent.flow.wait(30)
    agent.flow.logs = device.joined()
    restart_marks(agent.flow, build)
    return build


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
