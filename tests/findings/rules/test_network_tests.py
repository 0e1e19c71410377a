"""What tests of the network say that somebody ran by hand."""

import pytest

NAME, TCP, TLS, PING = "NameResolutionSucceeded", "TcpTestSucceeded", "TlsSucceeded", "PingSucceeded"
SERVICE = "Autopilot deployment service"
RULES = {"NETWORK-TEST-FAILED", "NETWORK-TEST-OTHER", "NETWORK-TEST-PORT", "NETWORK-TEST-TRUST"}


def told(host, test, value="False"):
    return (test, value, "tests.txt", f"Network test {host}")


@pytest.mark.parametrize(
    ("host", "test", "rule", "item"),
    [
        (
            "ztd.dds.microsoft.com 443",
            TCP,
            "NETWORK-TEST-FAILED",
            f"ztd.dds.microsoft.com ({SERVICE}, port 443 not reached)",
        ),
        (
            "CS.dds.microsoft.com",
            NAME,
            "NETWORK-TEST-FAILED",
            f"cs.dds.microsoft.com ({SERVICE}, name not resolved)",
        ),
        (
            "a.b.manage.microsoft.com",
            TLS,
            "NETWORK-TEST-FAILED",
            "a.b.manage.microsoft.com (Intune core, certificate not trusted, or handshake failed)",
        ),
        (
            "a.b.manage.microsoft.com",
            NAME,
            "NETWORK-TEST-OTHER",
            "a.b.manage.microsoft.com (name not resolved)",
        ),
        ("app.example.com 8080", TCP, "NETWORK-TEST-PORT", "app.example.com (port 8080 not reached)"),
        ("app.example.com", TCP, "NETWORK-TEST-PORT", "app.example.com (port not reached)"),
        (
            "app.example.com 443",
            TLS,
            "NETWORK-TEST-TRUST",
            "app.example.com (certificate not trusted, or handshake failed)",
        ),
    ],
)
def test_a_host_that_was_not_reached_is_named_with_what_it_is_needed_for(proofs, host, test, rule, item):
    assert proofs(rule, properties=[told(host, test)])["item"].to_list() == [item]
    for other in RULES - {rule}:
        assert proofs(other, properties=[told(host, test)]).is_empty()


@pytest.mark.parametrize(
    "tests",
    [
        [told("ztd.dds.microsoft.com", PING)],
        [told("ztd.dds.microsoft.com 443", TCP, "True")],
        [told("ztd.dds.microsoft.com 443", TCP), told("ztd.dds.microsoft.com 443", TCP, "True")],
    ],
)
def test_a_host_that_was_reached_in_the_end_or_answers_no_ping_is_not_named(proofs, tests):
    assert proofs("NETWORK-TEST-FAILED", properties=tests).is_empty()


def test_a_name_that_is_not_resolved_is_why_its_port_is_not_reached(proofs):
    tests = [told("login.live.com", NAME), told("login.live.com 443", TCP)]
    rows = proofs("NETWORK-TEST-FAILED", properties=tests)
    assert rows["item"].to_list() == ["login.live.com (Autopilot deployment service, name not resolved)"]


def test_it_weighs_less_where_a_deployment_went_well(proofs):
    for outcome, severity in (("succeeded", "info"), ("failed", None)):
        attempts = [(outcome, None, "user_driven", 0, 60, None)]
        rows = proofs("NETWORK-TEST-FAILED", properties=[told("login.live.com", NAME)], attempts=attempts)
        assert rows["severity"].to_list() == [severity]


def test_the_address_of_a_host_that_was_tested_by_its_name_is_no_other_host(proofs):
    tests = [
        told("192.0.2.7 443", TCP, "False (WARNING: TCP connect to (192.0.2.7 : 443) failed)"),
        ("RemoteAddress", "192.0.2.7", "tests.txt", "Network test login.live.com 443"),
        told("login.live.com 443", TCP),
    ]
    assert proofs("NETWORK-TEST-PORT", properties=tests).is_empty()
    assert proofs("NETWORK-TEST-FAILED", properties=tests).height == 1
    by_address = [("RemoteAddress", "192.0.2.7", "tests.txt", "Network test 192.0.2.7 443"), tests[0]]
    assert proofs("NETWORK-TEST-PORT", properties=by_address).height == 1


def test_each_port_of_a_host_is_named_and_whether_the_host_answers(proofs):
    tests = [
        told("198.51.100.9 9001", TCP),
        told("198.51.100.9 9001", PING, "True"),
        told("198.51.100.9 9002", TCP),
    ]
    assert proofs("NETWORK-TEST-PORT", properties=tests)["item"].to_list() == [
        "198.51.100.9 (port 9001 not reached, while the host answers)",
        "198.51.100.9 (port 9002 not reached, while the host answers)",
    ]


@pytest.mark.parametrize(
    ("beside", "words"),
    [
        (told("198.51.100.9 22", TCP, "True"), ", while the host answers"),
        (told("198.51.100.8 22", TCP, "True"), ""),
        (told("198.51.100.9", PING, "False"), ""),
        (told("198.51.100.9", NAME, "True"), ""),
    ],
)
def test_only_a_test_of_the_same_host_that_went_well_shows_that_it_answers(proofs, beside, words):
    rows = proofs("NETWORK-TEST-PORT", properties=[told("198.51.100.9 9001", TCP), beside])
    assert rows["item"].to_list() == [f"198.51.100.9 (port 9001 not reached{words})"]


def shown(host, issuer):
    return ("TlsIssuer", issuer, "tests.txt", f"Network test {host}")


@pytest.mark.parametrize(
    ("host", "issuer", "item"),
    [
        (
            "ztd.dds.microsoft.com",
            "CN=Zscaler Intermediate Root CA (zscalertwo.net) (t), O=Zscaler Inc., C=US",
            f"Zscaler shows its own certificate for ztd.dds.microsoft.com ({SERVICE})",
        ),
        (
            "*.dds.microsoft.com",
            "CN=FG100F0000000000, OU=Certificate Authority, O=Fortinet, L=Sunnyvale",
            f"Fortinet shows its own certificate for *.dds.microsoft.com ({SERVICE})",
        ),
        (
            "a.b.manage.microsoft.com 443",
            "C = US, O = Netskope Inc, CN = ca.example.goskope.com",
            "Netskope shows its own certificate for a.b.manage.microsoft.com (Intune core)",
        ),
        (
            "*.manage.microsoft.com",
            "CN=Decryption CA, OU=PaloAlto, O=Example",
            "Palo Alto Networks shows its own certificate for *.manage.microsoft.com (Intune core)",
        ),
        ("ztd.dds.microsoft.com", "CN=Microsoft Azure RSA TLS Issuing CA 07, O=Microsoft Corporation", None),
        ("ztd.dds.microsoft.com", "CN=DigiCert Global G2 TLS RSA SHA256 2020 CA1, O=DigiCert Inc", None),
        ("app.example.com", "O=Zscaler Inc., C=US", None),
        ("", "O=Zscaler Inc., C=US", None),
    ],
)
def test_an_inspecting_proxy_is_known_by_the_issuer_that_it_shows_for_a_needed_host(
    proofs, host, issuer, item
):
    rows = proofs("NETWORK-TEST-INSPECTED", properties=[shown(host, issuer)])
    assert rows["item"].to_list() == ([] if item is None else [item])


def test_inspection_weighs_more_where_it_was_refused_and_less_where_a_deployment_went_well(proofs):
    issuer, host = "O=Zscaler Inc.", "login.live.com"
    refused = [told(host, TLS), shown(host, issuer)]
    well = [("succeeded", None, "user_driven", 0, 60, None)]
    for given, attempts, severity in (
        ([shown(host, issuer)], [], "warning"),
        (refused, [], "high"),
        (refused, well, "info"),
        ([shown("ztd.dds.microsoft.com", issuer), told(host, TLS)], [], "warning"),
    ):
        rows = proofs("NETWORK-TEST-INSPECTED", properties=given, attempts=attempts)
        assert rows["severity"].to_list() == [severity]


def test_the_certificate_that_was_shown_last_counts(proofs):
    tests = [shown("login.live.com", "O=Zscaler Inc."), shown("login.live.com", "O=Microsoft Corporation")]
    assert proofs("NETWORK-TEST-INSPECTED", properties=tests).is_empty()
