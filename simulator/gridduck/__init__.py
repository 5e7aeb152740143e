"""The GridDuck cloud, to the letter of gridduck-api.md: what is documented and what is assumed."""

from .asset import Asset
from .service import GridDuckService
from .settings import DEFAULT, MISSING, CsvStyle
from .world import World

__all__ = ["DEFAULT", "MISSING", "Asset", "CsvStyle", "GridDuckService", "World"]
