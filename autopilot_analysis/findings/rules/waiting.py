"""What the status page waited for: a provider that never came, a busy installer, a script that said no."""

from __future__ import annotations

from datetime import timedelta

import polars as pl

from autopilot_analysis.codes import INSTALLER_BUSY, WINDOWS_INSTALLER
from autopilot_analysis.facts.guids import GUID
from autopilot_analysis.facts.marks import SYNC_ENDED
from autopilot_analysis.findings.looking import failed_runs, known_exit, marks_in, once, registry, unwell
from autopilot_analysis.findings.rule import NEVER, all_proofs, no_proof, proof, rule
from autopilot_analysis.findings.rules.page_parts import open_parts
from autopilot_analysis.findings.rules.page_tries import IS_REMOVAL, blamed_tries, cause_lines
from autopilot_analysis.findings.rules.page_waits import ATTEMPT, waits, within
from autopilot_analysis.tables import Tables, Trace
from autopilot_analysis.tables.items import CALLED
from autopilot_analysis.tables.story import OF_ACCOUNT, OF_DEVICE, ON_THE_PAGE, PHASES
from autopilot_analysis.trace.installs.overlap import BUSY_REASON, BY_MANAGEMENT

PROVIDERS = (
    r"(?i)\\enrollmentstatustracking\\(device|s-1-[0-9-]+)\\(setup\\apps|devicepreparation)"
    r"\\policyproviders\\([^\\]+)"
)
SIDECAR = "sidecar"
PREPARING = "devicepreparation"
"""The step before the page's apps, in which providers are installed and have not named anything."""
FIRST_SYNC = r"\\firstsync(?:\\(s-1-[0-9-]+))?$"
"""Where the first sync is kept: of the device, and below it of each user."""
ENROLMENT = r"\\enrollments\\([^\\]+)(?:\\|$)"
INTUNE = "MS DM Server"
"""What Intune calls itself in an enrolment."""
SILENT_FOR = timedelta(hours=1)
"""A page of whose end nothing is known waits for a server's word in vain from here on."""
SESSIONS = 5
"""So many sessions that went well show a server that speaks and does not say that it has sent all."""
LATER = "later_user"
PARKED = ["10", "initialized"]


def _stuck(trace: Trace) -> pl.DataFrame:
    """Return the last attempt of each device that failed in the status page or never came out of it."""
    open_runs = trace.stage_runs.filter(
        pl.col("stage").is_in(ON_THE_PAGE), pl.col("outcome").is_in(["failed", "unfinished"])
    )
    ill = unwell(trace).join(open_runs, on=["device", "attempt"], how="semi")
    return ill.group_by("device").agg(pl.col("attempt").max())


@rule("ESP-PROVIDER-MISSING", needs="attempt=failed,unfinished")
def provider_missing(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Status pages for which other policy providers registered and the Intune agent did not.

    An agent that was installed in the step before need not have registered for the apps of the page.
    """
    keys = tables.registry_values.with_columns(
        scope=pl.col("key").str.extract(PROVIDERS, 1).str.to_lowercase(),
        step=pl.col("key").str.extract(PROVIDERS, 2).str.to_lowercase(),
        provider=pl.col("key").str.extract(PROVIDERS, 3),
    ).filter(pl.col("provider").is_not_null())
    place = ["device", "scope", "step"]
    came = keys.filter(pl.col("provider").str.to_lowercase() == SIDECAR).select(place).unique()
    others = keys.join(came, on=place, how="anti").join(_stuck(trace), on="device")
    only = pl.concat_str(pl.lit("only "), "provider", pl.lit(" did"))
    path = pl.concat_str("key", pl.lit("\\"), "name", pl.lit(" = "), pl.col("value").fill_null(""))
    alone = others.with_columns(at=NEVER, item=only)
    apps = alone.filter(pl.col("step") != PREPARING).with_columns(
        phase=pl.when(pl.col("scope") == "device").then(pl.col("scope")).otherwise(pl.lit(OF_ACCOUNT))
    )
    stood = apps.select("device", "attempt", "phase", "item").unique(maintain_order=True)
    shown = open_parts(tables).filter(pl.col("part") == "Apps").join(stood, on=["device", "phase"])
    return all_proofs([proof(alone, path, pl.col("item")), proof(shown, pl.col("named"), pl.col("item"))])


@rule("LATER-USER-PAGE", needs="failed=device_setup,account_setup; attempt=later_user")
def later_user(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Status pages that came again for a later user of a deployed device, and failed."""
    later = trace.attempts.filter(pl.col("scenario") == LATER).select("device", "attempt")
    return proof(failed_runs(trace, PHASES).join(later, on=["device", "attempt"], how="semi"))


@rule("ESP-INSTALLER-BUSY", needs="failed=device_setup,account_setup; install=failed")
def installer_busy(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Apps that failed while an MSI of the management client was at work throughout, or say that one was.

    An exit code of Windows Installer's own says what it met itself.
    """
    failed = blamed_tries(tables, trace, ["failed"])
    others = trace.installs.filter(pl.col("kind") == "msi").select(
        "device",
        "attempt",
        other="item",
        other_name=CALLED,
        other_from="started_at",
        other_until="ended_at",
    )
    beside = failed.join(others, on=["device", "attempt"]).filter(
        pl.col("item") != pl.col("other"),
        pl.col("started_at") >= pl.col("other_from"),
        pl.col("ended_at") <= pl.col("other_until"),
        ~pl.col("exit_code").is_between(*WINDOWS_INSTALLER).fill_null(value=False),
    )
    quote = pl.concat_str(
        pl.lit("ended with "), "exit_code", pl.lit(" while "), "other_name", pl.lit(" was being installed")
    )
    own = CALLED
    rival = pl.col("reason").str.extract(f"^{BUSY_REASON}: (.+)$")
    busy = failed.filter(
        pl.col("reason").str.starts_with(BUSY_REASON) | (pl.col("exit_code") == INSTALLER_BUSY)
    )
    named = pl.when(pl.col("reason").str.starts_with(BUSY_REASON)).then("reason")
    code = pl.format("{}: ", known_exit())
    itself = pl.when(pl.col("kind") == "msi").then(pl.lit(f"; this app is {BY_MANAGEMENT}")).fill_null("")
    words = pl.concat_str(code, named.fill_null("another installation was running"), itself)
    kept_out = pl.coalesce(pl.format("{}, kept out by {}", own, rival), own)
    return all_proofs(
        [
            proof(beside.filter(pl.col("kind") != "msi"), quote, own),
            proof(busy, words, kept_out),
            cause_lines(busy.with_columns(name=kept_out)),
        ]
    )


@rule("ESP-DETECTION-SCRIPT", needs="failed=device_setup,account_setup; install=not_detected")
def detection_script(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Apps that were installed and that their detection script then did not find."""
    missed = blamed_tries(tables, trace, ["not_detected"], ["win32"]).filter(~IS_REMOVAL)
    lines = tables.log_lines.with_row_index("line").filter(
        pl.col("message").str.contains(
            r"Detection running for policy with id|DetectionType \d|DetectionScripts"
        )
    )
    app = pl.col("message").str.extract(rf"(?i)(?:policy with id: |DetectionScripts\\)({GUID})")
    scripts = lines.with_columns(app=app.str.to_lowercase()).filter(
        pl.col("message").str.contains("DetectionScripts", literal=True)
    )
    waited_for = missed.with_columns(app=pl.col("item").str.to_lowercase()).join(
        scripts.select("device", "app", "message").unique(["device", "app"]), on=["device", "app"]
    )
    own = CALLED
    output = _script_output(tables, waited_for)
    code = pl.lit("0x87D1041C")
    return all_proofs(
        [proof(waited_for.with_columns(code=code), pl.col("message"), own), proof(output, item=own)]
    )


def _script_output(tables: Tables, waited_for: pl.DataFrame) -> pl.DataFrame:
    """Return the lines in which the agent quotes what a detection script wrote, near those apps."""
    quoted = tables.log_lines.filter(
        pl.col("message").str.contains(r"(?i)(?:script|powershell).*(?:output|stdout|stderr|exit code|error)")
    )
    apps = waited_for.select(
        "device", "attempt", "item", "name", done_at="ended_at", code=pl.lit("0x87D1041C")
    )
    near = quoted.select("device", "member", "record", "at", detail="message").join(apps, on="device")
    soon = (pl.col("at") - pl.col("done_at")).dt.total_seconds().abs() <= 60
    return near.filter(soon.fill_null(value=False)).group_by("device", "item", maintain_order=True).head(3)


@rule("ESP-MSI-PARKED", needs="attempt=failed,unfinished")
def msi_parked(tables: Tables, trace: Trace) -> pl.DataFrame:
    """MSI apps that the management client holds at its first step although the page waits."""
    status = registry(tables, r"enterprisedesktopappmanagement\\.*\\msi\\", r"^status$")
    parked = status.filter(pl.col("value").str.to_lowercase().is_in(PARKED)).join(_stuck(trace), on="device")
    if parked.is_empty():
        return no_proof()
    product = pl.col("key").str.extract(r"(?i)\\msi\\([^\\]+)")
    named = trace.installs.filter(pl.col("kind") == "msi").select(
        "device", "name", product=pl.col("item").str.to_lowercase()
    )
    names = named.drop_nulls().unique(["device", "product"], keep="first", maintain_order=True)
    keyed = parked.with_columns(item=product, product=product.str.to_lowercase(), at=NEVER)
    keyed = keyed.drop("name").join(names, on=["device", "product"], how="left", maintain_order="left")
    return proof(keyed, item=CALLED)


NEVER_DONE = "attempt=failed,unfinished; registry=serverhasfinishedprovisioning"


@rule("ESP-SERVICE-NEVER-DONE", needs=NEVER_DONE)
def service_never_done(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Waits for the word of Intune, or of a server that nothing names, that it has sent all."""
    setup = pl.concat_str("phase", pl.lit(" setup"))
    return _never_done(tables, trace, pl.col("server").fill_null(INTUNE) == INTUNE, setup)


@rule("ESP-SERVER-NEVER-DONE", needs=f"{NEVER_DONE}; registry=providerid")
def other_server_never_done(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Waits for the word of another management than Intune that it has sent all."""
    named = pl.format("{} setup, managed by {}", "phase", "server")
    return _never_done(tables, trace, pl.col("server").ne(INTUNE), named)


def _never_done(tables: Tables, trace: Trace, whose: pl.Expr, item: pl.Expr) -> pl.DataFrame:
    """Return the words that never came, where the page still looks for what to wait for, and what it shows.

    A part that knows its items shows numbers, in any language.
    """
    place = ["device", "phase"]
    looking = open_parts(tables).filter(~pl.col("words").str.contains(r"\d"))
    if looking.is_empty():
        return no_proof()
    stood = pl.concat([waits(trace).filter("ended"), _stands(trace)]).join(looking, on=place, how="semi")
    if stood.is_empty():
        return no_proof()
    unsaid = _unsaid(tables).filter(whose).with_columns(item=item)
    never = unsaid.join(stood.select(*ATTEMPT, "phase", "stage"), on=place)
    shown = looking.join(never.select(*ATTEMPT, "phase", "stage", "item"), on=place)
    return all_proofs([proof(never), proof(shown, pl.col("words"))])


@once
def _unsaid(tables: Tables) -> pl.DataFrame:
    """Return the words that never came, with phase and server: who manages the device, null if unknown."""
    word = registry(tables, FIRST_SYNC, "^serverhasfinishedprovisioning$").filter(pl.col("value") == "0")
    low = pl.col("key").str.to_lowercase()
    user = low.str.extract(FIRST_SYNC).str.len_chars() > 0
    scoped = word.with_columns(
        at=NEVER,
        phase=pl.when(user).then(pl.lit(OF_ACCOUNT)).otherwise(pl.lit(OF_DEVICE)),
        enrolment=low.str.extract(ENROLMENT),
    )
    servers = registry(tables, ENROLMENT, "^providerid$").select(
        "device", enrolment=low.str.extract(ENROLMENT), server="value"
    )
    one = servers.unique(["device", "enrolment"], keep="first", maintain_order=True)
    return scoped.join(one, on=["device", "enrolment"], how="left", maintain_order="left").drop("enrolment")


def _stands(trace: Trace) -> pl.DataFrame:
    """Return the waits without an end in which session after session went well for long."""
    still = waits(trace).filter(~pl.col("ended"))
    well = within(marks_in(trace, [SYNC_ENDED]).filter(pl.col("code").is_null()), still)
    long = well.group_by(*ATTEMPT, "phase").agg(
        sessions=pl.len(), over=pl.col("at").max() - pl.col("begun_at").min()
    )
    silent = long.filter(pl.col("sessions") >= SESSIONS, pl.col("over") >= SILENT_FOR)
    return still.join(silent, on=[*ATTEMPT, "phase"], how="semi")


@rule("ESP-WAITED-FOR", needs="attempt=failed,unfinished")
def waited_for(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Parts of the status page that were not done, in its own words."""
    left = open_parts(tables).join(_stuck(trace), on="device", maintain_order="left")
    whole = left.group_by("device", "attempt", "member", "record", "phase", maintain_order=True).agg(
        pl.col("at").first(), pl.col("value").first(), item=pl.col("named").str.join(", ")
    )
    named = pl.concat_str("phase", pl.lit(" setup: "), "item")
    return proof(whole.with_columns(stage=pl.concat_str("phase", pl.lit("_setup"))), pl.col("value"), named)
