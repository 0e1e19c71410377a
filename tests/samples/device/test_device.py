"""A make-believe device is nobody's, and the same number is the same device."""

from datetime import UTC, datetime
from random import Random

import pytest

from autopilot_analysis.samples.device.device import guid, make_device

START = datetime(2026, 3, 2, tzinfo=UTC)


def device(number=7, seed=1, **more):
    return make_device(number, Random(seed), tenant=Random(2), started_at=START, **more)


def test_the_same_seed_is_the_same_device_and_another_number_only_of_the_same_tenant():
    assert device() == device()
    assert (device(8).serial, device(8).tenant_id) == ("SN-0008", device().tenant_id)
    assert device(seed=9).entra_id != device().entra_id


def test_a_device_is_invented():
    made = device()
    assert (made.serial, made.name) == ("SN-0007", "AP-0007")
    assert made.user.endswith("7@example.com")
    assert made.user_sid.startswith("S-1-12-1-")


def test_build_and_model_are_drawn_unless_they_are_given():
    made = device(build="22631.4037")
    assert (made.build, made.release) == ("22631.4037", 22631)
    assert device(model=made.model).model == made.model


@pytest.mark.parametrize("seed", range(3))
def test_a_guid_is_a_random_one_in_lower_case(seed):
    made = guid(Random(seed))
    assert (len(made), made[14], made) == (36, "4", made.lower())
