"""The world behind the GridDuck service: its sites and assets, and the means to change them."""

from typing import Any

from simulator.core import Core

from .accounts import Accounts
from .asset import Asset, Correction, Site
from .estate import Builder, Plan
from .record import asset_record, site_record
from .settings import MISSING, Settings
from .timeline import Mode, Override, OverrideKind


class World(Settings):
    """Sites and assets, with mutators for tests.

    Every mutator acts at the simulated time of the call. Those that take an id raise KeyError for
    one that is not there.
    """

    def __init__(self, core: Core) -> None:
        """Build the world that the options ask for."""
        super().__init__()
        self._clock = core.clock
        self._builder = Builder(core.options.seed)
        self.accounts = Accounts(core.options.seed)
        self.users[self.accounts.client_id] = 1234
        sites = [self._builder.site(number) for number in range(core.options.sites)]
        assets = self._builder.estate(sites, core.options.assets, core.clock.now())
        self.sites: dict[str, Site] = {site.id: site for site in sites}
        self.assets: dict[str, Asset] = {asset.id: asset for asset in assets}
        self._next_number = len(assets)
        self._next_site = len(sites)
        self._fields: dict[str, dict[str, object]] = {}
        self._shifts = 0
        self._shifting = False
        # Fills the caches: the first page asked for is then as fast as every other.
        self.page(0, len(assets))

    # What the service gives

    def record(self, asset_id: str) -> dict[str, Any]:
        """Return an asset as the list gives it now."""
        fields = asset_record(
            self.assets[asset_id],
            self._clock.now(),
            milliseconds=self.milliseconds,
            finish_format=self.finish_format,
        )
        if changed := self._fields.get(asset_id):
            fields = {
                key: value for key, value in {**fields, **changed}.items() if value is not MISSING
            }
        return fields

    def page(self, offset: int, limit: int) -> tuple[list[Any], int]:
        """Return a page of the list of assets, and the total number."""
        ids = list(self.assets)
        total = len(ids) + len(self.junk)
        if offset == 0:
            self._shifting = self._shifts > 0 and limit < total
            self._shifts -= self._shifting
        elif self._shifting:
            ids = ["", *ids[:-1]]
        results: list[object] = [self.record(key) for key in ids[offset : offset + limit]]
        start = max(offset - len(ids), 0)
        results += self.junk[start : start + limit - len(results)]
        return results, total

    def site_records(self) -> list[dict[str, object]]:
        """Return all sites as the list gives them."""
        return [site_record(site) for site in self.sites.values()]

    def ids(self, kind: str | None = None, site_id: str | None = None) -> list[str]:
        """Return the ids of all assets, or of those of a kind (a key of KINDS) or of a site."""
        return [
            asset.id
            for asset in self.assets.values()
            if kind in {None, asset.kind_name} and site_id in {None, asset.site.id}
        ]

    # Commands

    def command(self, asset_id: str, kind: OverrideKind, seconds: int) -> None:
        """Boost or snooze an asset; 0 seconds end what runs. Shows after `command_delay`."""
        now = self._clock.now()
        start = now + self.command_delay
        override = Override(start, max(now + seconds, start), kind if seconds else None)
        asset = self.assets[asset_id]
        asset.control.override(override)
        asset.refresh()

    def set_mode(self, asset_id: str, mode: str) -> None:
        """Change the mode: ALWAYS_ON, ALWAYS_OFF or SCHEDULE; raises ValueError for any other.

        SCHEDULE is refused for an asset with children, whose load is not its own.
        """
        asset = self.assets[asset_id]
        if asset.loads and Mode(mode) is Mode.SCHEDULE:
            msg = "an asset with children has no schedule of its own"
            raise ValueError(msg)
        asset.control.set_mode(self._clock.now(), Mode(mode))
        asset.static = None
        asset.refresh()

    # Assets that come, go and change

    def add_asset(
        self,
        name: str = "New plug",
        kind: str = "plug",
        *,
        site_id: str | None = None,
        parent_id: str | None = None,
        mode: str = "ALWAYS_ON",
        created: float | None = None,
        **fields: object,
    ) -> str:
        """Add an asset and return its id; `fields` are as in `set_field`.

        By default it stands at its parent's site or the first, and is created now. Raises KeyError
        for an unknown kind, site or parent.
        """
        parent = None if parent_id is None else self.assets[parent_id]
        site = parent.site if parent else next(iter(self.sites.values()))
        if site_id is not None:
            site = self.sites[site_id]
        plan = Plan(name=name, kind=kind, mode=Mode(mode))
        moment = int(self._clock.now() if created is None else created)
        asset = self._builder.asset(self._next_number, plan, site, parent, moment)
        self._next_number += 1
        self.assets[asset.id] = asset
        for field, value in fields.items():
            self.set_field(asset.id, field, value)
        return asset.id

    def add_site(self, name: str) -> str:
        """Add a site without assets and return its id."""
        site = self._builder.site(self._next_site)
        self._next_site += 1
        site.name = name
        self.sites[site.id] = site
        return site.id

    def remove_asset(self, asset_id: str) -> None:
        """Remove an asset; its parent keeps what it counted, and its children go to its parent."""
        asset = self.assets.pop(asset_id)
        self._fields.pop(asset_id, None)
        for child in asset.children:
            child.parent = asset.parent
            child.static = None
        if asset.parent is not None:
            asset.parent.children.remove(asset)
            asset.parent.children.extend(asset.children)
            asset.parent.static = None
        asset.children.clear()
        asset.control.retire(self._clock.now())
        asset.refresh()

    def rename_asset(self, asset_id: str, name: str) -> None:
        """Give an asset another name."""
        self.assets[asset_id].name = name
        self.assets[asset_id].static = None

    def rename_site(self, site_id: str, name: str) -> None:
        """Give a site another name."""
        self.sites[site_id].name = name
        self._forget_static()

    def set_price(self, site_id: str, price: str | None) -> None:
        """Change the price per kWh of a site, a decimal string in pence."""
        self.sites[site_id].price = price
        self._forget_static()

    def set_field(self, asset_id: str, field: str, value: object) -> None:
        """Have the list give `value` for a field, of whatever type; MISSING leaves the key out.

        Also for fields that the guide does not know. `read_only` holds for commands, too.
        """
        if asset_id not in self.assets:
            raise KeyError(asset_id)
        self._fields.setdefault(asset_id, {})[field] = value

    def unset_field(self, asset_id: str, field: str) -> None:
        """Undo `set_field`."""
        if asset_id not in self.assets:
            raise KeyError(asset_id)
        self._fields.get(asset_id, {}).pop(field, None)

    def disconnect(self, asset_id: str) -> None:
        """Take an asset offline: lost, disconnected, and its values stand still."""
        self.assets[asset_id].offline_since = self._clock.now()

    def reconnect(self, asset_id: str) -> None:
        """Bring an asset back; what it measured meanwhile is there."""
        self.assets[asset_id].offline_since = None

    # Measurements and paging

    def reset_meter(self, asset_id: str) -> None:
        """Have the energy counter of an asset start again at 0; telemetry keeps its past."""
        asset, now = self.assets[asset_id], self._clock.now()
        asset.resets.append((now, asset.energy(now)))

    def correct_history(self, asset_id: str, start: float, end: float, factor: float) -> None:
        """Multiply what telemetry gives from `start` to `end` (unix seconds); not the counter."""
        self.assets[asset_id].corrections.append(Correction(start, end, factor))

    def shift_paging(self, times: int = 1) -> None:
        """Have the list change while it is paged, for the next so many listings that span pages.

        As if an asset came in at the front after the first page: the last asset of that page comes
        once more, and the last asset of the list is on no page. A listing starts at offset 0.
        """
        self._shifts += times

    # Credentials

    def rotate_secret(self, secret: str) -> None:
        """Change the client secret of the application; tokens that are out stay good."""
        self.accounts.applications[self.accounts.client_id] = secret

    def revoke_tokens(self) -> None:
        """Make every token that is out invalid."""
        self.accounts.grants.clear()

    def add_application(self, client_id: str, secret: str, user_id: int | str | None) -> None:
        """Add another application with its own credentials, for the same world."""
        self.accounts.applications[client_id] = secret
        self.users[client_id] = user_id

    def _forget_static(self) -> None:
        for asset in self.assets.values():
            asset.static = None
