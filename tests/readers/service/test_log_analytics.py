import json

from autopilot_analysis.readers.service.log_analytics import read_log_analytics


def record(operation="Enrollment", result="Fail", **properties):
    told = {"IntuneDeviceId": "id-1", "EnrollmentTimeUTC": "2026-05-01T09:59:00Z"} | properties
    return {
        "TimeGenerated": "2026-05-01T10:00:00Z", "Category": "OperationalLogs", "OperationName": operation,
        "Properties": json.dumps(told),
        "Result": result, "TenantId": "t", "Type": "IntuneOperationalLogs",
    }  # fmt: skip


def lines(*records):
    return "\n".join(map(json.dumps, records)).encode()


def test_enrolments_become_deployments_that_prove_enrolment_only():
    reading = read_log_analytics(
        lines(record(FailureCategory="Authentication"), record("Compliance"), record(result="Success"))
    )
    columns = ["device", "origin", "outcome", "failed_stage", "failure_text", "flags"]
    assert reading.rows["deployments"].select(columns).rows() == [
        ("id-1", "log_analytics", "failed", "mdm_enrollment", "Authentication",
         "enrollment_only,failed_first_try_frozen"),
        ("id-1", "log_analytics", "succeeded", None, None, "enrollment_only"),
    ]  # fmt: skip
    assert [(gap.reason, gap.count) for gap in reading.unread] == [
        ("records of other operations than enrolment were left out", 1)
    ]


def test_properties_that_are_no_json_leave_unknowns_not_errors():
    broken = record() | {"Properties": "{not json"}
    deployments = read_log_analytics(lines(broken, record())).rows["deployments"]
    assert deployments["device"][0].startswith("unknown-")
    assert deployments["device"][1] == "id-1"


def test_of_the_daily_inventory_the_newest_row_of_a_device_is_kept():
    header = "TimeGenerated,DeviceId,DeviceName,Manufacturer,Model,OSVersion,SerialNumber,ReferenceId\n"
    old = "2026-05-01T00:00:00Z,id-1,OLD,Fenwick,Slate 13,10.0.22631.1000,SN-0001,e\n"
    new = "2026-05-02T00:00:00Z,id-1,NEW,Fenwick,Slate 13,10.0.22631.2000,SN-0001,e\n"
    identities = read_log_analytics((header + new + old).encode()).rows["identities"]
    assert identities.select("name", "build").rows() == [("NEW", "22631.2000")]


def test_audit_records_are_candidate_causes():
    change = {
        "TimeGenerated": "2026-05-01T10:00:00Z", "Category": "AuditLogs", "OperationName": "Patch profile",
        "Identity": "admin@example.com", "Properties": "{}", "ResultDescription": "Success",
    }  # fmt: skip
    row = read_log_analytics(lines(change)).rows["audit_changes"].row(0, named=True)
    assert (row["operation"], row["identity"]) == ("Patch profile", "admin@example.com")


def test_the_answer_of_a_query_with_columns_and_rows_is_read():
    first = record()
    table = {
        "name": "PrimaryResult",
        "columns": [{"name": name} for name in first],
        "rows": [list(first.values())],
    }
    assert read_log_analytics(json.dumps({"tables": [table]}).encode()).rows["deployments"].height == 1


def test_records_that_a_diagnostic_setting_sent_to_storage_are_read():
    sent = {
        "time": "2026-05-01T10:00:00Z", "tenantId": "t", "category": "OperationalLogs",
        "operationName": "Enrollment",
        "properties": {"IntuneDeviceId": "id-1", "FailureCategory": "Authorization",
                       "EnrollmentTimeUTC": "2026-05-01T09:59:00Z"},
    }  # fmt: skip
    change = {
        "time": "2026-05-01T10:00:00Z", "tenantId": "t", "category": "AuditLogs",
        "identity": "admin@example.com", "operationName": "Patch profile", "resultType": "Success",
        "properties": {"TargetDisplayNames": ["Kiosk"]},
    }  # fmt: skip
    reading = read_log_analytics(lines(sent, change))
    assert reading.rows["deployments"].select("device", "outcome", "failed_stage").rows() == [
        ("id-1", "failed", "mdm_enrollment")
    ]
    assert reading.rows["audit_changes"]["operation"].to_list() == ["Patch profile"]
    assert reading.unread == ()
