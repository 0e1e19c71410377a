"""What the Intune Connector for Active Directory answered: the maker of offline domain joins."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import cache
from typing import Any

import polars as pl

from autopilot_analysis import wording
from autopilot_analysis.facts import read_facts
from autopilot_analysis.findings.looking import events_of, in_attempts, unwell
from autopilot_analysis.findings.rule import PROOF, proof, rule
from autopilot_analysis.tables import Tables, Trace

FAILED = ["connector:30132", "connector:30312"]
"""The connector could not make a domain join; an older page of Microsoft prints the other number."""
OTHER = "CONNECTOR-REFUSED"
"""The rule of an answer whose number has none in facts/domain_join_errors.csv."""
NO_ADDRESS, ADDRESS = "CONNECTOR-NO-ADDRESS", "Key: OdjServiceBaseUrl"
"""The rule of a connector without the address of its service, and the words by which it says so."""
EXCEPTION = re.compile(r'Exception Message: "(.*?)"\]', re.DOTALL)
"""One of the exceptions in the connector's text; each is the reason of the one before it."""


@rule("CONNECTOR-ANSWERS", needs=f"event={','.join(FAILED)}")
def connector_answers(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Domain joins that the connector could not make, each by its error.

    Of a device that failed, and of the connector's own server, which deploys nothing itself.
    """
    hybrid = trace.attempts.filter(pl.col("scenario") == "hybrid_join").select("device", "attempt")
    failed = unwell(trace).join(hybrid, on=["device", "attempt"], how="semi").select("device", "attempt")
    placed = in_attempts(events_of(tables, FAILED), trace)
    of_device = placed.join(failed, on=["device", "attempt"], how="semi")
    of_server = placed.join(trace.attempts, on="device", how="anti", maintain_order="left")
    met = pl.concat([of_device, of_server]).drop("code")
    answered = [_answer(json.loads(data or "{}")) for data in met["data"]]
    names = ["rule", "item", "quote"]
    answers = pl.DataFrame(answered, schema=dict.fromkeys(names, PROOF["quote"]), orient="row")
    return proof(pl.concat([met, answers], how="horizontal"), pl.col("quote"), pl.col("item"))


@cache
def _known() -> Mapping[str, str]:
    return dict(read_facts("domain_join_errors").select("code", "connector").drop_nulls().iter_rows())


def rule_of(number: str) -> str:
    """Return the rule of an answer of the connector.

    Args:
        number: Its ErrorCode, "" for none.
    """
    return _known().get(number, OTHER)


def number_in_words(number: str) -> str:
    """Return the number of an answer, with what it means where no rule of its own says that.

    Args:
        number: Its ErrorCode.
    """
    meanings = dict(read_facts("domain_join_errors").select("code", "meaning").iter_rows())
    meaning = meanings.get(number) if rule_of(number) == OTHER else None
    return f"ErrorCode {number} ({wording.clause(meaning)})" if meaning else f"ErrorCode {number}"


def _answer(data: Any) -> tuple[str, str | None, str]:
    """Return the rule of an answer, its decisive words, and all that it says with these first."""
    fields = dict(_fields(data))
    code = fields.get("ErrorCode", "")
    exceptions = EXCEPTION.findall(fields.get("DiagnosticText", ""))
    texts = [*reversed(exceptions), fields.get("ErrorDescription", "")]
    words = [text for text in dict.fromkeys(text.strip() for text in texts) if text]
    number = f"ErrorCode {code}" if code else ""
    item = ", ".join(filter(None, (number, words[0] if words else "")))
    diagnostic = f"DiagnosticCode {fields['DiagnosticCode']}" if fields.get("DiagnosticCode") else ""
    quote = "; ".join(filter(None, (number, *words, diagnostic, fields.get("Name", ""))))
    named = NO_ADDRESS if any(ADDRESS in text for text in words) else rule_of(code)
    return named, item or None, quote or json.dumps(data)


def _fields(data: Any) -> list[tuple[str, str]]:
    """Return the values that have a name, however deep they stand, also in JSON that stands as a text."""
    if isinstance(data, str) and data.lstrip().startswith("{"):
        try:
            return _fields(json.loads(data))
        except ValueError:
            return []
    if isinstance(data, list):
        return [pair for value in data for pair in _fields(value)]
    if not isinstance(data, dict):
        return []
    own = [(str(name), str(value)) for name, value in data.items() if isinstance(value, str | int)]
    return own + [pair for value in data.values() for pair in _fields(value)]
