"""A LocURI tells the kind of an item, its id and whose it is."""

import polars as pl
import pytest

from autopilot_analysis.trace.installs.locuris import item_of, kind_of, phase_of

CODE = "%7BAAAAAAAA-2222-4333-8444-555555555555%7D"
MSI = f"./Device/Vendor/MSFT/EnterpriseDesktopAppManagement/MSI/{CODE}/DownloadInstall"
STORE = "./User/Vendor/MSFT/EnterpriseModernAppManagement/AppManagement/AppStore"
APPX = f"{STORE}/Contoso.Viewer_8wekyb3d8bbwe/Name"
SCEP = "./Device/Vendor/MSFT/ClientCertificateInstall/SCEP/One/Install/Enroll"
OFFICE = "./Device/Vendor/MSFT/Office/Installation/BBBBBBBB-2222-4333-8444-555555555555/Install"
PACKAGES = "./User/Vendor/MSFT/EnterpriseDesktopAppManagement/MSI"
UPGRADE = f"./Vendor/MSFT/EnterpriseDesktopAppManagement/MSI/UpgradeCode/{CODE}"
POLICY = "./Vendor/MSFT/Policy/Config/Browser/AllowCookies"


@pytest.mark.parametrize(
    ("uri", "kind", "item", "phase"),
    [
        (MSI, "msi", "{aaaaaaaa-2222-4333-8444-555555555555}", "device"),
        (APPX, "modern", "Contoso.Viewer_8wekyb3d8bbwe", "account"),
        (SCEP, "certificate", "./Device/Vendor/MSFT/ClientCertificateInstall/SCEP/One", "device"),
        (OFFICE, "office", "bbbbbbbb-2222-4333-8444-555555555555", "device"),
        (POLICY, "policy", POLICY, None),
        (PACKAGES, "policy", PACKAGES, "account"),
        (UPGRADE, "policy", UPGRADE, None),
        (STORE, "policy", STORE, "account"),
        ("./Vendor/MSFT/EnterpriseModernAppManagement/AppManagement/UpdateScan", "policy", None, None),
        ("./Device/Vendor/MSFT/Office/Installation", "policy", None, "device"),
        ("./Device/Vendor/MSFT/WiFi/Profile/Guests/WlanXml", "network", None, "device"),
    ],
)
def test_a_locuri_is_taken_apart(uri, kind, item, phase):
    told = pl.DataFrame({"uri": [uri]}).select(
        kind=kind_of(pl.col("uri")), item=item_of(pl.col("uri")), phase=phase_of(pl.col("uri"))
    )
    assert told.row(0) == (kind, item or uri, phase)
