"""The Enrollment Status Page: what it waited for, and what stopped it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import polars as pl

from autopilot_analysis.facts.guids import GUID
from autopilot_analysis.findings.looking import failed_runs, marks_in, once, registry
from autopilot_analysis.findings.rule import all_proofs, proof, rule
from autopilot_analysis.findings.rules.page_parts import are_beside_the_end, open_parts
from autopilot_analysis.tables import Tables, Trace
from autopilot_analysis.tables.story import APPS, PHASES
from autopilot_analysis.trace.installs.agent.apps import NOT_DETECTED
from autopilot_analysis.trace.page_off import OFF

TIMED_OUT = ["0x800705B4", "0x81036502"]
"""What a phase carries that ran out of time, also where no event tells of its end: its own, an app's."""
SIDECAR = r"(?i)\\enrollmentstatustracking\\(?:device|s-1-[0-9-]+)\\setup\\apps\\policyproviders\\([^\\]+)$"
BACKGROUND = r"^asked for by "
"""Reason of a package that Windows installs, updates or removes by itself: the page does not track it."""
HYBRID_EXTRA = timedelta(minutes=40)
DISK_FULL = "0x80070070"
AT_INSTALLER = "its installer had begun"
AT_DOWNLOAD = "its download had begun and its installer had not"
"""At what an app was when the page gave up."""
FOUND = rf"(?i)detection for policy with id: ({GUID}).*detection state: detected\b"
NO_CONTENT = (
    pl.col("download_outcome").cast(pl.String).eq_missing("failed")
    & pl.col("exit_code").is_null()
    & pl.col("started_at").is_null()
)
"""Whether an app ended with its content, before any installer began."""
HELLO_PROTECTION = "4"
"""KeyProtection of the SCEP configuration: the key is kept by Windows Hello for Business."""
UNTRUSTED = ["0x800B0109", "0x800B010A", "0x800B0112"]
"""Codes of a chain that ends in a root that is not trusted, or that cannot be built up to one."""
CERTIFICATE = r"(?i)/(?:SCEP|PFXCertInstall)/([^/;]+)"
OPEN = ["unfinished", "waiting", "never_started"]
"""Outcomes of what the page still waited for."""
NETWORK = r"(?i)/(?:Profile|VPNv2)/([^/;]+)"
UNDER_WAY = "inProgress"
"""How the page spells the state of a part that it waits for."""
PART_DONE = r'Subcategory"\s*:\s*\{[^}]*"subcategoryState"\s*:\s*"(?:succeeded|notRequired)"'
HELLO_KEY = r"(?i)\\scep\\(?:[^\\]+\\)?([^\\]+)\\install$"
ONWARD = ["logon_tasks_done", "account_setup_step_began", "page_continued"]
"""Marks of a device that went on."""
SUBCATEGORY = (
    r'"[^".]*\.?(Certificates|SecurityPolicies|NetworkConnections)Subcategory"\s*:\s*'
    r'\{[^}]*"subcategoryState"\s*:\s*"failed"'
)


@rule("ESP-TIMEOUT", needs="failed=device_setup,account_setup")
def timed_out(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Phases that the status page's timer ended."""
    return proof(out_of_time(trace))


def out_of_time(trace: Trace) -> pl.DataFrame:
    """Return the failed phases that ran out of time: as the page says, else as their code does."""
    runs = failed_runs(trace, PHASES)
    on_esp = pl.col("mark").fill_null("").str.starts_with("esp_")
    late = pl.when(on_esp).then(pl.col("mark") == "esp_timed_out").otherwise(pl.col("code") == TIMED_OUT[0])
    late = late.fill_null(value=False) | (pl.col("code") == TIMED_OUT[1]).fill_null(value=False)
    return runs.filter(late, pl.col("member").is_not_null())


def _ended_by(trace: Trace, mark: str) -> pl.DataFrame:
    """Return the marks of that name which ended a phase of the status page."""
    ended = failed_runs(trace, PHASES).select("device", "attempt", "member", "record")
    return marks_in(trace, [mark]).join(ended, on=["device", "attempt", "member", "record"], how="semi")


def on_the_page() -> pl.Expr:
    """Return whether the page may wait for an item: one in its set, or none of Windows' own packages."""
    return pl.col("blocking").fill_null(value=~pl.col("reason").fill_null("").str.contains(BACKGROUND))


@once
def _failed_phases(trace: Trace) -> pl.DataFrame:
    """Return the phases of the page that failed, with the last end of each, and when its time ran out."""
    failed = trace.stage_runs.filter(pl.col("stage").is_in(PHASES), pl.col("outcome") == "failed")
    phase = ["device", "attempt", "ended"]
    late = out_of_time(trace).group_by("device", "attempt", ended=pl.col("stage").cast(pl.String))
    return (
        failed.group_by("device", "attempt", ended=pl.col("stage").cast(pl.String))
        .agg(over_at=pl.col("ended_at").max())
        .join(late.agg(gave_up_at=pl.col("at").max()), on=phase, how="left")
    )


@once
def _mended(trace: Trace) -> pl.DataFrame:
    """Return when each item last ended well."""
    good = trace.installs.filter(pl.col("outcome") == "succeeded")
    return good.group_by("device", "item").agg(good_at=pl.col("ended_at").max())


def blamed_tries(
    tables: Tables, trace: Trace, outcomes: Sequence[str], kinds: Sequence[str] = APPS
) -> pl.DataFrame:
    """Items that ended badly in the phase of the page that failed, in a part that may have ended it."""
    bad = tries_of_failed_phases(trace, outcomes, kinds)
    return _undoubled(bad.filter(~are_beside_the_end(bad, tables, trace)))


def tries_beside(tables: Tables, trace: Trace, outcomes: Sequence[str]) -> pl.DataFrame:
    """Apps that ended badly in the phase of the page that failed, and whose part did not end it."""
    bad = tries_of_failed_phases(trace, outcomes, APPS)
    beside = _undoubled(bad.filter(are_beside_the_end(bad, tables, trace)))
    blamed = blamed_tries(tables, trace, outcomes)
    return beside.join(blamed, on=["device", "attempt", "item"], how="anti", maintain_order="left")


def _undoubled(tries: pl.DataFrame) -> pl.DataFrame:
    if tries.is_empty():
        return tries.drop("ended")
    own = [name for name in tries.columns if name not in ("ended", "gave_up_at")]
    return tries.unique(own, keep="first", maintain_order=True).drop("ended")


def tries_of_failed_phases(trace: Trace, outcomes: Sequence[str], kinds: Sequence[str]) -> pl.DataFrame:
    """Items of some kinds that ended badly, not mended while it ran, in a phase of the page that failed.

    An item of unknown phase may belong to either; `ended` is the phase, `gave_up_at` when its time ran out.
    What was begun only after that kept nobody waiting.
    """
    return _of_failed_phases(trace).filter(pl.col("outcome").is_in(outcomes), pl.col("kind").is_in(kinds))


@once
def _of_failed_phases(trace: Trace) -> pl.DataFrame:
    phase = pl.concat_str(pl.col("phase").cast(pl.String), pl.lit("_setup"))
    not_mended = (
        pl.col("good_at").is_null()
        | (pl.col("ended_at") > pl.col("good_at"))
        | (pl.col("good_at") > pl.col("over_at")).fill_null(value=False)
    )
    bad = (
        trace.installs.filter(on_the_page())
        .join(_mended(trace), on=["device", "item"], how="left")
        .join(_failed_phases(trace), on=["device", "attempt"])
        .filter(not_mended, ~begun_after(pl.col("gave_up_at")))
        .filter((phase == pl.col("ended")).fill_null(value=True))
    )
    return bad.drop("over_at").with_columns(at=pl.coalesce("ended_at", "started_at"))


def begun_after(instant: pl.Expr) -> pl.Expr:
    """Return whether an app was begun only after an instant."""
    began = pl.min_horizontal("started_at", "download_started_at")
    return (pl.col("kind").is_in(APPS) & (began > instant)).fill_null(value=False)


def how_it_ended() -> pl.Expr:
    """Return in words how a try ended, why, what a later pass found and when it is tried again."""
    why = pl.concat_str(
        pl.lit("outcome "),
        pl.col("outcome").cast(pl.String).str.replace_all("_", " "),
        pl.lit(", exit code "),
        pl.col("exit_code").cast(pl.String).fill_null("unknown"),
    )
    reason = pl.when(pl.col("reason").is_not_null()).then(pl.concat_str(pl.lit(": "), "reason"))
    found_later = pl.when(pl.col("good_at").is_not_null()).then(
        pl.lit("; a later pass found it installed: look at what the installer returns and at detection")
    )
    again = pl.col("next_retry_at").dt.strftime("%Y-%m-%d %H:%M")
    locked = pl.format("; the agent locks it for 24 hours (GRS) and tries again from {} UTC on", again)
    lost = pl.when(pl.col("download_outcome") == "failed").then(download_words())
    minutes = (pl.col("ended_at") - pl.col("gave_up_at")).dt.total_minutes()
    after = pl.when(pl.col("ended_at") > pl.col("gave_up_at")).then(
        pl.format("; it was still open when the page gave up, {} min before", minutes)
    )
    parts = (_where_it_stood(), reason, lost, found_later, locked, after)
    return pl.concat_str(why, *(part.fill_null("") for part in parts))


def _where_it_stood() -> pl.Expr:
    """Return whether an app without an end was downloading or installing, as far as it is known."""
    loading = pl.col("download_started_at").is_not_null() & pl.col("download_ended_at").is_null()
    open_ended = pl.col("outcome") == "unfinished"
    looking = pl.lit(", its installer had ended well and its detection had not come to an end")
    return (
        pl.when(~open_ended)
        .then(pl.lit(""))
        .when(pl.col("exit_code") == 0)
        .then(looking)
        .when(pl.col("started_at").is_not_null())
        .then(pl.lit(f", {AT_INSTALLER}"))
        .when(loading)
        .then(pl.lit(f", {AT_DOWNLOAD}"))
        .otherwise(pl.lit(", nothing shows that its installer began"))
    )


def _found_later(tables: Tables, blamed: pl.DataFrame) -> pl.DataFrame:
    """Return blamed apps with `good_at` also where only a later detection found them."""
    found = tables.log_lines.select("device", found_at="at", app=pl.col("message").str.extract(FOUND))
    apps = blamed.with_columns(app=pl.col("item").str.to_lowercase())
    keys = ["device", "app"]
    found = found.drop_nulls().with_columns(pl.col("app").str.to_lowercase())
    last = found.group_by(keys).agg(pl.col("found_at").max())
    later = pl.when(pl.col("found_at") > pl.col("at")).then("found_at")
    joined = apps.join(last, on=keys, how="left", maintain_order="left")
    return joined.with_columns(good_at=pl.coalesce("good_at", later)).drop("found_at", "app")


@rule("ESP-APP-FAILED", needs="failed=device_setup,account_setup; install=failed")
def app_failed(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Apps whose installer failed in an attempt whose status page failed.

    An app that failed for the sake of another is left to APP-DEPENDENCY where that other is seen to fail.
    """
    of_its_own = ~pl.col("code").is_in([NOT_DETECTED, DISK_FULL])
    blamed = blamed_tries(tables, trace, ["failed"]).filter(of_its_own.fill_null(value=True), ~NO_CONTENT)
    blamed = _found_later(tables, blamed)
    drawn_in = pl.col("reason").str.contains(r"(?i)\bdependen").fill_null(value=False)
    roots = blamed.filter(~drawn_in).select("device", "attempt").unique()
    alone = blamed.filter(drawn_in).join(roots, on=["device", "attempt"], how="anti")
    failed = pl.concat([blamed.filter(~drawn_in), alone])
    return all_proofs([proof(failed, how_it_ended(), pl.coalesce("name", "item")), cause_lines(failed)])


def cause_lines(tries: pl.DataFrame) -> pl.DataFrame:
    """Return, as proofs, the lines of installers' own logs that explain how tries ended."""
    explained = tries.filter(pl.col("cause").is_not_null())
    lines = explained.with_columns(member="cause_member", record="cause_record")
    return proof(lines, pl.col("cause"), pl.coalesce("name", "item"))


@rule("ESP-APP-CONTENT", needs="failed=device_setup,account_setup; install=failed")
def content_of_no_use(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Apps that ended with their content, before any installer began, while the page waited for them."""
    lost = blamed_tries(tables, trace, ["failed"]).filter(NO_CONTENT, pl.col("code").ne_missing(DISK_FULL))
    return proof(lost, how_it_ended(), pl.coalesce("name", "item"))


@rule("ESP-DISK-FULL", needs="failed=device_setup,account_setup; install=failed")
def disk_full(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Apps that found no space on the disk while the page waited: one cause, however many they are."""
    full = blamed_tries(tables, trace, ["failed"]).filter(pl.col("code") == DISK_FULL)
    own = pl.coalesce("name", "item")
    names = full.group_by("device", "attempt").agg(names=own.unique(maintain_order=True).str.join(", "))
    named = full.join(names, on=["device", "attempt"], maintain_order="left")
    return proof(named, pl.concat_str(own, pl.lit(": "), how_it_ended()), pl.col("names"))


@rule("ESP-CERTIFICATE-HELLO", needs="failed=device_setup,account_setup; install=certificate")
def certificate_before_hello(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Certificates without an end in a failed phase, whose own key is to be kept by Windows Hello."""
    waiting = blamed_tries(tables, trace, ["failed", *OPEN], ["certificate"]).with_columns(id=_certificate())
    attempts = waiting.group_by("device", "id").agg(pl.col("attempt").max())
    kept = registry(tables, r"\\scep\\.*\\install$", r"^keyprotection$")
    named = kept.with_columns(item=pl.col("key").str.extract(HELLO_KEY))
    hello = named.filter(pl.col("value") == HELLO_PROTECTION).with_columns(
        id=pl.col("item").str.to_lowercase()
    )
    return proof(hello.join(attempts, on=["device", "id"]), item=pl.col("item"))


def _certificate() -> pl.Expr:
    """Return what a certificate is called in its profile, in lower case: the end of its URI, or its item."""
    return pl.coalesce(pl.col("item").str.extract(CERTIFICATE), "item").str.to_lowercase()


@rule("ESP-CERTIFICATE-LATE", needs="failed=device_setup,account_setup; install=certificate")
def certificate_late(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Certificates that had not come when the timer of their phase ended, unless the page has them all."""
    return _late(tables, trace, "certificate", "Certificates", CERTIFICATE)


@rule("ESP-NETWORK-LATE", needs="failed=device_setup,account_setup; install=network")
def network_late(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Wi-Fi and VPN profiles that were not there when the timer ended, unless the page has them all."""
    return _late(tables, trace, "network", "NetworkConnections", NETWORK)


def _only_open(tables: Tables, part: str) -> pl.DataFrame:
    """Return device and phase of the pages whose only part begun and not done is this one."""
    alone = open_parts(tables).filter(pl.len().over("device", "phase") == 1)
    return alone.filter(pl.col("part") == part, pl.col("state") == UNDER_WAY).select("device", "phase")


def _late(tables: Tables, trace: Trace, kind: str, part: str, name: str) -> pl.DataFrame:
    """Return proofs of items of a kind that the page still waited for when it ran out of time.

    That it did is said by its event or its code, or follows where nothing but this part is open.
    """
    timed = out_of_time(trace).select("device", "attempt").unique()
    tries = blamed_tries(tables, trace, [*OPEN, "succeeded"], [kind])
    then_open = pl.col("outcome").is_in(OPEN) | (pl.col("ended_at") > pl.col("gave_up_at"))
    waited = tries.filter(then_open).with_columns(pl.col("phase").cast(pl.String))
    late = pl.concat(
        [
            waited.join(timed, on=["device", "attempt"], how="semi"),
            waited.join(_only_open(tables, part), on=["device", "phase"], how="semi"),
        ]
    ).unique(maintain_order=True)
    late = late.join(done_parts(tables, part), on=["device", "phase"], how="anti")
    own = pl.col("item").str.replace_all("(?i)%3d", "=")
    short = pl.coalesce("name", own.str.extract(name), own)
    return proof(late, pl.concat_str(pl.lit("outcome "), "outcome"), short)


def done_parts(tables: Tables, part: str) -> pl.DataFrame:
    """Return device and phase of the pages that say that this part is done."""
    status = registry(tables, r"\\autopilotsettings$", r"^(?:device|account)setupcategory\.status$")
    done = status.filter(pl.col("value").str.contains(f'"[^"]*{part}{PART_DONE}'))
    return done.select(
        "device", phase=pl.col("name").str.extract(r"(?i)^(device|account)").str.to_lowercase()
    ).unique()


@rule("ESP-CERTIFICATE-FAILED", needs="failed=device_setup,account_setup; install=certificate")
def certificate_failed(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Certificates that were not issued in a phase of the status page that failed."""
    failed = blamed_tries(tables, trace, ["failed"], ["certificate"])
    other = failed.filter(~pl.col("code").is_in(UNTRUSTED).fill_null(value=False))
    return proof(other, how_it_ended(), pl.coalesce("name", "item"))


@rule("ESP-CERTIFICATE-UNTRUSTED", needs="failed=device_setup,account_setup; install=certificate")
def certificate_before_its_root(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Certificates that were not issued because the device did not trust the root of their authority."""
    failed = blamed_tries(tables, trace, ["failed"], ["certificate"]).filter(pl.col("code").is_in(UNTRUSTED))
    return proof(failed, how_it_ended(), pl.coalesce("name", "item"))


@rule("ESP-NETWORK-FAILED", needs="failed=device_setup,account_setup; install=network")
def network_profile_failed(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Wi-Fi and VPN profiles that were not applied in a phase of the status page that failed."""
    return proof(
        blamed_tries(tables, trace, ["failed"], ["network"]), how_it_ended(), pl.coalesce("name", "item")
    )


def download_words() -> pl.Expr:
    """Return how far a download came, where it stood still and what stopped it; empty where nothing tells."""
    parts = [
        pl.format(", {} of {} bytes downloaded", "downloaded_bytes", "download_size"),
        pl.format(", no byte came for {} minutes in all", pl.col("stalled").dt.total_minutes()),
        pl.format(", download code {}", "download_code"),
    ]
    return pl.concat_str(part.fill_null("") for part in parts)


@rule("ESP-APPS-FAILED", needs="failed=device_setup,account_setup; mark=esp_apps_failed")
def apps_failed(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Phases that the status page ended because an app failed."""
    late = out_of_time(trace).select("device", "attempt", "member", "record")
    return proof(_ended_by(trace, "esp_apps_failed").join(late, on=late.columns, how="anti"))


@rule("ESP-FAILED", needs="failed=device_setup,account_setup; mark=esp_failed")
def page_failed(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Phases that the status page ended without saying which of its parts failed."""
    return proof(_ended_by(trace, "esp_failed"))


@rule("ESP-PROVIDER-STALLED", needs="attempt=failed,unfinished; registry=trackingpoliciescreated")
def provider_stalled(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Devices whose status page waits for a policy provider that never named its apps."""
    stopped = (
        trace.attempts.filter(pl.col("outcome").is_in(["failed", "unfinished"])).select("device").unique()
    )
    created = tables.registry_values.filter(
        pl.col("name").str.to_lowercase() == "trackingpoliciescreated", pl.col("value") == "0"
    ).with_columns(provider=pl.col("key").str.extract(SIDECAR))
    stalled = created.filter(pl.col("provider").is_not_null()).join(stopped, on="device", how="semi")
    return proof(stalled, pl.concat_str("name", pl.lit(" = "), "value"), pl.col("provider"))


@rule("ESP-HYBRID-EXTRA", needs="attempt=hybrid_join", limits={"extra": HYBRID_EXTRA})
def hybrid_extra_wait(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Hybrid phases that ran past the page's limit, within what hybrid join adds."""
    limit = registry(tables, r"\\firstsync$", r"^syncfailuretimeout$").select(
        "device", minutes=pl.col("value").cast(pl.Int64, strict=False)
    )
    hybrid = trace.attempts.filter(pl.col("scenario") == "hybrid_join").select("device", "attempt")
    runs = trace.stage_runs.filter(pl.col("stage").is_in(PHASES)).join(
        hybrid, on=["device", "attempt"], how="semi"
    )
    over = pl.col("waited") - pl.duration(minutes=pl.col("minutes"))
    late = runs.join(limit.unique("device"), on="device").filter(over > timedelta(0), over <= HYBRID_EXTRA)
    rows = late.select(
        "device", "attempt", "minutes", at="ended_at", member="ended_member", record="ended_record"
    )
    return proof(rows, pl.concat_str(pl.lit("the limit is "), "minutes", pl.lit(" minutes")))


@rule("ESP-SUBCATEGORY-FAILED", needs="failed=device_setup,account_setup")
def subcategory_failed(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Phases whose certificates, security policies or network connections failed."""
    status = registry(tables, r"\\autopilotsettings$", r"^(?:device|account)setupcategory\.status$")
    failed = status.with_columns(part=pl.col("value").str.extract(SUBCATEGORY)).filter(
        pl.col("part").is_not_null()
    )
    runs = trace.stage_runs.filter(pl.col("stage").is_in(PHASES), pl.col("outcome") == "failed")
    last = runs.group_by("device").agg(pl.col("attempt").max())
    return proof(failed.join(last, on="device"), item=pl.col("part"))


@rule("ESP-OFF", needs="registry=skipdevicestatuspage,skipuserstatuspage")
def page_off(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Devices that were told to show no status page; what is missing there was skipped, not failed."""
    rows = registry(tables, r"\\firstsync$", r"^skip(?:device|user)statuspage$")
    off = rows.filter(pl.col("value").str.to_lowercase().is_in(OFF))
    return proof(off, item=pl.col("name").str.extract(r"(?i)skip(device|user)").str.to_lowercase())


@rule("ESP-NO-LOG-COLLECTION", needs="registry=allowcollectlogsbutton")
def logs_not_allowed(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Devices whose status page does not let the user collect logs."""
    rows = registry(tables, r"\\firstsync$", r"^allowcollectlogsbutton$")
    return proof(rows.filter(pl.col("value") == "0"))


@rule("ESP-CONTINUED-ANYWAY", needs=f"failed=device_setup,account_setup; mark={','.join(ONWARD)}")
def continued_anyway(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Attempts in which somebody chose to continue, or went on, after the status page had failed.

    That the page was left alone says nothing: it is left as well for a reset or to try again.
    """
    failed = failed_runs(trace, PHASES).select("device", "attempt", failed_at="at")
    marks = marks_in(trace, [*ONWARD, "esp_page_left"]).join(failed, on=["device", "attempt"])
    went = trace.attempts.filter(pl.col("afterwards").is_in(["reset", "tried_again"]))
    after = marks.filter(pl.col("at") > pl.col("failed_at")).join(went, on=["device", "attempt"], how="anti")
    onward = after.filter(pl.col("mark").is_in(ONWARD))
    return proof(after.join(onward, on=["device", "attempt"], how="semi"))
