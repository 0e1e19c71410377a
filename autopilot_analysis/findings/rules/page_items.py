"""Certificates and network profiles that the status page waited for."""

from __future__ import annotations

import polars as pl

from autopilot_analysis.findings.looking import registry
from autopilot_analysis.findings.rule import proof, rule
from autopilot_analysis.findings.rules.page_parts import done_parts, open_parts
from autopilot_analysis.findings.rules.page_tries import OPEN, blamed_tries, how_it_ended, out_of_time
from autopilot_analysis.tables import Tables, Trace
from autopilot_analysis.tables.items import CALLED

HELLO_PROTECTION = "4"
"""KeyProtection of the SCEP configuration: the key is kept by Windows Hello for Business."""
UNTRUSTED = ["0x800B0109", "0x800B010A", "0x800B0112"]
"""Codes of a chain that ends in a root that is not trusted, or that cannot be built up to one."""
CERTIFICATE = r"(?i)/(?:SCEP|PFXCertInstall)/([^/;]+)"
MODEL = r"(?i)^ModelName[=_]([^;%]+)(?:(?:;|%3B).*)?$"
"""How Intune's connector of certificates writes the name of a profile, and its version behind it."""
NETWORK = r"(?i)/(?:Profile|VPNv2)/([^/;]+)"
UNDER_WAY = "inProgress"
"""How the page spells the state of a part that it waits for."""
HELLO_KEY = r"(?i)\\scep\\(?:[^\\]+\\)?([^\\]+)\\install$"


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
    return proof(late, pl.concat_str(pl.lit("outcome "), "outcome"), short.str.replace(MODEL, "$1"))


@rule("ESP-CERTIFICATE-FAILED", needs="failed=device_setup,account_setup; install=certificate")
def certificate_failed(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Certificates that were not issued in a phase of the status page that failed."""
    failed = blamed_tries(tables, trace, ["failed"], ["certificate"])
    other = failed.filter(~pl.col("code").is_in(UNTRUSTED).fill_null(value=False))
    return proof(other, how_it_ended(), CALLED)


@rule("ESP-CERTIFICATE-UNTRUSTED", needs="failed=device_setup,account_setup; install=certificate")
def certificate_before_its_root(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Certificates that were not issued because the device did not trust the root of their authority."""
    failed = blamed_tries(tables, trace, ["failed"], ["certificate"]).filter(pl.col("code").is_in(UNTRUSTED))
    return proof(failed, how_it_ended(), CALLED)


@rule("ESP-NETWORK-FAILED", needs="failed=device_setup,account_setup; install=network")
def network_profile_failed(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Wi-Fi and VPN profiles that were not applied in a phase of the status page that failed."""
    return proof(blamed_tries(tables, trace, ["failed"], ["network"]), how_it_ended(), CALLED)
