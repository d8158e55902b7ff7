"""Tokens: signed, limited in time, revocable."""

import pytest

from andon.common.auth import Principal, Role, Tokens
from andon.common.errors import ForbiddenError, UnauthorizedError

ANNA = Principal(id="p1", name="Anna", role=Role.OPERATOR, scope="berlin/painting")
SECRET = "s" * 40


def test_a_token_stands_for_its_person() -> None:
    tokens = Tokens(secret=SECRET)
    found = tokens.check(tokens.sign(ANNA, token_id="t1", lifetime=60))
    assert (found.id, found.role, found.scope, found.token_id) == ("p1", Role.OPERATOR, "berlin/painting", "t1")


@pytest.mark.parametrize("revoked", ["t1", "p1"])
def test_a_revoked_token_or_person_is_nobody(revoked: str) -> None:
    tokens = Tokens(secret=SECRET)
    token = tokens.sign(ANNA, token_id="t1", lifetime=60)
    tokens.revoked.add(revoked)
    with pytest.raises(UnauthorizedError, match="revoked"):
        tokens.check(token)


def test_expired_and_forged_tokens_are_refused() -> None:
    tokens = Tokens(secret=SECRET)
    with pytest.raises(UnauthorizedError, match="expired"):
        tokens.check(tokens.sign(ANNA, token_id="t1", lifetime=-1))
    with pytest.raises(UnauthorizedError, match="not valid"):
        tokens.check(Tokens(secret="x" * 40).sign(ANNA, token_id="t1", lifetime=60))
    with pytest.raises(UnauthorizedError):
        tokens.check("eyJhbGciOiJub25lIn0.eyJzdWIiOiJwMSJ9.")


def test_roles_and_scope() -> None:
    ANNA.require_role(Role.VIEWER)
    ANNA.require_path("berlin/painting/line-1")
    with pytest.raises(ForbiddenError, match="role admin"):
        ANNA.require_role(Role.ADMIN)
    for outside in ("berlin", "berlin/painting-2", "pune"):
        with pytest.raises(ForbiddenError):
            ANNA.require_path(outside)
