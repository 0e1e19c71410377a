"""What `dsregcmd /status` says of a device that is not joined, or no longer trusted.

The text is the state at collection: it needs no failed attempt beside it, and a dash is no value.
"""

from __future__ import annotations

import polars as pl

from autopilot_analysis import wording
from autopilot_analysis.codes import AADSTS, code_of
from autopilot_analysis.facts import read_facts
from autopilot_analysis.facts.marks import LEFT_ENTRA
from autopilot_analysis.findings.join_fields import (
    CLIENT_CODE,
    DEVICE_READY,
    DEVICE_TEST,
    DOMAIN_TEST,
    ERROR_PHASE,
    HTTP_ERROR,
    HTTP_STATUS,
    IN_DOMAIN,
    JOIN_TRIED_AT,
    KEY_TEST,
    PLACE,
    POINT_TEST,
    SERVER_CODE,
    SERVER_DESCRIPTION,
    SERVER_MESSAGE,
    TOKEN,
    TRIED_AT,
    TRY_ENDED,
    fields,
    in_entra,
    outputs,
)
from autopilot_analysis.findings.looking import (
    ENTRA_ERRORS,
    HTTP_ANSWER,
    NO_CONNECTION,
    NO_CONTROLLER,
    RECORD,
    SESSION_ENDED,
    SESSIONS_IN_VAIN,
    events_of,
    in_attempts,
    marks_in,
    properties,
    unwell,
)
from autopilot_analysis.findings.rule import all_proofs, proof, rule
from autopilot_analysis.tables import Tables, Trace
from autopilot_analysis.tables.story import PHASES

LAST_TRY = [JOIN_TRIED_AT, ERROR_PHASE, CLIENT_CODE, SERVER_CODE, SERVER_MESSAGE, HTTP_STATUS]
TOKEN_TRY = [TRIED_AT, TRY_ENDED, HTTP_ERROR, HTTP_STATUS, SERVER_CODE, SERVER_DESCRIPTION]
BEFORE_ANY_SERVICE = "(?i)^pre-?check"
"""The phase that asks the domain alone."""
UNREAD = "(?i)^0x801c001d"
"""The service connection point could not be read."""
GENERAL = "0x801C0021"
"""Discovery failed, whatever it failed by: the code of the request itself says more."""
DISCOVERY = "udr:201"
"""The event of that request."""
DISCOVERY_TEST = "DRS Discovery Test"
OF_THE_REQUEST = r"(?i)\[0x801c0021/(0x[0-9a-f]{8})\]"
"""The test shows both codes, that of the request behind the other."""
OWNERSHIP_TAKEN = "tpm:1027"
"""Windows took over a TPM that nobody owned: a new one, or one that was cleared."""
JOINED = ["joined", "join_completed_automatically"]
INSTANT = rf"(\d{{4}}-\d\d-\d\d \d\d:\d\d:\d\d)(?:\.\d+)?{wording.IN_ZONE}"
"""How the command writes an instant."""


def begun_code() -> pl.Expr:
    """Return the result code that a value begins with, in the canonical spelling."""
    return code_of(pl.col("value").str.extract(r"^(0[xX][0-9A-Fa-f]{8})\b"))


def _with_code(rows: pl.DataFrame) -> pl.DataFrame:
    """Give each row of a member the first result code that one of its rows is."""
    codes = rows.with_columns(code=begun_code()).group_by(PLACE).agg(pl.col("code").drop_nulls().first())
    return rows.join(codes, on=PLACE, how="left", maintain_order="left")


def _requests(tables: Tables) -> pl.DataFrame:
    """Return by what the request of a discovery failed, from the test and from the last event of it.

    Only the codes of a connection or of an HTTP status say more than that discovery failed.
    """
    tests = fields(tables, DISCOVERY_TEST, OF_THE_REQUEST).with_columns(
        code=code_of(pl.col("value").str.extract(OF_THE_REQUEST))
    )
    events = events_of(tables, [DISCOVERY]).sort("at", maintain_order=True)
    last = events.group_by("device", maintain_order=True).last()
    both = pl.concat([tests, last.select(set(tests.columns) & set(last.columns))], how="diagonal")
    return both.filter(pl.col("code").str.contains(f"{NO_CONNECTION}|{HTTP_ANSWER}"))


def _with_request(rows: pl.DataFrame, tables: Tables) -> pl.DataFrame:
    """Put the code of the request in the place of the general one, with the record that shows it."""
    requests = _requests(tables)
    own = requests.group_by("device", maintain_order=True).agg(request=pl.col("code").first())
    met = rows.join(own, on="device", how="left", maintain_order="left")
    is_general = (pl.col("code") == GENERAL) & pl.col("request").is_not_null()
    coded = met.with_columns(code=pl.when(is_general).then("request").otherwise("code"))
    items = met.filter(is_general).group_by("device").agg(pl.col("item").first())
    shown = requests.drop("item", strict=False).join(items, on="device", maintain_order="left")
    return pl.concat([coded.drop("request"), shown], how="diagonal")


def with_host(rows: pl.DataFrame) -> pl.DataFrame:
    """Add to a phase of the join the host that it asks, where the code says that the connection failed.

    Args:
        rows: Rows with code and item, the phase as the command names it.
    """
    steps = read_facts("join_steps").select("host", phase=pl.col("key").str.strip_prefix("phase:"))
    named = rows.with_columns(phase=pl.col("item").str.to_lowercase()).join(
        steps, on="phase", how="left", maintain_order="left"
    )
    unreached = pl.col("code").fill_null("").str.contains(NO_CONNECTION) & pl.col("host").is_not_null()
    item = pl.when(unreached).then(pl.format("{} at {}", "item", "host")).otherwise("item")
    return named.with_columns(item=item).drop("phase", "host")


def instant() -> pl.Expr:
    """Return the instant that the value of a field is, null where it is none."""
    written = pl.col("value").str.extract(INSTANT)
    return written.str.to_datetime(wording.TO_THE_SECOND, time_unit="us", time_zone="UTC")


def joined_since(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Return device and member of the outputs that tell of a try before a join that the log records.

    What such an output says of the try is over.

    Args:
        tables: What `read_tables` returned.
        trace: What `build_trace` returned.
    """
    tried = fields(tables, JOIN_TRIED_AT, r"\d").select(*PLACE, tried_at=instant())
    joined = marks_in(trace, JOINED).group_by("device").agg(joined_at=pl.col("at").max())
    left = marks_in(trace, [LEFT_ENTRA]).group_by("device").agg(left_at=pl.col("at").max())
    both = tried.join(joined, on="device").join(left, on="device", how="left")
    stands = pl.col("joined_at") > pl.max_horizontal("tried_at", "left_at")
    return both.filter(pl.col("tried_at").is_not_null(), stands).select(PLACE).unique()


def _stopped(tables: Tables) -> pl.DataFrame:
    """Return the phase in which computers of a domain that are not in Entra last stopped joining."""
    elsewhere = outputs(tables, IN_DOMAIN, "(?i)^no")
    phase = fields(tables, ERROR_PHASE, r"\w")
    return phase.join(pl.concat([in_entra(tables), elsewhere]), on=PLACE, how="anti")


def _without_domain(tables: Tables) -> pl.DataFrame:
    """Return the failed tests of the way to the domain, where the join stopped for want of what stands there.

    Windows reads the service connection point from a domain controller: what it did not reach it could not
    read, and its code says no more than that.
    """
    tests = fields(tables, DOMAIN_TEST, "(?i)^fail")
    early = _stopped(tables).filter(pl.col("value").str.contains(BEFORE_ANY_SERVICE))
    unread = outputs(tables, CLIENT_CODE, UNREAD).join(_stopped(tables), on=PLACE, how="semi")
    return tests.join(pl.concat([early.select(PLACE), unread]).unique(), on=PLACE, how="semi")


def _home_router(tables: Tables) -> pl.DataFrame:
    """Return the gateways of adapters whose name server is their gateway, as a router at home has it."""
    adapter = [*PLACE, "section", "value"]
    servers = properties(tables, r"^dns servers?$", r"\d").select(adapter)
    return (
        properties(tables, "^default gateway$", r"\d")
        .join(servers, on=adapter, how="semi")
        .with_columns(detail=pl.format("DNS Servers: {}, the default gateway itself", "value"))
    )


@rule("HYBRID-DOMAIN-UNREACHED", needs=f"property={DOMAIN_TEST}")
def domain_unreached(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Computers of a domain that are not in Entra because they did not reach a domain controller to begin."""
    tests = _without_domain(tables)
    records = [events_of(tables, [NO_CONTROLLER]), _home_router(tables)]
    beside = [rows.drop("code", strict=False).join(tests, on="device", how="semi") for rows in records]
    return all_proofs([proof(rows) for rows in (tests, *beside)])


def _tests_of_point(tables: Tables, name: str) -> pl.DataFrame:
    """Return a test of the command where the service connection point could not be read."""
    return fields(tables, name, r"\w").join(outputs(tables, CLIENT_CODE, UNREAD), on=PLACE, how="semi")


@rule("HYBRID-JOIN-PHASE", needs=f"property={ERROR_PHASE}", scenario="hybrid_join")
def hybrid_join_stopped(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Devices that are not in Entra, with the phase in which their last try to join with a domain stopped."""
    over = pl.concat([_without_domain(tables).select(PLACE), joined_since(tables, trace)])
    phase = _stopped(tables).join(over, on=PLACE, how="anti")
    named = phase.group_by(PLACE).agg(item=pl.col("value").first())
    shown = [
        _tests_of_point(tables, POINT_TEST),
        fields(tables, LAST_TRY, r"\w"),
        fields(tables, DEVICE_READY, "(?i)^yes"),
        _tests_of_point(tables, DOMAIN_TEST),
    ]
    last = _with_code(pl.concat(shown).join(named, on=PLACE, maintain_order="left"))
    return proof(with_host(_with_request(last, tables)))


@rule("DEVICE-NOT-TRUSTED", needs=f"property={DEVICE_TEST} | event={','.join(ENTRA_ERRORS)}")
def device_not_trusted(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Joined devices whose object in Entra is disabled or deleted; a test that could not run says nothing.

    Entra's own dated refusals are named first. Without the test they are proof where the device was joined
    and an attempt of it stopped at the status page.
    """
    tests = fields(tables, DEVICE_TEST, r"(?i)^failed.*(?:disabled|deleted)")
    refused = _object_refused(tables, trace)
    last = refused.group_by("device", maintain_order=True).agg(pl.col("item").last(), pl.col("attempt").max())
    tested = tests.join(last, on="device", how="left", maintain_order="left")
    stopped = unwell(trace).filter(pl.col("failed_stage").is_in(PHASES))
    unknown_devices = pl.concat(
        [
            refused.join(tests, on="device", how="semi"),
            refused.join(stopped, on=["device", "attempt"], how="semi"),
        ]
    ).unique(RECORD, keep="first", maintain_order=True)
    return all_proofs([proof(rows, item=pl.col("item")) for rows in (unknown_devices, tested)])


def _object_refused(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Return the errors, with their number as item, by which Entra says that it does not have the device."""
    errors = events_of(tables, ENTRA_ERRORS).with_columns(item=pl.col("detail").str.extract(f"({AADSTS})"))
    gone = errors.filter(pl.col("item").is_in(read_facts("device_refusals")["code"].to_list()))
    return in_attempts(gone.drop("code"), trace).sort("at", maintain_order=True)


def _key_tests(tables: Tables) -> pl.DataFrame:
    """Return the tests of the device's own key that failed, each with its code."""
    failed = fields(tables, KEY_TEST, r"(?i)^failed")
    return failed.with_columns(code=code_of(pl.col("value").str.extract(r"(0[xX][0-9A-Fa-f]{8})")))


def _refused_sessions(tables: Tables) -> pl.DataFrame:
    """Return the sessions that the service refused since the last good one, where they are many."""
    sessions = events_of(tables, [SESSION_ENDED]).filter(pl.col("at").is_not_null()).sort("at")
    good = pl.col("at").filter(pl.col("code").is_null()).max().over("device")
    refused = pl.col("code").fill_null("").str.contains(HTTP_ANSWER)
    since = sessions.filter((pl.col("at") > good).fill_null(value=True), refused)
    return since.filter(pl.len().over("device") >= SESSIONS_IN_VAIN)


def _taken_over(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Return when Windows took over a TPM after the device was joined, or after its first good session."""
    joined = marks_in(trace, JOINED).group_by("device").agg(joined_at=pl.col("at").max())
    good = events_of(tables, [SESSION_ENDED]).filter(pl.col("code").is_null())
    first = good.group_by("device").agg(good_at=pl.col("at").min())
    taken = events_of(tables, [OWNERSHIP_TAKEN]).join(joined, on="device", how="left")
    since = pl.coalesce("joined_at", "good_at")
    taken = taken.with_columns(detail=pl.lit("Windows took ownership of the TPM"))
    return taken.join(first, on="device", how="left").filter((pl.col("at") > since).fill_null(value=False))


def _about_the_key(tests: pl.DataFrame, dated: pl.DataFrame) -> pl.DataFrame:
    """Return dated records under the code of the key's test, so that they and it are one finding."""
    codes = tests.group_by("device", maintain_order=True).agg(pl.col("code").first())
    return dated.drop("code").join(codes, on="device", maintain_order="left")


@rule("DEVICE-KEY-BROKEN", needs=f"property={KEY_TEST}")
def device_key_broken(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Joined devices that cannot sign with their own key, dated by the sessions that were refused since."""
    tests = _key_tests(tables)
    return all_proofs([proof(tests), proof(_about_the_key(tests, _refused_sessions(tables)))])


@rule("DEVICE-KEY-LOST", needs=f"property={KEY_TEST}; event={OWNERSHIP_TAKEN}")
def device_key_lost(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Joined devices that cannot sign with their own key since Windows took over a TPM anew."""
    tests = _key_tests(tables)
    taken = _about_the_key(tests, _taken_over(tables, trace))
    return all_proofs([proof(taken), proof(tests.join(taken, on="device", how="semi"))])


@rule("KEY-SESSIONS-REFUSED", needs=f"property={KEY_TEST}; event={SESSION_ENDED}")
def sessions_refused(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Sessions that the management service refuses to a device whose key cannot sign, counted."""
    refused = _refused_sessions(tables).join(_key_tests(tables), on="device", how="semi")
    alike = ["device", "code"]
    counted = refused.group_by(alike).agg(n=pl.len(), first=pl.col("at").min(), last=pl.col("at").max())
    items = [
        {
            "device": row["device"],
            "code": row["code"],
            "item": wording.times(row["n"], row["first"], row["last"]),
        }
        for row in counted.iter_rows(named=True)
    ]
    named = pl.DataFrame(items, schema=dict.fromkeys([*alike, "item"], pl.String))
    return proof(refused.join(named, on=alike, maintain_order="left"), item=pl.col("item"))


@rule("TOKEN-REFUSED", needs=f"property={TOKEN} | property={SERVER_DESCRIPTION}")
def token_refused(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Joined devices whose user was refused a primary refresh token, in the service's own words."""
    return proof(refused_tokens(tables))


def refused_tokens(tables: Tables) -> pl.DataFrame:
    """Return what the command says of the last try at a token that the service refused, with item.

    Args:
        tables: What `read_tables` returned.
    """
    there = outputs(tables, TOKEN, "(?i)^yes")
    refused = fields(tables, TOKEN_TRY, r"\w").join(there, on=PLACE, how="anti")
    named = refused.with_columns(item=pl.col("value").str.extract(f"({AADSTS})"))
    items = named.group_by(PLACE).agg(pl.col("item").drop_nulls().first()).drop_nulls()
    return named.drop("item").join(items, on=PLACE, maintain_order="left")
