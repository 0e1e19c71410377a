"""What of a fleet's exports was not read or not understood, for the answer on it."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from autopilot_analysis import quoting, wording
from autopilot_analysis.export.sources import OF_THE_SERVICE
from autopilot_analysis.findings import Line
from autopilot_analysis.findings.answers.beside import untaken
from autopilot_analysis.readers.service.deployments.deployment import LOCAL_TIME
from autopilot_analysis.readers.service.report_csv import LOCAL_REASON, READ_ANYHOW

MOST = 3
"""Gaps that are told one by one."""
MOST_WORDS = 4
"""Words for states that are told one by one."""
STILL_LOCAL = rf"(?:^|,){LOCAL_TIME}(?:,|$)"
"""The flag of a row whose times are local, without an offset."""
UNKNOWN_STATE = r"(?:^|,)unknown_state=([^,]*)"
"""The flag of a row whose state is in a word not known here."""


def strange_states(deployments: pl.DataFrame) -> pl.DataFrame:
    """Return the attempts whose state is told in a word that nobody here knows.

    Args:
        deployments: One attempt a row.
    """
    return deployments.filter(
        (pl.col("outcome") == "unknown") & pl.col("flags").str.contains("unknown_state=", literal=True)
    )


def words_of_states(deployments: pl.DataFrame) -> str:
    """Return the words for states that nobody here knows, with how many attempts have each; empty for none.

    Args:
        deployments: One attempt a row.
    """
    words = strange_states(deployments)["flags"].str.extract(UNKNOWN_STATE, 1).drop_nulls().value_counts()
    ordered = sorted(words.iter_rows(), key=lambda one: (-one[1], one[0]))
    return quoting.first_of([f"{word} {number:,}" for word, number in ordered], MOST_WORDS)


def how_they_ended_is_unknown(deployments: pl.DataFrame) -> bool:
    """Tell whether of no attempt anything is known of how it ended, nor that it goes on.

    Args:
        deployments: One attempt a row.
    """
    return bool((deployments["outcome"] == "unknown").all())


def tell_unread(gaps: pl.DataFrame, coverage: pl.DataFrame) -> Iterator[Line]:
    """Yield what was not read of lists and reports, which are of no device's own capture, each reason once.

    Args:
        gaps: The table `gaps`.
        coverage: The table `coverage`: its devices have captures of their own.
    """
    yield from _reasons_once(_of_lists(gaps, coverage).filter(~pl.col("reason").str.contains(READ_ANYHOW)))


def tell_untaken(members: pl.DataFrame, gaps: pl.DataFrame, coverage: pl.DataFrame) -> Iterator[Line]:
    """Yield which files beside lists and reports no reader took, where no gap names them.

    Args:
        members: The table `members`.
        gaps: The table `gaps`.
        coverage: The table `coverage`: its devices have captures of their own.
    """
    named = gaps["member"].drop_nulls().implode()
    yield from untaken(_of_no_capture(members, coverage).filter(~pl.col("member").is_in(named)))


def tell_read_as(gaps: pl.DataFrame, coverage: pl.DataFrame) -> Iterator[Line]:
    """Yield how lists were read that do not say it themselves, which is nothing that was left unread.

    Args:
        gaps: The table `gaps`.
        coverage: The table `coverage`: its devices have captures of their own.
    """
    yield from _reasons_once(_of_lists(gaps, coverage).filter(pl.col("reason").str.contains(READ_ANYHOW)))


def _of_lists(gaps: pl.DataFrame, coverage: pl.DataFrame) -> pl.DataFrame:
    """Return the gaps of lists and reports, less those on local times."""
    return _of_no_capture(gaps, coverage).filter(~_only_local())


def _of_no_capture(rows: pl.DataFrame, coverage: pl.DataFrame) -> pl.DataFrame:
    """Return the rows that are of no device's own capture."""
    captured = coverage.filter(~pl.col("source").is_in(OF_THE_SERVICE))["device"].implode()
    return rows.filter(~pl.col("device").is_in(captured).fill_null(value=False))


def _reasons_once(gaps: pl.DataFrame) -> Iterator[Line]:
    """Yield each reason once, the first of them one by one."""
    reasons = gaps.unique("reason", keep="first", maintain_order=True)
    for row in reasons.head(MOST).iter_rows(named=True):
        advice = f"; {row['advice']}" if row["advice"] else ""
        yield Line(": ".join(filter(None, (row["member"], f"{row['reason']}{advice}."))))
    if reasons.height > MOST:
        yield Line(f"{wording.and_more(reasons.height - MOST, 'And ')}.")


def tell_local_times(deployments: pl.DataFrame, gaps: pl.DataFrame) -> Iterator[Line]:
    """Yield that times are local, where deployments stand on such times: the file itself was read.

    Args:
        deployments: One attempt a row.
        gaps: The table `gaps`.
    """
    if local_times_matter(deployments):
        for row in gaps.filter(_only_local()).head(1).iter_rows(named=True):
            advice = f"; {row['advice']}" if row["advice"] else ""
            yield Line(f"{row['member']}: {row['reason']}{advice}.")


def read_otherwise(gaps: pl.DataFrame, deployments: pl.DataFrame) -> pl.DataFrame:
    """Return gaps without the word on local times where no deployment stands on any.

    Args:
        gaps: The table `gaps`.
        deployments: One attempt a row.
    """
    return gaps if local_times_matter(deployments) else gaps.filter(~_only_local())


def local_times_matter(deployments: pl.DataFrame) -> bool:
    """Tell whether a deployment stands on a local time of which no offset is known.

    Args:
        deployments: One attempt a row.
    """
    return bool(deployments["flags"].str.contains(STILL_LOCAL).fill_null(value=False).any())


def _only_local() -> pl.Expr:
    """Return which gaps tell how the times of a file were taken, and of nothing that was not read."""
    return pl.col("reason") == LOCAL_REASON
