"""What is read out of the answer of a token endpoint."""

import pytest

from custom_components.gridduck_heimdall.api.errors import UnexpectedAnswer
from custom_components.gridduck_heimdall.api.token import parse_token_answer

NOW = 1000.0


def test_documented_answer() -> None:
    token = parse_token_answer(
        {
            "access_token": "abc.def",
            "token_type": "Bearer",
            "expires_in": 3600,
            "mfa_requires_setup": False,
            "refresh_token": None,
            "scope": "site:view asset:view asset:edit",
            "user": {"id": 1234},
        },
        NOW,
    )
    assert token.value == "abc.def"
    assert token.scope == {"site:view", "asset:view", "asset:edit"}
    assert token.expires_at == NOW + 3600
    assert token.renew_at == NOW + 3300
    assert token.user_id == "1234"


def test_the_value_is_not_in_the_representation() -> None:
    assert "hush" not in repr(parse_token_answer({"access_token": "hush"}, NOW))


@pytest.mark.parametrize(
    ("expires_in", "expires", "renew"),
    [
        ("3600", 3600, 3300),
        (3600.5, 3600.5, 3300.5),
        (30, 30, 60),
        (1, 1, 60),
        (120, 120, 60),
        (None, 60, 60),
        (0, 60, 60),
        ("0", 60, 60),
        (-5, 60, 60),
        (True, 60, 60),
        ("soon", 60, 60),
        ("nan", 60, 60),
        ("inf", 60, 60),
        (10**400, 60, 60),
        ([], 60, 60),
        (10**9, 86_400, 86_100),
    ],
)
def test_lifetime(expires_in: object, expires: float, renew: float) -> None:
    token = parse_token_answer({"access_token": "a", "expires_in": expires_in}, NOW)
    assert token.expires_at == NOW + expires
    assert token.renew_at == NOW + renew


@pytest.mark.parametrize(
    ("scope", "granted"),
    [
        ("a b", {"a", "b"}),
        ("a, b,c", {"a", "b", "c"}),
        ("a;b|c", {"a", "b", "c"}),
        ("site%3Aview+asset%3Aedit", {"site:view", "asset:edit"}),
        ('["a", "b"]', {"a", "b"}),
        (["a", 5, ["b"]], {"a"}),
        (["a b", "c"], {"a", "b", "c"}),
        (" , ", {"asked"}),
        ([], {"asked"}),
        (None, {"asked"}),
        ("", {"asked"}),
        (7, {"asked"}),
    ],
)
def test_scope(scope: object, granted: set[str]) -> None:
    answer = {"access_token": "a", "scope": scope}
    assert parse_token_answer(answer, NOW, requested=["asked"]).scope == granted


@pytest.mark.parametrize(
    ("user", "user_id"),
    [
        ({"id": 7}, "7"),
        ({"id": " u "}, "u"),
        ({"id": " "}, None),
        ({"id": True}, None),
        ({"id": None}, None),
        ({}, None),
        (None, None),
        ("u", None),
    ],
)
def test_user(user: object, user_id: str | None) -> None:
    assert parse_token_answer({"access_token": "a", "user": user}, NOW).user_id == user_id


@pytest.mark.parametrize("value", [None, "", 5, "a b", "a\r\nX-Evil: 1", "é"])
def test_without_usable_token(value: object) -> None:
    with pytest.raises(UnexpectedAnswer) as caught:
        parse_token_answer({"access_token": value}, NOW)
    assert "Evil" not in str(caught.value)
