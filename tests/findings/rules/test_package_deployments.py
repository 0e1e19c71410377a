"""Packages that Windows did not install, and what its log says of it."""

import pytest

from autopilot_analysis.findings import find

FULL = "Contoso.FieldNotes_4.2.0.0_x64__8f3kq2m1zj0yr"
ENGLISH = (
    f"Windows cannot install package {FULL} because this package depends on a framework that could not be "
    'found. Provide the framework "Microsoft.WindowsAppRuntime.1.6" published by "CN=Example Corporation, '
    'O=Example", with neutral or x64 processor architecture and minimum version 6000.311.13.0, along with '
    'this package to install. The frameworks with name "Microsoft.WindowsAppRuntime.1.6" currently '
    "installed are: {}"
)
GERMAN = (
    f"Das Paket {FULL} kann nicht installiert werden, da es von einem Framework abhängig ist, das nicht "
    "gefunden wurde. Geben Sie das Framework „Microsoft.WindowsAppRuntime.1.6“ an, das von „CN=Example "
    "Corporation, O=Example“ veröffentlicht wurde, mit der Mindestversion 6000.311.13.0."
)
OTHER = f"Windows cannot install package {FULL} because the signer is not trusted."
NEEDED = "Contoso.FieldNotes 4.2.0.0 needs Microsoft.WindowsAppRuntime.1.6 6000.311.13.0 or newer"


def refused(text, code="0x80073CF3", minute=50):
    return ("appx:404", {"PackageFullName": FULL, "RenderedMessage": text}, minute, code)


def page(code="0x80073CF3"):
    return {
        "attempts": [("failed", "account_setup", "user_driven", 0, 60, code)],
        "runs": [(1, "account_setup", "failed", 10, 60, code, "esp_apps_failed")],
        "marks": [("esp_apps_failed", "account_setup", 60, code, "")],
    }


@pytest.mark.parametrize(
    ("story", "event", "found"),
    [
        (page(), refused(ENGLISH), ("APP-FRAMEWORK-MISSING", "critical", NEEDED)),
        (page(), refused(GERMAN), ("APP-FRAMEWORK-MISSING", "critical", NEEDED)),
        ({}, refused(ENGLISH), ("APP-FRAMEWORK-MISSING", "warning", NEEDED)),
        (page(), refused(OTHER), ("APP-PACKAGE-REFUSED", "critical", "Contoso.FieldNotes 4.2.0.0")),
        (
            page("0x800B0109"),
            refused(OTHER, "0x800B0109"),
            ("APP-PACKAGE-REFUSED", "critical", "Contoso.FieldNotes 4.2.0.0"),
        ),
        (page(), refused(ENGLISH, minute=0), ("APP-FRAMEWORK-MISSING", "critical", NEEDED)),
        (page(), refused(ENGLISH, minute=-1), None),
        (page(), refused(ENGLISH, minute=61), None),
        (page("0x87D1041C"), refused(ENGLISH), None),
        ({}, refused(OTHER), None),
        ({}, refused("Das Paket wird verwendet.", "0x80073D02"), None),
        (page(), refused(ENGLISH, "0x80073D02"), None),
    ],
)
def test_a_package_with_the_code_of_the_page_and_a_framework_by_its_name_are_told(
    proofs, story, event, found
):
    lacking = proofs("APP-FRAMEWORK-MISSING", **story, events=[event])
    other = proofs("APP-PACKAGE-REFUSED", **story, events=[event])
    rows = [("APP-FRAMEWORK-MISSING", *row) for row in lacking.select("severity", "item").rows()]
    rows += [("APP-PACKAGE-REFUSED", "critical", item) for item in other["item"]]
    assert rows == ([found] if found else [])


def test_the_package_explains_the_page_that_ended_at_its_apps(world):
    found = find(*world(**page(), events=[refused(ENGLISH)])).findings
    roles = dict(found.select("rule", "role").iter_rows())
    assert roles["APP-FRAMEWORK-MISSING"] == "cause"
    assert roles["ESP-APPS-FAILED"] == "consequence"


@pytest.mark.parametrize(("kind", "found"), [("winget", 0), ("win32", 0), ("modern", 1)])
def test_an_app_of_management_with_that_code_is_told_by_its_own_name(proofs, kind, found):
    tried = {"kind": kind, "outcome": "failed", "code": "0x80073CF3"}
    rows = proofs("APP-PACKAGE-REFUSED", **page(), events=[refused(OTHER)], installs=[tried])
    assert rows.height == found
