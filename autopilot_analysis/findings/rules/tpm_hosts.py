"""The host of a TPM's maker, from which Windows fetches the certificate that the TPM does not keep itself."""

from __future__ import annotations

import re
from functools import cache

import polars as pl

from autopilot_analysis.facts import read_facts
from autopilot_analysis.findings.looking import NO_CONNECTION, failed_runs, marks_in, properties
from autopilot_analysis.findings.rule import NEVER, all_proofs, no_proof, proof, rule
from autopilot_analysis.findings.rules.network_tests import NAME
from autopilot_analysis.findings.rules.page_waits import ATTEMPT
from autopilot_analysis.findings.rules.tpm_texts import OF_A_KEY, light_where_well, texts_of_a_key
from autopilot_analysis.tables import Tables, Trace
from autopilot_analysis.tables.verdict import WARNING

OF_MAKERS = "TPM certificates"
"""The group of facts/endpoints.csv that holds the makers' hosts."""
NOT_TRUSTED = "^0x800B01"
"""Codes of a certificate that is not trusted, as where TLS is opened on the way."""
ON_THE_WAY = r"^(?:0x801901(?:93|97|F[678]|FF)$|(?:40[37]|50[234]|511)\b)"
"""Answers of a proxy or a gateway, as a code or a status: a host without such a certificate answers 404."""
GIVEN = r"^2\d\d\b"
"""Statuses of a certificate that came."""
LINES_BEHIND = 3
"""So many lines behind the address its answer begins at most."""


@rule("TPM-CERTIFICATE-HOST", needs=f"source={OF_A_KEY} | property=code")
def certificate_host_unreached(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Requests for an endorsement certificate that did not get through to the host of the TPM's maker."""
    lost = _lost(tables)
    if lost.is_empty():
        return no_proof()
    well = marks_in(trace, ["tpm_identity_confirmed"])
    failed = failed_runs(trace, ["device_preparation"]).select(ATTEMPT).unique()
    blamed = failed.join(well, on=ATTEMPT, how="anti", nulls_equal=True)
    last = blamed.group_by("device").agg(pl.col("attempt").max(), blamed=pl.lit(value=True))
    rows = lost.join(last, on="device", how="left", maintain_order="left")
    rows = rows.filter(pl.col("blamed") | ~pl.col("device").is_in(well["device"].implode()))
    light = light_where_well(rows, trace)
    own = light.with_columns(
        severity=pl.coalesce("severity", pl.when(pl.col("blamed").is_null()).then(pl.lit(WARNING)))
    )
    hosts = own.select(*ATTEMPT, "code", "item", "severity", "host").unique(maintain_order=True)
    tests = properties(tables, f"^{NAME}$", "(?i)^false").with_columns(
        host=pl.col("section").str.to_lowercase().str.extract(_hosts())
    )
    beside = tests.join(hosts, on=["device", "host"], maintain_order="left")
    tries = marks_in(trace, ["tpm_key_request_failed"])
    alike = tries.join(hosts, on=[*ATTEMPT, "code"], maintain_order="left")
    undated = [each.with_columns(at=NEVER) for each in (own, beside)]
    return all_proofs([proof(each, item=pl.col("item")) for each in (*undated, alike)])


def _lost(tables: Tables) -> pl.DataFrame:
    """Return the requests to a maker's host that something between ended, with address, answer and item."""
    lines = tables.properties.join(texts_of_a_key(tables), on=["device", "member"], how="semi")
    text = pl.concat_str("name", pl.lit(" "), pl.col("value").fill_null("")).str.to_lowercase()
    asked = pl.when(text.str.contains("https?://")).then(text.str.extract(_hosts()).fill_null(""))
    place = ["device", "member"]
    named = lines.sort(*place, "record", maintain_order=True).with_columns(
        host=asked.forward_fill().over(place),
        since=pl.when(asked.is_not_null()).then("record").forward_fill().over(place),
        detail=pl.concat_str("name", pl.lit(": "), "value"),
    )
    near = pl.col("record") - pl.col("since") <= LINES_BEHIND
    answers = named.filter(pl.col("host") != "", pl.col("name").is_in(["code", "http"]), near)
    ends = answers.filter(pl.col("value").str.contains(f"{NO_CONNECTION}|{NOT_TRUSTED}|{ON_THE_WAY}"))
    came = answers.filter(pl.col("name") == "http", pl.col("value").str.contains(GIVEN))
    last = came.group_by(*place, "host").agg(came=pl.col("record").max())
    open_ones = ends.join(last, on=[*place, "host"], how="left", maintain_order="left").filter(
        pl.col("came").fill_null(0) < pl.col("record")
    )
    first = open_ones.unique([*place, "host"], keep="first", maintain_order=True)
    done = properties(tables, r"^enrollstatus\(1\)$")
    of_code = pl.col("name") == "code"
    return first.join(done, on=place, how="anti", maintain_order="left").with_columns(
        code=pl.when(of_code).then("value"),
        item=pl.when(of_code).then("host").otherwise(pl.format("{}, HTTP {}", "host", "value")),
        detail=pl.format("{}: {}", "host", "value"),
    )


@cache
def _hosts() -> str:
    """Return a pattern of the makers' hosts."""
    row = read_facts("endpoints").filter(pl.col("group") == OF_MAKERS)
    return f"({'|'.join(re.escape(name) for name in ' '.join(row['hosts']).split())})"
