"""Apps that were not tried because an app that they depend on did not come."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator

import polars as pl

from autopilot_analysis import wording
from autopilot_analysis.facts.guids import GUID
from autopilot_analysis.findings.looking import once
from autopilot_analysis.findings.rules.page_tries import IS_REMOVAL, ITEM, LISTED, blamed_tries
from autopilot_analysis.tables import Tables, Trace
from autopilot_analysis.tables.items import CALLED, SO_THAT
from autopilot_analysis.tables.outcomes import FAILED_TRIES
from autopilot_analysis.tables.story import APPS

DRAWN_IN = pl.col("reason").str.contains(r"(?i)\bdependen").fill_null(value=False)
"""Whether an app failed or waits for the sake of another."""
GRAPH_WORDS = "Processing subgraph with app ids: "
"""With what the agent begins apps that belong together: by dependency, or by supersedence."""
DEPENDS = (None, 0, "0")
"""How a link of a policy is typed that is a dependency; any other is a supersedence."""
MOST_NAMED = 3
"""So many apps that were not tried are named behind the one that failed; the others are counted."""
BEGUN = pl.any_horizontal(
    pl.col("started_at", "download_started_at", "exit_code").is_not_null(),
    *(
        pl.col("detail").str.json_path_match(f"$.{name}_written").is_not_null()
        for name in ("started", "download_started")
    ),
)
"""Whether anything was tried at an app, also where the log names no zone."""


@once
def graphs(tables: Tables) -> pl.DataFrame:
    """Return the apps that the agent takes up together: device and ids, in lower case, a row a line."""
    lines = tables.log_lines.filter(pl.col("message").str.contains(GRAPH_WORDS, literal=True))
    ids = pl.col("message").str.to_lowercase().str.extract_all(GUID)
    return lines.select("device", ids=ids).filter(pl.col("ids").list.len() > 1)


@once
def held_up(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Return apps that were not tried, each with an app that it depends on and that did not come.

    By the policy of the app; where no policy was read, the agent has to say that a dependency failed, and its
    line of apps that it takes up together names the other.

    Args:
        tables: What `read_tables` returned.
        trace: What `build_trace` returned.

    Returns:
        The last rows of their tries, with `root`, the item of the app that failed or never ended, and
        `root_called`.
    """
    apps = trace.installs.filter(pl.col("kind").is_in(APPS), ~IS_REMOVAL)
    last = apps.group_by(ITEM, maintain_order=True).last()
    outcome = pl.col("outcome")
    own = (outcome.is_in(FAILED_TRIES) & ~DRAWN_IN & ~LISTED) | ((outcome == "unfinished") & BEGUN)
    waits = (outcome == "waiting") & DRAWN_IN
    idle = last.filter(~BEGUN, outcome.is_in(["failed", "never_started"]) | waits)
    roots = last.filter(own)
    if idle.is_empty() or roots.is_empty():
        return idle.clear().with_columns(root=pl.lit(None, pl.String), root_called=pl.lit(None, pl.String))
    schema = dict.fromkeys(("device", "low", "low_root"), pl.String)
    ways = pl.DataFrame(list(_ways(tables, idle, apps)), schema, orient="row")
    met = roots.select(
        "device", "attempt", low_root=pl.col("item").str.to_lowercase(), root="item", root_called=CALLED
    )
    return (
        idle.with_columns(low=pl.col("item").str.to_lowercase())
        .join(ways.unique(maintain_order=True), on=["device", "low"], maintain_order="left")
        .join(met, on=["device", "attempt", "low_root"], nulls_equal=True, maintain_order="left")
        .drop("low", "low_root")
    )


def with_those_behind(tries: pl.DataFrame, tables: Tables, trace: Trace) -> pl.DataFrame:
    """Return tries with `behind`, what follows from each for apps not tried, which stands behind `name` too.

    Args:
        tries: Rows of `installs`.
        tables: What `read_tables` returned.
        trace: What `build_trace` returned.
    """
    names = held_up(tables, trace).group_by("device", "attempt", item="root", maintain_order=True)
    joined = tries.join(names.agg(names=CALLED), on=ITEM, how="left", nulls_equal=True, maintain_order="left")
    behind = [None if each is None else not_tried(each) for each in joined["names"]]
    known = joined.drop("names").with_columns(pl.Series("behind", behind, pl.String))
    named = pl.concat_str(CALLED, "behind")
    return known.with_columns(name=pl.when(pl.col("behind").is_not_null()).then(named).otherwise("name"))


def excused(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Return device, attempt and item of apps not tried for the sake of one that may have ended the page.

    Args:
        tables: What `read_tables` returned.
        trace: What `build_trace` returned.
    """
    blamed = blamed_tries(tables, trace, [*FAILED_TRIES, "unfinished"])
    roots = blamed.select("device", "attempt", root="item").unique()
    waiting = held_up(tables, trace)
    return waiting.join(roots, on=["device", "attempt", "root"], how="semi").select(ITEM).unique()


def _ways(tables: Tables, idle: pl.DataFrame, apps: pl.DataFrame) -> Iterator[tuple[str, str, str]]:
    """Yield device, app and each app that it needs, itself or through another, all ids in lower case."""
    needs: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    stored = apps.select("device", pl.col("detail").str.json_path_match("$.links")).drop_nulls()
    for device, links in stored.unique(maintain_order=True).iter_rows():
        for link in json.loads(links):
            if link.get("type") in DEPENDS:
                needs[device, str(link.get("app")).lower()].add(str(link.get("child")).lower())
    drawn_in = idle.filter(DRAWN_IN).select("device", low=pl.col("item").str.to_lowercase())
    together = drawn_in.join(graphs(tables), on="device", maintain_order="left")
    met = together.filter(pl.col("ids").list.contains(pl.col("low")).fill_null(value=False))
    for device, app, ids in met.iter_rows():
        if (device, app) not in needs:
            needs[device, app].update(set(ids) - {app})
    for device, app in list(needs):
        for needed in sorted(_reached(app, needs, device)):
            yield device, app, needed


def _reached(app: str, needs: defaultdict[tuple[str, str], set[str]], device: str) -> set[str]:
    """Return every app that one needs, itself or through another; a circle ends where it began."""
    reached: set[str] = set()
    ahead = [app]
    while ahead:
        new = needs.get((device, ahead.pop()), set()) - reached
        reached |= new
        ahead += new
    return reached - {app}


def not_tried(names: Iterable[str]) -> str:
    """Return what stands behind an app that failed, of those that were not tried for that.

    Args:
        names: What they are called.

    Example:
        >>> not_tried(["Suite"]), not_tried(["Suite", "Reader"])
        (', so that Suite was not tried', ', so that Suite and Reader were not tried')
    """
    unique = list(dict.fromkeys(names))
    named = wording.listed(unique, MOST_NAMED) if len(unique) > 2 else " and ".join(unique)
    return f"{SO_THAT}{named} {'was' if len(unique) == 1 else 'were'} not tried"
