"""Runtime data of a Heimdall Power account, shared by its entities, history and events."""

from dataclasses import dataclass, field, replace
from typing import Any

from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.device_registry import AnyDeviceEntry, DeviceEntry

from ..api.heimdall import HeimdallClient
from ..api.transport import CallMeter
from ..core.backend import AccountEntry
from ..core.coordinator import PollingCoordinator
from ..core.entity_choice import EntityChoice, Tier
from ..core.expected_load import LineOutlook
from .assets_coordinator import AssetsCoordinator
from .catalog import PRODUCTS, group_of
from .coordinator import ReadingsCoordinator
from .derived import with_loading
from .descriptions import AnyDescription
from .devices import Devices
from .entity_limits import deepest_tier
from .inventory import FacilityItem, GridItem, Kind, LineItem, item_key
from .latest import NO_READING, Reading, TargetData
from .products import Group, Product, outlook_key, reading_key
from .rating_options import RatingOptions, with_static_rating
from .subscriptions import Subscriptions


@dataclass(slots=True, kw_only=True)
class HeimdallData:
    """Everything that the entities of an account share.

    Attributes:
        hass: Home Assistant.
        entry: the config entry of the account.
        identity: the account's identity, the prefix of unique ids.
        client: the client of the account.
        meter: counts its calls.
        assets: polls the assets.
        polls: poll the measurements and the forecasts.
        subscriptions: select the products to request.
        devices: the devices of the account.
        choice: which entities are registered.
        ratings: how the account chooses the rating in force.
    """

    hass: HomeAssistant
    entry: AccountEntry
    identity: str
    client: HeimdallClient
    meter: CallMeter
    assets: AssetsCoordinator
    polls: dict[Group, ReadingsCoordinator]
    subscriptions: Subscriptions
    devices: Devices
    choice: EntityChoice
    ratings: RatingOptions
    _outlooks: dict[str, LineOutlook] = field(default_factory=dict)
    _targets: dict[str, TargetData[Any]] = field(default_factory=dict)
    _snapshots: tuple[object, ...] = ()

    def target(self, key: str) -> TargetData[Any] | None:
        """Return the latest data of an item; None if the service no longer has it."""
        measurements = self.polls[Group.MEASUREMENTS].data
        forecasts = self.polls[Group.FORECASTS].data
        snapshots = (self.assets.data, measurements, forecasts, self.ratings)
        if tuple(map(id, snapshots)) != tuple(map(id, self._snapshots)):
            self._targets, self._snapshots = {}, snapshots
        if (found := self._targets.get(key)) is not None:
            return found
        if (item := self.assets.data.grid_items.get(key)) is None:
            return None
        latest = {
            Group.MEASUREMENTS: measurements.readings,
            Group.FORECASTS: forecasts.readings,
        }
        readings = dict[Product[Any], Reading[Any]]()
        for product in PRODUCTS[item.kind]:
            reading = NO_READING
            if (target_id := item.target_ids.get(product.endpoint.target)) is not None:
                reading = latest[product.group].get(reading_key(product, target_id), NO_READING)
            readings[product] = reading
        down = {product for product, one in readings.items() if one.down}
        target: TargetData[Any] = TargetData(item, readings, self.ratings, down)
        if isinstance(item, LineItem):
            target = replace(with_loading(target), outlook=self._outlooks.get(item.id))
        self._targets[key] = target
        return target

    def item_near(self, device: AnyDeviceEntry) -> GridItem | None:
        """Return the line or facility of a device; for a span or sensor, its line."""
        inventory = self.assets.data
        lineage = inventory.lineage(inventory.item_of(device))
        return next((one for one in lineage if isinstance(one, LineItem | FacilityItem)), None)

    def line_near(self, device: AnyDeviceEntry) -> TargetData[LineItem] | None:
        """Return the data of a device's line, or of that of a facility; None if it has none."""
        item = self.item_near(device)
        if isinstance(item, FacilityItem) and item.asset.line is not None:
            return self.target(item_key(Kind.LINE, item.asset.line.id))
        return self.target(item.key) if isinstance(item, LineItem) else None

    def facility_of(self, line: TargetData[LineItem]) -> TargetData[FacilityItem] | None:
        """Return the data of the facility of a line."""
        return self.target(item_key(Kind.FACILITY, line.item.facility.id))

    def coordinator_of(self, description: AnyDescription) -> PollingCoordinator[str, Any]:
        """Return the coordinator that an entity follows."""
        group = group_of(description)
        return self.assets if group is None else self.polls[group]

    def unique_id(self, item: GridItem, description: AnyDescription) -> str:
        """Return the unique id of an entity; two accounts may see the same line."""
        return f"{self.identity}_{item.id}_{description.key}"

    def device_of(self, item: GridItem) -> DeviceEntry | None:
        """Return the device of an item; it is registered before its entities."""
        return self.devices.device_of(item)

    def registers(
        self, item: GridItem, description: AnyDescription, choice: EntityChoice | None = None
    ) -> bool:
        """Return whether the account's choice, or another, registers an entity."""
        return description.tier <= self.deepest_tier(item, choice)

    def deepest_tier(self, item: GridItem, choice: EntityChoice | None = None) -> Tier:
        """Return the last tier that the account's choice, or another, registers."""
        return deepest_tier(choice or self.choice, len(self.assets.data.grid_items), item)

    @callback
    def show_outlook(self, line: GridItem, outlook: LineOutlook | None) -> None:
        """Show the hours ahead of a line in the entities that follow them."""
        if outlook is None:
            self._outlooks.pop(line.id, None)
        else:
            self._outlooks[line.id] = outlook
        self._targets.pop(line.key, None)
        self.polls[Group.FORECASTS].announce((outlook_key(line.id), Group.FORECASTS))

    @callback
    def set_static_rating(self, line: GridItem, amperes: float) -> None:
        """Set the static rating of a line; 0 removes it.

        It is an option of the account: unlike the last state of an entity, an option is persisted
        at once and known before the first poll.
        """
        options = with_static_rating(self.entry.options, line.id, amperes)
        self.hass.config_entries.async_update_entry(self.entry, options=options)
        self.ratings = RatingOptions.of(options)
        for poll in (self.assets, self.polls[Group.MEASUREMENTS]):
            poll.announce((line.key,))
