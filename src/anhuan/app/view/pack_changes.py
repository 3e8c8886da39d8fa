"""What a version of a pack changes against the one in force, said as the pack's readers say it.

Each version is taken apart into parts (kinds, stages, duties, moves, tables with their rows, forms with their fields,
ladders, words), each with what is said of it in words; two versions differ where a part is there only once or says
something else. What has no words here (how registers are read, what is computed, stories) is told by its file.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import msgspec
from msgspec.structs import asdict, replace

from anhuan.app.view.kinds import table_views
from anhuan.app.view.lens import Lens
from anhuan.core.policy import DutySpec, Kind, Move
from anhuan.packs.compile import Pack
from anhuan.packs.language import DutyText, MoveText
from anhuan.packs.wording import Wording

ChangeKind = Literal["added", "changed", "removed"]
PartKind = Literal["kind", "stage", "duty", "move", "paper", "table", "row", "form", "field", "ladder", "words"]
Look = Callable[[Pack, Kind], Lens]
Facts = dict[str, str]
"""What is said of a part, by name; nothing stands for what says nothing."""


@dataclass(slots=True, kw_only=True)
class FactChange:
    """One thing that is said of a part: before and after; null where it is not said."""

    name: str
    before: str | None
    after: str | None


@dataclass(slots=True, kw_only=True)
class PackChange:
    """A part that is there only in one of the versions, or says something else."""

    what: PartKind
    change: ChangeKind
    where: str
    """Its place, as the checker writes it: `kinds/<kind>/stages/<stage>/<duty>`, `tables/<table>/<row>` …"""
    within: str
    """What the kind, table or form is called that it is a part of; empty for these themselves."""
    name: str
    facts: list[FactChange]


@dataclass(slots=True, kw_only=True)
class FileChange:
    """A file of the pack that is there only in one of the versions, or holds another text."""

    path: str
    change: ChangeKind


@dataclass(slots=True, kw_only=True)
class PackChanges:
    """All that publishing would change. Without files that differ there is nothing to publish."""

    against: str | None
    """The version in force; null: the pack is new."""
    items: list[PackChange]
    files: list[FileChange]


@dataclass(frozen=True, slots=True)
class _Part:
    what: PartKind
    within: str
    name: str
    facts: Facts


Parts = dict[str, _Part]


def pack_changes(before: Pack | None, after: Pack, look: Look) -> list[PackChange]:
    """Every part that differs, in the order of the new version; what came or went whole is told without its parts.

    Both are said in the new version's words, so that another word for a thing is told once and not wherever it stands.
    """
    old = _parts(_in_words_of(before, after), after, look) if before is not None else {}
    new = _parts(after, before, look)
    if before is not None:
        old |= _texts(before, after, look)
        new |= _texts(after, before, look)
    found = []
    for where in dict.fromkeys((*new, *old)):
        one, other = old.get(where), new.get(where)
        part = other or one
        if part is None or one == other or _told_with_its_whole(where, old, new):
            continue
        change: ChangeKind = "added" if one is None else "removed" if other is None else "changed"
        facts = _facts_changed(one.facts if one else {}, other.facts if other else {})
        if facts or change != "changed":
            told = PackChange(
                what=part.what, change=change, where=where, within=part.within, name=part.name, facts=facts
            )
            found.append(told)
    return found


def _in_words_of(pack: Pack, other: Pack) -> Pack:
    return replace(pack, words={language: {**pack.words[language], **words} for language, words in other.words.items()})


def _texts(pack: Pack, other: Pack, look: Look) -> Parts:
    """The texts of the reader's language that both versions have; what came or went is told with its part."""
    kind = next(iter(pack.kinds.values()), None)
    if kind is None:
        return {}
    lens = look(pack, kind)
    facts = {key: text for key, text in pack.words[lens.language].items() if key in other.words[lens.language]}
    return {"words": _Part("words", "", lens.word("pack_key.words"), facts)}


def file_changes(before: Mapping[str, str], after: Mapping[str, str]) -> list[FileChange]:
    """The files that differ, by path."""
    changes: dict[str, ChangeKind] = dict.fromkeys(before.keys() - after.keys(), "removed")
    changes |= dict.fromkeys(after.keys() - before.keys(), "added")
    changes |= dict.fromkeys((path for path in before.keys() & after.keys() if before[path] != after[path]), "changed")
    return [FileChange(path=path, change=changes[path]) for path in sorted(changes)]


def _told_with_its_whole(where: str, old: Parts, new: Parts) -> bool:
    steps = where.split("/")
    wholes = ("/".join(steps[:length]) for length in range(1, len(steps)))
    return any((whole in old) is not (whole in new) for whole in wholes)


def _facts_changed(before: Facts, after: Facts) -> list[FactChange]:
    names = [name for name in dict.fromkeys((*after, *before)) if before.get(name) != after.get(name)]
    return [FactChange(name=name, before=before.get(name), after=after.get(name)) for name in names]


def _parts(pack: Pack, other: Pack | None, look: Look) -> Parts:
    found: Parts = {}
    for kind in pack.kinds.values():
        found |= dict(_Reader(pack, look(pack, kind)).kind(kind))
    first = next(iter(pack.kinds.values()), None)
    if first is not None:
        reader = _Reader(pack, look(pack, first))
        found |= {**dict(reader.tables(other)), **dict(reader.forms()), **dict(reader.ladders())}
    return found


class _Reader:
    """Says the parts of one version."""

    def __init__(self, pack: Pack, lens: Lens) -> None:
        self._pack = pack
        self._lens = lens
        self._say = Wording(pack, lens.language, lens.plant)

    def kind(self, kind: Kind) -> Iterator[tuple[str, _Part]]:
        """The kind, its stages with their duties, its moves and its papers."""
        text, where, name = self._pack.texts[kind.key], f"kinds/{kind.key}", self._lens.kind_name()
        about = {key: value for key, value in asdict(text).items() if key not in ("stages", "moves", "papers")}
        yield where, _Part("kind", "", name, self._facts(about))
        for key, stage in text.stages.items():
            leads = {
                self._say.word(f"outcome.{outcome}"): self._target(kind, to, outcome)
                for outcome, to in stage.then.items()
            }
            yield f"{where}/stages/{key}", _Part("stage", name, self._lens.stage(key), leads)
            for owed in kind.stages[key].duties:
                facts = self._duty(stage.duties[owed.key], owed)
                yield f"{where}/stages/{key}/{owed.key}", _Part("duty", name, self._lens.duty(owed.key), facts)
        for key, move in text.moves.items():
            facts = self._move(move, kind.moves[key])
            yield f"{where}/moves/{key}", _Part("move", name, self._lens.move(key), facts)
        for key, paper in text.papers.items():
            yield f"{where}/papers/{key}", _Part("paper", name, self._lens.paper(key), self._facts(asdict(paper)))

    def tables(self, other: Pack | None) -> Iterator[tuple[str, _Part]]:
        """The tables row by row. The first row that fits decides, so the order of the rows that stay is told too."""
        for (key, table), view in zip(self._pack.tables.items(), table_views(self._lens), strict=True):
            columns = [column.name for column in view.columns]
            beside = other.tables.get(key) if other is not None else None
            stay = {row.id for row in beside.rows} if beside is not None else set()
            names = [shown.name for row, shown in zip(table.rows, view.rows, strict=True) if row.id in stay]
            about = {"columns": columns, "order": names}
            yield f"tables/{key}", _Part("table", "", view.name, self._facts(about))
            for row, shown in zip(table.rows, view.rows, strict=True):
                facts = {**dict(zip(columns, shown.cells, strict=True)), self._key("source"): shown.source}
                yield f"tables/{key}/{row.id}", _Part("row", view.name, shown.name, facts)

    def forms(self) -> Iterator[tuple[str, _Part]]:
        """The forms field by field, places for evidence included."""
        for key, form in self._pack.forms.items():
            name = self._say.word(f"form.{key}")
            about = {part: value for part, value in form.schema.items() if part not in ("properties", "x-proofs")}
            about["required"] = [self._say.word(f"field.{one}") for one in form.schema.get("required", ())]
            yield f"forms/{key}", _Part("form", "", name, self._facts(about))
            for one, schema in {**form.schema["properties"], **form.schema.get("x-proofs", {})}.items():
                label = self._say.word(schema.get("x-words", f"field.{one}"))
                yield f"forms/{key}/{one}", _Part("field", name, label, self._facts(schema))

    def ladders(self) -> Iterator[tuple[str, _Part]]:
        """What happens otherwise, rung by rung."""
        for key, ladder in self._pack.ladders.items():
            facts = {
                self._say.word(f"rung.{rung.key}"): " · ".join(
                    (self._say.rung(rung), self._say.parties(rung.to), *([self._key("urgent")] if rung.urgent else []))
                )
                for rung in ladder.rungs
            }
            facts[self._key("repeat")] = self._say.time(ladder.repeat)
            yield f"ladders/{key}", _Part("ladder", "", key, facts)

    def _duty(self, text: DutyText, spec: DutySpec) -> Facts:
        said = {
            "who": self._say.who(spec.who),
            "within": self._say.within(spec.within),
            "when": self._say.when(spec.when),
            "prove": self._slots(spec.prove),
            "compare": self._slots(spec.compare or ()),
            "outcomes": [self._say.word(f"outcome.{outcome}") for outcome in spec.outcomes],
        }
        return self._facts({**asdict(text), **said})

    def _move(self, text: MoveText, move: Move) -> Facts:
        said: dict[str, Any] = {"asked_by": self._say.parties(move.asked_by), "prove": self._slots(move.prove)}
        said["effect"] = {key: value for key, value in asdict(text.effect).items() if value is not None}
        if text.approve is not None and move.approve is not None:
            decided = self._duty(text.approve, move.approve)
            said["approve"] = "; ".join(f"{name}: {value}" for name, value in decided.items())
        if move.arbiter is not None:
            said["arbiter"] = self._say.who(move.arbiter)
        return self._facts({**asdict(text), **said})

    def _slots(self, slots: Iterable[str]) -> list[str]:
        return [self._say.word(f"field.{slot}") for slot in slots]

    def _target(self, kind: Kind, to: str, outcome: str) -> str:
        if to in kind.stages:
            return self._lens.stage(to)
        head, _, named = to.partition(":")
        if head != "close":
            return self._key(head)
        return f"{self._key('close')}: {self._say.word(f'outcome.{named or outcome}')}"

    def _facts(self, said: Mapping[str, Any]) -> Facts:
        found = {self._key(key): self._text(value) for key, value in said.items()}
        return {name: text for name, text in found.items() if text}

    def _key(self, key: str) -> str:
        """A key of the pack language as people say it; the key itself where nobody would say it otherwise."""
        return self._lens.word(f"pack_key.{key}")

    def _text(self, value: Any) -> str:
        match value:
            case bool():
                return self._lens.word("bool.yes" if value else "bool.no")
            case None | "" | () | [] | {}:
                return ""
            case str():
                return value
            case float():
                return f"{value:g}"
            case list() | tuple() if all(isinstance(one, str) for one in value):
                return self._lens.listed(value)
            case _:
                return json.dumps(msgspec.to_builtins(value), ensure_ascii=False, sort_keys=True)
