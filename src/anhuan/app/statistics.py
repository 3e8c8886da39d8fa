"""Figures as people ask for them: of a kind, over days of the plant, of what they reported, their team or the plant.

Whoever asks sees the figures of the cases that they may see, and no others.
"""

import asyncio
from datetime import date, datetime, time, timedelta
from typing import Literal

from msgspec import Struct

from anhuan.app.snapshot import Snapshot, Snapshots
from anhuan.app.viewing import Viewer, parts_seen, reported_by, team_parts
from anhuan.core.figures import EARLIEST, Bucket, Question, Tally
from anhuan.core.policy import Kind
from anhuan.domain.plant import Plant
from anhuan.packs.compile import Pack
from anhuan.ports.clock import Clock
from anhuan.ports.identity import Language
from anhuan.ports.statistics import Among, StatisticsStore

Reach = Literal["reported", "team", "plant"]
"""Of which cases: what one reported, what one's team or oneself has a part in, or all that one may see."""
LATEST = date(2200, 1, 1)
"""Days beyond it, and before EARLIEST, bound nothing."""
WEEKS_MOST = 27
"""A longer period is shown by months."""


class KindUnknown(Exception):
    """No kind of case answers to the word; carries those that there are."""

    def __init__(self, word: str, known: tuple[str, ...]) -> None:
        super().__init__(word)
        self.word = word
        self.known = known


class Counted(Struct, frozen=True, kw_only=True):
    """What was counted, and what of."""

    asked: Question
    reach: Reach
    first: date | None
    last: date | None
    """The last day, included."""
    whole_register: bool
    """The register was counted over all days."""
    live: Tally
    register: Tally
    at: datetime
    """As of when."""
    pack: Pack
    kind: Kind
    plant: Plant


class Statistics:
    """Figures; one per process."""

    def __init__(self, store: StatisticsStore, snapshots: Snapshots, clock: Clock) -> None:
        self._store = store
        self._snapshots = snapshots
        self._clock = clock

    async def counted(
        self,
        viewer: Viewer,
        kind: str,
        first: date | None,
        last: date | None,
        reach: Reach = "plant",
        *,
        whole_register: bool = False,
    ) -> Counted:
        """Figures over the days from `first` to `last`, both included; of the old register over all days where that is
        asked for, since it is what the present is held against. Raises KindUnknown.
        """
        snapshot = await self._snapshots.get(viewer.tenant)
        pack = snapshot.pack_of(kind)
        if pack is None:
            raise KindUnknown(kind, tuple(kinds_of(snapshot)))
        now, plant = self._clock(), snapshot.plant
        asked = question(pack.kinds[kind], plant, first, last, now)
        of_register = question(pack.kinds[kind], plant, None, None, now) if whole_register else asked
        among = _among(viewer, plant, now, reach)
        live, register = await asyncio.gather(
            self._store.tally(viewer.tenant, asked, among, "live"),
            self._store.tally(viewer.tenant, of_register, among, "register"),
        )
        return Counted(
            asked=asked,
            reach=reach,
            first=first,
            last=last,
            whole_register=whole_register,
            live=live,
            register=register,
            at=now,
            pack=pack,
            kind=pack.kinds[kind],
            plant=plant,
        )


def question(kind: Kind, plant: Plant, first: date | None, last: date | None, now: datetime) -> Question:
    """Days of the plant as a question; a long period goes by months."""
    today = now.astimezone(plant.zone).date()
    first = first if first is not None and first > EARLIEST else None
    last = last if last is not None and last < LATEST else None
    long = first is None or ((last or today) - first) > timedelta(weeks=WEEKS_MOST)
    bucket: Bucket = "month" if long else "week"
    return Question(
        kind=kind.key,
        begin=datetime.combine(first, time(), plant.zone) if first else None,
        end=datetime.combine(last + timedelta(days=1), time(), plant.zone) if last else None,
        zone=plant.zone,
        today=today,
        bucket=bucket,
        source_field=kind.subject.get("source", ""),
        due_field=kind.subject.get("due_on", ""),
    )


def _among(viewer: Viewer, plant: Plant, now: datetime, reach: Reach) -> Among:
    return Among(
        seen_by=None if viewer.sees_all else parts_seen(plant, viewer.person, now),
        parts=team_parts(plant, viewer.person, now) if reach == "team" else None,
        reported_by=reported_by(plant, viewer) if reach == "reported" else None,
    )


def kinds_of(snapshot: Snapshot) -> dict[str, Pack]:
    """Every kind that is in force, with its pack."""
    return {key: pack for pack in snapshot.packs.values() for key in pack.kinds}


def kind_meant(snapshot: Snapshot, word: str) -> str:
    """The kind that a word means: its key or its name in the pack, or the plural of either. Raises KindUnknown."""
    kinds = kinds_of(snapshot)
    languages: tuple[Language, ...] = ("en", "zh")
    for key, pack in kinds.items():
        names = [key, *(pack.words[language].get(f"kind.{key}", key) for language in languages)]
        if _plain(word) in {form for name in names for form in (_plain(name), *_plurals(_plain(name)))}:
            return key
    raise KindUnknown(word, tuple(kinds))


def _plain(word: str) -> str:
    return word.strip().lower().replace("_", " ").replace("-", " ")


def _plurals(word: str) -> tuple[str, ...]:
    """English plurals: findings, vacancies."""
    return (f"{word}s", f"{word}es", f"{word.removesuffix('y')}ies")
