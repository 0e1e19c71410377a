"""Installs as the agent's logs tell them: apps, scripts, remediations, and what never began."""

from __future__ import annotations

import json

import polars as pl

from autopilot_analysis.facts.guids import GUID
from autopilot_analysis.tables.story import AS_SYSTEM, AS_USER
from autopilot_analysis.tables.typed import once_where_empty
from autopilot_analysis.trace.installs.agent.app_stream import PACKAGE_OF, app_stream, number_tries
from autopilot_analysis.trace.installs.agent.apps import (
    CUT_OFF,
    build_tries,
    is_stored_state,
    locked,
    stored_number,
)
from autopilot_analysis.trace.installs.agent.messages import find_messages
from autopilot_analysis.trace.installs.agent.scripts import build_scripts
from autopilot_analysis.trace.installs.agent.stream import CONTEXTS, order_messages
from autopilot_analysis.trace.installs.agent.untried import AVAILABLE, REQUIRED, build_untried
from autopilot_analysis.trace.installs.agent.wanted import read_wanted
from autopilot_analysis.trace.installs.rows import no_rows, to_rows

_KEYS = ["device", "item"]
OFFERED = "offered"
"""In the detail of a try: its app is one that users may ask for, and not required."""
ASKED_BY_USER = "AvailableAppRequest"
"""Whom the agent names where a user asked for an app, as in Company Portal."""


@once_where_empty
def read_installs_from_log(log_lines: pl.DataFrame) -> pl.DataFrame:
    """Return every try that the agent's logs show, in the columns of tables.Install.

    Args:
        log_lines: Records of any logs of any number of devices, the columns of tables.LogLine.
    """
    ordered = order_messages(find_messages(log_lines))
    if ordered.is_empty():
        return no_rows()
    apps = to_rows(_apps(ordered))
    return pl.concat([apps, to_rows(_named_rules(build_scripts(ordered), apps))])


def _named_rules(scripts: pl.DataFrame, apps: pl.DataFrame) -> pl.DataFrame:
    """Give the script of a rule the name of its app, and the account where no line of its own tells."""
    known = pl.col("name", "context").drop_nulls().last().name.prefix("app_")
    names = apps.group_by("device", app="item", maintain_order=True).agg(known)
    return (
        scripts.with_columns(app=pl.col("item").str.extract(f" of ({GUID})$"))
        .join(names, on=["device", "app"], how="left", maintain_order="left")
        .with_columns(name="app_name", context=pl.coalesce("context", "app_context"))
    )


def _apps(ordered: pl.DataFrame) -> pl.DataFrame:
    """Return the rows of Win32 and WinGet apps."""
    stream = number_tries(app_stream(ordered))
    tries = _cut_off(build_tries(stream), ordered)
    wanted = read_wanted(ordered)
    untried = build_untried(stream, wanted, tries.select(_KEYS).unique(), ordered)
    locks = stream.filter(pl.col("role") == "lock").group_by(_KEYS).agg(lock=locked(pl.col("payload").last()))
    held = untried.join(locks, on=_KEYS, how="left", maintain_order="left").with_columns(
        next_retry_at=pl.when(pl.col("outcome").is_in(["failed", "waiting", "not_detected"])).then("lock")
    )
    rows = pl.concat([tries, held], how="diagonal_relaxed").sort("turn")
    facts = wanted.group_by(_KEYS).agg(
        pl.col("name", "links", "products", "logs", "command").drop_nulls().last(),
        pl.col("context").drop_nulls().last().name.prefix("policy_"),
        pl.col("blocking", "packaged", "offered", "required").any(),
        required_at=pl.col("at").filter("required").min(),
    )
    own = _own_words(stream)
    name = pl.col("name").drop_nulls().last().str.strip_chars(" '\"")
    names = (
        ordered.filter(pl.col("id").is_not_null())
        .group_by(device="device", item=pl.col("id").str.to_lowercase())
        .agg(
            named=name,
            store=pl.col("pattern").is_in(["winget_app", "winget_execution", "winget_progress"]).any(),
        )
    )
    packaged = (
        pl.col("packaged").fill_null(False)
        | pl.col("store").fill_null(False)
        | pl.col("item").str.starts_with(PACKAGE_OF)
    )
    known = (
        _with_rules(rows, stream, wanted)
        .join(facts, on=_KEYS, how="left", maintain_order="left")
        .join(names, on=_KEYS, how="left", maintain_order="left")
        .join(own, on=_KEYS, how="left", maintain_order="left")
    )
    known = _asked_for(known, ordered)
    with_names = known.with_columns(
        context=pl.coalesce("context", "own_context", "policy_context"),
        name=pl.coalesce("name", "named"),
        kind=pl.when(packaged).then(pl.lit("winget")).otherwise(pl.lit("win32")),
        phase="page",
        blocking=pl.when(pl.col("blocking")).then(True),
        try_number=pl.int_range(pl.len()).over(_KEYS) + 1,
    )
    return _with_policy(with_names)


def _asked_for(tries: pl.DataFrame, ordered: pl.DataFrame) -> pl.DataFrame:
    """Mark tries at apps that are offered alone: by policy, by stored intent, or as the user asked for."""
    asked = ordered.filter(pl.col("role") == "check_in").select("device", "turn", asker="state").sort("turn")
    known = (
        tries.with_row_index("_row")
        .sort("turn")
        .join_asof(asked, on="turn", by="device", check_sortedness=False)
        .sort("_row")
        .drop("_row")
    )
    stored = pl.col("stored_intent")
    required = pl.col("required") | (stored == REQUIRED)
    offered = pl.col("offered").fill_null(value=False) | (stored == AVAILABLE)
    by_user = (pl.col("asker") == ASKED_BY_USER) & stored.is_null()
    only = (offered | by_user).fill_null(value=False) & ~required.fill_null(value=False)
    return known.with_columns(offered=pl.when(only).then(True)).drop("asker", "stored_intent")


def _with_rules(rows: pl.DataFrame, stream: pl.DataFrame, wanted: pl.DataFrame) -> pl.DataFrame:
    """Return rows with the version of the app that each try was of, and the detection rule that held then.

    A version is that of the try's own lines, else of the policy that was read last before it: an app that was
    changed since was another then.
    """
    stored = pl.when(is_stored_state()).then(stored_number("InternalVersion"))
    numbered = stream.select(*_KEYS, "turn", "number_of_try", "version", stored=stored)
    either = pl.coalesce("version", "stored")
    numbered = numbered.with_columns(before=either.forward_fill().shift().over(_KEYS, order_by="turn"))
    first = pl.col("version", "stored").drop_nulls().first()
    of_try = numbered.group_by(*_KEYS, "number_of_try").agg(first, pl.col("before").first())
    latest = numbered.group_by(_KEYS).agg(latest=either.drop_nulls().last())
    policies = wanted.filter(pl.any_horizontal(pl.col("version", "detection_rule").is_not_null()))
    policies = policies.select(*_KEYS, "turn", "detection_rule", policy="version").sort("turn")
    later = policies.unique(_KEYS, keep="first").drop("turn")
    known = (
        rows.join_asof(policies, on="turn", by=_KEYS, check_sortedness=False)
        .join(of_try, on=[*_KEYS, "number_of_try"], how="left", maintain_order="left")
        .join(latest, on=_KEYS, how="left", maintain_order="left")
        .join(later, on=_KEYS, how="left", suffix="_later", maintain_order="left")
    )
    untried = pl.when(pl.col("number_of_try").is_null()).then("latest")
    return known.with_columns(
        version=pl.coalesce("version", "stored", untried, "policy", "before", "policy_later", "latest"),
        detection_rule=pl.coalesce("detection_rule", "detection_rule_later"),
    ).drop("stored", "before", "policy", "policy_later", "latest", "detection_rule_later")


def _own_words(stream: pl.DataFrame) -> pl.DataFrame:
    """Return what the agent's lines say of the account that each app runs as, and of the intent with it."""
    stored = pl.when(pl.col("role").is_in(["stored", "report"]))
    account = stored.then(stored_number("InstallContext")).replace_strict(
        {"1": AS_USER, "2": AS_SYSTEM}, default=None, return_dtype=pl.String
    )
    context = pl.when(pl.col("role") == "app_context").then(
        pl.col("state").str.to_lowercase().replace(CONTEXTS)
    )
    intent = pl.when(is_stored_state()).then(stored_number("Intent"))
    known = pl.coalesce(intent, pl.when(pl.col("role") == "intent").then("number"))
    return stream.group_by(_KEYS).agg(
        own_context=pl.coalesce(context, account).drop_nulls().last(), stored_intent=known.drop_nulls().last()
    )


def _cut_off(tries: pl.DataFrame, ordered: pl.DataFrame) -> pl.DataFrame:
    """Say of tries that were cut off what ended their pass, where it was the agent's own end or start."""
    ends = ordered.filter(pl.col("role").is_in(["restart", "stop"])).select(
        "device", passage=pl.col("passage") - 1, by=pl.concat_str(pl.lit("cut off: "), "reason")
    )
    closed = tries.join(ends, on=["device", "passage"], how="left", maintain_order="left")
    cut = pl.col("reason") == CUT_OFF
    return closed.with_columns(reason=pl.when(cut).then(pl.coalesce("by", "reason")).otherwise("reason"))


def _with_policy(rows: pl.DataFrame) -> pl.DataFrame:
    """Put what an app depends on or supersedes, its product codes, logs and bare command into its detail.

    There stands too that it is offered alone: a user has to ask for it, and no page waits for it.
    """
    merged = []
    facts_of = rows.select("detail", "links", "products", "logs", "command", OFFERED)
    for detail, links, products, logs, command, offered in facts_of.iter_rows():
        facts = {
            "links": json.loads(links) if links else None,
            "products": products,
            "logs": logs,
            "command": command,
            OFFERED: offered,
        }
        policy = {name: value for name, value in facts.items() if value}
        whole = json.dumps({**json.loads(detail or "{}"), **policy}, ensure_ascii=False)
        merged.append(whole if policy else detail)
    return rows.with_columns(detail=pl.Series(merged, dtype=pl.String))
