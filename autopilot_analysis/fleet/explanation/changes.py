"""Since when: days on which a rate or a duration moved and stayed, or moved for a few days only."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

import numpy as np
import polars as pl
from numpy.typing import NDArray

from autopilot_analysis.errors import BadInput
from autopilot_analysis.fleet.explanation.contrasts import LEAST_HITS, SUPPORT
from autopilot_analysis.fleet.frames import answers_in_kind, columns_of, with_columns_of
from autopilot_analysis.fleet.intervals import false_discovery
from autopilot_analysis.fleet.measures.durations import SPANS, alike, finished_spans
from autopilot_analysis.fleet.measures.rates import ENDED, clean_outcome

FALSE_ALARM = 0.005
"""A change is told when chance would show one like it, anywhere in the series, less often than this."""

LEAST_DAYS = 3
"""A lasting change needs this many days with attempts on either side."""

LONGEST_SPELL = 7
"""Most days of a short-lived change."""

NEAR = timedelta(days=3)
MOST_CHANGES = 6

MOST_CODES = 5
"""So many codes of a series, the most frequent, are also looked at by themselves."""

LEAST_ATTEMPTS = 5
"""Fewer attempts on one side of a cut tell nothing."""

LEAST_LOG = -600.0
"""Chances below exp of this are not refined: they are beyond what a float holds."""

FAMILIES = 2
"""Lasting changes and spells are two searches; each may raise half of the false alarms."""

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class _Change:
    """A stretch of days that differs from the days around it."""

    first: int
    end: int
    lasting: bool
    gain: float
    p: float


@answers_in_kind
def measure_changes(
    deployments: pl.DataFrame,
    *,
    measure: str = "failed",
    by: str | Sequence[str] = (),
    candidates: pl.DataFrame | None = None,
    clean: bool = False,
) -> pl.DataFrame:
    """Return the days on which a failure share or a duration moved, surest first.

    The series of each group is cut where two levels fit so much better than one that chance, over all cuts
    possible, would do so in less than 1 of 200 healthy series; then each side is looked at again. A spell of
    up to seven days that returns to the level before is found the same way. Days that vary more than
    independent attempts would are allowed for. Durations are compared by rank, so a few very long ones move
    nothing.

    Args:
        deployments: One attempt a row.
        measure: failed, abandoned, succeeded, or a span column such as total.
        by: Columns to group by; each group is a series of its own.
        candidates: What else happened, columns `at` and `what`: the nearest within three days is named.
        clean: Count a success that went on past a timeout or a failed stage as failed.

    Returns:
        `at` (start of the day), `until` (for a short-lived change), `measure`, `where` (JSON object), `kind`
        (lasting, short, appeared), `before`, `after` (share, or median minutes), `n_before`, `n_after`, `p`,
        `q`, `candidate`.

    Raises:
        UnknownName: No such column.
        BadInput: No such measure.
    """
    frame = judged(deployments, measure, clean=clean)
    names = columns_of(frame, by)
    groups = frame.partition_by(names, as_dict=True, maintain_order=True) if names else {(): frame}
    wheres = [
        (dict(zip(names, map(str, key), strict=True)), rows)
        for key, rows in groups.items()
        if None not in key
    ]
    return with_candidates(changes_in(wheres, measure), candidates)


def judged(deployments: pl.DataFrame, measure: str, *, clean: bool = False) -> pl.DataFrame:
    """Return the attempts a measure can judge, with `day` and `value` (1 or 0, or minutes) added.

    Args:
        deployments: One attempt a row.
        measure: An outcome or a span column.
        clean: See `measure_rates`.

    Raises:
        BadInput: No such measure.
    """
    frame = with_columns_of(deployments, ("outcome", "flags", "started_at", *SPANS))
    if measure in ENDED:
        outcome = clean_outcome(clean=clean)
        frame = frame.filter(outcome.is_in(ENDED)).with_columns(
            (outcome == measure).cast(pl.Float64).alias("value")
        )
    elif measure in SPANS:
        frame = frame.filter(finished_spans(frame, measure))
        frame = frame.with_columns((pl.col(measure).dt.total_microseconds() / 60e6).alias("value"))
    else:
        raise BadInput(f"measure is {measure!r}; it must be one of {', '.join((*ENDED, *SPANS))}")
    frame = frame.filter(pl.col("started_at").is_not_null())
    return frame.with_columns(pl.col("started_at").dt.date().alias("day"), alike(frame))


def changes_in(series: Sequence[tuple[Mapping[str, str], pl.DataFrame]], measure: str) -> pl.DataFrame:
    """Return the changes of several series, q over all of them.

    Args:
        series: What each series is the group of, and its judged attempts.
        measure: What was judged.
    """
    rows = []
    looked = 0
    for where, frame in series:
        if frame.height < 2 * SUPPORT:
            continue
        plain, *by_code = _views(frame, measure)
        looked += 1 + len(by_code)
        found = _segments(plain, measure)
        found += _once([each for view in by_code for each in _segments(view, measure)], found, plain)
        rows += [_row(change, frame, where, measure) for change in found]
    table = pl.DataFrame(rows, schema=_ROWS)
    q = false_discovery(table["p"].to_numpy(), looked) if rows else np.empty(0)
    return (
        table.with_columns(pl.Series("q", q))
        .filter(pl.col("q") < FALSE_ALARM)
        .sort("p", "gain", descending=[False, True])
    )


_ROWS: dict[str, pl.DataType | type[pl.DataType]] = {
    "at": pl.Datetime("us", "UTC"), "until": pl.Datetime("us", "UTC"), "measure": pl.String,
    "where": pl.String,
    "kind": pl.String, "before": pl.Float64, "after": pl.Float64, "n_before": pl.Int64, "n_after": pl.Int64,
    "p": pl.Float64, "gain": pl.Float64,
}  # fmt: skip


def _views(frame: pl.DataFrame, measure: str) -> list[pl.DataFrame]:
    """Return a series as it is and, of failures, once for each frequent code: only that code counts as a hit.

    A new failure of one code stands out from the few others of that code sooner than from all failures.
    """
    if measure != "failed" or "code" not in frame.columns:
        return [frame]
    failures = frame.filter(pl.col("value") == 1)["code"].drop_nulls().value_counts(sort=True, name="k")
    often = failures.filter(pl.col("k") >= LEAST_HITS, pl.col("k") < frame["value"].sum()).head(MOST_CODES)
    return [frame, *(frame.with_columns(_hit_by(code).alias("value")) for code in often["code"].sort())]


def _hit_by(code: str) -> pl.Expr:
    """Return 1 where an attempt failed with a code, else 0."""
    own = (pl.col("value") == 1) & (pl.col("code") == code)
    return own.fill_null(value=False).cast(pl.Float64)


def _once(changes: list[_Change], known: list[_Change], frame: pl.DataFrame) -> list[_Change]:
    """Return changes of single codes that tell of no days already known, the surest first.

    Their gain is that of all failures of the series, so that they compare with other series: a code that
    fails in one group only would stand out in the whole fleet nearly as much.
    """
    kept: list[_Change] = []
    for change in sorted(changes, key=lambda change: (change.p, -change.gain)):
        if all(abs(change.first - other.first) > NEAR.days for other in (*known, *kept)):
            kept.append(replace(change, gain=_gain_of_all(change, frame)))
    return kept


def _gain_of_all(change: _Change, frame: pl.DataFrame) -> float:
    """Return what two levels of all failures gain over one when cut where a single code changed."""
    inside = frame["day"].to_physical().is_between(change.first, change.end, closed="left")
    n, s = np.array([float(inside.sum())]), np.array([frame.filter(inside)["value"].sum()])
    return float(_gain(n, s, float(frame.height), float(frame["value"].sum()), binary=True)[0])


def _segments(frame: pl.DataFrame, measure: str) -> list[_Change]:
    """Cut one series as often as it pays, each piece between cuts looked at again."""
    days, n, s, scale = _daily(frame, measure)
    binary = measure in ENDED
    found: list[_Change] = []
    pieces = [np.arange(days.size)]
    while pieces and len(found) < MOST_CHANGES:
        piece = pieces.pop()
        change = _best(piece, n[piece], s[piece], scale, binary=binary)
        if change is None:
            continue
        found.append(change)
        inside = (piece >= change.first) & (piece < change.end)
        if change.lasting:
            pieces += [piece[~inside], piece[inside]]
        else:
            pieces.append(piece[~inside])
    return [_dated(change, days) for change in found]


def _dated(change: _Change, days: NDArray[np.int64]) -> _Change:
    return _Change(
        int(days[change.first]), int(days[change.end - 1]) + 1, change.lasting, change.gain, change.p
    )


def _daily(frame: pl.DataFrame, measure: str) -> tuple[NDArray[np.int64], Floats, Floats, float]:
    """Return the days with attempts, how many, the sum of what is compared, and how much more days vary.

    Durations are compared by normal scores of their ranks among attempts that ended alike.
    """
    value = pl.col("value")
    if measure not in ENDED:
        from scipy.special import ndtri  # noqa: PLC0415 - scipy stays out of start-up

        place = (value.rank("average") - 0.375).over("class") / (pl.len() + 0.25).over("class")
        frame = frame.with_columns(
            pl.Series("value", ndtri(frame.select(place.alias("place"))["place"].to_numpy()))
        )
    daily = (
        frame.group_by("day", maintain_order=True)
        .agg(pl.len().alias("n"), value.sum().alias("s"))
        .sort("day")
    )
    n, s = daily["n"].to_numpy().astype(float), daily["s"].to_numpy()
    return (
        daily["day"].to_physical().to_numpy().astype(np.int64),
        n,
        s,
        _overdispersion(n, s, binary=measure in ENDED),
    )


def _overdispersion(n: Floats, s: Floats, *, binary: bool) -> float:
    """Return how much more the days differ from their neighbours than independent attempts would, at least 1.

    Differences of days one after another are hardly touched by lasting changes; the median is not by spells.
    """
    if n.size < 8:
        return 1.0
    means = s / n
    whole = s.sum() / n.sum()
    variance = whole * (1 - whole) if binary else 1.0
    if variance <= 0:
        return 1.0
    spread = np.diff(means) ** 2 / (variance * (1 / n[1:] + 1 / n[:-1]))
    return float(max(1.0, spread.mean(where=spread <= np.quantile(spread, 0.95)) / 0.75))


def _gain(n1: Floats, s1: Floats, n: float, s: float, *, binary: bool) -> Floats:
    """Return the log-likelihood two levels gain over one, for every split into a part and the rest."""
    n2, s2 = n - n1, s - s1
    with np.errstate(divide="ignore", invalid="ignore"):
        if not binary:
            gain = (s1 / n1 - s2 / n2) ** 2 * n1 * n2 / (2 * n)
        else:
            gain = _entropy(n1, s1) + _entropy(n2, s2) - _entropy(np.array(n), np.array(s))
    return np.where((n1 > 0) & (n2 > 0), np.nan_to_num(gain), 0.0)


def _entropy(n: Floats, k: Floats) -> Floats:
    return np.where(k > 0, k * np.log(k / n), 0.0) + np.where(k < n, (n - k) * np.log((n - k) / n), 0.0)


def _best(piece: NDArray[np.int64], n: Floats, s: Floats, scale: float, *, binary: bool) -> _Change | None:
    """Return the likeliest change within a piece of the series, None when chance explains it."""
    if piece.size < 2 * LEAST_DAYS:
        return None
    sums_n, sums_s = np.concatenate([[0.0], n.cumsum()]), np.concatenate([[0.0], s.cumsum()])
    best: _Change | None = None
    tries = _tries(piece.size)
    spells = sum(starts.size for starts, _, lasting in tries if not lasting)
    for starts, ends, lasting in tries:
        n1, s1 = sums_n[ends] - sums_n[starts], sums_s[ends] - sums_s[starts]
        gain = _gain(n1, s1, sums_n[-1], sums_s[-1], binary=binary) / scale
        gain[(n1 < LEAST_ATTEMPTS) | (sums_n[-1] - n1 < LEAST_ATTEMPTS)] = 0.0
        place = int(gain.argmax())
        bonus = 0.0 if lasting else np.log(LONGEST_SPELL)
        if best is None or gain[place] - bonus > best.gain:
            counts = n1[place], s1[place], sums_n[-1], sums_s[-1]
            single = max(_by_chance(float(gain[place])), _exact(*counts) if binary else -np.inf)
            log_p = _anywhere(single, n1, sums_n[-1]) if lasting else float(np.log(spells)) + single
            first, end = int(starts[place]), int(ends[place])
            best = _Change(
                int(piece[first]),
                int(piece[end - 1]) + 1,
                lasting,
                float(gain[place]),
                float(np.exp(min(0.0, log_p + np.log(FAMILIES)))),
            )
    return best if best is not None and best.p < FALSE_ALARM else None


def _tries(size: int) -> list[tuple[NDArray[np.int64], NDArray[np.int64], bool]]:
    """Return where a change may begin and end in a piece of so many days: to its end, or for a few days."""
    cuts = np.arange(LEAST_DAYS, size - LEAST_DAYS + 1)
    tries = [(cuts, np.full(cuts.size, size), True)]
    for length in range(1, min(LONGEST_SPELL, size - 2 * LEAST_DAYS) + 1):
        starts = np.arange(1, size - length)
        tries.append((starts, starts + length, False))
    return [each for each in tries if each[0].size]


def _by_chance(gain: float) -> float:
    """Return the logarithm of how often one given split of a healthy series gains as much."""
    from scipy.stats import chi2  # noqa: PLC0415 - scipy stays out of start-up

    return float(chi2.logsf(2 * gain, 1))


def _exact(n1: float, s1: float, n: float, s: float) -> float:
    """Return the same from the counts themselves (hypergeometric, both sides): small ones are coarse."""
    from scipy.stats import hypergeom  # noqa: PLC0415 - scipy stays out of start-up

    drawn = hypergeom(round(n), round(s), round(n1))
    return float(min(0.0, np.log(2) + min(drawn.logcdf(round(s1)), drawn.logsf(round(s1) - 1))))


def _anywhere(single: float, n1: Floats, n: float) -> float:
    """Return the logarithm of how often any cut of a healthy series would be as unlikely as one is.

    Cuts next to each other divide nearly the same attempts, so they are hardly tests of their own: from the
    sum over all cuts is taken what each shares with the one before it (Worsley 1983, an upper bound).

    Args:
        single: Logarithm of the chance of one cut.
        n1: Attempts from each cut on, falling.
        n: Attempts in all.
    """
    from scipy.special import ndtr, ndtri_exp  # noqa: PLC0415 - scipy stays out of start-up

    usable = n1[(n1 >= LEAST_ATTEMPTS) & (n - n1 >= LEAST_ATTEMPTS)]
    every = float(np.log(max(usable.size, 1))) + single
    if single >= np.log(FALSE_ALARM) or usable.size < 2 or single < LEAST_LOG:
        return every
    level = -float(ndtri_exp(single - np.log(2)))
    alike = np.sqrt(usable[1:] * (n - usable[:-1]) / (usable[:-1] * (n - usable[1:])))
    apart = np.sqrt(np.maximum(1 - alike**2, 1e-12))
    step = 0.01
    beyond = level + np.arange(0.0, 8.0, step)
    density = np.exp(-(beyond**2) / 2) / np.sqrt(2 * np.pi)
    both = step * (ndtr((alike[:, None] * beyond - level) / apart[:, None]) @ density)
    shared = np.where(alike < 1, np.minimum(2 * both / np.exp(single), 1.0), 1.0)
    return single + float(np.log(max(usable.size - shared.sum(), 1.0)))


def best_cut(frame: pl.DataFrame, near: datetime, *, within: timedelta) -> datetime | None:
    """Return the day near another from which a share of 1s rose most clearly; None when it did not rise.

    Args:
        frame: Judged attempts, `value` 1 or 0.
        near: Where to look.
        within: How far to either side.
    """
    daily = frame.group_by("day").agg(pl.len().alias("n"), pl.col("value").sum().alias("s")).sort("day")
    n, s = daily["n"].cast(pl.Float64).to_numpy(), daily["s"].to_numpy()
    before_n, before_s = n.cumsum() - n, s.cumsum() - s
    gain = _gain(before_n, before_s, float(n.sum()), float(s.sum()), binary=True)
    with np.errstate(divide="ignore", invalid="ignore"):
        rising = (s.sum() - before_s) / (n.sum() - before_n) > before_s / before_n
    close = (daily["day"] - near.date()).abs() <= within
    gain = np.where(rising & close.to_numpy(), gain, 0.0)
    if not gain.any():
        return None
    day: date = daily["day"][int(gain.argmax())]
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


def _row(change: _Change, frame: pl.DataFrame, where: Mapping[str, str], measure: str) -> dict[str, object]:
    """Return a change with the level before and after, over all attempts of its series."""
    first, end = _day(change.first), _day(change.end)
    inside = frame.filter(pl.col("day") >= first.date(), pl.col("day") < end.date())["value"]
    outside = frame.filter(pl.col("day") < first.date())["value"]
    return {
        "at": first,
        "until": None if change.lasting else end,
        "measure": measure,
        "where": json.dumps(dict(where), ensure_ascii=False),
        "kind": "lasting" if change.lasting else "short",
        "before": _level(outside, measure),
        "after": _level(inside, measure),
        "n_before": outside.len(),
        "n_after": inside.len(),
        "p": change.p,
        "gain": change.gain,
    }


def appearance(
    where: str, day: date, before: pl.Series, after: pl.Series, measure: str, *, q: float, gain: float
) -> pl.DataFrame:
    """Return the change a group is by appearing, in the shape of the other changes.

    Args:
        where: The group, as JSON.
        day: Its first day.
        before: What was judged before that day, in the whole fleet.
        after: What was judged inside the group.
        measure: What was judged.
        q: How sure it is that the group differs.
        gain: By how much it is likelier.
    """
    row = {
        "at": datetime(day.year, day.month, day.day, tzinfo=UTC),
        "measure": measure,
        "where": where,
        "kind": "appeared",
        "before": _level(before, measure),
        "after": _level(after, measure),
        "n_before": before.len(),
        "n_after": after.len(),
        "p": q,
        "gain": gain,
    }
    return pl.DataFrame([row], schema=_ROWS).with_columns(pl.lit(q).alias("q"))


def _level(values: pl.Series, measure: str) -> float | None:
    """Return the share, or the median minutes."""
    level = values.mean() if measure in ENDED else values.median()
    return level if isinstance(level, float) else None


def _day(number: int) -> datetime:
    day = date(1970, 1, 1) + timedelta(days=number)
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


def with_candidates(changes: pl.DataFrame, candidates: pl.DataFrame | None) -> pl.DataFrame:
    """Name beside each change what happened nearest to it, within three days; near is not because.

    Args:
        changes: Answer of `measure_changes`.
        candidates: Columns `at` and `what`.
    """
    ordered = [
        "at", "until", "measure", "where", "kind", "before", "after", "n_before", "n_after", "p", "q",
        "candidate",
    ]  # fmt: skip
    if candidates is None or not candidates.height or not changes.height:
        return changes.with_columns(pl.lit(None, dtype=pl.String).alias("candidate")).select(ordered)
    columns_of(candidates, (), "at", "what")
    known = candidates.select("at", pl.col("what").alias("candidate")).drop_nulls("at").sort("at")
    numbered = changes.with_row_index("row").sort("at")
    joined = numbered.join_asof(known, on="at", strategy="nearest", tolerance=NEAR).sort("row")
    return joined.select(ordered)
