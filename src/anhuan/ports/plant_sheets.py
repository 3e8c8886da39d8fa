"""Plants as workbooks: what the use cases see of the connector that reads and writes them."""

from typing import Protocol

from msgspec import Struct

from anhuan.domain.plant import Plant
from anhuan.domain.plant_checks import PlantChange
from anhuan.domain.plant_reading import PlantProblem
from anhuan.ports.registers import Workbook


class PlantSheetsRead(Struct, frozen=True):
    """What a workbook would change."""

    change: PlantChange
    """Items that are new or different; empty of those that stay as they are."""
    problems: tuple[PlantProblem, ...]
    """Rows count as in the file; while there are any the change must not be made."""
    notes: tuple[PlantProblem, ...]
    """What was not read, and stands in nobody's way."""
    rows: int
    unchanged: int


class PlantSheets(Protocol):
    """Reading and writing plants. `anhuan.connectors.excel` is one."""

    def read_plant_book(self, book: Workbook, plant: Plant) -> PlantSheetsRead: ...
    def plant_workbook(self, plant: Plant, language: str) -> bytes: ...
