"""What Microsoft's overview asks of OOBE: are the expected screens shown, is the sign-in page customised?"""

from __future__ import annotations

from collections.abc import Callable

import polars as pl

from autopilot_analysis.facts import read_facts
from autopilot_analysis.tables import Tables, Trace

Answered = tuple[str, str, str | None, int | None]
"""pass, fail or unknown; why; member and record of the proof."""


def expected_screens(tables: Tables, trace: Trace, device: str) -> Answered | None:
    """Return whether OOBE went the company's way without an error page; None when no screen was seen.

    A consumer page on a device that is registered says that Autopilot was left; on one that is not, OOBE is
    as it should be there, and nothing is said. Error pages count unless the device went on to succeed.

    Args:
        tables: What `read_tables` returned.
        trace: What `build_trace` returned.
        device: Its key.
    """
    shown = trace.screens.filter(pl.col("device") == device, pl.col("visible_at").is_not_null())
    if shown.is_empty():
        return None
    paths = (
        read_facts("screens").select(low="screen", path="path").with_columns(pl.col("low").str.to_lowercase())
    )
    pages = shown.with_columns(low=pl.col("screen").str.to_lowercase()).join(
        paths, on="low", how="left", maintain_order="left"
    )
    consumer, company = (pages.filter(pl.col("path") == path) for path in ("consumer", "company"))
    errors = shown.filter(pl.col("error_at").is_not_null())
    if errors.height and not _succeeded(trace, device):
        return _cited("fail", "an error page was shown: {}", errors)
    if consumer.height:
        known = dict(tables.devices.select("device", "registered").iter_rows()).get(device)
        if known:
            return _cited("fail", "a page for private devices was shown, so Autopilot was left: {}", consumer)
        return _cited(
            "unknown", "private set-up ({}) of a device that is not known to be registered", consumer
        )
    if company.height:
        return _cited("pass", "the company's pages were shown, without an error page: {}", company)
    return _cited("unknown", "OOBE was seen no further than {}", shown.tail(1))


def sign_in_page(tables: Tables, trace: Trace, device: str) -> Answered | None:  # noqa: ARG001
    """Return whether the sign-in page was branded before a name was typed; None when no page told.

    Args:
        tables: What `read_tables` returned.
        trace: What `build_trace` returned.
        device: Its key.
    """
    branding = pl.col("mark").is_in(["sign_in_page_branded", "sign_in_page_generic"])
    branding_marks = on_company_pages(trace.marks.filter(pl.col("device") == device, branding), trace)
    if branding_marks.is_empty():
        return None
    last = branding_marks.row(-1, named=True)
    if last["mark"] == "sign_in_page_branded":
        return "pass", "the sign-in page carried the company's branding", last["member"], last["record"]
    return "fail", "the sign-in page was the generic one", last["member"], last["record"]


def of_path(screens: pl.DataFrame, path: str) -> pl.DataFrame:
    """Return the screens of one way through OOBE.

    Args:
        screens: Rows of `screens`.
        path: "company" or "consumer", see facts/screens.csv.
    """
    listed = read_facts("screens").filter(pl.col("path") == path)["screen"].str.to_lowercase()
    return screens.filter(pl.col("screen").str.to_lowercase().is_in(listed.implode()))


def on_company_pages(marks: pl.DataFrame, trace: Trace) -> pl.DataFrame:
    """Return the marks that were reported while a page of the company's way was open.

    The sign-in page of a private account reports the same names, and is never branded.

    Args:
        marks: Rows of `marks`.
        trace: What `build_trace` returned.
    """
    opened = trace.screens.select("device", "screen", "ended_at", begun_at="at").drop_nulls("begun_at")
    placed = marks.filter(pl.col("at").is_not_null()).join_asof(
        opened.sort("begun_at"), left_on="at", right_on="begun_at", by="device", check_sortedness=False
    )
    still = pl.col("ended_at").is_null() | (pl.col("at") <= pl.col("ended_at"))
    return of_path(placed.filter(still), "company").select(marks.columns)


def _succeeded(trace: Trace, device: str) -> bool:
    return not trace.attempts.filter(pl.col("device") == device, pl.col("outcome") == "succeeded").is_empty()


def _cited(result: str, why: str, screens: pl.DataFrame) -> Answered:
    """Return an answer that names and cites the first of some screens."""
    first = screens.row(0, named=True)
    return result, why.format(first["title"]), first["member"], first["record"]


ON_SCREEN: dict[str, Callable[[Tables, Trace, str], Answered | None]] = {
    "expected_screens": expected_screens,
    "sign_in_page": sign_in_page,
}
"""The activities that only screens can answer."""
