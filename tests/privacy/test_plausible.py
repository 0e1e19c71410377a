from __future__ import annotations

import pytest

from autopilot_analysis.privacy.plausible import identifiers_in


@pytest.mark.parametrize(
    ("kind", "value", "found"),
    [
        ("host", "QUILL-07", [("host", "QUILL-07")]),
        ("host", "qsrv.quillon.example:8080", [("host", "qsrv.quillon.example")]),
        ("host", "0x1c41b22c160", []),
        ("host", "0000021FA122B440", []),
        ("host", "HarddiskVolume3", []),
        ("host", "{3299e96b-5473-7451-9e28-dc0b7fbe089c}", []),
        ("host", "High Definition Audio Device", []),
        ("host", "192.0.2.7", [("ip", "192.0.2.7")]),
        ("machine", "QUILL-07", [("host", "QUILL-07")]),
        ("machine", "INCLUSIVE", []),
        ("id", "3299e96b-5473-7451-9e28-dc0b7fbe089c", [("id", "3299e96b-5473-7451-9e28-dc0b7fbe089c")]),
        ("id", "4d36e972-e325-11ce-bfc1-08002be10318", []),
        ("id", r"PCI\VEN_15AD&DEV_0405", []),
        ("key", "9NBLGGH4QGHW", []),
        ("key", "8HVX7", [("key", "8HVX7")]),
        ("user", "CN=Zora Quillon,OU=Site,C=DE", [("user", "Zora Quillon"), ("user", "Site")]),
        ("user", "$env:USERNAME", []),
        ("address", "0x0A1B9C3D5E7F", [("mac", "0A1B9C3D5E7F")]),
        ("address", "255.255.255.0", []),
        ("certificate", "MY;System;AA", []),
    ],
)
def test_a_label_is_believed_only_when_its_value_can_be_that(kind, value, found):
    assert list(identifiers_in(kind, value)) == found
