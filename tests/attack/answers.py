"""One valid answer of every endpoint of both clouds, as the simulator gives it."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import timedelta
from typing import Final

from aiohttp import ClientSession

from custom_components.gridduck_heimdall.api.heimdall import ENDPOINTS, Include, ResponseKind
from simulator.clock import Clock
from simulator.server import running
from tests.simulator.support import NOW, Api, window
from tests.simulator.test_gridduck_cloud import cloud_running
from tests.simulator.test_gridduck_downloads import link, order
from tests.simulator.test_gridduck_telemetry import ask

_SHORT: Final = timedelta(minutes=20)

type Answers = Mapping[str, list[bytes]]
"""By target, as the target takes them."""


async def collect() -> Answers:
    """Ask both clouds for everything that is decoded of them."""
    found: defaultdict[str, list[bytes]] = defaultdict(list)
    await _gridduck(found)
    await _heimdall(found)
    return found


async def _gridduck(found: defaultdict[str, list[bytes]]) -> None:
    async with cloud_running(sites=1) as cloud:
        lamp, other, *_ = cloud.world.ids()
        found["token"].append((await cloud.ask_token()).content)
        found["gridduck_assets"] += [
            (await cloud.get("/asset/", offset=0, limit=2)).content,
        ]
        found["gridduck_telemetry"].append((await ask(cloud, lamp)).content)
        request = await order(cloud, lamp)
        cloud.core.clock.advance(90)
        at_link = f"/data_request/{request.json['id']}/link"
        found["gridduck_data_request"] += [
            request.content,
            (await cloud.call("POST", at_link)).content,
        ]
        for asset_ids, target in (((lamp,), "csv"), ((lamp, other), "archive")):
            url = await link(cloud, *asset_ids, granularity="day")
            found[target].append((await cloud.call("GET", url, token="")).content)
        refusal = await cloud.get("/asset/nothing/telemetry/aggregate")
        found["problem"].append(bytes([refusal.status - 300]) + b"5\n" + refusal.content)


async def _heimdall(found: defaultdict[str, list[bytes]]) -> None:
    async with running(clock=Clock(NOW.timestamp)) as simulator, ClientSession() as session:
        api = Api(simulator, session)
        await api.log_in()
        for index, name in enumerate(sorted(ENDPOINTS)):
            endpoint = ENDPOINTS[name]
            query = (
                window(seconds=_SHORT.total_seconds())
                if endpoint.kind is ResponseKind.HISTORY
                else {}
            )
            if endpoint.include is not None:
                query["include"] = Include(endpoint.include).value
            answer = (
                await api.get(endpoint.path)
                if endpoint.kind is ResponseKind.ASSETS
                else await api.ask(name, **query)
            )
            assert answer.status == 200, (name, answer.body[:300])
            found["heimdall"].append(bytes([index]) + answer.body)
        refusal = await api.ask("C1", quantity="none")
        found["problem"].append(bytes([refusal.status - 300]) + b"\n" + refusal.body)
