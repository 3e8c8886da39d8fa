"""A pack against a plant: whom it asks for, and nobody is. Warnings: an unheld post keeps no pack back."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from anhuan.core.obligation.party import PLANT_WIDE
from anhuan.core.policy import Kind
from anhuan.core.terms import Drawn, FirstOf
from anhuan.domain.ids import AreaId, PersonId, PostId
from anhuan.domain.party import PostParty
from anhuan.domain.plant import Plant
from anhuan.domain.plant_items import Area, Post, Shift, Team
from anhuan.packs.checks.reading import duties, field_of, form_of, place, row_words, words_of
from anhuan.packs.compile import Pack
from anhuan.packs.problems import PackProblem

FORTNIGHT = timedelta(days=14)
NOON = timedelta(hours=12)
SOON = timedelta(minutes=1)


def check_plant(pack: Pack, plant: Plant, at: datetime) -> Iterator[PackProblem]:
    """What the plant lacks, each once, with the first place that asks for it."""
    moments = list(_moments(plant, at))
    for word, where in _asked_for(pack).items():
        prefix, _, rest = word.partition(":")
        match prefix:
            case "post":
                yield from _post(where, rest, plant, moments)
            case "team" | "unit" if plant.get(Team, rest) is None:
                yield PackProblem("team_unknown", where, {"team": rest})
            case "team" | "unit":
                if not any(plant.is_here(person, at) for person in plant.members(plant.every(Team)[rest].id)):
                    yield PackProblem("team_empty", where, {"team": rest})
            case "person" if not plant.is_here(PersonId(rest), at):
                yield PackProblem("person_gone", where, {"person": rest})
    for kind in pack.kinds.values():
        yield from _competences(kind, plant, at)


def _asked_for(pack: Pack) -> Mapping[str, str]:
    """Party word -> the first place that names it."""
    found: dict[str, str] = {}
    for where, words in (*_in_tables(pack), *_in_kinds(pack)):
        for word in words:
            found.setdefault(word, where)
    return found


def _in_tables(pack: Pack) -> Iterator[tuple[str, Iterable[str]]]:
    for table in pack.tables.values():
        for number, words in row_words(table):
            yield f"tables/{table.key}/row {number}", words
    for ladder in pack.ladders.values():
        for rung in ladder.rungs:
            yield f"ladders/{ladder.key}/{rung.key}/to", rung.to


def _in_kinds(pack: Pack) -> Iterator[tuple[str, Iterable[str]]]:
    for kind in pack.kinds.values():
        for owed in duties(kind):
            yield f"{owed.where}/who", words_of(owed.spec.who, pack.tables)
        for name, move in kind.moves.items():
            yield f"{place(kind)}/moves/{name}/asked_by", move.asked_by
            if move.arbiter is not None:
                yield f"{place(kind)}/moves/{name}/arbiter", words_of(move.arbiter, pack.tables)
        for name, paper in kind.papers.items():
            yield f"{place(kind)}/papers/{name}/issued_by", paper.issued_by


def _moments(plant: Plant, at: datetime) -> Iterator[datetime]:
    """A moment in every shift of the coming fortnight; noon of every day where there are no shifts."""
    start = at.astimezone(plant.zone).replace(hour=0, minute=0, second=0, microsecond=0)
    offsets = [
        timedelta(hours=shift.starts.hour, minutes=shift.starts.minute) + SOON for shift in plant.every(Shift).values()
    ] or [NOON]
    for day in range(FORTNIGHT.days + 1):
        for offset in sorted(offsets):
            moment = (start + timedelta(days=day)).replace(tzinfo=None) + offset
            moment_here = moment.replace(tzinfo=plant.zone)
            if at <= moment_here < at + FORTNIGHT:
                yield moment_here


def _post(where: str, rest: str, plant: Plant, moments: list[datetime]) -> Iterator[PackProblem]:
    key, _, scope = rest.partition("@")
    post = plant.get(Post, key)
    if post is None:
        yield PackProblem("post_unknown", where, {"post": key})
        return
    areas: list[AreaId | None] = [None]
    if post.per_area and scope != PLANT_WIDE:
        areas = [area.id for area in plant.every(Area).values()]
    for area in areas:
        party = PostParty(PostId(key), area)
        unheld = [moment for moment in moments if not plant.holders(party, moment)]
        away = [m for m in moments if m not in unheld and not any(plant.on_duty(p, m) for p in plant.holders(party, m))]
        for code, gaps in (("post_unheld", unheld), ("post_off_shift", away)):
            if gaps:
                params: dict[str, Any] = {"post": post.name, "shifts": len(gaps), "of": len(moments)}
                params["area"] = plant.every(Area)[area].name if area else ""
                params["first"] = gaps[0].isoformat(timespec="minutes")
                yield PackProblem(code, where, params)


def _competences(kind: Kind, plant: Plant, at: datetime) -> Iterator[PackProblem]:
    """Draws that would find nobody competent, or nobody but one."""
    for owed in duties(kind):
        for who in (owed.spec.who, *(owed.spec.who.options if isinstance(owed.spec.who, FirstOf) else ())):
            if not isinstance(who, Drawn):
                continue
            field = field_of(form_of(kind), who.competent_for)
            for competence in (field or {}).get("enum", (who.competent_for,)):
                pool = [person for person in plant.competent(competence) if plant.is_here(person, at)]
                if len(pool) < 2:
                    params = {"competence": competence, "pool": len(pool)}
                    yield PackProblem("pool_too_small", f"{owed.where}/who", params)
