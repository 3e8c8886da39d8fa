"""Names where ids are wanted: which item of a kind a text means, by id, name, number or alias."""

import re
from collections.abc import Iterable

from anhuan.connectors.excel.folding import fold
from anhuan.domain.plant_items import PlantItem

_UNFIT = re.compile(r"[\s/@:,;，；、|\\]+")


class ItemNames:
    """The names of some items, by kind."""

    def __init__(self, items: Iterable[PlantItem]) -> None:
        self._ids: dict[type[PlantItem], dict[str, set[str]]] = {}
        self._items: dict[tuple[type[PlantItem], str], PlantItem] = {}
        for item in items:
            words = (getattr(item, "name", ""), getattr(item, "number", ""), *getattr(item, "aliases", ()))
            self.add(type(item), item.id, words)
            self._items[type(item), item.id] = item

    def add(self, kind: type[PlantItem], item_id: str, words: Iterable[str]) -> None:
        """One more item, known by its id and by the words."""
        known = self._ids.setdefault(kind, {})
        for word in (item_id, *words):
            if folded := fold(word):
                known.setdefault(folded, set()).add(item_id)

    def meant(self, kind: type[PlantItem], text: str) -> tuple[str, ...]:
        """The ids that a text may mean: none, one, or several of that name. An id means its own item alone."""
        found = self._ids.get(kind, {}).get(fold(text), set())
        return (text,) if text in found else tuple(sorted(found))

    def shown(self, kind: type[PlantItem], item_id: str) -> str:
        """The text by which a person knows an item and that means it alone: name, else number, else id."""
        item = self._items.get((kind, item_id))
        for word in (getattr(item, "name", ""), getattr(item, "number", "")):
            if word and not _UNFIT.search(word) and self.meant(kind, word) == (item_id,):
                return word
        return item_id


def id_from(text: str) -> str:
    """An id made of a name or number: signs that no id may hold become dashes."""
    return _UNFIT.sub("-", text.strip()).strip("-")
