"""The service's environments. Contract: heimdall-api.md §1.1."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final


@dataclass(frozen=True, kw_only=True, slots=True)
class Environment:
    """The addresses of one environment.

    Attributes:
        base_url: the address of the API.
        token_url: the address of the token endpoint.
        scope: the scope of token requests.
    """

    base_url: str
    token_url: str
    scope: str


def _environment(suffix: str, tenant: str, application: str) -> Environment:
    domain = f"{tenant}.onmicrosoft.com"
    return Environment(
        base_url=f"https://external-api.heimdallcloud{suffix}.com",
        token_url=f"https://{tenant}.b2clogin.com/{domain}"
        "/b2c_1a_clientcredentialsflow/oauth2/v2.0/token",
        scope=f"https://{domain}/{application}/.default",
    )


PRODUCTION: Final = "production"
DEVELOPER: Final = "developer"

ENVIRONMENTS: Final[Mapping[str, Environment]] = MappingProxyType(
    {
        PRODUCTION: _environment("", "hpadb2cprod", "dc5758ae-4eea-416e-9e61-812914d9a49a"),
        DEVELOPER: _environment("-dev", "hpadb2cdev", "f2fd8894-ae2e-4965-8318-e6c6781b5b80"),
    }
)
"""By the name under which the config flow offers them."""
