"""What tests of the network say that somebody ran by hand: Test-NetConnection, nslookup, ping, curl."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fnmatch import fnmatch
from functools import cache

import polars as pl

from autopilot_analysis.facts import read_facts
from autopilot_analysis.findings.looking import properties
from autopilot_analysis.findings.rule import all_proofs, no_proof, proof, rule
from autopilot_analysis.tables import Tables, Trace
from autopilot_analysis.tables.items import CALLED
from autopilot_analysis.tables.verdict import HIGH, INFO, WARNING

NAME = "nameresolutionsucceeded"
PORT, PING, TRUST = "tcptestsucceeded", "pingsucceeded", "tlssucceeded"
TESTS = {
    NAME: "name not resolved",
    PORT: "port not reached",
    TRUST: "certificate not trusted, or handshake failed",
}
"""Tests that prove something where they fail; many a host answers no ping at all."""
SECTION = r"^Network test (\S+)(?: (\d+))?$"
ISSUER = "tlsissuer"
"""Names who issued the certificate that a host showed."""
SUBJECT = "tlssubject"
"""Names the host that a certificate is made out for."""
OF_MICROSOFT = (r"microsoft(?:online)?\.com", r"windows\.(?:net|com)", r"live\.com", r"azure\.net")
"""Domains whose certificates Microsoft or a public authority issues, and nobody else."""
LEAST_NAME = 4
"""A shorter name of an authority stands in many a word."""
NOT_RESOLVED = "0x80072EE7"
"""The code of a request whose server's name was not resolved."""
ADDRESS, INSTEAD = "resolvedto", "answeredby"
"""The address that a host's name was resolved to; who answered in place of the host that was asked."""
CONNECTIVITY = r"(?:^|\.)msft(?:connecttest|ncsi)\.com$"
"""Hosts by which Windows tests whether there is internet: nothing but a network before it redirects them."""
PRIVATE = (
    r"^(?:0|10|127|192\.168|169\.254|172\.(?:1[6-9]|2\d|3[01])|100\.(?:6[4-9]|[7-9]\d|1[01]\d|12[0-7]))\."
)
"""Addresses that no host of the internet has."""
NEEDS = f"property={','.join(TESTS)}"


@rule("NETWORK-TEST-FAILED", needs=NEEDS)
def needed_not_reached(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Hosts that a deployment needs and that the last test of them did not reach."""
    return proof(_failed(tables, trace).filter(pl.col("group").is_not_null()))


@rule("NETWORK-NAME-UNRESOLVED", needs=f"property={NAME}; install=failed")
def confirmed_by_a_download(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Needed hosts whose name a test did not resolve, on devices whose downloads failed for such a name."""
    lost = trace.installs.filter(pl.col("code") == NOT_RESOLVED, pl.col("outcome") == "failed")
    if lost.is_empty():
        return no_proof()
    unresolved = _failed(tables, trace).filter(
        pl.col("test") == NAME, pl.col("group").is_not_null(), pl.col("severity").is_null()
    )
    met = unresolved.join(lost, on="device", how="semi").with_columns(code=pl.lit(NOT_RESOLVED))
    named = met.select("device", host="item").unique(maintain_order=True)
    ended = lost.with_columns(at="ended_at").join(named, on="device", maintain_order="left")
    quote = pl.format("the download of {} ended with {}", CALLED, "code")
    return all_proofs([proof(met, item=pl.col("item")), proof(ended, quote, pl.col("host"))])


@rule("NETWORK-TEST-OTHER", needs=NEEDS)
def others_not_resolved(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Hosts that no deployment is known to need and whose name was not resolved."""
    return _of_others(tables, trace, NAME)


@rule("NETWORK-TEST-PORT", needs=NEEDS)
def ports_not_reached(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Ports, of hosts that no deployment is known to need, that the last test of them did not reach."""
    return _of_others(tables, trace, PORT)


@rule("NETWORK-TEST-TRUST", needs=NEEDS)
def others_not_trusted(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Hosts that no deployment is known to need and with which no trusted connection came about."""
    return _of_others(tables, trace, TRUST)


@rule("NETWORK-TEST-PORTAL", needs=f"property={INSTEAD}")
def answered_by_a_portal(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Networks that answer Windows' own test of the internet themselves, with what their DNS says besides."""
    answered = _of_host(tables, INSTEAD, r"\w").filter(
        pl.col("host").str.contains(CONNECTIVITY),
        ~pl.col("value").str.contains(rf"(?:^|\.)(?:{'|'.join(OF_MICROSOFT)})$"),
        ~pl.col("value").str.contains(CONNECTIVITY),
    )
    met = answered.unique(["device", "member"], keep="last", maintain_order=True).with_columns(
        item=pl.format("{} answers in place of {}", "value", "host")
    )
    beside = _private(tables).join(
        met.select("device", "member", "item"), on=["device", "member"], maintain_order="left"
    )
    return all_proofs([proof(_by_outcome(rows, trace, HIGH), item=pl.col("item")) for rows in (met, beside)])


@rule("NETWORK-TEST-PRIVATE-ADDRESS", needs=f"property={ADDRESS}")
def resolved_to_a_private_address(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Needed hosts whose name the DNS of a network resolves to an address inside it."""
    rows = _by_outcome(_private(tables), trace, WARNING)
    return proof(rows, item=pl.format("{} ({}) to {}", "host", "group", "value"))


def _private(tables: Tables) -> pl.DataFrame:
    """Return the last address of each needed host, where it is one that no host of the internet has."""
    last = _of_host(tables, ADDRESS, r"\d").unique(
        ["device", "member", "host"], keep="last", maintain_order=True
    )
    return _of_needed(last.filter(pl.col("value").str.contains(PRIVATE)))


def _of_host(tables: Tables, name: str, value: str) -> pl.DataFrame:
    """Return the answers of one kind with the host that was asked."""
    return properties(tables, f"^{name}$", value).with_columns(
        host=pl.col("section").str.extract(SECTION).str.to_lowercase().str.strip_suffix(".")
    )


def _by_outcome(rows: pl.DataFrame, trace: Trace, severity: str) -> pl.DataFrame:
    """Give rows their severity: little where a deployment went well, for the network let it through."""
    joined = rows.join(_well(trace), on="device", how="left", maintain_order="left")
    return joined.with_columns(pl.col("severity").fill_null(severity))


@rule("NETWORK-TEST-INSPECTED", needs=f"property={ISSUER}")
def inspected(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Needed hosts whose certificate was issued on the way: by a product that opens TLS, or by nobody public.

    Whoever is no public authority counts where the certificate itself is made out for the host.
    """
    issued = properties(tables, f"^{ISSUER}$", r"\w").with_columns(
        host=pl.col("section").str.extract(SECTION).str.to_lowercase().str.strip_suffix("."),
        product=_product(pl.col("value")),
    )
    shown = pl.concat([_by_products(issued), _by_others(tables, issued)])
    refused = _failed(tables, trace).filter(pl.col("test") == TRUST)
    severe = refused.select("device", "member", "host", grave=pl.lit(HIGH)).unique()
    named = shown.join(severe, on=["device", "member", "host"], how="left", maintain_order="left")
    named = named.join(_well(trace), on="device", how="left", maintain_order="left").with_columns(
        severity=pl.coalesce("severity", "grave", pl.lit(WARNING))
    )
    return proof(
        named, item=pl.format("{} shows its own certificate for {} ({})", "product", "host", "group")
    )


def _by_products(issued: pl.DataFrame) -> pl.DataFrame:
    """Return the last certificate of each needed host, where a known product issued it."""
    last = issued.unique(["device", "member", "section"], keep="last", maintain_order=True)
    return _of_needed(last.filter(pl.col("product").is_not_null()))


def _by_others(tables: Tables, issued: pl.DataFrame) -> pl.DataFrame:
    """Return the last certificate made out for each needed host, where no public authority issued it."""
    strange = issued.filter(pl.col("product").is_null())
    keys = ["device", "member", "record"]
    made_out = properties(tables, f"^{SUBJECT}$", r"\w").select(
        *keys, subject=pl.col("value").str.to_lowercase()
    )
    own = strange.join(made_out, on=keys, maintain_order="left")
    last = own.unique(["device", "member", "subject"], keep="last", maintain_order=True)
    called = [_nobody_public(issuer) for issuer in last["value"]]
    fitting = last.with_columns(
        product=pl.Series(called, dtype=pl.String), host=pl.coalesce(_same_host(), "subject")
    )
    ours = pl.col("subject").str.contains(f"(?:{'|'.join(OF_MICROSOFT)})$")
    return _of_needed(fitting.filter(pl.col("product").is_not_null(), ours).drop("subject"))


def _same_host() -> pl.Expr:
    """Return the host that was asked for, where the certificate is made out for it or for its domain."""
    domain = pl.col("subject").str.strip_prefix("*")
    return pl.when(pl.col("host").str.ends_with(domain).fill_null(value=False)).then("host")


def _of_needed(rows: pl.DataFrame) -> pl.DataFrame:
    groups = [None if host is None else needing(host, TRUST) for host in rows["host"]]
    return rows.with_columns(pl.Series("group", groups, pl.String)).filter(pl.col("group").is_not_null())


def _nobody_public(issuer: str) -> str | None:
    """Return what an issuer is called that is no public authority, None for one that is or that may be."""
    letters = re.sub(r"[\W_]+", "", issuer).casefold()
    if any(name in letters for name in _public()):
        return None
    parts = (re.search(rf"\b{part}\s?=\s?([^,;/=]{{1,120}})", issuer) for part in ("CN", "O"))
    named = next(filter(None, parts), None)
    return f'"{named[1].strip()}", which is no public authority,' if named else None


@cache
def _public() -> frozenset[str]:
    """Return the names of public authorities in letters and digits alone, Microsoft among them."""
    names = read_facts("public_authorities")["organisation"]
    plain = (re.sub(r"[\W_]+", "", name).casefold() for name in names)
    return frozenset({"microsoft", "digicert", *(name for name in plain if len(name) >= LEAST_NAME)})


def _product(issuer: pl.Expr) -> pl.Expr:
    """Return the product that opens TLS on the way under such a name of an issuer, null where none does."""
    known = read_facts("inspecting_proxies").select("pattern", "name").iter_rows()
    return pl.coalesce(
        *(pl.when(issuer.str.contains(pattern)).then(pl.lit(name)) for pattern, name in known),
        pl.lit(None, pl.String),
    )


def _of_others(tables: Tables, trace: Trace, test: str) -> pl.DataFrame:
    """Return the proofs of one test that failed for hosts that no deployment is known to need."""
    return proof(_failed(tables, trace).filter(pl.col("group").is_null(), pl.col("test") == test))


def _failed(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Return the tests that failed, each with its host, the group that it is needed for, and its item.

    Of a host whose name is not resolved only that is told.
    """
    answered = properties(tables, f"^(?:{'|'.join(TESTS)})$", r"\w").with_columns(
        test=pl.col("name").str.to_lowercase(),
        host=pl.col("section").str.extract(SECTION).str.to_lowercase().str.strip_suffix("."),
    )
    last = answered.unique(["device", "member", "section", "test"], keep="last", maintain_order=True)
    failed = last.filter(pl.col("value").str.contains("(?i)^false"), pl.col("host").is_not_null())
    of_host = ["device", "member", "host"]
    failed = failed.join(_addresses(tables), on=of_host, how="anti")
    nameless = failed.filter(pl.col("test") == NAME).select(of_host)
    further = failed.filter(pl.col("test") != NAME).join(nameless, on=of_host, how="anti")
    proven = pl.concat([failed.filter(pl.col("test") == NAME), further]).sort("record", maintain_order=True)
    proven = proven.join(_answering(tables), on=of_host, how="left", maintain_order="left")
    return _named(proven).join(_well(trace), on="device", how="left", maintain_order="left")


def _answering(tables: Tables) -> pl.DataFrame:
    """Return the hosts that another test reached: by a ping, or at another port."""
    reached = properties(tables, f"^(?:{PING}|{PORT})$", "(?i)^true").with_columns(
        host=pl.col("section").str.extract(SECTION).str.to_lowercase().str.strip_suffix(".")
    )
    return reached.select("device", "member", "host", answers=pl.lit(", while the host answers")).unique()


def _addresses(tables: Tables) -> pl.DataFrame:
    """Return the addresses of hosts that were tested by their names: a warning beside a test names them."""
    tested = properties(tables, "^remoteaddress$", r"\w").with_columns(
        own=pl.col("section").str.extract(SECTION).str.to_lowercase(),
        host=pl.col("value").str.to_lowercase(),
    )
    return tested.filter(pl.col("host") != pl.col("own")).select("device", "member", "host").unique()


def _well(trace: Trace) -> pl.DataFrame:
    """Return the devices of which a deployment went well: the network let it through."""
    well = trace.attempts.filter(pl.col("outcome") == "succeeded").select("device").unique()
    return well.with_columns(severity=pl.lit(INFO))


def _named(failed: pl.DataFrame) -> pl.DataFrame:
    """Give each failed test its group and its item: the host, what it is needed for, and what is wrong."""
    groups = [needing(host, test) for host, test in failed.select("host", "test").iter_rows()]
    port = pl.format("port {} not reached", pl.col("section").str.extract(SECTION, 2))
    plain = pl.col("test").replace_strict(TESTS, return_dtype=pl.String)
    words = pl.coalesce(pl.when(pl.col("test") == PORT).then(port), plain)
    words += pl.when(pl.col("test") == PORT).then("answers").fill_null("")
    named = failed.with_columns(pl.Series("group", groups, pl.String))
    needed = pl.concat_str("group", pl.lit(", ")).fill_null("")
    return named.with_columns(item=pl.concat_str("host", pl.lit(" ("), needed, words, pl.lit(")")))


def needing(host: str, test: str = NAME) -> str | None:
    """Return what a deployment needs a host for, None for a host that it is not known to need.

    A whole domain is needed by no name: one that only fits such a row and is not resolved may not exist.

    Args:
        host: In lower case.
        test: One of `TESTS`.
    """
    shapes = ((group, shape) for group, shape in _needed() if "*" not in shape or test != NAME)
    several = "*" in host  # a certificate is made out for all hosts of a domain
    return next(
        (group for group, shape in shapes if fnmatch(host, shape) or (several and fnmatch(shape, host))), None
    )


def _needed() -> Iterator[tuple[str, str]]:
    rows = read_facts("endpoints").select("group", "hosts").drop_nulls()
    return ((group, shape.lower()) for group, hosts in rows.iter_rows() for shape in hosts.split(" "))
