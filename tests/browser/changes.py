"""What a test changes in Home Assistant and in GridDuck, and how it is undone."""

from dataclasses import dataclass
from typing import Any, Self

import msgspec

from devtools import accounts
from devtools.settings import DOMAIN

from .home import Home, until


class _Subentry(msgspec.Struct):
    subentry_id: str


@dataclass(frozen=True, kw_only=True)
class Found:
    """What there is at one moment.

    Attributes:
        load_limits: ids of the account and of the load limit in it.
        overrides: ids of the assets that GridDuck boosts or snoozes.
        dashboards: ids of the dashboards that the user interface manages.
    """

    load_limits: frozenset[tuple[str, str]]
    overrides: frozenset[str]
    dashboards: frozenset[str]

    @classmethod
    async def at(cls, home: Home) -> Self:
        """Return what there is now."""
        return cls(
            load_limits=await _load_limits(home),
            overrides=await _overrides(home),
            dashboards=await _dashboards(home),
        )

    async def restore(self, home: Home) -> None:
        """Remove what has been added, and end what has been switched, since then.

        First load limits: they would switch again.
        """
        hass = home.hass
        for entry_id, subentry_id in await _load_limits(home) - self.load_limits:
            fields = {"entry_id": entry_id, "subentry_id": subentry_id}
            await hass.command("config_entries/subentries/delete", object, **fields)
            await accounts.wait_until_loaded(hass)
        for dashboard_id in await _dashboards(home) - self.dashboards:
            await hass.command("lovelace/dashboards/delete", object, dashboard_id=dashboard_id)
        devices = {each.own_id: each.id for each in (await home.inventory()).devices_of("asset")}
        for asset_id in await _overrides(home) - self.overrides:
            await hass.act(f"{DOMAIN}.resume", {"device_id": devices[asset_id]})
        await until(lambda: self._is_as_before(home), "all overrides of the test have ended")

    async def _is_as_before(self, home: Home) -> bool:
        return await _overrides(home) <= self.overrides


async def _load_limits(home: Home) -> frozenset[tuple[str, str]]:
    list_all = "config_entries/subentries/list"
    found = [
        (entry.entry_id, each.subentry_id)
        for entry in await accounts.entries(home.hass)
        for each in await home.hass.command(list_all, list[_Subentry], entry_id=entry.entry_id)
    ]
    return frozenset(found)


async def _overrides(home: Home) -> frozenset[str]:
    assets = (await home.cloud.assets()).values()
    return frozenset(each.id for each in assets if each.runs("boost") or each.runs("snooze"))


async def _dashboards(home: Home) -> frozenset[str]:
    found = await home.hass.command("lovelace/dashboards/list", list[dict[str, Any]])
    return frozenset(each["id"] for each in found if "id" in each)
