"""A page is printed by a browser that is there already, and nothing is half printed."""

from pathlib import Path

import pytest

from autopilot_analysis.errors import AnalysisError, BadInput, NothingToWrite
from autopilot_analysis.report import pdf


@pytest.fixture
def page(tmp_path):
    path = tmp_path / "page.html"
    path.write_text("<p>")
    return path


@pytest.fixture
def browser(monkeypatch):
    """A browser that prints what it is told to, or nothing."""

    def install(printed):
        monkeypatch.setattr(pdf, "find_browser", lambda: Path("/bin/browser"))
        monkeypatch.setattr(pdf, "_print", lambda *given: given[2].write_bytes(printed) if printed else None)

    return install


def test_the_pdf_lies_beside_its_page_under_its_name(page, browser):
    browser(b"%PDF")
    assert pdf.write_pdf(page) == page.with_suffix(".pdf")
    assert page.with_suffix(".pdf").read_bytes() == b"%PDF"


def test_a_pdf_that_is_there_stays_unless_asked(page, browser):
    browser(b"%PDF new")
    page.with_suffix(".pdf").write_bytes(b"old")
    with pytest.raises(NothingToWrite):
        pdf.write_pdf(page, page.with_suffix(".pdf"))
    assert pdf.write_pdf(page, page.with_suffix(".pdf"), overwrite=True).read_bytes() == b"%PDF new"


def test_a_browser_that_prints_nothing_and_none_at_all_say_how_to_print_by_hand(page, browser, monkeypatch):
    browser(b"")
    with pytest.raises(AnalysisError, match=r"did not print the page; open page\.html in any browser"):
        pdf.write_pdf(page)
    monkeypatch.setattr(pdf, "find_browser", lambda: None)
    with pytest.raises(AnalysisError, match="no Chromium, Chrome or Edge was found"):
        pdf.write_pdf(page)
    assert list(page.parent.iterdir()) == [page]


def test_a_page_that_is_no_file_is_refused(tmp_path):
    with pytest.raises(BadInput, match="write the page first"):
        pdf.write_pdf(tmp_path / "absent.html")
