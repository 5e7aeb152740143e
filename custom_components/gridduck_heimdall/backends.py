"""The clouds that an account can belong to."""

from typing import Final

from .const import Service
from .gridduck.backend import BACKEND as GRIDDUCK
from .heimdall.backend import BACKEND as HEIMDALL

BACKENDS: Final = {Service.GRIDDUCK: GRIDDUCK, Service.HEIMDALL: HEIMDALL}
