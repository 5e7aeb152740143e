"""The flow that Home Assistant wants to see before it sets an account up: ours."""

from custom_components.gridduck_heimdall.config_flow import AccountFlow

__all__ = ["AccountFlow"]
