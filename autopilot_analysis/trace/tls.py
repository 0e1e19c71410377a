"""Certificate checks of TLS connections, as the collector's trace of CAPI2 tells them.

Event 30 says how the check of one server's chain ended (policy SSL), event 11 of the same task which chain
was built, its root last. Other policies (old signatures, Microsoft's own roots) fail on every machine.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from xml.etree.ElementTree import Element, ParseError

import polars as pl
from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from autopilot_analysis.codes import code_of
from autopilot_analysis.tables import TlsCheck
from autopilot_analysis.tables.typed import empty, once_where_empty

PROVIDER = "Microsoft-Windows-CAPI2"
CHAIN_BUILT, POLICY_CHECKED = 11, 30
SSL = "CERT_CHAIN_POLICY_SSL"


@once_where_empty
def find_tls_checks(events: pl.DataFrame) -> pl.DataFrame:
    """Return the checks of servers' certificates, one row each, in order of device, member and record.

    Args:
        events: Rows of `events`.

    Returns:
        The columns of `TlsCheck`. `root` and `chain` are null where no chain of the same task was told.
    """
    checks = events.filter(
        pl.col("provider") == PROVIDER,
        pl.col("event_id").is_in([CHAIN_BUILT, POLICY_CHECKED]),
        pl.col("channel").is_null(),
    ).with_columns(xml=pl.col("data").str.json_path_match("$.Xml"))
    parsed = [(row, tree) for row in checks.iter_rows(named=True) if (tree := _tree(row["xml"])) is not None]
    chains = {
        (row["device"], _attribute(tree, "CorrelationAuxInfo", "TaskId")): _subjects(tree)
        for row, tree in parsed
        if row["event_id"] == CHAIN_BUILT
    }
    rows = [check for row, tree in parsed for check in _checks(row, tree, chains)]
    frame = pl.DataFrame(rows, schema=empty(TlsCheck).schema)
    return frame.sort("device", "member", "record", maintain_order=True)


def _checks(
    row: dict[str, Any], tree: Element, chains: dict[tuple[str, str | None], list[str]]
) -> Iterator[dict[str, Any]]:
    """Yield the row of one event 30 whose policy is that of TLS."""
    if row["event_id"] != POLICY_CHECKED or _attribute(tree, "Policy", "type") != SSL:
        return
    chain = chains.get((row["device"], _attribute(tree, "CorrelationAuxInfo", "TaskId")), [])
    code = code_of(f"0x{_attribute(tree, 'Result', 'value') or '0'}")
    yield {
        **{name: row[name] for name in ("device", "at", "clock", "member", "record")},
        "host": _attribute(tree, "SSLAdditionalPolicyInfo", "serverName"),
        "process": _attribute(tree, "EventAuxInfo", "ProcessName"),
        "chain": " < ".join(chain) or None,
        "root": chain[-1] if chain else None,
        "code": None if code == "0x00000000" else code,
    }


def _tree(xml: str | None) -> Element | None:
    """Return one XML element, or None when it is cut, foreign or hostile."""
    try:
        return fromstring(xml) if xml else None
    except (ParseError, DefusedXmlException, ValueError):
        return None


def _attribute(tree: Element, element: str, name: str) -> str | None:
    """Return an attribute of the first element of a name, whatever its namespace."""
    found = tree.find(f".//{{*}}{element}")
    return None if found is None else found.get(name)


def _subjects(tree: Element) -> list[str]:
    """Return the subjects of a chain, the server first and the root last."""
    certificates = (element.find("{*}Certificate") for element in tree.iterfind(".//{*}ChainElement"))
    return [name for each in certificates if each is not None and (name := each.get("subjectName"))]
