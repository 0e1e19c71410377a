"""The version is that of what is installed, and a checkout says that it is one."""

from importlib.metadata import PackageNotFoundError

from autopilot_analysis import release


def test_the_installed_version_is_told(monkeypatch):
    monkeypatch.setattr(release, "version", {"autopilot-analysis": "1.2.3"}.__getitem__)
    assert release.read_version() == "1.2.3"


def test_a_checkout_that_was_never_installed_has_no_number(monkeypatch):
    def missing(name):
        raise PackageNotFoundError(name)

    monkeypatch.setattr(release, "version", missing)
    assert release.read_version() == release.NOT_INSTALLED
