"""One original has one pseudonym under one key, however it is spelt, and nobody else reads the key."""

import os
import stat

import pytest

from autopilot_analysis.errors import BadInput, NothingToWrite
from autopilot_analysis.privacy.pseudonyms import Pseudonyms, default_key, write_private

NAMES = Pseudonyms(b"0123456789abcdef")


@pytest.fixture(autouse=True)
def home(monkeypatch, tmp_path):
    for variable in ("HOME", "XDG_DATA_HOME", "APPDATA"):
        monkeypatch.setenv(variable, str(tmp_path))


@pytest.mark.parametrize("spelling", ["AP-0001", "ap-0001", "  AP-0001 "])
def test_letter_case_and_blanks_make_no_other_pseudonym(spelling):
    assert NAMES.name("host", spelling) == NAMES.name("host", "AP-0001")


def test_both_forms_of_unicode_and_a_blank_in_a_name_are_one_person():
    assert NAMES.name("user", "Zoë") == NAMES.name("user", "Zoe\u0308")
    assert NAMES.name("user", "Ann Example") == NAMES.name("user", "ann.example")
    assert NAMES.name("host", "Ann Example") != NAMES.name("host", "ann.example")


def test_a_pseudonym_is_its_kind_and_forty_eight_bits():
    kind, _, bits = NAMES.name("serial", "SN-0001").partition("-")
    assert (kind, len(bits), int(bits, 16) < 2**48) == ("serial", 12, True)


def test_a_mail_address_keeps_its_shape_and_a_public_domain():
    local, _, domain = NAMES.name("user", "ann@contoso.example.com").partition("@")
    assert (local, domain) == (NAMES.name("user", "ann"), NAMES.name("tenant", "contoso.example.com"))
    assert NAMES.name("user", "ann@outlook.com").endswith("@outlook.com")


@pytest.mark.parametrize(("size", "allowed"), [(15, False), (16, True)])
def test_a_key_below_sixteen_bytes_protects_nobody(size, allowed):
    if allowed:
        assert Pseudonyms(bytes(size)).name("user", "ann")
    else:
        with pytest.raises(BadInput, match="protects nobody"):
            Pseudonyms(bytes(size))


def test_the_key_is_made_once_and_a_file_that_is_none_is_named(tmp_path):
    with pytest.raises(BadInput, match="does not exist"):
        default_key(create=False)
    key = default_key()
    assert (len(key), default_key(create=False)) == (32, key)
    (place,) = tmp_path.rglob("pseudonyms.key")
    place.write_bytes(b"short")
    with pytest.raises(BadInput, match="holds 5 bytes, not a key of 32"):
        default_key()


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps other rights")
def test_a_private_file_is_its_owners_alone_and_is_replaced_only_on_request(tmp_path):
    place = tmp_path / "deeper" / "way-back"
    write_private(place, b"1", replace=False)
    write_private(place, b"2", replace=False)
    assert (place.read_bytes(), stat.S_IMODE(place.stat().st_mode)) == (b"1", 0o600)
    write_private(place, b"3", replace=True)
    assert [(path.name, path.read_bytes()) for path in place.parent.iterdir()] == [("way-back", b"3")]


def test_a_profile_that_takes_no_key_is_named_with_what_it_keeps(tmp_path):
    (tmp_path / "profile").touch()
    with pytest.raises(NothingToWrite, match=r"the key of the pseudonyms .* are kept in .*profile"):
        write_private(tmp_path / "profile" / "key", b"1", replace=False)
