"""Who looks, when, in which language, and what things are called: the pack's words first, then the house's own."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib.resources import files

import yaml

from anhuan.app.view.blind import HIDDEN
from anhuan.app.view.shapes import EquipmentName, Gate, LapsedName, Named, PartyView, ReasonText
from anhuan.core.case.outcome import Reason
from anhuan.core.policy import Kind
from anhuan.domain.ids import AreaId, EquipmentId, PersonId
from anhuan.domain.party import Party, PersonParty, PostParty, TeamParty
from anhuan.domain.plant import Plant
from anhuan.domain.plant_items import Area, Equipment, Post, Team
from anhuan.packs.compile import Pack
from anhuan.ports.identity import Language

Say = Callable[[Reason, Pack], str]
"""A reason in the viewer's words; the pack is the one that the reason comes from."""


@cache
def house_words(language: Language) -> Mapping[str, str]:
    """The house's own words for views, by key."""
    text = files("anhuan.app.view").joinpath("words", f"{language}.yaml").read_text(encoding="utf-8")
    words: Mapping[str, str] = yaml.safe_load(text)
    return words


@dataclass(frozen=True, slots=True)
class Lens:
    """One look by one person at one moment."""

    plant: Plant
    pack: Pack
    kind: Kind
    language: Language
    viewer: PersonId | None
    at: datetime
    say: Say

    # --- words

    def pack_word(self, key: str) -> str | None:
        """The pack's word, if it has one."""
        return self.pack.words[self.language].get(key)

    def word(self, key: str, **params: str) -> str:
        """The pack's word, else the house's, else the key's last part; `{params}` filled in."""
        words = house_words(self.language)
        template = self.pack_word(key) or words.get(key) or key.rpartition(".")[2]
        return template.format_map(_Blanks(params)) if params else template

    def kind_name(self) -> str:
        """What the case's kind is called."""
        return self.word(f"kind.{self.kind.key}")

    def stage(self, key: str) -> str:
        """What a stage is called; a closed case is in none."""
        return self.word(f"stage.{self.kind.key}.{key}") if key else ""

    def duty(self, key: str) -> str:
        """What a duty is called."""
        return self.word(f"duty.{self.kind.key}.{key}")

    def move(self, key: str) -> str:
        """What a move is called."""
        return self.word(f"move.{self.kind.key}.{key}")

    def opens(self, key: str) -> str:
        """What closing the case may open is called."""
        return self.word(f"opens.{self.kind.key}.{key}")

    def purpose(self, key: str) -> str:
        """What a table was asked for: for a duty, or for what closing the case opens."""
        return self.opens(key) if key in self.kind.opens_on_closing else self.duty(key)

    def paper(self, key: str) -> str:
        """What a paper is called."""
        return self.word(f"paper.{self.kind.key}.{key}")

    def outcome(self, key: str | None) -> str | None:
        """What an outcome is called."""
        return self.word(f"outcome.{key}") if key else None

    def because(self, key: str) -> str:
        """Why something happened: a house's reason, a move, or an outcome."""
        for name in (f"because.{key}", f"move.{self.kind.key}.{key}", f"outcome.{key}"):
            if found := house_words(self.language).get(name) or self.pack_word(name):
                return found
        return key

    def choice(self, field: str, value: str | None) -> str | None:
        """What a value of a choice is called."""
        if value is None:
            return None
        schema = self.pack.forms[self.kind.form].schema["properties"].get(field, {})
        return self.pack_word(f"{schema.get('x-values', field)}.{value}") or value

    def reason(self, reason: Reason) -> ReasonText:
        """A reason in words."""
        return ReasonText(code=reason.code, field=reason.field, text=self.say(reason, self.pack), params=reason.params)

    def gate(self, reason: Reason | None) -> Gate:
        """Open, or closed and why."""
        return Gate(ok=True) if reason is None else Gate(ok=False, why=self.say(reason, self.pack))

    def listed(self, texts: Iterable[str]) -> str:
        """Several names in one text."""
        return self.word("comma").join(texts)

    def local(self, at: datetime) -> str:
        """An instant in the plant's own time, for texts."""
        return at.astimezone(self.plant.zone).strftime("%Y-%m-%d %H:%M")

    # --- who and where

    def person(self, person: PersonId | None) -> Named | None:
        """A person by name."""
        if person is None or person == HIDDEN:
            return None
        return Named(id=person, name=self.plant.name_of(person))

    def who(self, person: PersonId | None) -> str:
        """Who did something, for a text; nobody is the system."""
        if person == HIDDEN:
            return self.word("hidden")
        return self.plant.name_of(person) if person else self.word("system")

    def area(self, area: AreaId | None) -> Named | None:
        """An area by name; its id where it is gone."""
        if area is None:
            return None
        found = self.plant.get(Area, area)
        return Named(id=area, name=found.name if found else area)

    def equipment(self, equipment: EquipmentId | None) -> EquipmentName | None:
        """A piece of equipment by number and name, with what of it has run out."""
        if equipment is None:
            return None
        found = self.plant.get(Equipment, equipment)
        return EquipmentName(
            id=equipment,
            number=found.number if found else "",
            name=found.name if found else equipment,
            lapsed=self.lapsed(equipment),
        )

    def lapsed(self, equipment: EquipmentId) -> list[LapsedName]:
        """What of a piece of equipment should have been renewed by today."""
        today = self.at.astimezone(self.plant.zone).date()
        past = self.plant.lapsed(equipment, today)
        return [LapsedName(name=one.name, due_on=one.due_on.isoformat()) for one in past]

    def party(self, party: Party) -> PartyView:
        """A party in words."""
        match party:
            case PersonParty(person):
                hidden = person == HIDDEN
                return PartyView(
                    text=self.who(person), kind="hidden" if hidden else "person", id=None if hidden else person
                )
            case TeamParty(team):
                found = self.plant.get(Team, team)
                return PartyView(text=found.name if found else team, kind="team", id=team)
            case PostParty(post, area):
                held = self.plant.get(Post, post)
                name = held.name if held else post
                place = self.area(area)
                text = self.word("post_in_area", post=name, area=place.name) if place else name
                return PartyView(text=text, kind="post", id=post)


class _Blanks(dict[str, str]):
    """A text is shown even where a param is missing."""

    def __missing__(self, name: str) -> str:
        return "…"
