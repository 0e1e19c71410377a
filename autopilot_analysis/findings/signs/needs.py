r"""What a rule needs: where nothing of it is there, the rule is not run.

Needs are written like signs: `term; term; …`, all of which must be there; ` | ` separates alternatives:

    mark=profile_empty,…        one of these marks
    event=ap:171,…              one of these events (short provider names: looking.PROVIDERS)
    failed=device_setup,…       a failed run of one of these stages
    attempt=failed,hybrid_join  an attempt of one of these outcomes or scenarios
    install=failed,certificate  a try of one of these outcomes or kinds
    property=azureadprt,…       a fact of that name, in any case
    registry=tenantmatched,…    a registry value of that name, in lower case
    screen                      a screen of OOBE
    line                        a line of a text log, such as the agent's
    source=answer_file,…        a member of that source
    gap                         something of a member that could not be read, or is not there
    step=sleep,…                a step of a device of that kind

A term without a value asks for any. Needs say less than the rule does: they may only be missing where the
rule has no proof.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, cached_property

import polars as pl

from autopilot_analysis.findings.looking import (
    event_keys,
    low_registry,
    mark_names,
    property_names,
    undated_failures,
)
from autopilot_analysis.tables import Tables, Trace


@dataclass
class There:
    """What an export holds, by the terms of needs; each is looked up once, when it is asked for.

    Attributes:
        tables: What `read_tables` returned.
        trace: What `build_trace` returned.
    """

    tables: Tables
    trace: Trace

    @cached_property
    def mark(self) -> frozenset[str]:
        """Marks."""
        return mark_names(self.trace)

    @cached_property
    def event(self) -> frozenset[str]:
        """Events of the known providers, such as "ap:171"."""
        return event_keys(self.tables)

    @cached_property
    def failed(self) -> frozenset[str]:
        """Stages of which a run failed, or of which a failure without a time stands for one."""
        runs = self.trace.stage_runs.filter(pl.col("outcome") == "failed")
        return _values(runs, "stage") | _values(undated_failures(self.trace), "stage")

    @cached_property
    def attempt(self) -> frozenset[str]:
        """Outcomes and scenarios of attempts."""
        return _values(self.trace.attempts, "outcome", "scenario")

    @cached_property
    def install(self) -> frozenset[str]:
        """Outcomes and kinds of tries."""
        return _values(self.trace.installs, "outcome", "kind")

    @cached_property
    def property(self) -> frozenset[str]:
        """Names of facts of text members, in lower case."""
        return property_names(self.tables)

    @cached_property
    def registry(self) -> frozenset[str]:
        r"""Names of registry values, in lower case; of one with backslashes what stands behind the last."""
        behind = pl.col("low_name").str.split("\\").list.last()
        return _values(low_registry(self.tables).select(behind), "low_name")

    @cached_property
    def screen(self) -> frozenset[str]:
        """Screens of OOBE."""
        return _values(self.trace.screens, "screen")

    @cached_property
    def line(self) -> frozenset[str]:
        """How the lines of text logs are dated; each is in one way or another."""
        return _values(self.tables.log_lines, "clock")

    @cached_property
    def source(self) -> frozenset[str]:
        """Sources of the members."""
        return _values(self.tables.members, "source")

    @cached_property
    def gap(self) -> frozenset[str]:
        """Why something of a member is not in the tables."""
        return _values(self.tables.gaps, "reason")

    @cached_property
    def step(self) -> frozenset[str]:
        """Kinds of steps."""
        return _values(self.trace.steps, "kind")


TERMS = frozenset(name for name, kind in vars(There).items() if isinstance(kind, cached_property))


@cache
def terms_of_need(needs: str) -> list[list[tuple[str, str]]]:
    """Return the alternatives of needs, each a list of terms: name and value.

    Args:
        needs: In the language of this module.

    Raises:
        ValueError: A term has a name that is none.
    """
    parts = [[term.strip().partition("=") for term in part.split(";")] for part in needs.split("|")]
    terms = [[(name.strip(), value.strip()) for name, _, value in part] for part in parts]
    unknown = {name for part in terms for name, _ in part} - TERMS
    if unknown:
        raise ValueError(f"needs know no term {min(unknown)}; they know {', '.join(sorted(TERMS))}")
    return terms


def can_hold(needs: str, there: There) -> bool:
    """Tell whether a rule can find anything.

    Args:
        needs: What it needs; empty for a rule that is always run.
        there: What the export holds.
    """
    return not needs or any(
        all(is_there(name, value, there) for name, value in terms) for terms in terms_of_need(needs)
    )


def is_there(name: str, value: str, there: There) -> bool:
    """Tell whether an export holds one of the things that a term names.

    Args:
        name: Of the term.
        value: Things, separated by commas; empty for any.
        there: What the export holds.
    """
    held: frozenset[str] = getattr(there, name)
    return not held.isdisjoint(_wanted(name, value)) if value else bool(held)


@cache
def _wanted(name: str, value: str) -> frozenset[str]:
    return frozenset((value.lower() if name == "property" else value).split(","))


def _values(rows: pl.DataFrame, *columns: str) -> frozenset[str]:
    return frozenset(str(value) for name in columns for value in rows[name].unique() if value is not None)


def _same() -> Callable[[Tables, Trace], There]:
    last: list[There] = []

    def ask(tables: Tables, trace: Trace) -> There:
        if not last or last[0].tables is not tables or last[0].trace is not trace:
            last[:] = [There(tables, trace)]
        return last[0]

    return ask


look = _same()
"""What one export holds, the same answer for the very same tables and trace."""
