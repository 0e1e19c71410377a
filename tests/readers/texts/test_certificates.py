"""Certificates as certutil prints them, in several languages."""

import pytest

from autopilot_analysis.errors import NotThisFormat
from autopilot_analysis.readers.texts.certificates import read_certificates

GERMAN = (
    "My\n================ Zertifikat 0 ================\nSeriennummer: 1a\nAussteller: CN=Example CA\n"
    " Nicht vor: 02.09.2025 08:11\n Nicht nach: 02.09.2026 08:11\nAntragsteller: CN=device\n"
    "================ Zertifikat 1 ================\nAussteller: CN=Other CA\n Nicht nach: 03.09.2027 08:11\n"
)


def test_each_certificate_has_its_issuer_and_its_end_in_every_language():
    rows = read_certificates(GERMAN.encode()).rows["properties"].select("section", "name", "value").rows()
    assert rows == [
        ("Stored certificate 1", "Issuer", "CN=Example CA"),
        ("Stored certificate 1", "NotBefore", "02.09.2025 08:11"),
        ("Stored certificate 1", "NotAfter", "02.09.2026 08:11"),
        ("Stored certificate 1", "Subject", "CN=device"),
        ("Stored certificate 2", "Issuer", "CN=Other CA"),
        ("Stored certificate 2", "NotAfter", "03.09.2027 08:11"),
    ]


def test_a_text_without_a_ruler_prints_no_certificate():
    with pytest.raises(NotThisFormat):
        read_certificates(b"Issuer: CN=Example CA\n NotAfter: 9/2/2026\n")


def test_an_empty_store_is_read_and_holds_nothing():
    text = 'My "Personal"\nCertUtil: -store command completed successfully.\n'
    assert read_certificates(text.encode()).rows == {}
