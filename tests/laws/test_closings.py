"""What closing a case opens: one for each like place or person, never twice, and never more than the pack allows."""

from dataclasses import replace
from datetime import timedelta

import pytest
from small_pack import good, worded

from anhuan.core.case import commands as c
from anhuan.core.case.events import CasesCalledFor
from anhuan.core.case.outcome import Decision, RaiseCase
from anhuan.core.each import DidDuty, Each, Judged, LikePlaces, Related
from anhuan.core.obligation.calendar import parse_within
from anhuan.core.policy import Deed, DutySpec, Enter, IntakeRule, Move, OpensOnClosing, Stage
from anhuan.core.terms import Named
from anhuan.domain.ids import AreaId, CaseId, EquipmentId, PersonId, PostId, TeamId
from anhuan.domain.like_places import LikePlace, like_places
from anhuan.domain.plant import Plant
from anhuan.domain.plant_items import Area, Equipment, Holding, Person, PlantItem, Post, Site, Team
from anhuan.testing.core_world import CoreWorld
from anhuan.testing.plants import A_TUESDAY_MORNING

CASE = CaseId("leak-1")
AREAS = tuple(f"hall-{n}" for n in range(1, 6))


def area(key: str, area_class: str = "") -> Area:
    return Area(id=AreaId(key), name=key, site="s", area_class=area_class)


def piece(key: str, where: str, equipment_class: str) -> Equipment:
    place = AreaId(where)
    return Equipment(id=EquipmentId(key), number=key, name=key, area=place, equipment_class=equipment_class)


def plant(*items: PlantItem) -> Plant:
    return Plant([Site(id="s", name="s"), *items])


def test_like_equipment_is_found_by_area_its_own_first() -> None:
    found = plant(
        *(area(key) for key in AREAS),
        piece("crane-1", "hall-3", "crane"),
        piece("crane-2", "hall-1", "crane"),
        piece("crane-3", "hall-3", "crane"),
        piece("crane-4", "hall-1", "crane"),
        piece("press", "hall-2", "press"),
        piece("thing", "hall-4", "general"),
        piece("other-thing", "hall-5", "general"),
    )
    like = like_places(found, EquipmentId("crane-1"), AreaId("hall-3"))
    assert [(place.area, place.equipment) for place in like] == [
        ("hall-3", ("crane-3",)),
        ("hall-1", ("crane-2", "crane-4")),
    ]
    assert like_places(found, EquipmentId("press"), AreaId("hall-2")) == ()
    assert like_places(found, EquipmentId("thing"), AreaId("hall-4")) == (), "no class is like nothing"


def test_like_areas_are_those_of_the_class_where_no_equipment_is_meant() -> None:
    found = plant(area("a", "store"), area("b", "store"), area("c", "hall"), area("d"), area("e"))
    assert like_places(found, None, AreaId("a")) == (LikePlace(AreaId("b")),)
    assert like_places(found, None, AreaId("c")) == ()
    assert like_places(found, None, AreaId("d")) == (), "no class is like nothing"
    assert like_places(found, None, None) == ()


# --- opening, on a bare kind: a fitter mends, the officer checks


def duty(key: str, deed: Deed, who: str, *outcomes: str) -> DutySpec:
    return DutySpec(key, deed, Named((who,)), parse_within("P3D", "calendar"), "up", form="mend", outcomes=outcomes)


STAGES = {
    "mend": Stage("mend", (duty("mend", Deed.PERFORM, "team:fitters", "done"),), {"done": "check"}),
    "check": Stage(
        "check",
        (duty("site", Deed.VERIFY, "post:officer@plant", "pass", "fail"),),
        {"pass": "close:mended", "fail": "mend"},
    ),
}
REOPEN = Move("reopen", ("anyone",), Enter("mend"), on_closed=True)
FITTERS = tuple(PersonId(f"fitter-{n}") for n in range(1, 4))
OFFICER, FINDER = PersonId("officer"), PersonId("finder")


def world(each: Each | None, at_most: int | None = None) -> CoreWorld:
    form = {"what": "{number} {place_name}", "area": "$area"} if isinstance(each, LikePlaces) else {"what": "{title}"}
    rule = OpensOnClosing("leak", ("mended",), form, each=each, at_most=at_most)
    kind = replace(
        worded(good()).kinds["leak"],
        stages=STAGES,
        intake=(IntakeRule("mend"),),
        moves={"reopen": REOPEN},
        opens={},
        recurrence=(),
        opens_on_closing={"next": rule},
    )
    people = [Person(id=person, name=person, team=TeamId("fitters")) for person in FITTERS]
    people += [Person(id=person, name=person) for person in (OFFICER, FINDER)]
    home = plant(
        *(area(key, "hall") for key in AREAS),
        *people,
        *(Post(id=PostId(key), name=key) for key in ("officer", "head")),
        *(Holding(id=f"h-{key}", post=PostId(key), person=OFFICER) for key in ("officer", "head")),
        Team(id=TeamId("fitters"), name="fitters"),
    )
    return CoreWorld({"leak": kind}, home, A_TUESDAY_MORNING)


def do(played: CoreWorld, by: PersonId, outcome: str, said: str = "tightened") -> None:
    case = played.cases[CASE]
    (owed,) = case.open_duties()
    command = c.Discharge(by=by, duty=owed.no, outcome=outcome, form={"how": said})
    assert isinstance(played.carry_out(CASE, command), Decision)


def closed(each: Each | None, at_most: int | None = None) -> CoreWorld:
    """A case that fitter 1 mended badly, fitter 2 too late, and that then passed."""
    played = world(each, at_most)
    opened = played.open("leak", FINDER, {"what": "a pipe drips", "area": "hall-2", "urgent": False}, case=CASE)
    assert isinstance(opened, Decision)
    do(played, FITTERS[0], "done")
    do(played, OFFICER, "fail", "a photo of another pipe")
    played.now += timedelta(days=5)
    played.run_timers()
    do(played, FITTERS[1], "done")
    do(played, OFFICER, "pass")
    return played


def raised(played: CoreWorld) -> list[RaiseCase]:
    return [effect for effect in played.waiting if isinstance(effect, RaiseCase)]


@pytest.mark.parametrize(
    ("each", "people"),
    [
        (DidDuty("mend"), FITTERS[:2]),
        (DidDuty("mend", late=True), FITTERS[1:2]),
        (DidDuty("mend", judged=Judged(("site",), "how", "a photo of another pipe")), FITTERS[:1]),
        (DidDuty("mend", judged=Judged(("site",), "how", "never said")), ()),
        (DidDuty("mend", late=True, judged=Judged(("site",), "how", "a photo of another pipe")), ()),
        (Related(("finder", "reporter")), (FINDER,)),
    ],
)
def test_each_person_meant_is_called_for_once(each: Each, people: tuple[PersonId, ...]) -> None:
    played = closed(each)
    called = [event for event in played.events[CASE] if isinstance(event, CasesCalledFor)]
    assert [event.people for event in called] == ([people] if people else [])
    assert [effect.key for effect in raised(played)] == [f"{CASE}:next:{person}" for person in people]


def test_one_case_is_opened_where_nobody_is_named() -> None:
    (effect,) = raised(closed(None))
    assert (effect.kind, effect.form, effect.by) == ("leak", {"what": "a pipe drips"}, None)


def test_places_beyond_the_most_are_left_out_and_the_case_says_so() -> None:
    played = closed(LikePlaces(), at_most=3)
    (event,) = [event for event in played.events[CASE] if isinstance(event, CasesCalledFor)]
    assert (event.areas, event.left_out) == (("hall-1", "hall-3", "hall-4"), 1)
    first = raised(played)[0]
    assert first.form == {"what": f"{played.cases[CASE].number} hall-1", "area": "hall-1"}


def test_nothing_is_opened_twice_for_the_same_however_often_the_case_closes() -> None:
    played = closed(LikePlaces(), at_most=3)
    played.waiting.clear()
    assert isinstance(played.carry_out(CASE, c.AskMove(by=FINDER, move="reopen")), Decision)
    do(played, FITTERS[2], "done")
    do(played, OFFICER, "pass")
    (event,) = [event for event in played.events[CASE] if isinstance(event, CasesCalledFor)][1:]
    assert (event.areas, event.left_out) == (("hall-5",), 0), "what was left out is the next one's"
    assert [effect.key for effect in raised(played)] == [f"{CASE}:next:hall-5"]
    assert played.refold(CASE) == played.cases[CASE]


def test_an_outcome_that_is_not_named_opens_nothing() -> None:
    played = world(None)
    rule = replace(played.kinds["leak"].opens_on_closing["next"], closed_as=("painted",))
    played.kinds = {"leak": replace(played.kinds["leak"], opens_on_closing={"next": rule})}
    played.open("leak", FINDER, {"what": "a pipe drips", "area": "hall-2"}, case=CASE)
    do(played, FITTERS[0], "done")
    do(played, OFFICER, "pass")
    assert raised(played) == []
