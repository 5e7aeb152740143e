"""Anonymous downloads by a link."""

import gzip

import aiohttp
import pytest

from custom_components.gridduck_heimdall.api.download import download
from custom_components.gridduck_heimdall.api.errors import (
    ConnectionFailed,
    NotFound,
    UnexpectedAnswer,
)

from .conftest import Answer, Cloud, answer
from .test_transport_faults import cut, hang_up


async def fetched(session: aiohttp.ClientSession, address: str, limit_bytes: int = 10**6) -> bytes:
    return b"".join([chunk async for chunk in download(session, address, limit_bytes=limit_bytes)])


async def test_whole_file_without_a_token(cloud: Cloud, session: aiohttp.ClientSession) -> None:
    cloud.will(answer(b"x" * 200_000))
    assert await fetched(session, f"{cloud.url}/file?sig=a%2Bb%2F") == b"x" * 200_000
    assert cloud.authorizations == [None]
    assert cloud.requests[0].raw_path == "/file?sig=a%2Bb%2F"


async def test_a_link_that_is_not_encoded(cloud: Cloud, session: aiohttp.ClientSession) -> None:
    cloud.will(answer(b"x"))
    assert await fetched(session, f"{cloud.url}/a file") == b"x"
    assert cloud.requests[0].raw_path == "/a%20file"


async def test_too_large(cloud: Cloud, session: aiohttp.ClientSession) -> None:
    cloud.will(answer(gzip.compress(b"0" * 10_000_000), headers={"Content-Encoding": "gzip"}))
    with pytest.raises(UnexpectedAnswer, match="more than 1000000 bytes"):
        await fetched(session, cloud.url)


async def test_gone_link_is_not_repeated_in_words(
    cloud: Cloud, session: aiohttp.ClientSession
) -> None:
    cloud.will(answer("the link https://host/?sig=secret is gone", 404))
    with pytest.raises(NotFound) as caught:
        await fetched(session, f"{cloud.url}/?sig=secret")
    assert "secret" not in str(caught.value)


async def test_redirect(cloud: Cloud, session: aiohttp.ClientSession) -> None:
    cloud.will(answer("", 302, {"Location": f"{cloud.url}/other"}))
    with pytest.raises(UnexpectedAnswer):
        await fetched(session, cloud.url)
    assert len(cloud.requests) == 1


@pytest.mark.parametrize("fault", [hang_up, cut()])
async def test_cut(cloud: Cloud, session: aiohttp.ClientSession, fault: Answer) -> None:
    cloud.will(fault)
    with pytest.raises(ConnectionFailed):
        await fetched(session, cloud.url)


@pytest.mark.parametrize("address", ["http://example.com/f", "file:///etc/passwd", "/f", ""])
async def test_addresses_that_are_refused(session: aiohttp.ClientSession, address: str) -> None:
    with pytest.raises(ValueError, match="The address"):
        await fetched(session, address)
