"""Picks an export by path or by upload, reads it, and shows what was there to be read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import ipywidgets as widgets

from autopilot_analysis.defaults import EXPORT
from autopilot_analysis.errors import AnalysisError, NotAnExport
from autopilot_analysis.export import Export, open_export
from autopilot_analysis.figures import draw_coverage
from autopilot_analysis.readers import read_tables
from autopilot_analysis.tables import Tables
from autopilot_analysis.widgets import markup
from autopilot_analysis.widgets.explorer import WIDE, View, labelled

READ = "Read"
"""The label of the button that reads what the path names."""


class Picker(widgets.VBox):
    """A path or an upload; once read, `export` and `tables` hold it and its coverage is shown."""

    def __init__(self, path: str, then: Callable[[Tables], None] | None) -> None:
        """Build the picker; see `pick_export`."""
        self.export: Export | None = None
        self.tables: Tables | None = None
        self._then = then
        self._uploaded: TemporaryDirectory[str] | None = None
        self.path = labelled("Path", widgets.Text, value=path, placeholder=EXPORT, layout=WIDE)
        self.button = widgets.Button(
            description=READ, icon="folder-open", tooltip="Open the path and read it"
        )
        self.upload = widgets.FileUpload(
            description="Upload a file", multiple=False, layout=widgets.Layout(width="220px")
        )
        self.progress = labelled("Reading", widgets.IntProgress, min=0, max=1, layout=WIDE)
        self.status, self._picture, self._details = widgets.HTML(), widgets.HTML(), widgets.HTML()
        hint = widgets.Label("Servers take uploads up to 10 MB; give the path of anything larger.")
        first = widgets.HBox([self.path, self.button], layout=widgets.Layout(flex_flow="row wrap"))
        second = widgets.HBox([self.upload, hint], layout=widgets.Layout(flex_flow="row wrap"))
        shown = [self.progress, self.status, self._picture, self._details]
        super().__init__([widgets.HTML(markup.STYLE), first, second, *shown])
        self.add_class("autopilot-explorer")
        self.status.value = markup.sentence("Nothing read yet.")
        self.button.on_click(self.read)
        self.upload.observe(self._take, names="value")

    def __repr__(self) -> str:
        return f"{markup.LIVE} choose an export by path or upload."

    def read(self, _button: object = None) -> None:
        """Open and read the path; errors are told, not raised."""
        self.button.disabled = True
        try:
            self._read(Path(self.path.value.strip()).expanduser())
        except (AnalysisError, OSError) as error:
            self.export = self.tables = None
            self._picture.value = self._details.value = ""
            self.progress.bar_style = "danger"
            self.status.value = markup.sentence(str(error))
        finally:
            self.button.disabled = False

    def _read(self, path: Path) -> None:
        self.progress.bar_style, self.progress.value = "", 0
        if not self.path.value.strip():
            raise NotAnExport("no path was given; type one or upload a file.")
        export = open_export(path)
        tables = read_tables(export, progress=self._move)
        self.progress.value, self.progress.bar_style = self.progress.max, "success"
        self.export, self.tables = export, tables
        view = show_coverage(tables)
        png = view.picture()
        self.status.value = markup.sentence(view.sentence)
        self._picture.value = markup.picture(png, view.alt) if png else ""
        self._details.value = "".join(markup.table(caption, frame) for caption, frame in view.frames)
        if self._then is not None:
            self._then(tables)

    def _move(self, done: int, members: int, member: str) -> None:
        self.progress.max, self.progress.value = max(members, 1), done
        self.status.value = markup.sentence(f"reading {done + 1:,} of {members:,}: {member}")

    def _take(self, change: Mapping[str, Any]) -> None:
        """Put an uploaded file into a folder of its own, under a harmless name, and read it."""
        if not change["new"]:
            return
        file = change["new"][0]
        if self._uploaded is not None:
            self._uploaded.cleanup()
        self._uploaded = TemporaryDirectory(ignore_cleanup_errors=True)
        place = Path(self._uploaded.name) / plain_file_name(str(file["name"]))
        place.write_bytes(bytes(file["content"]))
        self.upload.value = ()
        self.path.value = str(place)
        self.read()


def pick_export(path: str = "", *, then: Callable[[Tables], None] | None = None) -> Picker:
    """Return a picker of exports: path or upload, progress while it reads, then what was there to be read.

    Args:
        path: What the path field holds at first; nothing is read until asked.
        then: Called with the tables each time an export was read.

    Returns:
        A widget; `tables` is what was read last, None before and after a failure.

    Example:
        >>> picker = pick_export("mdm-diagnostics.cab")  # doctest: +SKIP
    """
    return Picker(path, then)


def show_coverage(tables: Tables) -> View:
    """Return what was there to be read: how much, from whom, each source's coverage, and every gap."""
    counts = (
        markup.showing(frame.height, frame.height, things)
        for frame, things in ((tables.devices, "devices"), (tables.members, "members"), (tables.gaps, "gaps"))
    )
    status = (
        f"Read: {', '.join(counts)}, {tables.events.height:,} events, {tables.log_lines.height:,} log lines."
    )
    states = tables.coverage.group_by("presence", maintain_order=True).len().sort("presence")
    alt = "Coverage of sources: " + ", ".join(
        f"{n} {state.replace('_', ' ')}" for state, n in states.iter_rows()
    )
    gaps = tables.gaps.drop("device")
    return View(status, partial(draw_coverage, tables.coverage), alt, (("What could not be read", gaps),))


def plain_file_name(name: str) -> str:
    """Return the last part of an uploaded file's name, of letters, digits, dots and dashes only."""
    last = name.replace("\\", "/").rpartition("/")[2][-120:]
    kept = "".join(c if c.isalnum() or c in ".-_ " else "-" for c in last).strip(". -")
    return kept or "export"
