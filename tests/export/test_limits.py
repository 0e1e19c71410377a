import pytest

from autopilot_analysis.errors import LimitExceeded
from autopilot_analysis.export.limits import MIB, Budget, Limits


def test_each_file_and_byte_is_counted_once():
    budget = Budget(Limits(members=2, total_bytes=100))
    budget.take_member()
    budget.take_bytes(60)
    assert (budget.members_left, budget.bytes_left) == (1, 40)


def test_the_file_beyond_the_last_is_refused():
    budget = Budget(Limits(members=1))
    budget.take_member()
    with pytest.raises(LimitExceeded, match=r"more than 1 files in one export; raise Limits\.members"):
        budget.take_member()


def test_bytes_beyond_the_room_are_refused_and_not_counted():
    budget = Budget(Limits(total_bytes=100))
    with pytest.raises(LimitExceeded, match=r"more than 100 bytes; raise Limits\.total_bytes"):
        budget.take_bytes(101)
    assert budget.bytes_left == 100


def test_a_member_may_be_as_large_as_the_limit_and_no_larger():
    budget = Budget(Limits(member_bytes=100))
    budget.check_size(100)
    with pytest.raises(LimitExceeded, match=r"unpacks to 101 bytes, more than 100"):
        budget.check_size(101)


@pytest.mark.parametrize(
    ("size", "packed", "whole", "refused"),
    [
        (16 * MIB, 1, False, False),  # small enough whatever the ratio
        (16 * MIB + 1, 1, False, True),
        (200 * MIB, MIB, False, False),
        (200 * MIB + 1, MIB, False, True),
        (200 * MIB + 1, MIB, True, False),  # an archive as a whole has a higher floor
        (257 * MIB, MIB, True, True),
        (17 * MIB, 0, False, True),
    ],
)
def test_only_what_is_large_and_packed_far_too_well_is_a_bomb(size, packed, whole, refused):
    budget = Budget(Limits())
    if refused:
        with pytest.raises(LimitExceeded, match=r"raise Limits\.ratio"):
            budget.check_ratio(size, packed, whole=whole)
    else:
        budget.check_ratio(size, packed, whole=whole)
