"""What `dsregcmd /status` says of a device that is not joined, or no longer trusted.

The text is the state at collection: it needs no failed attempt beside it, and a dash is no value.
"""

from __future__ import annotations

import polars as pl

from autopilot_analysis.codes import code_of
from autopilot_analysis.findings.looking import properties
from autopilot_analysis.findings.rule import proof, rule
from autopilot_analysis.tables import Tables, Trace

PLACE = ["device", "member"]
LAST_TRY = r"^(?:error ?phase|(?:client|server) error ?code|server (?:error ?)?message|https? ?status)$"
TOKEN_TRY = (
    r"^(?:attempt status|http ?s? ?error|https? ?status|server error ?code|server error ?description)$"
)


def _with_code(rows: pl.DataFrame) -> pl.DataFrame:
    """Give each row of a member the first result code that one of its rows is."""
    spelt = code_of(pl.col("value").str.extract(r"^(0[xX][0-9A-Fa-f]{8})\b"))
    codes = rows.with_columns(code=spelt).group_by(PLACE).agg(pl.col("code").drop_nulls().first())
    return rows.join(codes, on=PLACE, how="left", maintain_order="left")


def _beside(tables: Tables, name: str, value: str) -> pl.DataFrame:
    """Return the members in which a property has a value."""
    return properties(tables, name, value).select(PLACE).unique()


@rule("HYBRID-JOIN-PHASE", needs="property=error phase,errorphase")
def hybrid_join_stopped(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Devices that are not in Entra, with the phase in which their last try to join with a domain stopped."""
    joined = _beside(tables, "^azureadjoined$", "(?i)^yes")
    elsewhere = _beside(tables, "^domainjoined$", "(?i)^no")
    phase = properties(tables, r"^error ?phase$", r"\w")
    phase = phase.join(pl.concat([joined, elsewhere]), on=PLACE, how="anti")
    named = phase.group_by(PLACE).agg(item=pl.col("value").first())
    last_try = properties(tables, LAST_TRY, r"\w").join(named, on=PLACE, maintain_order="left")
    return proof(_with_code(last_try))


@rule("DEVICE-NOT-TRUSTED", needs="property=deviceauthstatus")
def device_not_trusted(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Joined devices whose object in Entra is disabled or deleted; a test that could not run says nothing."""
    return proof(properties(tables, "^deviceauthstatus$", r"(?i)^failed.*(?:disabled|deleted)"))


@rule("DEVICE-KEY-BROKEN", needs="property=keysigntest")
def device_key_broken(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Joined devices that cannot sign with their own key."""
    failed = properties(tables, "^keysigntest$", r"(?i)^failed")
    return proof(failed.with_columns(code=code_of(pl.col("value").str.extract(r"(0[xX][0-9A-Fa-f]{8})"))))


@rule("TOKEN-REFUSED", needs="property=azureadprt")
def token_refused(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Joined devices whose user was refused a primary refresh token, in the service's own words."""
    without = _beside(tables, "^azureadprt$", "(?i)^no$")
    refused = properties(tables, TOKEN_TRY, r"\w").join(without, on=PLACE, how="semi")
    named = refused.with_columns(item=pl.col("value").str.extract(r"(AADSTS\d{4,7})"))
    items = named.group_by(PLACE).agg(pl.col("item").drop_nulls().first()).drop_nulls()
    return proof(named.drop("item").join(items, on=PLACE, maintain_order="left"))
