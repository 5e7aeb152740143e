"""An asset as the list gives it: every field of the guide's example, always."""

from datetime import UTC, datetime
import math

from .asset import Asset, Site
from .settings import FinishFormat
from .timeline import Mode, OverrideKind

_CONTACT_PERIOD = 60


def asset_record(
    asset: Asset, now: float, *, milliseconds: bool, finish_format: FinishFormat
) -> dict[str, object]:
    """Return the fields of an asset at unix time `now`.

    `milliseconds` and `finish_format` are as in `Settings`.

    Contract: gridduck-api.md, "List assets".
    """
    if asset.static is None:
        asset.static = _static(asset)
    seen = asset.horizon(now)
    offline = asset.offline_since is not None and asset.offline_since <= now
    contact = seen if offline else seen - (seen - asset.number) % _CONTACT_PERIOD
    return {
        **asset.static,
        "current_state": "ON" if asset.on(seen) else "OFF",
        "user_state": asset.control.mode(now).value,
        **_override(asset, "boost", now, finish_format, milliseconds=milliseconds),
        **_override(asset, "snooze", now, finish_format, milliseconds=milliseconds),
        "consumption": asset.power(seen),
        "delivered": None if asset.timeline is None else int(asset.reading(seen)),
        "last_contacted": int(contact),
        "lost": offline,
        "disconnected": offline,
    }


def site_record(site: Site) -> dict[str, object]:
    """Return the fields of a site. Contract: gridduck-api.md, Part 2."""
    return {
        "id": site.id,
        "name": site.name,
        "price_per_kwh": site.price,
        "currency": site.currency,
        "timezone": "Europe/London",
        "created": _iso(site.created),
        "created_stamp": site.created,
    }


def _override(
    asset: Asset, kind: OverrideKind, now: float, finish_format: FinishFormat, *, milliseconds: bool
) -> dict[str, object]:
    running = asset.control.running(now)
    if running is None or running.kind != kind:
        return {f"{kind}_finish": 0, f"{kind}_finish_stamp": 0}
    stamp, left = math.ceil(running.end), math.ceil(running.end - now)
    match finish_format:
        case "text":
            return {f"{kind}_finish": str(left), f"{kind}_finish_stamp": 0}
        case "iso":
            return {f"{kind}_finish": _iso(stamp), f"{kind}_finish_stamp": None}
        case "iso_naive":
            return {f"{kind}_finish": _iso(stamp).removesuffix("Z"), f"{kind}_finish_stamp": 0}
    return {
        f"{kind}_finish": left,
        f"{kind}_finish_stamp": stamp * 1000 if milliseconds else stamp,
    }


def _static(asset: Asset) -> dict[str, object]:
    on_time, off_time = asset.kind.interruptible or (None, None)
    scheduled = asset.control.modes[-1][1] is Mode.SCHEDULE
    gateway = asset.gateway
    return {
        "id": asset.id,
        "name": asset.name,
        "code": "---",
        "serial_no": None if asset.kind.sku == "PLU-UK" else f"GD{asset.number:08d}",
        "sku": asset.kind.sku,
        "site_id": asset.site.id,
        "site_name": asset.site.name,
        "gateway_id": gateway.id if gateway else None,
        "gateway_name": gateway.name if gateway else None,
        "gateway_disconnected": False if gateway else None,
        "parent_asset": asset.parent.id if asset.parent else None,
        "children": [child.id for child in asset.children],
        "imp_kwh": None,
        "price_per_kwh": asset.price,
        "currency": asset.site.currency,
        "site_price_per_kwh": asset.site.price,
        "site_currency": asset.site.currency,
        "asset_signal_strength": asset.signal,
        "read_only": asset.read_only,
        "_permission": "view" if asset.read_only else "admin",
        "interruptible": asset.kind.interruptible is not None,
        "frequency_enabled": False,
        "frequency_off_point": None,
        "frequency_on_point": None,
        "min_time_on": on_time,
        "max_time_off": off_time,
        "dr_rule_id": None,
        "dr_profile_id": None,
        "timeswitch_id": f"{asset.id[:-4]}0001" if scheduled else None,
        "trigger_rules": [],
        "alert_rules": [],
        "overrides": [],
        "tags": [],
        "simulated": False,
        "simulated_from": None,
        "data_from": None,
        "third_party_type": None,
        "tp_site_id": None,
        "user_id": 1234,
        "clamp_size": None,
        "firmware_target": None,
        "created": _iso(asset.created),
        "created_stamp": asset.created,
        **asset.kind.fields,
    }


def _iso(stamp: float) -> str:
    return f"{datetime.fromtimestamp(stamp, UTC):%Y-%m-%dT%H:%M:%SZ}"
