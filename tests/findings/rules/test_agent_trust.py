"""Whose certificate the Intune agent does not trust, and why."""

import pytest
from findings.rule_worlds import distrusted

from autopilot_analysis.findings import find

ROOT, FOREIGN, PLAIN = "AGENT-ROOT-MISSING", "AGENT-TLS-FOREIGN", "AGENT-TLS-REFUSED"
PUBLIC = 'CN=Example TLS CA1, O="DigiCert, Inc", C=US'
PROXY = "CN=Contoso Proxy CA, O=Contoso Ltd, C=US"
KEY = r"HKEY_LOCAL_MACHINE\SOFTWARE\Policies\Microsoft\SystemCertificates\AuthRoot"
OFF, ON = [(KEY, "DisableRootAutoUpdate", "1")], [(KEY, "DisableRootAutoUpdate", "0")]
NAME = "RemoteCertificateNameMismatch"


def rules(world, lines, **more):
    found = find(*world(lines=lines, **more)).findings
    return [name for name in found["rule"] if name in (ROOT, FOREIGN, PLAIN)]


@pytest.mark.parametrize(
    ("issuer", "errors", "registry", "rule"),
    [
        (PUBLIC, None, [], ROOT),
        (PUBLIC, None, OFF, ROOT),
        ("CN=GlobalSign RSA OV SSL CA 2018", None, [], FOREIGN),
        ("CN=x, O=GlobalSign nv-sa", None, [], ROOT),
        ("", None, OFF, ROOT),
        ("", None, ON, PLAIN),
        ("", None, [], PLAIN),
        (PROXY, None, [], FOREIGN),
        (PROXY, None, OFF, FOREIGN),
        (PUBLIC, NAME, [], FOREIGN),
        ("", NAME, [], FOREIGN),
        (PROXY, "RemoteCertificateChainErrors, chain status: NotTimeValid", [], PLAIN),
    ],
)
def test_issuer_and_chain_tell_a_missing_root_from_somebody_between(world, issuer, errors, registry, rule):
    lines = distrusted(issuer, errors) if errors else distrusted(issuer)
    assert rules(world, lines, registry=registry) == [rule]


@pytest.mark.parametrize(
    ("registry", "item"),
    [
        ([], "cdn.example.com, certificate by DigiCert"),
        (OFF, "cdn.example.com, certificate by DigiCert, the policy DisableRootAutoUpdate is set"),
    ],
)
def test_host_issuer_and_policy_are_named(proofs, registry, item):
    rows = proofs(ROOT, lines=distrusted("CN=x, O=DigiCert Inc"), registry=registry)
    assert {name.replace("DigiCert Inc", "DigiCert") for name in rows["item"]} == {item}


def test_schannel_says_it_beside_the_agent(proofs):
    rows = proofs(
        ROOT, lines=distrusted(PUBLIC), events=[("tls:36882", {}, minute, None) for minute in (1, 2)]
    )
    assert rows["member"].to_list() == ["agent.log", "export.evtx"]


def test_it_explains_content_that_did_not_come_and_no_failing_installer(world):
    def app(name, **more):
        return {"item": name, "name": name, "outcome": "failed", "blocking": True} | more

    given = {
        "attempts": [("failed", "device_setup", "user_driven", 0, 60, "0x87D30068")],
        "runs": [(1, "device_setup", "failed", 10, 60, "0x87D30068", "esp_apps_failed")],
        "marks": [("esp_apps_failed", "device_setup", 60, "0x87D30068", "{}")],
        "installs": [app("a", code="0x87D30068"), app("b", code="0x80070643", exit_code=1603)],
    }
    found = find(*world(lines=distrusted(PUBLIC), **given)).findings
    assert set(found.filter(found["role"] == "cause")["rule"]) == {ROOT, "ESP-APP-FAILED"}
