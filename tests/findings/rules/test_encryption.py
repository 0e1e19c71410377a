"""Drive encryption that Windows does not begin."""

import pytest


@pytest.mark.parametrize(
    ("later", "items"),
    [
        ([], ["event 853", "event 854"]),
        ([("bitlocker:768", {}, 30, None)], []),
        ([("bitlocker:768", {}, 15, None)], ["event 854"]),
        ([("bitlocker:845", {}, 30, None)], ["event 853", "event 854"]),
    ],
)
def test_only_what_was_tried_since_encryption_was_last_begun_counts(proofs, later, items):
    tried = [("bitlocker:853", {}, 10, "0x80310030"), ("bitlocker:854", {}, 20, None)]
    rows = proofs("BITLOCKER-NOT-BEGUN", events=[*tried, *later])
    assert rows["item"].to_list() == items


def test_one_reason_met_many_times_is_one_finding_that_says_how_often(proofs):
    rows = proofs(
        "BITLOCKER-NOT-BEGUN", events=[("bitlocker:853", {}, n * 60, "0x80310030") for n in range(3)]
    )
    assert rows["item"].n_unique() == 1
    assert rows["item"][0].startswith("event 853, 3 times from ")
