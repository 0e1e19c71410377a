"""Whose certificate the Intune agent does not trust, and why, where its own log names issuer and chain."""

from __future__ import annotations

import re

import polars as pl

from autopilot_analysis.facts import read_facts, shared_pattern
from autopilot_analysis.findings.looking import RECORD, events_of, once, registry
from autopilot_analysis.findings.rule import all_proofs, no_proof, proof, rule
from autopilot_analysis.findings.rules.agent import TLS_REFUSED, counted_proofs, health_lines, roles
from autopilot_analysis.tables import Tables, Trace

NO_ROOT = shared_pattern("ROOT NOT KNOWN")
"""What .NET says of a chain of certificates that ends at no root of the device."""
OTHER_NAME = "RemoteCertificateNameMismatch"
ISSUER = r"(?i)\bissuer\b\W{0,3}([^\n]{0,200}?)(?:,? ?SslPolicyErrors|$)"
PART = r'\b{}=(?:"([^"]+)"|([^",]+))'
"""A part of an issuer's name, in quotes where it holds a comma."""
HOST = r"(?i)\bhost:? ([a-z0-9-]+(?:\.[a-z0-9-]+)+)"
DISTRUSTED = "tls:36882"
"""Schannel's own record of a certificate from an authority that the device does not trust."""
CUT_OFF = "DisableRootAutoUpdate"
"""The policy that keeps Windows from loading public roots."""


def _letters(text: str) -> str:
    return re.sub(r"[\W_]+", "", text).casefold()


@once
def _distrusted(tables: Tables) -> pl.DataFrame:
    """Return the agent's lines about a certificate that it distrusts: message, host, issuer, is_public."""
    messages = health_lines(tables).filter(pl.col("role") == TLS_REFUSED)
    lines = messages.join(tables.log_lines.select(*RECORD, "message"), on=RECORD, maintain_order="left")
    names = pl.col("message").str.extract(ISSUER)
    read = lines.with_columns(
        host=pl.col("message").str.extract(HOST),
        issuer=pl.coalesce(names.str.extract(PART.format(name), n) for name in ("O", "CN") for n in (1, 2)),
    )
    known = {_letters(name) for name in read_facts("public_authorities")["organisation"]}
    public = [None if name is None else _letters(name) in known for name in read["issuer"]]
    return read.with_columns(is_public=pl.Series(public, dtype=pl.Boolean))


def _kept_from_roots(tables: Tables) -> pl.DataFrame:
    """Return the policy that keeps public roots away, where it is set."""
    set_to = registry(tables, r"\\systemcertificates\\authroot$", f"^{CUT_OFF.lower()}$")
    return set_to.filter(pl.col("value") == "1")


@rule("AGENT-ROOT-MISSING", needs="line")
def root_missing(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Devices whose agent meets public certificates that end at no root here, and what holds roots back."""
    if TLS_REFUSED not in roles(tables):
        return no_proof()
    lines = _distrusted(tables).filter(pl.col("message").str.contains(NO_ROOT))
    if lines.is_empty():
        return no_proof()
    policy = _kept_from_roots(tables)
    cut_off = pl.col("device").is_in(policy["device"].implode())
    public = lines.filter(pl.coalesce("is_public", cut_off))
    about = public.group_by("device", maintain_order=True).agg(pl.col("host", "issuer").drop_nulls().last())
    why = pl.when(cut_off).then(pl.lit(f"the policy {CUT_OFF} is set"))
    by = pl.format("certificate by {}", "issuer")
    items = about.select("device", item=pl.concat_str("host", by, why, separator=", ", ignore_nulls=True))
    quote = pl.col("message").str.extract(f"((?:{NO_ROOT})[A-Za-z, ]*)")
    named = public.join(items, on="device", maintain_order="left")
    schannel = events_of(tables, [DISTRUSTED]).unique("device", keep="last", maintain_order=True)
    untrusted = schannel.with_columns(
        detail=pl.lit("Schannel 36882: issued by an authority that is not trusted")
    )
    beside = [
        rows.drop("code", strict=False).join(items, on="device", maintain_order="left")
        for rows in (policy, untrusted)
    ]
    parts = [proof(rows, item=pl.col("item")) for rows in beside]
    return all_proofs([counted_proofs(named, pl.format("chain status: {}", quote), pl.col("item")), *parts])


@rule("AGENT-TLS-FOREIGN", needs="line")
def foreign_certificate(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Devices whose agent is shown a certificate that no public authority issued, or of another name."""
    if TLS_REFUSED not in roles(tables):
        return no_proof()
    of_another = pl.col("message").str.contains(OTHER_NAME)
    own_issuer = ~pl.col("is_public") & pl.col("message").str.contains(NO_ROOT)
    lines = _distrusted(tables).filter(of_another | own_issuer.fill_null(value=False))
    about = lines.group_by("device", maintain_order=True).agg(pl.col("host", "issuer").drop_nulls().last())
    by = pl.format("certificate by {}", "issuer")
    named = about.select("device", item=pl.concat_str("host", by, separator=", ", ignore_nulls=True))
    words = pl.when(of_another).then(pl.lit("the certificate names another host")).otherwise(by)
    quoted = lines.join(named, on="device", maintain_order="left")
    return counted_proofs(quoted, words, pl.when(pl.col("item") != "").then("item"))
