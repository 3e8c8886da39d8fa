"""The pieces of a kind as people say them: who, by when, under which condition; in Chinese or English."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Literal

from anhuan.core.obligation.calendar import Within
from anhuan.core.obligation.party import PLANT_WIDE
from anhuan.core.policy import Rung
from anhuan.core.terms import (
    AllOf,
    ByTable,
    Condition,
    Deadline,
    Drawn,
    Earliest,
    FieldIs,
    FirstKnown,
    FirstOf,
    Incomplete,
    ItemDate,
    Named,
    TableSays,
    UntilField,
    Who,
    WithinTable,
)
from anhuan.domain.ids import PersonId
from anhuan.domain.plant import Plant
from anhuan.domain.plant_items import Post, Team
from anhuan.packs.compile import Pack

Language = Literal["zh", "en"]

_PHRASES: Mapping[str, tuple[str, str]] = {
    "finder": ("发现人", "the finder"),
    "reporter": ("上报人", "the reporter"),
    "performer": ("整改人", "whoever did the work"),
    "performers": ("做或应做整改的人", "whoever did or owes the work"),
    "holders": ("责任人", "whoever owes it"),
    "leader": ("其上级班组长", "their team leader"),
    "anyone": ("任何人", "anyone"),
    "in_plant": ("{name}（全厂）", "{name} (whole plant)"),
    "field": ("表单中的“{name}”", "“{name}” in the form"),
    "by_table": ("按《{name}》", "by “{name}”"),
    "drawn": ("随机抽取（有“{name}”资格者）", "drawn among those competent for “{name}”"),
    "or_else": ("否则{who}", "else {who}"),
    "and": ("、", ", "),
    "until": ("至“{name}”", "until “{name}”"),
    "until_once": ("至“{name}”（已过的只管第一次）", "until “{name}” (once it is past, for the first time only)"),
    "of_item": ("至台账中的“{name}”", "until “{name}” in the plant's records"),
    "earliest": ("{options}中最早者", "the earliest of {options}"),
    "working": ("{time}（工作时间）", "{time} of working time"),
    "days": ("{n} 天", "{n} d"),
    "hours": ("{n} 小时", "{n} h"),
    "minutes": ("{n} 分钟", "{n} min"),
    "incomplete": ("内容不全", "incomplete"),
    "is_true": ("{name}", "{name}"),
    "is_false": ("非“{name}”", "not “{name}”"),
    "is": ("{name}为“{value}”", "{name} is “{value}”"),
    "says": ("《{table}》：{column}", "“{table}”: {column}"),
    "at_share": ("期限的 {share} 时", "at {share} of the time given"),
    "ahead": ("到期前 {time}", "{time} before the deadline"),
    "past": ("超期 {time} 后", "{time} past the deadline"),
}


class Wording:
    """One pack in one language, with the names of a plant where there is one."""

    def __init__(self, pack: Pack, language: Language, plant: Plant | None = None) -> None:
        self.pack = pack
        self.language = language
        self._plant = plant
        self._place = ("zh", "en").index(language)

    def word(self, key: str) -> str:
        """A word of the pack; the end of its key where it is missing."""
        return self.pack.words[self.language].get(key) or key.rpartition(".")[2]

    def choose(self, zh: str, en: str) -> str:
        """The text in the language."""
        return (zh, en)[self._place]

    def party(self, word: str) -> str:
        """A party word: the plant's name for the post or team, else its key."""
        prefix, _, rest = word.partition(":")
        key, _, scope = rest.partition("@")
        match prefix:
            case "post":
                post = self._plant.get(Post, key) if self._plant else None
                name = post.name if post else key.replace("_", " ")
                return self._say("in_plant", name=name) if scope == PLANT_WIDE and (not post or post.per_area) else name
            case "team" | "unit":
                team = self._plant.get(Team, rest) if self._plant else None
                return team.name if team else rest.replace("_", " ")
            case "person":
                return self._plant.name_of(PersonId(key)) if self._plant else key
            case "field":
                return self._say("field", name=self.word(f"field.{rest}"))
            case _:
                return self._say(word)

    def parties(self, words: tuple[str, ...]) -> str:
        """Several parties."""
        return self._say("and").join(self.party(word) for word in words)

    def who(self, who: Who) -> str:
        """Who owes a duty."""
        match who:
            case Named(words):
                return self.parties(words)
            case ByTable(table):
                return self._say("by_table", name=self.word(f"table.{table}"))
            case FirstOf((first, *rest)):
                return self.choose("；", "; ").join(
                    (self.who(first), *(self._say("or_else", who=self.who(option)) for option in rest))
                )
            case AllOf(options):
                return self._say("and").join(self.who(option) for option in options)
            case Drawn(field, _, fallback):
                drawn = self._say("drawn", name=self.word(f"field.{field}"))
                return f"{drawn}{self.choose('；', '; ')}{self._say('or_else', who=self.who(fallback))}"
            case _:
                return ""

    def within(self, deadline: Deadline) -> str:
        """The time given."""
        match deadline:
            case Within(amount, clock):
                time = self.time(timedelta(days=amount.days, minutes=amount.minutes))
                return self._say("working", time=time) if clock == "working" else time
            case WithinTable(table):
                return self._say("by_table", name=self.word(f"table.{table}"))
            case UntilField(field, met_by):
                return self._say("until_once" if met_by else "until", name=self.word(f"field.{field}"))
            case ItemDate(field):
                return self._say("of_item", name=self.word(f"field.{field}"))
            case FirstKnown(options):
                return self.choose("，否则", ", else ").join(self.within(option) for option in options)
            case Earliest(options):
                return self._say("earliest", options=self.choose("、", ", ").join(map(self.within, options)))

    def time(self, length: timedelta) -> str:
        """A length of time in days, hours and minutes."""
        hours, rest = divmod(length.seconds, 3600)
        parts = (("days", length.days), ("hours", hours), ("minutes", rest // 60))
        return " ".join(self._say(unit, n=n) for unit, n in parts if n) or self._say("minutes", n=0)

    def when(self, condition: Condition | None) -> str:
        """Under which condition; empty: always."""
        match condition:
            case None:
                return ""
            case Incomplete():
                return self._say("incomplete")
            case FieldIs(field, bool(value)):
                return self._say("is_true" if value else "is_false", name=self.word(f"field.{field}"))
            case FieldIs(field, value):
                return self._say("is", name=self.word(f"field.{field}"), value=self.word(f"{field}.{value}"))
            case TableSays(table, column):
                return self._say("says", table=self.word(f"table.{table}"), column=self.word(f"column.{column}"))

    def rung(self, rung: Rung) -> str:
        """When a rung is reached."""
        if rung.share is None:
            return self._say("ahead" if rung.after < timedelta() else "past", time=self.time(abs(rung.after)))
        return self._say("at_share", share=f"{rung.share:.0%}")

    def _say(self, key: str, **params: object) -> str:
        return _PHRASES[key][self._place].format_map(params)
