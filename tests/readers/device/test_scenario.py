from __future__ import annotations

from readers.device.device_rows import AUTOPILOT, value


def test_oobe_bits_for_attestation_and_device_token_mean_self_deploying(told):
    key = r"provisioning\Diagnostics\AutoPilot"
    assert told(values=[value(key, "CloudAssignedOobeConfig", str(28 + 96))])["scenario"] == "self_deploying"
    assert told(values=[value(key, "CloudAssignedOobeConfig", str(28 + 32))])["scenario"] is None


def test_a_cached_profile_and_the_status_page_without_enrolment_are_a_reset(told):
    cached = {"provider": AUTOPILOT, "channel": f"{AUTOPILOT}/Autopilot", "event_id": 163, "data": None}
    page = {
        "provider": "Microsoft-Windows-Shell-Core",
        "event_id": 62407,
        "data": '{"Name":"CommercialOOBE_ESPProgress_Page_Exiting"}',
    }
    join = {"provider": "Microsoft-Windows-User Device Registration", "event_id": 102, "data": None}
    assert told(events=[cached, page])["scenario"] == "autopilot_reset"
    assert told(events=[cached, page, join])["scenario"] is None
    assert told(events=[cached])["scenario"] is None


def test_a_blank_state_is_no_answer_where_the_download_failed(told):
    blank = {
        "provider": AUTOPILOT,
        "channel": f"{AUTOPILOT}/Autopilot",
        "event_id": 153,
        "data": '{"DwordLoader": "0", "UpdateState": "1"}',
    }
    lost = blank | {"event_id": 707, "data": '{"HRESULT": "0x80072F0D"}'}
    assert told(events=[blank])["scenario"] == "not_autopilot"
    assert told(events=[blank, lost])["scenario"] is None
