"""The token endpoint of the simulated Heimdall, and its check of tokens."""

from base64 import urlsafe_b64decode
import json
from typing import Any

from aiohttp import BasicAuth
import pytest

from simulator.clock import Clock

from .support import NOW, Api

PATH = "/assets/v1/assets"


def claims(token: str) -> dict[str, Any]:
    part = token.split(".")[1]
    decoded: dict[str, Any] = json.loads(urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    return decoded


async def test_token(api: Api) -> None:
    answer = await api.log_in()
    assert answer.status == 200
    assert answer.headers["Content-Type"].startswith("application/json")
    assert answer.json["token_type"] == "Bearer"
    assert answer.json["expires_in"] == 3600
    payload = claims(api.token)
    assert payload["region"] == "eu"
    assert payload["exp"] == NOW.timestamp() + 3600
    assert (await api.get(PATH)).status == 200


@pytest.mark.parametrize(
    ("changes", "status", "error"),
    [
        ({"client_secret": "wrong"}, 401, "invalid_client"),
        ({"client_id": "somebody"}, 400, "unauthorized_client"),
        ({"grant_type": "password"}, 400, "unsupported_grant_type"),
        ({"scope": "openid"}, 400, "invalid_scope"),
        *[
            ({name: value}, 400, "invalid_request")
            for name in ("grant_type", "client_id", "client_secret", "scope")
            for value in ("", None)
        ],
    ],
)
async def test_refusals(api: Api, changes: dict[str, str | None], status: int, error: str) -> None:
    answer = await api.log_in(**changes)
    assert (answer.status, answer.json["error"]) == (status, error)
    assert answer.json["error_description"]
    assert api.service.client_secret not in answer.body.decode()


async def test_only_a_form_posted_to_the_right_place(api: Api) -> None:
    form = {
        "grant_type": "client_credentials",
        "client_id": api.service.client_id,
        "client_secret": api.service.client_secret,
        "scope": api.service.scope,
    }
    url = api.service.token_url
    assert (await api.call("POST", url, json=form)).json["error"] == "invalid_request"
    assert (await api.call("GET", url, params=form)).status == 405
    auth = BasicAuth(form.pop("client_id"), form.pop("client_secret"))
    assert (await api.call("POST", url, data=form, auth=auth)).json["error"] == "invalid_request"
    upper = url.replace("b2c_1a_clientcredentialsflow", "B2C_1A_CLIENTCREDENTIALSFLOW")
    assert (await api.call("POST", upper, data={"grant_type": "x"})).status == 400
    for other in (url.replace("hpadb2cprod.on", "other.on"), url.replace("b2c_1a", "b2c_9z")):
        answer = await api.call("POST", other, data=form)
        assert (answer.status, answer.json["error"]) == (404, "invalid_request")


async def test_expiry(api: Api, clock: Clock) -> None:
    api.world.token_lifetime = 600
    assert (await api.log_in()).json["expires_in"] == 600
    clock.advance(599)
    assert (await api.get(PATH)).status == 200
    clock.advance(2)
    answer = await api.get(PATH)
    assert (answer.status, answer.body) == (401, b"")
    await api.log_in()
    assert (await api.get(PATH)).status == 200


@pytest.mark.parametrize("header", [None, "", "Bearer", "Bearer ", "Bearer a.b.c", "Basic abc"])
async def test_missing_and_malformed(api: Api, header: str | None) -> None:
    headers = {} if header is None else {"Authorization": header}
    answer = await api.call("GET", PATH, headers=headers)
    assert (answer.status, answer.body) == (401, b"")


async def test_forged_token(api: Api) -> None:
    await api.log_in()
    head, payload, signature = api.token.split(".")
    for forged in (
        f"{head}.{payload[:-2]}AA.{signature}",
        f"{head}.{payload}.{signature[:-4]}AAAA",
        f"{head}.{payload}.",
        f"{head}.{payload}",
    ):
        answer = await api.call("GET", PATH, headers={"Authorization": f"Bearer {forged}"})
        assert answer.status == 401


async def test_settings(api: Api) -> None:
    api.world.expires_in_as_text = True
    assert (await api.log_in()).json["expires_in"] == "3600"
    api.world.expires_in = 0
    assert (await api.log_in()).json["expires_in"] == 0
    api.world.expires_in = "absent"
    assert "expires_in" not in (await api.log_in()).json
    api.world.region = "US"
    await api.log_in()
    assert claims(api.token)["region"] == "US"
    api.world.region = None
    await api.log_in()
    assert "region" not in claims(api.token)
    assert (await api.get(PATH)).status == 200


async def test_revocation_and_rotation(api: Api) -> None:
    await api.log_in()
    api.world.revoke_tokens()
    assert (await api.get(PATH)).status == 401
    old = api.service.client_secret
    api.world.rotate_secret("another")
    assert (await api.log_in(client_secret=old)).status == 401
    assert (await api.log_in()).status == 200
    assert (await api.get(PATH)).status == 200
