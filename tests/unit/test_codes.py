from base64 import b32encode
from datetime import UTC, datetime
from uuid import uuid4

import pyotp
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.accounts import codes
from app.accounts.codes import Owner

# RFC 6238, appendix B: SHA-1, the last six of the eight digits.
RFC_SECRET = b32encode(b"12345678901234567890").decode()
RFC = {
    59: "287082",
    1111111109: "081804",
    1111111111: "050471",
    1234567890: "005924",
    2000000000: "279037",
    20000000000: "353130",
}
seconds = st.integers(min_value=120, max_value=4_000_000_000)


def at(second):
    return datetime.fromtimestamp(second, UTC)


@pytest.mark.parametrize("second", RFC)
def test_codes_are_those_of_the_standard(second):
    assert codes.matching_step(RFC_SECRET, RFC[second], at(second), after=0) == second // 30


@given(now=seconds, typed_at=seconds, after=st.integers(min_value=0, max_value=200_000_000))
def test_a_code_counts_one_step_before_and_after_its_time_and_never_again(now, typed_at, after):
    code = pyotp.TOTP(RFC_SECRET).at(typed_at)
    step = codes.matching_step(RFC_SECRET, code, at(now), after=after)
    if step is not None:
        assert abs(step - now // 30) <= 1
        assert step > after
        assert pyotp.HOTP(RFC_SECRET).at(step) == code
        assert codes.matching_step(RFC_SECRET, code, at(now), after=step) != step


@given(now=seconds, drift=st.sampled_from((-30, 0, 30)))
def test_the_present_code_is_found_whatever_the_clocks_differ_by(now, drift):
    shown = now + drift
    code = pyotp.TOTP(RFC_SECRET).at(shown)
    assert codes.matching_step(RFC_SECRET, code, at(now), after=-1) is not None


def test_a_key_is_opened_by_its_deployment_for_its_operator_alone(app, monkeypatch):
    ident, other = uuid4(), uuid4()
    secret = codes.new_secret()
    with app.app_context():
        sealed = codes.seal(Owner.OPERATOR, ident, secret)
        assert secret not in sealed
        assert sealed != codes.seal(Owner.OPERATOR, ident, secret)
        assert codes.unseal(Owner.OPERATOR, ident, sealed) == secret
        assert codes.unseal(Owner.OPERATOR, other, sealed) is None
        assert codes.unseal(Owner.OPERATOR, ident, None) is None
        assert codes.unseal(Owner.ACCOUNT, ident, sealed) is None, "operators and people of a city are apart"
        monkeypatch.setattr(app, "secret_key", "another key")
        assert codes.unseal(Owner.OPERATOR, ident, sealed) is None


def test_recovery_codes_differ_and_their_hash_is_the_operators_own(app):
    drawn = codes.new_recovery_codes()
    assert len(set(drawn)) == 10
    ident = uuid4()
    with app.app_context():
        assert codes.recovery_hash(Owner.OPERATOR, ident, drawn[0]) == codes.recovery_hash(
            Owner.OPERATOR, ident, f" {drawn[0].upper()} "
        )
        assert codes.recovery_hash(Owner.OPERATOR, ident, drawn[0]) != codes.recovery_hash(
            Owner.OPERATOR, uuid4(), drawn[0]
        )
