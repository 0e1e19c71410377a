"""The timeline of a device, live in JupyterLab and Voilà, on a page, and still in a saved notebook."""

from __future__ import annotations

import os
from functools import cached_property
from io import BytesIO
from typing import TYPE_CHECKING, Any

import polars as pl
from matplotlib import pyplot as plt

from autopilot_analysis import wording
from autopilot_analysis.errors import AnalysisError, how_to_install
from autopilot_analysis.figures.style import SHARPNESS
from autopilot_analysis.figures.timeline import draw_timeline
from autopilot_analysis.timeline import build_timeline, search_timeline
from autopilot_analysis.timeline.packing import Packed, pack_timeline
from autopilot_analysis.timeline.page import MIME, SHOWN_AS, as_output, read_module, read_style

if TYPE_CHECKING:
    from autopilot_analysis.tables import Findings, Tables, Trace


def explore_timeline(
    tables: Tables, trace: Trace | None = None, findings: Findings | None = None, *, device: str = ""
) -> TimelineExplorer:
    """Return everything a device did on one line of time, to be zoomed, searched and chosen from.

    The wheel zooms once the picture has been clicked; n and p go through the hits of a search, / searches.

    Args:
        tables: What `read_tables` returned.
        trace: What `build_trace` returned.
        findings: What `find` returned; from each there is a way to its records, and back.
        device: Key of one device; empty means all, one at a time.

    Returns:
        A view whose `frame` is the timeline, and whose `chosen` and `listed` are what was picked in it.

    Example:
        >>> explore_timeline(tables, trace, findings)  # doctest: +SKIP
    """
    timeline = build_timeline(tables, trace, findings)
    chosen = timeline.filter(pl.col("device") == device) if device else timeline
    zones = tables.devices.filter(pl.col("device") == device) if device else tables.devices
    known = zones["time_zone"].drop_nulls().unique().to_list()
    return TimelineExplorer(chosen, zone=known[0] if len(known) == 1 else None)


class TimelineExplorer:
    """A timeline that can be looked at; what was picked in it comes back as frames."""

    def __init__(self, frame: pl.DataFrame, *, zone: str | None = None) -> None:
        """Bind a timeline.

        Args:
            frame: What `build_timeline` returned.
            zone: IANA name of the device's time zone, where it is known.
        """
        self.frame = frame
        self.zone = zone

    def __repr__(self) -> str:
        dated = self.frame["at"].drop_nulls()
        devices = wording.count(self.frame["device"].n_unique(), "device")
        what = f"{self.frame.height:,} {wording.RECORDS_AND_SPANS} of {devices}"
        if dated.is_empty():
            return f"{what}, none with an instant."
        return f"{what}, {wording.minute(dated[0])} to {wording.in_zone(wording.minute(dated[-1]))}."

    @cached_property
    def packed(self) -> Packed:
        """The timeline as a browser takes it."""
        return pack_timeline(self.frame, zone=self.zone)

    @cached_property
    def widget(self) -> Any:  # anywidget is an extra and untyped
        """The live picture.

        Raises:
            AnalysisError: anywidget is not installed.
        """
        try:
            import anywidget  # an extra
            import traitlets  # comes with it
        except ImportError:
            words = f"the live timeline needs anywidget; run: {how_to_install('lab')}"
            raise AnalysisError(words) from None

        members: dict[str, Any] = {
            "_esm": read_module(),
            "_css": read_style(),
            "first": traitlets.Bytes(),
            "rest": traitlets.Bytes(),
            "query": traitlets.Unicode(),
            "chosen": traitlets.List(),
            "listed": traitlets.List(),
        }
        for name in ("first", "rest", "query", "chosen", "listed"):
            members[name].tag(sync=True)
        live: Any = type("Timeline", (anywidget.AnyWidget,), members)
        return live(first=self.packed.first, rest=self.packed.rest)

    @property
    def chosen(self) -> pl.DataFrame:
        """The row that was clicked last."""
        return self.frame.filter(pl.col("id").is_in(self.widget.chosen))

    @property
    def listed(self) -> pl.DataFrame:
        """The hits of the last search, or the stretch that was selected last with Shift and drag."""
        return self.frame.filter(pl.col("id").is_in(self.widget.listed))

    def search(self, text: str) -> pl.DataFrame:
        """Show the hits of a search in the picture, and return them.

        Args:
            text: As in `search_records`.
        """
        self.widget.query = text
        return search_timeline(self.frame, text)

    def picture(self) -> tuple[bytes, str]:
        """Return the still picture as PNG, and what it shows in words."""
        figure: Any = draw_timeline(self.frame).get_figure()
        buffer = BytesIO()
        try:
            figure.savefig(buffer, format="png", dpi=SHARPNESS, metadata={"Software": None})
        finally:
            plt.close(figure)
        return buffer.getvalue(), str(figure.get_label() or self)

    def _repr_mimebundle_(self, **_: object) -> tuple[dict[str, Any], dict[str, Any]]:
        """Return what a notebook shows: on a page the data, live the widget, stored the still picture."""
        shown_as = os.environ.get(SHOWN_AS)
        if shown_as == "page":
            return {MIME: as_output(self.packed), "text/plain": repr(self)}, {}
        png, words = self.picture()
        still, about = {"image/png": png, "text/plain": repr(self)}, {"image/png": {"alt": words}}
        if shown_as == "still":
            return still, about
        try:
            bundle: Any = self.widget._repr_mimebundle_()
        except AnalysisError as why:
            return {**still, "text/plain": f"{self!r}\n{why}"}, about
        return {**(bundle[0] if isinstance(bundle, tuple) else bundle), **still}, about
