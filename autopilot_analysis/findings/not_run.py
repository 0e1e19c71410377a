"""Rules that could not be asked: no finding of theirs says nothing about the device."""

from __future__ import annotations

from functools import cache

import polars as pl

from autopilot_analysis.facts import SEVERAL, read_facts
from autopilot_analysis.facts.source_names import (
    EVENTS_AUTOPILOT,
    EVENTS_SYSTEM,
    EVENTS_USER_DEVICE_REGISTRATION,
    TPM_TEXT,
)
from autopilot_analysis.findings.signs.signs import answerable, terms_of
from autopilot_analysis.findings.words import words
from autopilot_analysis.tables import Tables
from autopilot_analysis.tables.capture import HELD

SOURCES = {
    "ap": EVENTS_AUTOPILOT,
    "prov": "events_provisioning_admin",
    "dm": "events_mdm_admin events_mdm_enrollment",
    "udr": EVENTS_USER_DEVICE_REGISTRATION,
    "aad": "events_aad",
    "wu": "events_windows_update events_system",
    "user32": EVENTS_SYSTEM,
    "power": EVENTS_SYSTEM,
    "connector": "events_odj_connector",
    "bitlocker": "events_bitlocker",
    "tpm": EVENTS_SYSTEM,
    "tls": EVENTS_SYSTEM,
    "hello": "events_hello",
    "security": "events_security",
    "winlogon": EVENTS_SYSTEM,
    "installer": "events_application",
    "crash": "events_application",
    "dotnet": "events_application",
    "sxs": "events_application",
    "wlan": "events_wlan",
    "wired": "events_wired",
    "scm": EVENTS_SYSTEM,
}
"""Where the events of each short provider name are found."""
TERM_SOURCES = {
    "tpm_vendor": TPM_TEXT,
    "tpm_firmware": TPM_TEXT,
    "tpm_version": TPM_TEXT,
    "model": "diagnostics_framework msinfo systeminfo",
    "setting": "registry_dump mdm_report_xml mdm_report_html",
    "registry": "registry_dump registry_export",
    "missing_registry": "registry_dump registry_export",
    "property": "dsregcmd",
    "property_not": "dsregcmd",
    "property_below": "msinfo",
    "restart": EVENTS_SYSTEM,
}
TOLD_BY = "told by {}"
NO_SIGN = "its sign does not stand in a device's export"
NO_RULE = "only the tenant's own portal can tell"


def _needs(sign: str) -> str | None:
    """Return the sources one of which a sign needs: those of its first term that needs any."""
    for name, value in terms_of(sign.split(SEVERAL, maxsplit=1)[0]):
        if name == "event":
            return SOURCES.get(value.split(":")[0])
        if name in TERM_SOURCES:
            return TERM_SOURCES[name]
    return None


def _signs() -> pl.DataFrame:
    """Return the rules that are signs: rule, sign."""
    known = read_facts("known_issues").select(rule=pl.concat_str(pl.lit("KNOWN-"), "id"), sign="sign")
    checks = read_facts("configuration_checks").select(
        rule=pl.concat_str(pl.lit("CHECK-"), "id"), sign="sign"
    )
    network = read_facts("network_signs").select(
        rule=pl.concat_str(pl.lit("NETWORK-"), "id"), sign="rule_sign"
    )
    return pl.concat([known, checks, network])


def _needed() -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return rules with the sources they need, and rules that nothing in an export can answer."""
    rows, never = [], []
    signs = dict(_signs().iter_rows())
    issues = read_facts("known_issues").filter(pl.col("told_by").is_not_null())
    elsewhere = {
        f"KNOWN-{issue}": TOLD_BY.format(by) for issue, by in issues.select("id", "told_by").iter_rows()
    }
    called = pl.concat_str(pl.lit("CONFLICT-"), "id")
    conflicts = dict(read_facts("policy_conflicts").select(called, "evidence_kind").iter_rows())
    for rule, needs in words().select("rule", "needs").iter_rows():
        if rule in signs and not answerable(signs[rule]):
            never.append((rule, elsewhere.get(rule, NO_SIGN if signs[rule] else NO_RULE)))
        elif rule in signs:
            rows.append((rule, _needs(signs[rule])))
        elif rule in conflicts:
            rows.append((rule, _conflict_needs(conflicts[rule] or "")))
        else:
            rows.append((rule, needs))
    return (
        pl.DataFrame(rows, schema={"rule": pl.String, "needs": pl.String}, orient="row"),
        pl.DataFrame(never, schema={"rule": pl.String, "why": pl.String}, orient="row"),
    )


def _conflict_needs(kinds: str) -> str:
    """Return the sources one of which a conflict needs that these kinds of evidence show."""
    places = {
        "registry": "registry_dump registry_export",
        "event": "events_mdm_admin events_mdm_enrollment events_system",
    }
    return " ".join(place for kind, place in places.items() if kind in kinds) or "report_csv graph_json"


@cache
def sources_asked() -> frozenset[str]:
    """Return the sources that some rule looks into: what only others hold is no finding's business."""
    needed, _ = _needed()
    return frozenset(needed["needs"].drop_nulls().str.split(" ").explode())


def rules_not_run(tables: Tables) -> pl.DataFrame:
    """Return the rules that could not be asked on each device, and why.

    Args:
        tables: What `read_tables` returned.

    Returns:
        device, rule, why. A rule stands here when none of the sources it needs was there, or when no export
        of a device can hold its sign. Its silence is no "nothing found".
    """
    needed, never = _needed()
    pairs = needed.drop_nulls().with_columns(source=pl.col("needs").str.split(" ")).explode("source")
    there = tables.coverage.filter(pl.col("presence").is_in(HELD)).select("device", "source")
    asked = tables.devices.select("device").join(pairs, how="cross")
    could = asked.join(there, on=["device", "source"], how="semi").select("device", "rule").unique()
    could_not = asked.unique(["device", "rule"], maintain_order=True).join(
        could, on=["device", "rule"], how="anti"
    )
    absent = could_not.select(
        "device",
        "rule",
        why=pl.concat_str(
            pl.lit("none of its sources is there: "), pl.col("needs").str.replace_all(" ", ", ")
        ),
    )
    nobody = tables.devices.select("device").join(never, how="cross").select("device", "rule", "why")
    return pl.concat([absent, nobody]).sort("device", "rule")
