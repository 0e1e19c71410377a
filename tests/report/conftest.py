"""Pages of shipped notebooks about shipped exports, for every test that reads one."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from autopilot_analysis.report import run, write_report

DATA = Path(__file__).parents[2] / "data"


def refuse(*_, **__):
    raise AssertionError("the other way of running was taken")


@pytest.fixture(scope="session")
def page_of(tmp_path_factory):
    """Return the page of a notebook about an export, written once in a run of the tests.

    Workers share the folder; two that ask at once both write, the same bytes, and a page is put whole. None
    may take a kernel.
    """
    base = tmp_path_factory.getbasetemp()
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "pages"
    folder.mkdir(exist_ok=True)

    def page(name, export):
        out = folder / f"{name}-{export}.html"
        if not out.exists():
            with pytest.MonkeyPatch.context() as patched:
                patched.setattr(run, "run_notebook", refuse)
                write_report(name, export=DATA / export, out=out, overwrite=True)
        return out.read_text("utf-8")

    return page
