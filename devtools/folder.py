"""The configuration folder of a Home Assistant that is launched."""

from collections.abc import Iterator
from contextlib import contextmanager
import fcntl
import os
from pathlib import Path
import shutil
from typing import Final
from zipfile import ZipFile

import msgspec

from .settings import DOMAIN, HOST, PACKAGE, ROOT, LaunchError

# No default_config: nothing that looks for devices, calls a cloud or needs a microphone.
_CONFIGURATION: Final = f"""\
homeassistant:
  name: Demo
  country: GB
  currency: GBP
  time_zone: Europe/London
  unit_system: metric
  auth_providers:
    # Loopback only: the user interface opens without a login.
    - type: trusted_networks
      trusted_networks: {HOST}/32
      allow_bypass_login: true
    - type: homeassistant

automation: !include automations.yaml
blueprint:
config:
energy:
frontend:
history:
logbook:
my:
recorder:
scene: !include scenes.yaml
script: !include scripts.yaml
system_health:
"""


@contextmanager
def claimed(directory: Path) -> Iterator[None]:
    """Hold the folder, so that no second demo runs in it.

    Raises:
        LaunchError: another demo holds it.
    """
    locks = ROOT / ".cache"
    locks.mkdir(exist_ok=True)
    with (locks / f"{directory.name}.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise LaunchError("Another demo is running here: end that one first") from None
        yield


def clear(directory: Path) -> None:
    """Remove the folder with all that Home Assistant remembers."""
    shutil.rmtree(directory, ignore_errors=True)


def prepare(directory: Path, port: int) -> None:
    """Write what Home Assistant finds at its start; what a user changed there stays."""
    directory.mkdir(parents=True, exist_ok=True)
    configuration = directory / "configuration.yaml"
    if not configuration.exists():
        configuration.write_text(_CONFIGURATION)
        for name in ("automations", "scenes", "scripts"):
            (directory / f"{name}.yaml").write_text("[]\n" if name != "scripts" else "{}\n")
        store(directory, "onboarding", 4, {"done": ["core_config", "analytics", "integration"]})
    store(directory, "http", 3, _http(port))
    for blueprints in (ROOT / "blueprints").iterdir():
        own = directory / "blueprints" / blueprints.name / DOMAIN
        # A link would not do: Home Assistant does not look behind one.
        shutil.copytree(blueprints / DOMAIN, own, dirs_exist_ok=True)
    _install(directory / "custom_components" / DOMAIN)


def _install(integration: Path) -> None:
    """Link the integration's source, or unpack the zip that is tried as users install it."""
    integration.parent.mkdir(exist_ok=True)
    if integration.is_symlink():
        integration.unlink()
    shutil.rmtree(integration, ignore_errors=True)
    if (package := os.environ.get(PACKAGE)) is None:
        integration.symlink_to(ROOT / "custom_components" / DOMAIN, target_is_directory=True)
        return
    with ZipFile(package) as archive:
        archive.extractall(integration)


def _http(port: int) -> dict[str, object]:
    """Return the settings of the HTTP server.

    A section in configuration.yaml would count as a trial that reverts after five minutes.
    """
    stable = {
        "server_host": [HOST],
        "server_port": port,
        "cors_allowed_origins": [],
        "ip_ban_enabled": False,
        "login_attempts_threshold": -1,
        "ssl_profile": "intermediate_v6",
        "use_x_frame_options": True,
        "created_at": "2026-11-01T00:00:00+00:00",
        "error": None,
        "error_message": None,
    }
    return {"stable": stable, "pending": None, "yaml_migration_done": True}


def store(directory: Path, key: str, version: int, data: object) -> None:
    """Write a file of `.storage`."""
    storage = directory / ".storage"
    storage.mkdir(exist_ok=True)
    document = {"version": version, "minor_version": 1, "key": key, "data": data}
    (storage / key).write_bytes(msgspec.json.encode(document))
