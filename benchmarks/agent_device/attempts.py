"""What becomes of each app at a check-in: one function for each behaviour of an installer."""

from __future__ import annotations

from agent_device.app import App
from agent_device.installing import (
    BUSY,
    CONTENT_FAILED,
    NOT_DETECTED,
    Agent,
    base,
    spell,
    succeed,
)
from agent_device.records import ACTIONS, IME, Record
from agent_device.truth import Try, between, one_of, timed

REBOOT_CODES = {"soft_reboot": (3010, "SoftReboot"), "hard_reboot": (1641, "HardReboot")}
BROKEN_DOWNLOADS = {"fail_download": "timeout", "fail_content": "no_content", "fail_decrypt": "decrypt"}


def install(agent: Agent, app: App) -> None:
    """Write one enforcement of an app that was found missing, and add its tries."""
    app.error = None
    if agent.era.v3:
        old = "Error" if app.enforcement in {5000, 5003} else None
        agent.delta(app, "Download", {"EnforcementState": (old, "InProgress")})
    app.enforcement = 2000
    if app.winget:
        install_package(agent, app)
    elif app.behaviour in BROKEN_DOWNLOADS:
        broken_download(agent, app)
    else:
        run_installer(agent, app)


def broken_download(agent: Agent, app: App) -> None:
    columns, view = agent.download(app, outcome=BROKEN_DOWNLOADS[app.behaviour])
    fields: dict[str, object] = {
        "outcome": "failed",
        "exit_code": None,
        "detected_before": False,
        **columns,
    }
    proofs = {"outcome": [view[-1:]]}
    if agent.era.v3:
        change = {
            "EnforcementState": ("InProgress", "ErrorDownloadingContent"),
            "EnforcementErrorCode": (None, CONTENT_FAILED),
        }
        told = agent.delta(app, "Download", change)
        agent.say("[Win32App][DownloadActionHandler] Handler completed with action status: Failed.")
        view.append(told)
        fields["code"] = spell(CONTENT_FAILED)
        proofs["code"] = [[told]]
        proofs["outcome"].append([told])
        app.enforcement, app.error = 5003, CONTENT_FAILED
    app.tries.append(Try(app.kind, app.item, fields, [view], proofs))
    lock(agent, app, view[0])


def lock(agent: Agent, app: App, begun: Record) -> None:
    """Save the time of a failed try, from which the retry lock counts."""
    if not agent.era.v3:
        return
    agent.save_lock(app, between(begun, begun))
    row = app.tries[-1]
    row.fields["next_retry_at"] = app.next_retry()
    row.proofs["next_retry_at"] = [app.retry_marks]


def run_installer(agent: Agent, app: App) -> None:
    columns, seen = agent.download(app)
    if app.behaviour == "retry":
        busy(agent, app, columns, seen)
        columns, seen = {}, []
    launched = agent.launch(app, "Install")
    fields = base(app, launched, columns)
    if app.behaviour == "retry":
        del fields["detected_before"]
    if app.behaviour == "cut_install":
        agent.flow.wait(agent.chance.uniform(20, 400))
        fields |= {"outcome": "unfinished", "ended_at": None, "waited": None, "exit_code": None}
        row = Try(app.kind, app.item, fields, [seen + launched], proofs_of(launched, seen, []))
        app.tries.append(row)
        return
    if app.behaviour == "stopped":
        stop(agent, app, fields, launched, seen)
        return
    agent.flow.wait(duration(agent))
    if app.behaviour == "fail_timeout":
        timed_out(agent, app, fields, launched, seen)
    elif app.behaviour in {"fail_code", "fail_unmapped"}:
        failed(agent, app, fields, launched, seen)
    else:
        finished(agent, app, fields, launched, seen)


def duration(agent: Agent) -> float:
    if agent.chance.random() < 0.1:
        return agent.chance.uniform(300, 2000)
    return agent.chance.uniform(3, 120)


def proofs_of(
    launched: list[Record], downloaded: list[Record], ended: list[Record]
) -> dict[str, list[list[Record]]]:
    """Bind the columns of a try to its launch, its download and its end."""
    proofs = {name: [ended] for name in ("outcome", "exit_code", "ended_at", "code", "detected_after")}
    proofs |= {"started_at": [launched], "waited": [launched + ended], "context": [launched[1:2]]}
    if downloaded:
        proofs |= {
            name: [downloaded] for name in ("download_started_at", "download_ended_at", "downloaded_bytes")
        }
    return proofs


def stop(
    agent: Agent, app: App, fields: dict[str, object], launched: list[Record], seen: list[Record]
) -> None:
    """Stop the agent in the middle of an installation; the next check-in tries again."""
    agent.flow.wait(agent.chance.uniform(5, 60))
    stopped = agent.flow.say(IME, "EMS Agent received stop signal")
    fields |= {"outcome": one_of("unfinished", "waiting"), "exit_code": None}
    proofs = proofs_of(launched, seen, [stopped])
    app.tries.append(Try(app.kind, app.item, fields, [[*seen, *launched, stopped]], proofs))
    app.behaviour = "install"
    agent.stopped = True


def timed_out(
    agent: Agent, app: App, fields: dict[str, object], launched: list[Record], seen: list[Record]
) -> None:
    agent.flow.wait(3600)
    first = agent.say("[Win32App] Installation is timeout", severity=3)
    ended = [first, conclude(agent, app, failed_with=None)]
    fields |= timed(fields["started_at"], between(*ended))  # type: ignore[arg-type]
    fields |= {"outcome": "failed", "exit_code": None}
    app.enforcement = 5000
    row = Try(app.kind, app.item, fields, [[*seen, *launched, *ended]], proofs_of(launched, seen, ended))
    app.tries.append(row)
    lock(agent, app, launched[0])


def failed(
    agent: Agent, app: App, fields: dict[str, object], launched: list[Record], seen: list[Record]
) -> None:
    known = "Failed" if app.behaviour == "fail_code" else None
    collected = agent.collect(app, app.exit_code, known)
    code = int(collected[1].message.rsplit(" ", 1)[1])
    checked = agent.detect(app, detected=False) if agent.era.v3 else []
    if checked:
        fields["detected_after"] = False
    told = conclude(agent, app, failed_with=code)
    ended = [*collected, told]
    fields |= timed(fields["started_at"], between(ended[0], told))  # type: ignore[arg-type]
    fields |= {"outcome": "failed", "exit_code": app.exit_code, "code": spell(code)}
    app.enforcement, app.error = 5000, code
    row = Try(app.kind, app.item, fields, [[*seen, *launched, *ended]], proofs_of(launched, seen, ended))
    app.tries.append(row)
    lock(agent, app, launched[0])


def finished(
    agent: Agent, app: App, fields: dict[str, object], launched: list[Record], seen: list[Record]
) -> None:
    """End with an exit code that means success, whatever detection says then."""
    exit_code, known = REBOOT_CODES.get(app.behaviour, (0, "Success"))
    ended = agent.collect(app, exit_code, known)
    found = app.behaviour != "fail_undetected"
    agent.detect(app, detected=found)
    pending = known == "HardReboot" and agent.era.v3
    told = conclude(agent, app, failed_with=None if found else NOT_DETECTED, pending=pending)
    ended.append(told)
    if pending:
        app.enforcement = 6002
    succeed(fields, between(ended[0], told), exit_code)
    if not found:
        fields |= {"outcome": one_of("failed", "not_detected"), "code": spell(NOT_DETECTED)}
        fields["detected_after"] = False
        app.enforcement, app.error = 5000, NOT_DETECTED
        if not agent.era.v3:
            del fields["code"]
    if pending:
        for name in ("ended_at", "waited"):
            del fields[name]
        fields["outcome"] = one_of("succeeded", "waiting")
    row = Try(app.kind, app.item, fields, [[*seen, *launched, *ended]], proofs_of(launched, seen, ended))
    app.tries.append(row)
    if not found:
        lock(agent, app, launched[0])


def conclude(agent: Agent, app: App, *, failed_with: int | None, pending: bool = False) -> Record:
    """Write the state the agent stores after a try."""
    failing = failed_with is not None or app.behaviour.startswith("fail")
    if not agent.era.v3:
        return agent.say(f"[Win32App] Setting enforcementState as: {'Error' if failing else 'Success'}")
    word = "Error" if failing else "InProgressPendingReboot" if pending else "Success"
    old = "InProgressDownloadCompleted" if not app.winget else "InProgress"
    change: dict[str, tuple[object, object]] = {"EnforcementState": (old, word)}
    if failed_with is not None:
        change["EnforcementErrorCode"] = (None, failed_with)
    elif not failing:
        change["EnforcementErrorCode"] = (None, 0)
        app.error = 0
        app.enforcement = 1000
    return agent.delta(app, "Execution", change)


def busy(agent: Agent, app: App, columns: dict[str, object], seen: list[Record]) -> None:
    """Let another installation refuse the first try; the agent waits and executes again."""
    launched = agent.launch(app, "Install")
    if not agent.era.v3:
        agent.say("[Win32App] ===Step=== Execute retry 0")
    agent.flow.wait(agent.chance.uniform(2, 8))
    ended = agent.collect(app, 1618, "Retry")
    fields = base(app, launched, columns)
    fields |= timed(fields["started_at"], between(ended[0], ended[-1]))  # type: ignore[arg-type]
    fields |= {"outcome": one_of("failed", "waiting"), "exit_code": 1618, "code": spell(BUSY)}
    row = Try(app.kind, app.item, fields, [[*seen, *launched, *ended]], proofs_of(launched, seen, ended))
    app.tries.append(row)
    agent.flow.wait(300)
    agent.say("[Win32App] ===Step=== Execute retry 1")


def install_package(agent: Agent, app: App) -> None:
    """Install a Store app through WinGet."""
    agent.say(
        f"[Win32App][WinGetApp][WinGetAppExecutionExecutor] Starting execution of app with id: {app.item}"
    )
    head = f"[WinGetMessageProcessor] Processing Progress for app = {app.item} and user = {agent.user}"
    begun = agent.flow.records[-1]
    app.typed.append(begun)
    steps = [begun]
    for share in (0.4, 1.0):
        agent.flow.wait(agent.chance.uniform(1, 8))
        app.named.append(
            agent.say(
                f"[StatusService] Downloading app (id = {app.item}, name {app.name}) via WinGet, "
                f"bytes {int(app.size * share)}/{app.size} for user {agent.user}"
            )
        )
        steps.append(app.named[-1])
    fails = app.behaviour.startswith("fail")
    steps.append(agent.say(f"{head} - Operation Phase = Installing"))
    agent.flow.wait(agent.chance.uniform(3, 40))
    ended = []
    if fails:
        ended.append(agent.say(f"{head} - Operation Phase = Error"))
    else:
        ended.append(agent.say("[WinGet] Install Operation Result has arrived Ok"))
        agent.detect(app, detected=True)
    ended.append(conclude(agent, app, failed_with=-2147024895 if fails else None))
    fields: dict[str, object] = {
        "detected_before": False,
        **timed(between(begun, steps[-1]), between(ended[0], ended[-1])),
        "exit_code": None,
        "outcome": "failed" if fails else "succeeded",
        "code": spell(-2147024895) if fails else one_of(None, "", "0x00000000"),
        "downloaded_bytes": app.size,
    }
    if not fails:
        fields["detected_after"] = True
    proofs = {name: [ended] for name in ("outcome", "ended_at", "code", "detected_after")}
    proofs |= {"started_at": [steps], "waited": [steps + ended], "downloaded_bytes": [steps]}
    app.tries.append(Try(app.kind, app.item, fields, [steps + ended], proofs))
    if fails:
        app.enforcement, app.error = 5000, -2147024895
        lock(agent, app, begun)


def uninstall(agent: Agent, app: App) -> None:
    """Take an app away, as its intent or a superseding app demands."""
    launched = agent.launch(app, "Uninstall")
    fields = base(app, launched, {})
    fields["detected_before"] = True
    agent.flow.wait(agent.chance.uniform(3, 40))
    ended = agent.collect(app, 0, "Success")
    agent.detect(app, detected=False)
    ended.append(conclude(agent, app, failed_with=None))
    succeed(fields, between(ended[0], ended[-1]), 0, installs=False)
    row = Try(app.kind, app.item, fields, [launched + ended], proofs_of(launched, [], ended))
    app.tries.append(row)


def left_waiting(agent: Agent, app: App) -> None:
    """Name an app as due, and stop before its turn: the restart of another one comes first."""
    plan = agent.project(app)
    stop_line = "[Win32App][V3Processor] A restart is required to continue processing apps. Stop processing."
    stopped = agent.say(stop_line, severity=2)
    fields: dict[str, object] = {
        "outcome": one_of("never_started", "waiting"),
        "started_at": None,
        "ended_at": None,
        "exit_code": None,
        "detected_before": False,
    }
    row = Try(app.kind, app.item, fields, [[*plan, stopped]], {"outcome": [[*plan, stopped]]})
    app.tries.append(row)


def in_lock(agent: Agent, app: App) -> None:
    agent.project(app, expired=False)
    note = f"App with id: {app.item} to install is in GRS. The app will not be enforced."
    agent.flow.say(ACTIONS, f"[Win32App][ActionProcessor] {note}")
