"""Headers that every request carries, and the region claim in the token."""

import base64
import json
from pathlib import Path
import tomllib

import pytest

from custom_components.gridduck_heimdall.api.heimdall import region_headers
from custom_components.gridduck_heimdall.api.heimdall.client import CLIENT_VERSION, region_of
from custom_components.gridduck_heimdall.api.token import Token


def jwt(claims: bytes) -> str:
    payload = base64.urlsafe_b64encode(claims).decode().rstrip("=")
    return f"e30.{payload}.c2lnbmF0dXJl"


@pytest.mark.parametrize(
    ("token", "region"),
    [
        (jwt(b'{"region": "eu"}'), "eu"),
        (jwt(b'{"region": "us"}'), "us"),
        (jwt(b'{"region": "US", "exp": 1}'), "us"),
        (jwt(json.dumps({"region": "us", "name": "\u00ff\u00fe?>"}).encode()), "us"),
        (jwt(b'{"region": "us", "pad": ""}'), "us"),
        (jwt(b'{"region": "us", "pad": "1"}'), "us"),
        (jwt(b'{"region": "us", "pad": "12"}'), "us"),
        (jwt(b'{"region": "mars"}'), "mars"),
        (jwt(b'{"region": " AP-South-1 "}'), "ap-south-1"),
        (jwt(b'{"region": "u\\r\\ns"}'), "eu"),
        (jwt(b'{"region": "\\u00e9"}'), "eu"),
        (jwt(b'{"region": ""}'), "eu"),
        (jwt(b'{"region": null}'), "eu"),
        (jwt(b'{"region": 5}'), "eu"),
        (jwt(b"{}"), "eu"),
        (jwt(b"[]"), "eu"),
        (jwt(b"not JSON"), "eu"),
        (jwt(b"\xff\xfe"), "eu"),
        (jwt(b"[" * 5000), "eu"),
        ("e30.a.c2ln", "eu"),
        ("opaque", "eu"),
        ("", "eu"),
    ],
)
def test_region(token: str, region: str) -> None:
    assert region_of(token) == region


def test_headers() -> None:
    token = Token(value=jwt(b'{"region": "US"}'), expires_at=3600, renew_at=3300)

    assert region_headers(token) == {
        "x-region": "us",
        "x-client-name": "gridduck-heimdall",
        "x-client-version": CLIENT_VERSION,
        "Accept": "application/json",
    }


def test_version_is_that_of_the_project() -> None:
    project = Path(__file__).parents[2] / "pyproject.toml"
    assert tomllib.loads(project.read_text())["project"]["version"] == CLIENT_VERSION
