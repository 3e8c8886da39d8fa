"""Who may do a duty. The one place that every way of doing it passes: delegate, hand-over, import, replay, re-opening.

Two laws stand above every pack: nobody verifies their own work nor their direct subordinate's, and nobody grants their
own wish. One human under two numbers is one human here, and a signature for somebody else counts for both.
"""

from collections.abc import Iterable
from datetime import datetime

from anhuan.core.case.outcome import Reason
from anhuan.core.case.state import Case, Duty, DutyStatus
from anhuan.core.policy import Deed, DutySpec
from anhuan.domain.ids import PersonId
from anhuan.domain.party import PersonParty
from anhuan.domain.plant import Plant

ACTORS = "actors"
SUPERIORS_OF_ACTORS = "superiors_of_actors"
SAME_TEAM = "same_team"
AREA_STAFF = "area_staff"
CONCERNED = "concerned"
NEVER_WORDS = frozenset({ACTORS, SUPERIORS_OF_ACTORS, SAME_TEAM, AREA_STAFF, CONCERNED})
"""What a pack may add to the laws."""

DECLINE = "decline"
"""The outcome that asks for somebody else."""


def why_not(case: Case, duty: Duty, spec: DutySpec, person: PersonId, plant: Plant, at: datetime) -> Reason | None:
    """Why the person may not do the duty; None: they may."""
    if not answers(duty, person, plant, at):
        return Reason("not_yours", params={"duty": duty.no})
    return barred(case, spec, person, plant, duty)


def why_not_claim(duty: Duty, person: PersonId | None, plant: Plant, at: datetime) -> Reason | None:
    """Why the person may not take the duty on; None: they may."""
    if person is None or not answers(duty, person, plant, at):
        return Reason("not_yours", params={"duty": duty.no})
    other = duty.claimed_by
    if other is not None and other != person and not plant.is_absent(other, at) and answers(duty, other, plant, at):
        return Reason("claimed_by_other", params={"person": other})
    return None


def answers(duty: Duty, person: PersonId, plant: Plant, at: datetime) -> bool:
    """Whether the person is behind the party that owes the duty, or was told to by its ladder.

    What was drawn by lot belongs to the one who was drawn.
    """
    if duty.draw is not None:
        return duty.party == PersonParty(person) and plant.is_here(person, at)
    return any(plant.answers_for(person, party, at) for party in (duty.party, *duty.told))


def barred(
    case: Case, spec: DutySpec, person: PersonId, plant: Plant, duty: Duty | None = None, move: int | None = None
) -> Reason | None:
    """Why this human may not do a duty of this kind on this case, whoever it is assigned to; None: nothing bars them.

    `duty` is the one in question; None when somebody is still looked for, to approve `move` where one is given.
    """
    human = plant.same_human(person)
    if duty is not None and (reason := _other_slot(case, duty, spec, human)):
        return reason
    if spec.deed is Deed.APPROVE and _asker(case, duty.move if duty else move) in human:
        return Reason("own_wish")
    if _declined(case, spec, human):
        return Reason("declined_before")
    if spec.deed is Deed.VERIFY:
        performers = case.actors(Deed.PERFORM)
        if human & performers:
            return Reason("own_work")
        if human & _direct_superiors(performers, plant):
            return Reason("subordinates_work")
    return _barred_by_pack(case, spec, human, plant)


def may_bar(case: Case, spec: DutySpec) -> bool:
    """Whether anything could bar anybody from such a duty; if not, whoever answers for it may do it."""
    return (
        spec.deed in (Deed.VERIFY, Deed.APPROVE)
        or bool(spec.never)
        or any(duty.key == spec.key and duty.status is DutyStatus.DISCHARGED for duty in case.duties.values())
    )


def _asker(case: Case, move: int | None) -> PersonId | None:
    """Whose wish an approval decides on: the move that it belongs to, or else the one that led into the stage."""
    return case.wished_by if move is None else case.moves[move].by


def _declined(case: Case, spec: DutySpec, human: frozenset[PersonId]) -> bool:
    """Whether this human said in this round that somebody else should do it."""
    mine = (duty for duty in case.stage_duties() if duty.key == spec.key and duty.outcome == DECLINE)
    return any({duty.ended_by, duty.on_behalf_of} & human for duty in mine)


def _other_slot(case: Case, duty: Duty, spec: DutySpec, human: frozenset[PersonId]) -> Reason | None:
    """One human never fills two slots of the same duty, under whatever name or signature."""
    if spec.quorum == 1:
        return None
    for other in case.duties.values():
        same = other.key == duty.key and other.round == duty.round and other.move == duty.move
        done = same and other.no != duty.no and other.status is DutyStatus.DISCHARGED
        if done and spec.every is None and {other.ended_by, other.on_behalf_of} & human:
            return Reason("two_slots_one_person")
    return None


def _barred_by_pack(case: Case, spec: DutySpec, human: frozenset[PersonId], plant: Plant) -> Reason | None:
    actors = case.actors()
    if ACTORS in spec.never and human & actors:
        return Reason("acted_on_case")
    if SUPERIORS_OF_ACTORS in spec.never and human & _direct_superiors(actors, plant):
        return Reason("superior_of_actor")
    performers = [number for person in case.actors(Deed.PERFORM) for number in plant.same_human(person)]
    if SAME_TEAM in spec.never and _teams(human, plant) & _teams(performers, plant):
        return Reason("same_team")
    if AREA_STAFF in spec.never and case.subject.area and _holds_post_in_area(case, human, plant):
        return Reason("area_is_accused")
    if CONCERNED in spec.never and case.subject.person in human:
        return Reason("concerns_oneself")
    return None


def _direct_superiors(people: Iterable[PersonId], plant: Plant) -> frozenset[PersonId]:
    found: set[PersonId] = set()
    for person in people:
        for number in plant.same_human(person):
            superior = next(plant.superiors(number), None)
            if superior:
                found |= plant.same_human(superior)
    return frozenset(found)


def _teams(people: Iterable[PersonId], plant: Plant) -> frozenset[str]:
    records = (plant.person(person) for person in people)
    return frozenset(record.team for record in records if record and record.team)


def _holds_post_in_area(case: Case, human: frozenset[PersonId], plant: Plant) -> bool:
    areas = set(plant.area_chain(case.subject.area))
    return any(holding.area in areas for person in human for holding in plant.posts_of(person) if holding.area)
