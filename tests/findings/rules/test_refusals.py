"""What a service refused in its own words counts only where the attempt failed on it."""

import pytest

FIRST_SYNC = r"HKEY_LOCAL_MACHINE\software\microsoft\enrollments\0000\FirstSync"
FINISHED = {"uri": "./Vendor/MSFT/DMClient/Provider/x/FirstSyncStatus/ServerHasFinishedProvisioning"}


@pytest.mark.parametrize(("stage", "found"), [("account_setup", 2), ("device_setup", 2), ("entra_join", 0)])
def test_the_servers_word_that_it_has_finished_was_refused_in_the_status_page(proofs, failure, stage, found):
    rows = proofs(
        "PROVISIONING-END-REFUSED",
        **failure(stage),
        events=[("dm:404", FINISHED, 30, "0x86000002")],
        registry=[(FIRST_SYNC, "ServerHasFinishedProvisioning", "0")],
    )
    assert rows["code"].to_list() == ["0x86000002"] * found


def test_another_command_that_was_refused_is_not_the_end_of_provisioning(proofs, failure):
    events = [("dm:404", {"uri": "./Vendor/MSFT/Policy"}, 30, "0x86000002")]
    assert proofs("PROVISIONING-END-REFUSED", **failure("device_setup"), events=events).is_empty()
