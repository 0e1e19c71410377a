"""What the states of apps, scripts, policies and updates come to, beyond a failure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import Any

import polars as pl

from autopilot_analysis import wording
from autopilot_analysis.facts import one_each, read_facts
from autopilot_analysis.facts.guids import GUID
from autopilot_analysis.facts.own_words import plain
from autopilot_analysis.facts.state_words import FAILED, outcome_of
from autopilot_analysis.findings.service.texts import commonest_statement, means, statement_of
from autopilot_analysis.readers.service.cells.policy_settings import AND_BY, set_by_several
from autopilot_analysis.tables.items import called

QUOTED = 5
"""Rows quoted for one finding."""
MOSTLY = 0.5
"""The alert of an update is that which more than this share of the devices name."""
SHARED = 4
"""So many settings, and groups of policies that share some, are named in a remedy."""
CAME_TO = "came_to"
SCRIPTS = ("script", "remediation")
"""Kinds of items that are scripts."""
OF_SEVERAL = "At least one of"
"""How the title of a group begins in which several items fail: what its devices share is no single app."""


def with_outcomes(statuses: pl.DataFrame) -> pl.DataFrame:
    """Return rows with `came_to`: what their state comes to, null where its word is not understood.

    Args:
        statuses: The table `item_statuses`.
    """
    written = statuses.select("report", "state").unique(maintain_order=True)
    known = [outcome_of(state, report) if state else None for report, state in written.iter_rows()]
    outcomes = written.with_columns(pl.Series(CAME_TO, known, dtype=pl.String))
    return statuses.join(
        outcomes, on=["report", "state"], how="left", nulls_equal=True, maintain_order="left"
    )


def in_outcome(statuses: pl.DataFrame, *outcomes: str) -> pl.DataFrame:
    """Return the rows whose state comes to one of some outcomes, as they are.

    Args:
        statuses: The table `item_statuses`.
        outcomes: As `autopilot_analysis.facts.state_words` names them.
    """
    return with_outcomes(statuses).filter(pl.col(CAME_TO).is_in(outcomes)).drop(CAME_TO)


def items_in_need(newest: pl.DataFrame) -> Iterator[dict[str, Any]]:
    """Yield one finding for each policy in conflict or not met and each update held back, the widest first.

    Args:
        newest: The newest row of each item on each device.
    """
    rows = with_outcomes(newest)
    others = [key for key in _words() if key[0] != FAILED]
    keys = pl.DataFrame(others, schema={CAME_TO: pl.String, "report": pl.String}, orient="row")
    needy = rows.join(keys, on=[CAME_TO, "report"], how="semi", maintain_order="left")
    kinds = needy.group_by(CAME_TO, "report", "item", "name", maintain_order=True).agg(
        pl.col("device").unique(maintain_order=True),
        at=pl.col("at").min(),
        rows=pl.struct("device", "detail"),
    )
    for kind in kinds.sort(pl.col("device").list.len(), descending=True, maintain_order=True).to_dicts():
        same = [pl.col(name).eq_missing(pl.lit(kind[name], pl.String)) for name in ("item", "name")]
        yield _finding(kind, newest.filter(same)["device"].n_unique())


def _finding(kind: Mapping[str, Any], of: int) -> dict[str, Any]:
    fact, devices = _words()[kind[CAME_TO], kind["report"]], kind["device"]
    nameless = not (kind["name"] or kind["item"])
    name = called(kind, fact["one"].split()[0]) if nameless else name_of_item(kind)
    texts = [row["detail"] for row in kind["rows"]]
    alert = alert_of(texts) or {}
    words = "" if alert else commonest_statement(texts)
    shared = _shared(texts) if fact["remedy_named"] else ""
    named = {name: fact[f"{name}_named"] for name in ("meaning", "remedy")} if shared else fact
    return {
        "subject": (str(kind[CAME_TO]), str(kind["item"]), str(kind["name"])),
        "device": (devices[0] or "fleet") if len(devices) == 1 else "fleet",
        "rule": fact["rule"],
        "severity": fact["severity"],
        "role": fact["role"],
        "confidence": 1.0,
        "at": kind["at"],
        "title": f"{name} {fact['verb']} {len(devices):,} of {wording.count(of, 'device')}",
        "meaning": means(alert.get("meaning") or named["meaning"], words),
        "remedy": alert.get("remedy") or (named["remedy"] or "").format(settings=shared),
        "page": alert.get("page") or fact["page"],
        "item": name,
        "quotes": [
            ": ".join(
                filter(None, (row["device"], f"{name} {fact['verb'].removesuffix(' on')}", row["detail"]))
            )
            for row in kind["rows"][:QUOTED]
        ],
    }


def name_of_item(row: Mapping[str, Any]) -> str:
    """Return what an app, script or policy is called; where only its id is known, what it is as well.

    Args:
        row: With `report`, `name` and `item`.
    """
    if row["name"] or not row["item"]:
        return called(row)
    kind = kinds_of_items().get(row["report"]) if _ID.fullmatch(row["item"]) else None
    return f"{wording.heading(kind)} {row['item']}" if kind else str(row["item"])


_ID = re.compile(GUID)


def _shared(texts: Iterable[str | None]) -> str:
    """Return which settings several policies set, with the names of these; empty where none is named."""
    owners: dict[tuple[str, ...], list[str]] = {}
    known = [pair for text in texts for pair in set_by_several(text).items()]
    for setting, policies in dict.fromkeys(known):
        owners.setdefault(policies, []).append(setting)
    parts = [
        f"{_listed(settings)} {'are' if len(settings) > 1 else 'is'} set by {AND_BY.join(policies)}"
        for policies, settings in owners.items()
    ]
    return _listed(parts, "; ")


def _listed(names: list[str], between: str = ", ") -> str:
    return between.join(names[:SHARED]) + wording.and_more(len(names) - SHARED, f"{between}and ")


def alert_of(texts: list[str | None]) -> Mapping[str, Any] | None:
    """Return what is known of the alert of an update that most texts name, None where none does.

    Args:
        texts: Cells of the rows that are alike; those that say nothing do not count.
    """
    named = Counter(plain(text) for text in map(statement_of, texts) if text)
    alert, number = next(iter(named.most_common(1)), ("", 0))
    return _alerts().get(alert) if number > MOSTLY * named.total() else None


def remedy_of_failed(report: str) -> Mapping[str, Any]:
    """Return remedy and page of a failure of which a report says no reason; empty where none is known.

    Args:
        report: A name of facts/report_columns.csv.
    """
    return _words().get((FAILED, report), {})


def counted(rules: Mapping[str, int]) -> list[str]:
    """Return how many findings of which rules of states there are, in words.

    Args:
        rules: How many findings each rule has.
    """
    nouns = {fact["rule"]: (fact["one"], fact["many"]) for key, fact in _words().items() if key[0] != FAILED}
    return [wording.count(rules[rule], one, many) for rule, (one, many) in nouns.items() if rules.get(rule)]


def rules_of_states() -> frozenset[str]:
    """Return the rules by which a state that is no failure is told."""
    return frozenset(fact["rule"] for key, fact in _words().items() if key[0] != FAILED)


@cache
def _words() -> Mapping[tuple[str, str], Mapping[str, Any]]:
    rows = one_each(read_facts("item_outcomes"), "report")
    return {(row["outcome"], row["report"]): row for row in rows.iter_rows(named=True)}


@cache
def kinds_of_items() -> Mapping[str, str]:
    """Return of what kind the items of each report are: app, script, policy and so on."""
    return dict(one_each(read_facts("item_nouns"), "report").select("report", "kind").iter_rows())


def is_script(report: str) -> bool:
    """Tell whether the items of a report are scripts, those of remediations among them.

    Args:
        report: A name of facts/report_columns.csv.
    """
    return kinds_of_items().get(report) in SCRIPTS


@cache
def _alerts() -> Mapping[str, Mapping[str, Any]]:
    return {plain(row["alert"]): row for row in read_facts("update_alerts").iter_rows(named=True)}
