"""Certificates and network profiles that the status page waits for."""

from __future__ import annotations

import pytest


@pytest.mark.parametrize(
    ("code", "rule"),
    [
        ("0x800B0109", "ESP-CERTIFICATE-UNTRUSTED"),
        ("0x800B010A", "ESP-CERTIFICATE-UNTRUSTED"),
        ("0x800B0112", "ESP-CERTIFICATE-UNTRUSTED"),
        ("0x80070005", "ESP-CERTIFICATE-FAILED"),
        (None, "ESP-CERTIFICATE-FAILED"),
    ],
)
def test_a_certificate_without_a_trusted_root_is_another_cause_than_one_not_issued(
    proofs, failure, code, rule
):
    certificate = {"kind": "certificate", "outcome": "failed", "code": code, "exit_code": None}
    world = failure("device_setup") | {"installs": [certificate]}
    rules = ("ESP-CERTIFICATE-UNTRUSTED", "ESP-CERTIFICATE-FAILED")
    assert [name for name in rules if proofs(name, **world).height] == [rule]


@pytest.mark.parametrize(
    ("item", "name"),
    [
        ("./Vendor/MSFT/WiFi/Profile/Office", "Office"),
        ("./Vendor/MSFT/VPNv2/Head%3Doffice/ProfileXML", "Head=office"),
        ("Office", "Office"),
    ],
)
def test_a_network_profile_is_called_by_the_end_of_its_address(proofs, failure, item, name):
    profile = {"kind": "network", "outcome": "never_started", "item": item, "name": None, "exit_code": None}
    world = failure("device_setup", code="0x81036502") | {"installs": [profile]}
    assert proofs("ESP-NETWORK-LATE", **world)["item"].to_list() == [name]


@pytest.mark.parametrize(
    "item",
    [
        "ModelName=AC_1;Version=2",
        "ModelName_AC_1",
        "./User/Vendor/MSFT/ClientCertificateInstall/SCEP/ModelName%3DAC_1%3BVersion%3D2",
    ],
)
def test_a_certificate_is_called_by_its_profile_without_the_connector_s_own_words(proofs, failure, item):
    late = {"kind": "certificate", "outcome": "unfinished", "item": item, "name": None, "exit_code": None}
    world = failure("device_setup", code="0x81036502") | {"installs": [late]}
    assert proofs("ESP-CERTIFICATE-LATE", **world)["item"].to_list() == ["AC_1"]
