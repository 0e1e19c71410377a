"""Entra's log of sign-ins and its audit log, in each form in which they are handed out."""

from __future__ import annotations

import json

import polars as pl
import pytest

from autopilot_analysis.errors import NotThisFormat
from autopilot_analysis.readers.service.graph_pages import read_graph_json
from autopilot_analysis.readers.service.report_csv import read_report_csv
from autopilot_analysis.readers.service.sign_ins import refusing_policies, sign_in_codes
from autopilot_analysis.tables import SignIn

ENROLLMENT = "Microsoft Intune Enrollment"
SIGN_IN = {
    "id": "i", "createdDateTime": "2026-05-05T09:03:00Z", "userPrincipalName": "u@example.com",
    "appId": "d4ebce55-015a-49b5-a083-c84d1797ae8c", "appDisplayName": ENROLLMENT, "clientAppUsed": "Browser",
    "conditionalAccessStatus": "failure", "status": {"errorCode": 53003, "failureReason": "Blocked."},
    "deviceDetail": {"deviceId": "", "displayName": "PC-1", "operatingSystem": "Windows10"},
    "appliedConditionalAccessPolicies": [
        {"displayName": "Compliant device", "result": "failure"}, {"displayName": "MFA", "result": "success"},
    ],
}  # fmt: skip


def table(*rows):
    return "".join(",".join(f'"{cell}"' for cell in row) + "\r\n" for row in rows).encode()


HEADERS = {
    "en": ("Date (UTC)", "Username", "Application", "Status", "Sign-in error code", "Failure reason"),
    "es": ("Fecha (UTC)", "Nombre de usuario", "Aplicación", "Estado", "Código de error de inicio de sesión",
           "Motivo del error"),
    "it": ("Data (UTC)", "Nome utente", "Applicazione", "Stato", "Codice errore di accesso",
           "Motivo dell'errore"),
    "de": ("Datum (UTC)", "Benutzername", "Anwendung", "Status", "Anmeldefehlercode", "Fehlerursache"),
}  # fmt: skip


@pytest.mark.parametrize("language", HEADERS)
@pytest.mark.parametrize("more", [0, 40])
def test_the_download_of_the_portal_is_read_in_several_languages_whatever_else_it_holds(language, more):
    header = (*HEADERS[language], *(f"Spalte {place}" for place in range(more)))
    rows = [
        ("2026-05-05T09:03:00Z", "u@example.com", ENROLLMENT, "Failure", "53003", "Blocked", *[""] * more),
        ("2026-05-05T09:04:00Z", "u@example.com", ENROLLMENT, "Success", "None", "Other.", *[""] * more),
    ]
    read = read_report_csv(table(header, *rows)).rows["sign_ins"]
    SignIn.validate(read)
    assert read.select("user", "app", "code").rows() == [
        ("u@example.com", ENROLLMENT, "AADSTS53003"), ("u@example.com", ENROLLMENT, None),
    ]  # fmt: skip
    assert read["at"].is_sorted()


def test_a_page_of_graph_names_the_policy_that_refused():
    read = read_graph_json(json.dumps({"value": [SIGN_IN]}).encode()).rows["sign_ins"]
    names = ["device", "app", "app_id", "code", "conditional_access", "policy", "os"]
    assert read.select(names).row(0) == (
        "PC-1", ENROLLMENT, SIGN_IN["appId"], "AADSTS53003", "failure", "Compliant device", "Windows10",
    )  # fmt: skip


def test_what_a_diagnostic_setting_sends_is_what_graph_gives():
    sent = {
        "time": "2026-05-05T09:03:00Z",
        "category": "SignInLogs",
        "resultType": "53003",
        "properties": SIGN_IN,
    }
    read = read_graph_json(json.dumps(sent).encode()).rows["sign_ins"]
    assert read.select("code", "policy").row(0) == ("AADSTS53003", "Compliant device")


LOG = ("TenantId", "TimeGenerated", "OperationName", "Category", "ResultType", "AppDisplayName", "Type")


@pytest.mark.parametrize("kind", ["SigninLogs", "AADNonInteractiveUserSignInLogs"])
def test_the_cell_type_tells_a_table_of_log_analytics_before_its_columns_do(kind):
    row = ("t", "2026-05-05T09:03:00Z", "Sign-in activity", "SignInLogs", "53003", ENROLLMENT, kind)
    assert read_report_csv(table(LOG, row)).rows["sign_ins"]["code"].to_list() == ["AADSTS53003"]


def test_a_table_of_log_analytics_that_is_not_read_is_no_other_and_is_named():
    row = ("t", "2026-05-05T09:03:00Z", "User Risk Detection", "RiskyUsers", "", "", "AADRiskyUsers")
    with pytest.raises(NotThisFormat, match="of the table AADRiskyUsers of Log Analytics"):
        read_report_csv(table(LOG, row))
    objects = {"tables": [{"columns": [{"name": name} for name in LOG], "rows": [row]}]}
    read = read_graph_json(json.dumps(objects).encode())
    assert set(read.rows) == {"properties"}
    assert read.unread[0].reason.startswith("objects of no kind known here, with TenantId, TimeGenerated")


AUDIT = {
    "id": "a", "category": "Policy", "result": "success", "activityDisplayName": "Update policy",
    "activityDateTime": "2026-05-05T08:41:00Z", "loggedByService": "Conditional Access",
    "initiatedBy": {"user": {"userPrincipalName": "admin@example.com"}},
    "targetResources": [{"displayName": "Compliant device", "type": "Policy"}],
}  # fmt: skip


@pytest.mark.parametrize("sent", [False, True])
def test_entra_s_audit_log_is_no_list_of_intune_s_though_their_category_has_one_name(sent):
    row = {"time": "2026-05-05T08:41:00Z", "category": "AuditLogs", "properties": AUDIT} if sent else AUDIT
    (found,) = read_graph_json(json.dumps([row]).encode()).rows["audit_changes"].to_dicts()
    assert (found["operation"], found["category"], found["identity"]) == (
        "Update policy", "Policy", "admin@example.com",
    )  # fmt: skip


def test_the_download_of_the_audit_log_names_what_was_changed():
    header = ("Date (UTC)", "CorrelationId", "Service", "Category", "Activity", "Result",
              "ActorUserPrincipalName", "Target1DisplayName")  # fmt: skip
    row = ("2026-05-05T08:41:00Z", "c", "Conditional Access", "Policy", "Update policy", "success",
           "admin@example.com", "Compliant device")  # fmt: skip
    (found,) = read_report_csv(table(header, row)).rows["audit_changes"].to_dicts()
    assert (found["operation"], found["target"]) == ("Update policy", "Compliant device")


def test_a_code_is_a_number_of_four_digits_or_more_and_zero_is_none():
    spelt = pl.Series(["53003", "AADSTS50105", "0", "None", None, "Success", "12"])
    assert sign_in_codes(spelt).to_list() == ["AADSTS53003", "AADSTS50105", *[None] * 5]


def test_a_list_of_policies_that_cannot_be_read_names_none():
    texts = pl.Series(["[", "{}", '["x"]', '[{"id": "p", "result": "Failure"}]', None])
    assert refusing_policies(texts).to_list() == [None, None, None, "p", None]
