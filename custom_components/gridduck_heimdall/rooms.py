"""The clouds that an account can belong to."""

from typing import Final

from .const import Service
from .gridduck.account import ROOM as GRIDDUCK
from .heimdall.account import ROOM as HEIMDALL

ROOMS: Final = {Service.GRIDDUCK: GRIDDUCK, Service.HEIMDALL: HEIMDALL}
