"""Installers that no item of Intune stands for: transactions of Windows Installer, and updates of Windows.

MsiInstaller 1040 opens a transaction (the package's path or product, and the process that asked), 1042 ends
it; in between 1033, 1034, 1035, 11707, 11708, 11724 and 11725 name the product. WindowsUpdateClient 43 begins
an update that 19 or 20 ends (genuine Windows 10 and 11 event logs).
"""

from __future__ import annotations

import polars as pl

from autopilot_analysis.facts import read_facts

MSI, UPDATE = "msiinstaller", "microsoft-windows-windowsupdateclient"
BEGUN, ENDED = 1040, 1042
NAMING = [1033, 1034, 1035, 11707, 11708, 11724, 11725]
SENTENCE = r"^[\pL ]{2,20}[:：] "
"""How the sentence begins, in any language, that names a product."""
INSTALLING, INSTALLED, FAILED = 43, 19, 20

_SCHEMA = {
    "device": pl.String(),
    "other": pl.String(),
    "called": pl.String(),
    "since": pl.Datetime("us", "UTC"),
    "until": pl.Datetime("us", "UTC"),
}


def read_others(events: pl.DataFrame) -> pl.DataFrame:
    """Return the spans in which something other than an item of Intune was being installed.

    Args:
        events: The columns of tables.Event.

    Returns:
        Columns device, other (what it is known by), called (its name in words), since, until; only spans of
        which both ends are known.
    """
    provider = pl.col("provider").str.to_lowercase()
    ours = events.filter(
        (provider == MSI) & pl.col("event_id").is_in([BEGUN, ENDED, *NAMING])
        | (provider == UPDATE) & pl.col("event_id").is_in([INSTALLING, INSTALLED, FAILED])
    ).unique(["device", "provider", "event_id", "record", "at"], keep="first", maintain_order=True)
    spans = pl.concat(
        [_transactions(ours.filter(provider == MSI)), _updates(ours.filter(provider == UPDATE))]
    )
    return spans.filter(pl.col("since") < pl.col("until")).sort("device", "since", "called")


def _transactions(events: pl.DataFrame) -> pl.DataFrame:
    """Return transactions of Windows Installer, which runs one at a time: from a beginning to the end."""
    if events.is_empty():
        return pl.DataFrame(schema=_SCHEMA)
    now = pl.col("event_id")
    first = pl.coalesce(
        pl.col("data").str.json_path_match(f"$.{path}") for path in ("Data[0]", "Data", "param1")
    )
    product = first.str.replace(SENTENCE, "").str.split(" -- ").list.first()
    ordered = events.sort("device", "member", "record").with_columns(
        run=(now == BEGUN).cast(pl.Int64).cum_sum().over("device", "member"), first=first, product=product
    )
    package = pl.col("first").filter(now == BEGUN).first()
    called = pl.col("product").filter(now.is_in(NAMING)).first()
    name = pl.coalesce(called, package.str.extract(r"([^\\/]+)$"))
    runs = ordered.filter(pl.col("run") > 0).group_by("device", "member", "run", maintain_order=True)
    transactions = runs.agg(
        other=package,
        called=with_owner(name, pl.concat_str(package, name, separator=" ", ignore_nulls=True)),
        since=pl.col("at").filter(now == BEGUN).first(),
        until=pl.col("at").filter(now == ENDED).first(),
    )
    return transactions.select(pl.col(name).cast(kind) for name, kind in _SCHEMA.items())


def with_owner(name: pl.Expr, text: pl.Expr) -> pl.Expr:
    """Return the name of an installation, with who is known to run such a one.

    Args:
        name: What it is called.
        text: All that it is known by: its package, its product.
    """
    owners = read_facts("installer_owners").select("pattern", "owner").iter_rows()
    by = pl.coalesce(*(pl.when(text.str.contains(pattern)).then(pl.lit(owner)) for pattern, owner in owners))
    return pl.coalesce(pl.format("{}, run by {}", name, by), name)


def _updates(events: pl.DataFrame) -> pl.DataFrame:
    """Return updates of Windows from their beginning to their end."""
    if events.is_empty():
        return pl.DataFrame(schema=_SCHEMA)
    now, keys = pl.col("event_id"), ["device", "other"]
    title = pl.col("data").str.json_path_match("$.updateTitle")
    known = events.with_columns(
        other=pl.col("data").str.json_path_match("$.updateGuid").str.to_lowercase(), title=title
    ).sort("device", "at", "record")
    numbered = known.with_columns(run=(now == INSTALLING).cast(pl.Int64).cum_sum().over(keys))
    begun = numbered.filter(pl.col("run") > 0, pl.col("other").is_not_null())
    updates = begun.group_by(*keys, "run", maintain_order=True).agg(
        called=pl.coalesce(pl.col("title").drop_nulls().first(), pl.lit("a Windows update")),
        since=pl.col("at").filter(now == INSTALLING).first(),
        until=pl.col("at").filter(now != INSTALLING).first(),
    )
    return updates.select(pl.col(name).cast(kind) for name, kind in _SCHEMA.items())
