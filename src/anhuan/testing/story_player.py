"""Plays a story: each step becomes a command, each expectation is looked up in the case, its events and the notices."""

import json
import re
from datetime import date, datetime

import uuid_utils
from msgspec.structs import replace

from anhuan.app.handle import NewCase, PastCase
from anhuan.core.case import commands as c
from anhuan.core.case.events import Proof
from anhuan.core.case.papers import SIGNATURE
from anhuan.core.case.rights import answers, barred
from anhuan.core.case.state import CHILD, Case, CaseStatus, Duty, DutyStatus, context_of
from anhuan.core.invariants import broken_over
from anhuan.core.policy import DutySpec, Part
from anhuan.domain.evidence import Evidence, Sha256
from anhuan.domain.ids import CaseId, PersonId, PostId
from anhuan.domain.party import Party, PersonParty, PostParty, TeamParty
from anhuan.domain.plant_items import (
    Absence,
    Area,
    Deputy,
    Equipment,
    Holding,
    Person,
    PlantItem,
    Post,
    Team,
    WorkCalendar,
)
from anhuan.testing.signed import signed
from anhuan.testing.stories import STOCK, Step, Story, moment
from anhuan.testing.story_houses import Codes, StoryHouse, let_pass

FIELDS = {
    "描述": "description",
    "类别": "category",
    "区域": "area",
    "设备": "equipment",
    "风险": "risk",
    "紧急": "imminent",
    "发现人": "finder",
    "发现时间": "found_at",
    "当场改好": "fixed_on_the_spot",
    "怎么改的": "fixed_how",
    "谁改的": "fixed_by",
    "来源": "source",
    "交给": "to",
    "期限": "until",
    "理由": "reason",
    "并入": "into",
    "原因": "deferral_reason",
    "要整改": "to_mend",
}
"""Chinese words for fields; any other word is the field's own name."""
DRAWN = "抽中人"
"""Whoever was drawn for an open duty of the case."""
EVERYBODY = "各方"
SYSTEM = "系统"
"""Schedules, signals and imports, which no person sends."""
PLANT = "厂区"
_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_NUMBER = re.compile(r"-?\d+(\.\d+)?")
UNATTENDED = ("停机到", "时钟拨到")
"""After these no worker looks."""


class StoryBroken(AssertionError):
    """Something is not as the story says; carries file and line."""


class Player:
    """Plays one story in one place."""

    def __init__(self, story: Story, house: StoryHouse) -> None:
        self.story = story
        self.house = house
        self.cases: dict[str, CaseId] = {}
        self.refused: Codes = ()
        self.last: tuple[CaseId, c.CaseCommand] | None = None

    async def play(self) -> None:
        """Every step in order, and all laws over every case at the end. Raises StoryBroken."""
        for step in self.story.steps:
            try:
                await self._step(step)
            except (StopIteration, KeyError, LookupError, ValueError) as error:
                raise StoryBroken(f"{self.story.path}:{step.line}: {type(error).__name__} {error}") from error
        for label, case in self.cases.items():
            events = await self.house.events(case)
            broken = broken_over(events, self.house.kind((await self.house.case(case)).kind))
            if broken:
                raise StoryBroken(f"{self.story.path}: {label}: {broken}")

    async def _step(self, step: Step) -> None:
        if step.time:
            at = moment(step.time, self.house.now, self.house.plant.zone)
            await let_pass(self.house, self.cases.values(), at)
        self.refused = ()
        if step.words:
            await self._happen(step)
            if step.words[0] not in UNATTENDED:
                await self.house.work()
        told = {text for _, text in step.expected if text.startswith("拒绝")}
        if self.refused and not told:
            raise StoryBroken(f"{self.story.path}:{step.line}: refused with {self.refused}")
        for line, text in step.expected:
            if problem := await Expectation(self, text).problem():
                raise StoryBroken(f"{self.story.path}:{line}: {text}\n  but: {problem}")

    # --- what happens

    async def _happen(self, step: Step) -> None:
        match step.words:
            case ["停机到", *time]:
                await self.house.set_clock(moment(" ".join(time), self.house.now, self.house.plant.zone))
            case ["时钟拨到", *time]:
                await self.house.set_clock(moment(" ".join(time), self.house.now, self.house.plant.zone))
            case ["两个工人同时到点"]:
                await self.house.work_twice()
            case ["再送一次"] if self.last is not None:
                self.refused = await self.house.on(*self.last)
            case [who, *what] if who == PLANT:
                await self._edit(step, *what)
            case [who, "办完", label, *rest] if who == EVERYBODY:
                await self._everybody(label, rest[1:])
            case [who, "上报", label, *at]:
                await self._report(step, who, label, at[1:])
            case ["由", parent, "得", label, kind, *place]:
                self.cases[label] = await self._child(self.cases[parent], kind, place)
            case [who, "导入历史", label]:
                await self._import(step, who, label)
            case [who, *what]:
                await self._act(step, who, what)

    async def _child(self, parent: CaseId, kind: str, place: list[str]) -> CaseId:
        """The case of a kind that another one opened, in a place or about a person where one is named."""
        found = [case for case in await self.children(parent, kind) if not place or self._is_about(case, place[0])]
        return found[0].id

    async def children(self, parent: CaseId, kind: str) -> list[Case]:
        """Cases of a kind that came out of another one."""
        links = (await self.house.case(parent)).links
        cases = [await self.house.case(other) for relation, other in links if relation == CHILD]
        return [case for case in cases if case.kind == kind]

    def _is_about(self, case: Case, name: str) -> bool:
        return self._named(name) in (case.subject.area, case.subject.person)

    async def _report(self, step: Step, who: str, label: str, at: list[str]) -> None:
        form = self._form(step)
        source = str(form.pop("source", "report"))
        self.cases[label] = CaseId(str(uuid_utils.uuid7()))
        case = self.cases[label]
        parent = self.cases[at[0]] if at else None
        new = NewCase(kind=self.story.kind, form=form, case=case, source=source, parent=parent)
        self.refused = await self.house.open(self._by(who), new)
        if self.refused:
            del self.cases[label]

    async def _import(self, step: Step, who: str, label: str) -> None:
        form = self._form(step)
        found, closed = (datetime.fromisoformat(str(form.pop(key))) for key in ("found_at", "closed_at"))
        past = PastCase(kind=self.story.kind, form=form, found_at=found, closed_at=closed)
        self.cases[label] = await self.house.record(self._by(who), past)

    async def _act(self, step: Step, who: str, what: list[str]) -> None:
        behalf = None
        if what[0] == "代":
            behalf, what = self._person(what[1]), what[2:]
        verb, label, *rest = what
        case = await self.house.case(self.cases[label])
        by = self._person(who, case)
        command: c.CaseCommand
        match verb, rest:
            case "完成", [key, *outcome]:
                command = self._discharge(step, case, self._duty(case, key, behalf or by), by, *outcome)
                command = replace(command, on_behalf_of=behalf)
            case "要求", [move, *key]:
                duty = self._duty(case, key[0], by) if key else None
                command = self._wish(step, case, move, by, duty)
            case "补全", []:
                command = c.ReviseForm(by=by, form=self._form(step))
            case "认领", [key]:
                command = c.Claim(by=by, duty=self._duty(case, key, by).no)
            case "备注", [text]:
                command = c.AddNote(by=by, text=text)
            case _:
                raise ValueError(f"unknown: {' '.join(step.words)}")
        self.last = (case.id, command)
        self.refused = await self.house.on(case.id, command)

    def _wish(self, step: Step, case: Case, key: str, by: PersonId, duty: Duty | None) -> c.AskMove:
        """A move asked for; every slot of proof is filled unless the step says `证据：无`."""
        move = self.house.kind(case.kind).moves[key]
        form = self._form(step)
        proofs = self._proofs(move.prove, form)
        filled = self._filled(case, move.form, form)
        return c.AskMove(by=by, move=key, duty=duty.no if duty else None, form=filled, proofs=proofs)

    def _discharge(self, step: Step | None, case: Case, duty: Duty, by: PersonId, outcome: str = "") -> c.Discharge:
        """A duty done; every slot of proof is filled unless the step says `证据：无`."""
        spec = self._spec(case, duty)
        form = self._form(step) if step else {}
        bare = form.get("证据") == "无"
        proofs = self._proofs(spec.prove if duty.part is Part.LEAD else (), form)
        name = spec.assist_form if duty.part is Part.ASSIST and spec.assist_form else spec.form
        outcome = outcome or spec.outcomes[0]
        filled = self._filled(case, name, form, outcome)
        command = c.Discharge(by=by, duty=duty.no, outcome=outcome, form=filled, proofs=proofs)
        return command if bare else signed(command, case.id, spec, duty.part, self.house.now)

    async def _everybody(self, label: str, skipped: list[str]) -> None:
        """All that is owed in the present stage is done well by somebody who may."""
        first = await self.house.case(self.cases[label])
        while (case := await self.house.case(first.id)).round == first.round and case.status is CaseStatus.OPEN:
            owed = [duty for duty in case.open_duties() if duty.move is None and duty.key not in skipped and duty.gates]
            if not owed:
                return
            duty = owed[0]
            by = next(person for party in (duty.party, *duty.told) for person in self._able(case, duty, party))
            self.refused = await self.house.on(case.id, self._discharge(None, case, duty, by))
            if self.refused:
                return

    def _able(self, case: Case, duty: Duty, party: Party) -> list[PersonId]:
        spec, plant = self._spec(case, duty), self.house.plant
        holders = plant.holders(party, self.house.now)
        return [person for person in holders if barred(case, spec, person, plant, duty) is None]

    # --- what is written

    def _form(self, step: Step) -> dict[str, object]:
        return {FIELDS.get(word, word): self._value(text) for word, text in step.fields.items()}

    def _filled(self, case: Case, name: str | None, form: dict[str, object], outcome: str = "") -> dict[str, object]:
        """The form with a stock sentence wherever it lacks something that a sentence can fill."""
        if name is None:
            return form
        about = context_of(case)
        for _ in range(3):
            problems = self.house.kind(case.kind).forms[name]({**form, "outcome": outcome, "case": about})
            lacking = [problem.field.strip("/") for problem in problems]
            form = {**form, **{key: STOCK for key in lacking if key and "/" not in key and key not in form}}
        return form

    def _value(self, text: str) -> object:
        if text in ("是", "否"):
            return text == "是"
        if text.startswith(("{", "[")):
            return json.loads(text)
        if text.startswith(("lec ", "ls ")):
            method, *factors = text.split()
            pairs = (factor.split("=") for factor in factors)
            return {"method": method, "factors": {key: float(number) for key, number in pairs}}
        if text in self.cases:
            return self.cases[text]
        if _DATE.fullmatch(text):
            return text
        if _NUMBER.fullmatch(text):
            return float(text)
        try:
            return moment(text, self.house.now, self.house.plant.zone).isoformat()
        except (ValueError, KeyError):
            return self._named(text)

    def _named(self, text: str) -> str:
        plant = self.house.plant
        ids = {area.name: str(area.id) for area in plant.every(Area).values()}
        ids |= {person.name: str(person.id) for person in plant.every(Person).values()}
        ids |= {equipment.number: str(equipment.id) for equipment in plant.every(Equipment).values()}
        return ids.get(text, text)

    def _proofs(self, slots: tuple[str, ...], form: dict[str, object]) -> tuple[Proof, ...]:
        bare = form.pop("证据", None) == "无"
        return () if bare else tuple(self._proof(slot) for slot in slots if slot != SIGNATURE)

    def _proof(self, slot: str) -> Proof:
        evidence = Evidence(
            sha256=Sha256("ab" * 32), kind="photo", media_type="image/jpeg", size_bytes=1, received_at=self.house.now
        )
        return Proof(slot=slot, evidence=evidence)

    # --- who and what

    def _by(self, name: str) -> PersonId | None:
        return None if name == SYSTEM else self._person(name)

    def _person(self, name: str, case: Case | None = None) -> PersonId:
        if name == DRAWN and case is not None:
            parties = (duty.party for duty in case.open_duties() if duty.draw is not None)
            return next(party.person for party in parties if isinstance(party, PersonParty))
        return next(person.id for person in self.house.plant.every(Person).values() if person.name == name)

    def _spec(self, case: Case, duty: Duty) -> DutySpec:
        spec = self.house.kind(case.kind).duty(duty.stage, duty.key)
        assert spec is not None
        return spec

    def _duty(self, case: Case, key: str, person: PersonId) -> Duty:
        """The open duty of that name, this person's own before others'; when none is open the last that was."""
        mine = [duty for duty in case.duties.values() if duty.key == key]
        owed = [duty for duty in mine if duty.status is DutyStatus.OPEN]
        own = [duty for duty in owed if answers(duty, person, self.house.plant, self.house.now)]
        return (own or owed or mine[-1:])[0]

    def label(self, party: Party) -> str:
        """A party as a story writes it: `属地主管（冲压车间）`, `电工班`, `李秀英`."""
        plant = self.house.plant
        match party:
            case PersonParty(person):
                return plant.name_of(person)
            case TeamParty(team):
                found = plant.get(Team, team)
                return found.name if found else team
            case PostParty(post, area):
                held, place = plant.get(Post, post), plant.get(Area, area)
                return f"{held.name if held else post}（{place.name if place else '全厂'}）"

    # --- the plant

    async def _edit(self, step: Step, verb: str, *names: str) -> None:
        put, remove = self._change(step, verb, *names)
        await self.house.edit(put, remove)

    def _change(self, step: Step, verb: str, *names: str) -> tuple[list[PlantItem], list[tuple[str, str]]]:
        plant = self.house.plant
        people = {person.name: person for person in plant.every(Person).values()}
        posts = {post.name: post for post in plant.every(Post).values()}
        span = [moment(step.fields[word], self.house.now, plant.zone) for word in ("从", "到") if word in step.fields]
        today = self.house.now.astimezone(plant.zone).date()
        match verb, names:
            case "离职", [who]:
                return [replace(people[who], left_on=today)], []
            case "缺席", [who]:
                return [Absence(id=f"s-{who}", person=people[who].id, from_at=span[0], until_at=span[1])], []
            case "代理", [who, other]:
                ids = people[who].id, people[other].id
                return [Deputy(id=f"s-{who}", person=ids[0], deputy=ids[1], from_at=span[0], until_at=span[1])], []
            case "同一人", [who, other]:
                return [replace(people[other], same_as=people[who].id)], []
            case "上级", [who, other]:
                return [replace(people[who], superior=people[other].id)], []
            case "不再胜任", [who]:
                return [replace(people[who], competences=())], []
            case "撤岗", [post]:
                return [], [("holding", h.id) for h in plant.every(Holding).values() if h.post == posts[post].id]
            case "任岗", [post, who]:
                return [Holding(id=f"s-{post}-{who}", post=PostId(posts[post].id), person=people[who].id)], []
            case "停工日", days:
                first = next(iter(plant.every(WorkCalendar).values()))
                more = {date.fromisoformat(day) for day in days}
                return [replace(first, holidays=tuple(sorted({*first.holidays, *more})))], []
        raise ValueError(f"unknown: {verb}")


class Expectation:
    """One `=>` line."""

    def __init__(self, player: Player, text: str) -> None:
        self._player = player
        self._words = text.replace("：", " ").replace("，", " ").split()

    async def problem(self) -> str | None:
        """Why it is not so; None: it is."""
        head, *rest = self._words
        if head == "拒绝":
            return (
                None if set(rest) <= set(self._player.refused) and self._player.refused else f"{self._player.refused}"
            )
        if head == "通知":
            return await self._told(*rest)
        if head == "另有案件":
            kinds = await self._player.house.kinds_open()
            return None if rest[0] in kinds else f"{kinds}"
        labels = self._player.cases
        label = rest.pop(0) if rest and rest[0] in labels else list(labels)[-1]
        case = await self._player.house.case(labels[label])
        return await self._of_case(head, rest, case)

    async def _of_case(self, head: str, rest: list[str], case: Case) -> str | None:
        match head, rest:
            case "阶段", [stage]:
                return None if case.stage == stage else case.stage or f"closed: {case.outcome}"
            case "已结", [outcome]:
                closed = case.status is CaseStatus.CLOSED and case.outcome == outcome
                return None if closed else f"{case.status} {case.outcome} {case.stage}"
            case "应做", [key, *more]:
                return self._owed(case, key, more)
            case "不欠", [key]:
                return f"{key} is open" if any(duty.key == key for duty in case.open_duties()) else None
            case "超期", [key]:
                return None if any(d.breached_at for d in case.duties.values() if d.key == key) else "not breached"
            case "未超期", [key]:
                return "breached" if any(d.breached_at for d in case.duties.values() if d.key == key) else None
            case "案件超期", [*word]:
                return None if (case.overdue_at is None) is (word == ["否"]) else f"{case.overdue_at}"
            case _:
                return await self._of_history(head, rest, case)

    async def _of_history(self, head: str, rest: list[str], case: Case) -> str | None:
        match head, rest:
            case "候选", [not_among, *names] if not_among == "不含":
                return await self._not_candidates(case, names)
            case "关联", [relation, *_]:
                return None if any(relation == name for name, _ in case.links) else f"{case.links}"
            case "派生", [kind, count]:
                found = await self._player.children(case.id, kind)
                return None if len(found) == int(count) else f"{[child.title for child in found]}"
            case "重开", [count]:
                return None if case.reopened == int(count) else str(case.reopened)
            case "次数", [event, count]:
                events = [type(e).__name__ for e in await self._player.house.events(case.id)]
                return None if events.count(event) == int(count) else str(events.count(event))
            case "人", [word, name]:
                person = {"发现": case.finder, "上报": case.reporter}[word]
                return None if self._player.house.plant.name_of(person) == name else f"{person}"
            case "用时", [days, _]:
                return None if case.cycle_working_days == float(days) else f"{case.cycle_working_days}"
        return "the story says something unknown"

    def _owed(self, case: Case, key: str, more: list[str]) -> str | None:
        """An open duty of that name, owed by a party, until a time, with a part, opened so many times ..."""
        owed = [duty for duty in case.open_duties() if duty.key == key]
        text = " ".join(more)
        party, _, due = text.partition("期限")
        due_at = moment(due.strip(), self._player.house.now, self._player.house.plant.zone) if due else None
        fits = [
            duty
            for duty in owed
            if party.strip() in ("", self._player.label(duty.party)) and due_at in (None, duty.due_at)
        ]
        shown = [f"{self._player.label(d.party)} {d.due_at.astimezone(self._player.house.plant.zone)}" for d in owed]
        return None if fits else f"{shown or 'nothing of that name is owed'}"

    async def _told(self, name: str, template: str, *urgent: str) -> str | None:
        house = self._player.house
        person = next(person.id for person in house.plant.every(Person).values() if person.name == name)
        told = await house.told(person)
        wanted = [found for found in told if found[0] == template and (not urgent or found[1])]
        return None if wanted else f"{told}"

    async def _not_candidates(self, case: Case, names: list[str]) -> str | None:
        events = await self._player.house.events(case.id)
        drawn = {person for event in events for person in getattr(event, "candidates", ())}
        found = [name for name in names if any(self._player.house.plant.name_of(person) == name for person in drawn)]
        return f"{found} could be drawn" if found or not drawn else None
