"""One run of a script as several logs show it: which of their runs are the same.

The executor's log is nearest to the act. The part of the agent that called it tells of the same run, as does
the agent's general log; where logs were written in two zones they are paired in order.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import timedelta

import msgspec

from autopilot_analysis.clock.offsets import APART, BETWEEN_ZONES
from autopilot_analysis.trace.installs.agent.calls import Call, Run, is_near

_SAME = timedelta(seconds=90)
"""How far apart two logs may write the start of the same call: the executor is a process of its own."""


class Views(msgspec.Struct):
    """One run as each log shows it, the log nearest to the act first."""

    runs: list[Run]

    @property
    def nearest(self) -> Run:
        """Return the run as the nearest log shows it."""
        return self.runs[0]

    def calls(self, part: str) -> list[Call]:
        """Return the calls of one part, the nearest log's first."""
        return [call for run in self.runs if (call := run.call(part))]

    def parts(self) -> list[str]:
        """Return the parts of the run in the order they ran."""
        parts = [call.part for run in self.runs for call in run.calls]
        order = ("pre", "remediate", "post")
        return sorted(dict.fromkeys(parts), key=lambda part: order.index(part) if part in order else 0)

    def value_of(self, name: str) -> object:
        """Return what the logs say of the run, the caller's word before the executor's: it knows why."""
        values = (getattr(run, name) for run in (*self.runs[1:], self.runs[0]))
        return next((value for value in values if value is not None), None)


def join_runs(runs: Sequence[Run]) -> list[Views]:
    """Return the runs, those of several logs that are the same as one.

    Args:
        runs: Runs of all logs, those of the log nearest to the act first.
    """
    known: defaultdict[tuple[str, str, str | None], list[Views]] = defaultdict(list)
    for run in runs:
        candidates = known[run.family, run.device, run.item]
        same = next((views for views in candidates if _same(views, run)), None)
        if same is None:
            candidates.append(Views([run]))
        else:
            same.runs.append(run)
    return [views for group in known.values() for views in _zones_joined(group)]


def _zones_joined(group: list[Views]) -> list[Views]:
    """Join, in order, what is left of two logs that were written in two zones: whole BETWEEN_ZONES apart."""
    alone = [views for views in group if len(views.runs) == 1]
    near = [views for views in alone if views.nearest.first["stem"] == alone[0].nearest.first["stem"]]
    far = [views for views in alone if views not in near]
    apart = [_apart(one.nearest, other.nearest) for one, other in zip(near, far, strict=False)]
    if not near or len(near) != len(far) or not all(apart) or len(set(apart)) != 1:
        return group
    for one, other in zip(near, far, strict=True):
        one.runs.insert(0, other.nearest)
    return [views for views in group if views not in far]


def _apart(one: Run, other: Run) -> timedelta | None:
    """Return how far apart two runs were written, in whole BETWEEN_ZONES; null where it is none."""
    moments = one.calls[0].moment if one.calls else None, other.calls[0].moment if other.calls else None
    if moments[0] is None or moments[1] is None:
        return None
    apart = abs(moments[0] - moments[1])
    whole = round(apart / BETWEEN_ZONES) * BETWEEN_ZONES
    return whole if abs(apart - whole) <= _SAME / 3 and whole <= APART else None


def _same(views: Views, run: Run) -> bool:
    """Return whether a run of another log shares a call: the same part, at nearly the same time."""
    if any(other.first["stem"] == run.first["stem"] for other in views.runs):
        return False
    return any(
        one.part == other.part and _at_once(one, other)
        for near in views.runs
        for one in near.calls
        for other in run.calls
    )


def _at_once(one: Call, other: Call) -> bool:
    """Return whether two logs mean the same call; one that lost its beginning is known by its end."""
    if is_near(one.moment, other.moment, _SAME):
        return True
    lost = one.begun is None or other.begun is None
    return lost and is_near(one.until or one.moment, other.until or other.moment, _SAME)
