"""PowerShell as the agent runs it: one run in the executor's log, platform scripts, the rules of apps."""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random

from agent_device.records import EXECUTOR, IME, WORKLOAD, Flow, Record
from agent_device.truth import Texts, Try, between, one_of, timed

AGENT = "C:\\Program Files (x86)\\Microsoft Intune Management Extension"
POWERSHELL = "C:\\Windows\\System32\\WindowsPowerShell\\v1.0"
HEALTH_CACHE = "C:\\Windows\\IMECache\\HealthScripts"
RULE_SCRIPTS = f"{AGENT}\\Content\\DetectionScripts"
SUFFIXES = ("quotedResultFilePath", "quotedErrorFilePath", "quotedTimeoutFilePath", "quotedExitCodeFilePath")
OUTPUTS = (
    "setting missing",
    "value is 0, expected 1",
    "Found contoso agent 5.2.1",
    "Gerät in Ordnung",
    "line one\nline two\nline three",
    'free = 41 GB, "C:" ok',
    "done",
    "see ]LOG] in the text",
)
ERRORS = (
    "Get-Item : Cannot find path 'HKLM:\\SOFTWARE\\Contoso' because it does not exist.",
    "Write-Error: the share \\\\files.example.com\\tools was not reached\nAt line:12 char:3",
    "Access to the path is denied.",
)


@dataclass
class Run:
    """One PowerShell process: what it was asked, what it gave back, and the records that say so."""

    exit_code: int = 0
    output: str = ""
    error: str = ""
    seconds: float = 1.3
    cut: bool = False
    begun: list[Record] = field(default_factory=list)
    ended: list[Record] = field(default_factory=list)
    other: list[Record] = field(default_factory=list)

    @property
    def records(self) -> list[Record]:
        return self.begun + self.ended

    def texts(self) -> dict[str, object]:
        return {
            name: Texts((text,)) for name, text in (("output", self.output), ("error", self.error)) if text
        }


@dataclass(frozen=True)
class Policy:
    """One script policy, or the script of an app's rule."""

    item: str
    version: int
    user: str
    as_user: bool = False

    @property
    def context(self) -> str:
        return "user" if self.as_user else "system"

    @property
    def session(self) -> str:
        return "user" if self.as_user else "machine"


def seconds(chance: Random) -> float:
    if chance.random() < 0.03:
        return chance.uniform(190, 1500)
    return min(16.8, 0.7 + chance.expovariate(1 / 1.2))


def executor(
    flow: Flow, run: Run, option: str, script: str, outputs: list[str], *, parameters: str = ""
) -> None:
    """Write one run as AgentExecutor.log has it, and move the clock over it."""
    say = flow.say
    run.begun.append(say(EXECUTOR, "ExecutorLog AgentExecutor gets invoked"))
    say(EXECUTOR, "Creating command line parser, name delimiter is - and value separator is  .")
    say(EXECUTOR, "Getting Ordered Parameters")
    say(EXECUTOR, "Parsing Ordered Parameters.")
    argument = f"Adding argument {option} with value {script} to the named argument list."
    run.begun.append(say(EXECUTOR, argument))
    if option != "powershell":
        shown = "remediation script" if option == "remediationScript" else "PowershellDetection"
        say(EXECUTOR, f"{shown} option gets invoked")
    for path in (script, *outputs):
        say(EXECUTOR, path)
    say(EXECUTOR, "Prepare to run Powershell Script ..")
    command = f'cmd line for running powershell is -NoProfile -executionPolicy bypass -file  "{script}"'
    say(EXECUTOR, command + parameters)
    say(EXECUTOR, "runAs32BitOn64 = False, so Disable Wow64FsRedirection")
    say(EXECUTOR, f"PowerShell path is {POWERSHELL}\\powershell.exe")
    process = flow.chance.randrange(1000, 20000)
    run.begun.append(say(EXECUTOR, f"[Executor] created powershell with process id {process}"))
    flow.wait(run.seconds)
    if run.cut:
        return
    run.ended.append(say(EXECUTOR, f"Powershell exit code is {run.exit_code}"))
    say(EXECUTOR, f"length of out={len(run.output) + 2 * bool(run.output)}")
    say(EXECUTOR, f"length of error={len(run.error) + 2}")
    run.ended.append(say(EXECUTOR, f"error from script ={run.error}\n"))
    verdict = "successfully executed." if run.exit_code == 0 else "failed to execute"
    say(EXECUTOR, f"Powershell script is {verdict}")
    blank = "\n\n" if run.output else ""
    run.ended.append(say(EXECUTOR, f"write output done. output = {run.output}{blank}, error = {run.error}\n"))
    run.ended.append(say(EXECUTOR, "Revert Wow64FsRedirection"))
    if option == "powershellDetection":
        say(EXECUTOR, "Agent executor completed.")


# Platform scripts


def platform_script(flow: Flow, policy: Policy, run: Run, *, result: str) -> Try:
    script = f"{AGENT}\\Policies\\Scripts\\{policy.user}_{policy.item}.ps1"
    flow.say(IME, f"[PowerShell] Processing policy with id = {policy.item} for user {policy.user}")
    run.other.append(flow.say(IME, f"Script file {script} is generated"))
    results = f"{AGENT}\\Policies\\Results\\{policy.user}_{policy.item}"
    files = [f"{results}.{kind}" for kind in ("output", "error", "timeout")]
    quoted = " ".join(f'"{path}"' for path in (script, *files))
    flow.say(IME, f'"{AGENT}\\agentexecutor.exe"  -powershell  {quoted} 60 "{POWERSHELL}" 0 ')
    run.other.append(flow.say(IME, f"Launch powershell executor in {policy.session} session"))
    launched = flow.say(
        IME, f"Create proxy process successfully. Process id = {flow.chance.randrange(999, 9999)}"
    )
    run.other.append(launched)
    executor(flow, run, "powershell", script, files)
    fields: dict[str, object] = {"kind": "script", "context": policy.context, "name": None, **run.texts()}
    proofs = {"context": [[run.other[1]]], "outcome": [run.other]}
    if run.cut:
        fields |= {"outcome": "unfinished", "ended_at": None, "waited": None, "exit_code": None}
        fields["started_at"] = between(run.other[0], run.begun[-1])
        proofs["outcome"] = [run.begun, run.other]
        return Try("script", policy.item, fields, [run.begun, run.other], proofs)
    flow.wait(0.2)
    run.other.append(flow.say(IME, f"Powershell execution is done, exitCode = {run.exit_code}"))
    verdict = f"[PowerShell] User Id = {policy.user}, Policy id = {policy.item}, policy result = {result}"
    run.other.append(flow.say(IME, verdict))
    fields |= timed(between(run.other[0], run.begun[-1]), between(run.ended[0], run.other[-1]))
    fields |= {"exit_code": run.exit_code, "outcome": "succeeded" if result == "Success" else "failed"}
    loose: dict[str, object] = {}
    if run.exit_code != 0:
        loose["outcome"] = "failed"
    elif not run.error:
        loose["outcome"] = "succeeded"
    proofs["output"] = proofs["error"] = [run.ended]
    return Try("script", policy.item, fields, [run.records, run.other], proofs, loose)


# Detection and requirement rules of apps


def rule_script(flow: Flow, policy: Policy, run: Run, *, requirement: bool) -> Try:
    """Write one rule script in both logs; the executor's log cannot tell detection from requirement."""
    word = "Requirement" if requirement else "Detection"
    manager = f"SideCarScript{word}Manager"
    script = f"{RULE_SCRIPTS}\\{policy.item}_{policy.version}.ps1"
    flow.say(WORKLOAD, f"[Win32App] Start {'requirement' if requirement else 'detection'}Manager {manager}")
    flow.say(WORKLOAD, "[Win32App] Using FileStream")
    run.other.append(flow.say(WORKLOAD, f"[Win32App] {word} script file {script} is saved."))
    flow.say(WORKLOAD, f"[Win32App] {manager} create files for outputs")
    files = [f"{script}{suffix}.txt" for suffix in SUFFIXES]
    quoted = " ".join(f'"{path}"' for path in (script, *files[:3]))
    shell = (
        f'"{AGENT}\\agentexecutor.exe"  -powershellDetection  {quoted} 60 "{POWERSHELL}" 0 "{files[3]}" False'
    )
    flow.say(WORKLOAD, shell)
    session = flow.say(
        WORKLOAD, f"[Win32App] {manager} Launch powershell executor in {policy.session} session"
    )
    flow.say(WORKLOAD, f"[Win32App] {manager} Create proxy process successfully.")
    run.other.append(
        flow.say(WORKLOAD, f"[Win32App] {manager} process id = {flow.chance.randrange(999, 9999)}")
    )
    flow.say(WORKLOAD, f"[Win32App] {manager} Powershell execution process timeout milliseconds: 3600000.")
    executor(flow, run, "powershellDetection", script, files)
    flow.wait(0.2)
    flow.say(WORKLOAD, f"[Win32App] {manager} Execution is done, collecting result")
    finished = f"[Win32App] {manager} Powershell execution got lpExitCode: 0 lastWin32Error: 0"
    flow.say(WORKLOAD, finished)
    code = flow.say(WORKLOAD, f"[Win32App] {manager} Powershell ExitCode: {run.exit_code}")
    flow.say(WORKLOAD, f"[Win32App] {word} script file {files[3]} is deleted.")
    run.other.append(code)
    met = run.exit_code == 0 and bool(run.output)
    checked = f"[Win32App] Checked Powershell script exitCode: {run.exit_code} EnforceSignatureCheck: 0 "
    checked += f"RunAs32Bit: 0 InstallExRunAs: {int(not policy.as_user)}, "
    checked += (
        f"Operator: 1, result of requirementMet: {met}"
        if requirement
        else f"result of applicationDetected: {met}"
    )
    flow.say(WORKLOAD, checked)
    as_whom = "user" if policy.as_user else "system"
    verdict = f"applicationDetectedByCurrentRule: {met}"
    last = flow.say(WORKLOAD, f"[Win32App] {word.lower()}Manager {manager} got {verdict} as {as_whom}")
    flow.say(
        WORKLOAD, f"[Win32App] Completed detectionManager {manager}, applicationDetectedByCurrentRule: {met}"
    )
    kind = word.lower()
    outcome: object = "succeeded" if met else one_of("succeeded", "not_detected", "skipped")
    fields: dict[str, object] = {
        "kind": kind,
        "version": str(policy.version),
        "context": policy.context,
        "outcome": outcome,
        "exit_code": run.exit_code,
        **timed(between(run.other[0], run.begun[-1]), between(run.ended[0], last)),
        **run.texts(),
    }
    proofs = {
        "kind": [run.other[:1]],
        "context": [[session], [last]],
        "output": [run.ended],
        "error": [run.ended],
    }
    loose: dict[str, object] = {"kind": one_of("detection", "requirement")}
    return Try(kind, policy.item, fields, [run.other, run.records], proofs, loose)
