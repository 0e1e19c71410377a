"""Identifiers are learned from columns, labels and shapes; what names nobody is not among them."""

from autopilot_analysis.privacy.discover import find_identifiers

NAMED = {
    "signed in as ann.example@contoso.example.com": ("ann.example@contoso.example.com", "user"),
    "user S-1-5-21-11-22-33-1001 logged on": ("S-1-5-21-11-22-33-1001", "sid"),
    r"C:\Users\bob.example\AppData": ("bob.example", "user"),
    "address 192.0.2.17 was given": ("192.0.2.17", "ip"),
    "adapter 02-00-5E-10-00-01": ("02-00-5E-10-00-01", "mac"),
    "SerialNumber: SN-000123": ("SN-000123", "serial"),
    "https://vpn.example.com:8443/login": ("vpn.example.com", "host"),
    r"[Win32App] source \\files07\deploy$\a.msi": ("files07", "host"),
}
NOBODY = [
    "listening on 127.0.0.1", "mask 255.255.255.0", "as S-1-5-18", "https://login.microsoftonline.com/common",
    "version 10.0.22631.4037", "SerialNumber: Default string",
    "https://raw.githubusercontent.com/x",
    "user 'S-1-5-18'", r"C:\Users\ADMINI~1\x", "/users/{userId}/orders",
    r"[Setup] C:\Windows\inf",
]  # fmt: skip


def test_an_identifier_is_known_by_its_label_or_its_shape_and_what_names_nobody_is_none(rows):
    lines = rows("log_lines", *({"device": "unknown", "message": text} for text in [*NAMED, *NOBODY]))
    devices = rows("devices", {"device": "1234", "serial": "1234", "name": "FRONTDESK"})
    found = find_identifiers({"log_lines": lines, "devices": devices})
    beside = {"1234": "device", "FRONTDESK": "host"}  # a column of its own: certain, whatever it looks like
    parts = {"ann.example": "user", "ann example": "user", "contoso.example.com": "tenant"}
    assert found == dict(NAMED.values()) | beside | parts | {"contoso": "tenant"}
