"""How scripts, remediations, packages, certificates and restarts show in logs, events and registry."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from autopilot_analysis.samples.device.device import DOMAIN
from autopilot_analysis.samples.device.power import boot, shut_down
from autopilot_analysis.samples.device.story import Data, fields
from autopilot_analysis.samples.formats.event_values import Hex32
from autopilot_analysis.samples.formats.ime_log import AGENT
from autopilot_analysis.samples.installs.plan import Act
from autopilot_analysis.samples.installs.stage import Stage, compact, shift

_SCRIPTS = r"C:\Program Files (x86)\Microsoft Intune Management Extension\Policies\Scripts"
_MANAGEMENT = r"HKEY_LOCAL_MACHINE\software\microsoft\enterprisedesktopappmanagement"
_NOBODY = "S-0-0-00-0000000000-0000000000-000000000-000"


def tell_script(stage: Stage, act: Act, at: datetime) -> datetime:
    """Tell one run of a platform script in the agent's and the executor's log; return when it is over."""
    script = stage.apps[act.name].id
    done = shift(at, act.install)
    policy = f"policy with id = {script} for user {stage.user}"
    stage.line(at, f"[PowerShell] Processing {policy}", log=AGENT)
    stage.line(at, f"Launch powershell executor in {stage.session} session", after=200, log=AGENT)
    text = f"powershell with value {_SCRIPTS}\\{stage.user}_{script}.ps1 to the named argument list."
    lines = (
        (at, 300, "ExecutorLog AgentExecutor gets invoked"),
        (at, 310, f"Adding argument {text}"),
        (done, -220, f"Powershell exit code is {act.exit_code}"),
        (done, -215, f"length of out={len(act.output)}"),
        (done, -210, f"error from script ={act.error}"),
        (done, -200, f"write output done. output = {act.output}, error = {act.error}"),
    )
    for moment, after, message in lines:
        stage.line(moment, message, after=after, log="AgentExecutor", zone=act.zone)
    stage.line(done, f"Powershell execution is done, exitCode = {act.exit_code}", after=-100, log=AGENT)
    result = "Success" if act.outcome == "succeeded" else "Failed"
    ids = f"User Id = {stage.user}, Policy id = {script}"
    stage.line(done, f"[PowerShell] {ids}, policy result = {result}", log=AGENT)
    stage.truth(act, script, name=None, started_at=at, ended_at=done)
    key = rf"HKEY_LOCAL_MACHINE\software\microsoft\intunemanagementextension\Policies\{stage.user}\{script}"
    stage.story.state.more[key] = {
        "Result": result,
        "ErrorCode": str(act.exit_code),
        "LastUpdatedTimeUtc": f"{done:%m/%d/%Y %H:%M:%S}",
    }
    return done


def tell_remediation(stage: Stage, act: Act, at: datetime) -> datetime:
    """Tell a remediation that finds something and mends it, or does not; return when it is over."""
    script, health = stage.apps[act.name].id, "HealthScripts"
    mended = act.outcome == "succeeded"
    done = shift(at, act.install)
    third = act.install / 3
    lines = (
        (0, f"[HS] ProcessScript PolicyId: {script} PolicyType: 6"),
        (third, "[HS] exit code of the script is 1"),
        (third, f"[HS] the pre-remdiation detection script compliance result for {script} is False"),
        (2 * third, f"[HS] remediation script exit code is {act.exit_code}"),
        (act.install, f"[HS] the post detection script result for {script} is {mended}"),
    )
    for number, (after, message) in enumerate(lines):
        stage.line(shift(at, after), message, after=number if 0 < after < act.install else 0, log=health)
    stage.truth(act, script, name=None, started_at=at, ended_at=done)
    base = r"HKEY_LOCAL_MACHINE\software\microsoft\intunemanagementextension\SideCarPolicies\Scripts"
    codes = (1, act.exit_code, int(not mended))
    info = dict(zip(("FirstDetectExitCode", "RemediationExitCode", "LastDetectExitCode"), codes, strict=True))
    report = {"PolicyId": script, "RemediationStatus": 1 if mended else 2, "ErrorCode": 0, "Info": info}
    stage.story.state.more |= {
        rf"{base}\Execution\{stage.user}\{script}_1": {"LastExecution": f"{done:%m/%d/%Y %H:%M:%S}"},
        rf"{base}\Reports\{stage.user}\{script}_1\Result": {"Result": compact(report)},
    }
    return done


def tell_package(stage: Stage, act: Act, at: datetime) -> datetime:
    """Tell one line-of-business MSI through the events of device management; return when it is over."""
    code = "{" + stage.apps[act.name].id.upper() + "}"
    product = {"Message1": code, "Message2": stage.story.device.enrollment_id}
    file = act.name.replace(" ", "") + ".msi"
    source = {"Message3": f"https://{DOMAIN}/{file}"}
    loaded = shift(at, act.download)
    begun = shift(loaded, 0.2)
    done = shift(begun, act.install)
    event = stage.story.event
    event("DMA", 1905, at, fields(product, source))
    event("DMA", 1906, loaded, fields(product, source))
    event("DMA", 1920, begun, product)
    event("DMA", 1922, done, fields(product, {"HRESULT": Hex32(0)}))
    escaped = code.replace("{", "%7B").replace("}", "%7D")
    uri = f"./Device/Vendor/MSFT/EnterpriseDesktopAppManagement/MSI/{escaped}/DownloadInstall"
    stage.expect("ExpectedMSIAppPackages", uri, at, 0)
    stage.expect("ExpectedMSIAppPackages", uri, done, 1)
    stage.story.state.more[rf"{_MANAGEMENT}\{_NOBODY}\MSI\{code}"] = {
        "Status": 70,
        "LastError": 0,
        "CurrentDownloadUrl": source["Message3"],
    }
    without_code = replace(act, exit_code=None)
    stage.truth(
        without_code,
        code.lower(),
        name=file,
        started_at=begun,
        ended_at=done,
        loaded=(at, loaded),
        blocking=True,
    )
    return done


def tell_modern(stage: Stage, act: Act, at: datetime) -> datetime:
    """Tell one modern app through the events of app deployment; return when it is over."""
    family, whole = f"{act.name}_0123456789abc", f"{act.name}_1.0.0.0_x64__0123456789abc"
    done = shift(at, act.install)
    asked: Data = {
        "DeploymentOperation": 1,
        "PackageFullName": whole,
        "CallingProcess": "svchost.exe,dmwappushsvc",
    }
    stage.story.event("APPX", 607, at, asked)
    if act.outcome == "succeeded":
        stage.story.event("APPX", 400, done, asked)
    else:
        stage.story.event("APPX", 404, done, fields(asked, {"ErrorCode": Hex32(int(act.code or "0", 16))}))
    uri = f"./Device/Vendor/MSFT/EnterpriseModernAppManagement/AppManagement/AppStore/{family}"
    stage.expect("ExpectedModernAppPackages", uri, at, 0)
    stage.expect("ExpectedModernAppPackages", uri, done, int(act.outcome == "succeeded"))
    without_code = replace(act, exit_code=None)
    stage.truth(without_code, family, name=family, started_at=at, ended_at=done, blocking=True)
    return done


def tell_certificate(stage: Stage, act: Act, at: datetime) -> datetime:
    """Tell one SCEP certificate through the events of device management; return when it is over."""
    unique = act.name.replace(" ", "_")
    uri = f"./Device/Vendor/MSFT/ClientCertificateInstall/SCEP/{unique}"
    done = shift(at, act.install)
    named = {"Message1": unique, "Message2": "", "Message3": "Device", "Message4": "clientcertificateinstall"}
    event = stage.story.event
    event("DMA", 306, at, fields(named, {"HexInt1": Hex32(2), "HexInt3": Hex32(0)}))
    asked = {"Message1": "1.3.6.1.5.5.7.3.2", "Message2": f"https://ndes.{DOMAIN}/scep", "Message3": ""}
    event("DMA", 36, at, fields(asked, {"HexInt1": Hex32(2), "HexInt2": Hex32(1)}), after=300)
    event("DMA", 37, at, after=600)
    failed = act.outcome == "failed"
    if failed:
        event("DMA", 32, done, {"HRESULT": Hex32(int(act.code or "0", 16))})
    else:
        event("DMA", 38, done, after=-500)
        event("DMA", 39, done)
    stage.expect("ExpectedSCEPCerts", uri, at, 0)
    stage.expect("ExpectedSCEPCerts", uri, done, int(not failed))
    without_code = replace(act, exit_code=None)
    stage.truth(without_code, uri, name=None, started_at=at, ended_at=done, blocking=True)
    return done


def tell_restart(stage: Stage, act: Act, at: datetime) -> datetime:
    """Restart the device, and let the agent find what it installed; return when it is over."""
    story = stage.story
    story.event("DMA", 2800, at, {"Message1": "./Device/Vendor/MSFT/Policy/Config/Example/NeedsRestart"})
    shut_down(story, "restart", at)
    stage.line(at, "EMS Agent received shutdown signal", after=5000, log=AGENT)
    up = shift(at, act.install)
    boot(story, up)
    stage.line(up, "EMS Agent Started", after=20_000, log=AGENT)
    last = next(row for row in reversed(story.installs) if row.kind == "win32")
    name = last.name or ""
    again = shift(up, 21)
    stage.line(again, f"[Win32App] In EspPhase: {stage.esp}.")
    stage.line(again, f"[Win32App][V3Processor] Processing subgraph with app ids: {last.item}", after=20)
    found = f"{last.item} resulted in action status: Success and detection state: Detected."
    stage.line(again, f"[Win32App][DetectionActionHandler] Detection for policy with id: {found}", after=40)
    delta = {"EnforcementState": {"OldValue": "InProgressPendingReboot", "NewValue": "Success"}}
    text = f"{last.item} has been updated. Report delta: {compact(delta)}"
    stage.line(again, f"[Win32App][ReportingManager] Execution state for app with id: {text}", after=60)
    word = f"from InProgress to Completed for application {last.item} with name: {name}."
    stage.line(again, f"[Win32App][EspManager] Updating ESP tracked install status {word}", after=80)
    stage.line(again, "[Win32App][V3Processor] Done processing subgraph.", after=100)
    return shift(again, 0.2)
