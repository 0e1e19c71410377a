"""Subjects and thumbprints: whose a certificate is."""

import pytest

from autopilot_analysis.privacy.shapes.certificates import READERS

GUID = "1f0c6d52-8b1e-4c55-9d0e-5a6b7c8d9e0f"


@pytest.mark.parametrize(
    ("subject", "named"),
    [
        ("CN=front7, OU=Desks, O=Quill Ltd", ["front7", "Desks", "Quill Ltd"]),
        ('CN="Quill, Zora", L=Springfield, C=US', ["Quill, Zora"]),
        (f"CN={{{GUID}}}, O=Microsoft Corporation, L=Redmond", [GUID]),
        ("CN=Quill Root CA, DC=com, DC=quillworks", ["quillworks"]),
        ("CN=ab", []),
    ],
)
def test_a_subject_names_whom_it_belongs_to_and_no_place_or_authority(subject, named):
    assert list(READERS["subject"](subject)) == [("certificate", name) for name in named]


@pytest.mark.parametrize(
    ("issuer", "own"),
    [
        ("Quill Ltd Issuing", True),
        ("Microsoft Intune MDM Device CA", True),
        ("Microsoft Root Authority", False),
    ],
)
def test_a_thumbprint_is_somebodys_unless_a_public_authority_issued_it_to_all(issuer, own):
    match = f"CN=x:{issuer}|1/1/2026|1/1/2027|{'0C' * 20}"
    assert list(READERS["embedded"](match)) == ([("certificate", "0C" * 20)] if own else [])
