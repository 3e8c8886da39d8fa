"""What one may ask for and take on, and what is refused with what would do."""

from datetime import timedelta

from core_forms import form_of, proofs_of
from msgspec.structs import replace
from test_core_cases import CASE, REPORT, case_of, changed, owed, reported, wish, world

from anhuan.core.case import commands as c
from anhuan.domain.ids import AreaId, PersonId, PostId
from anhuan.domain.plant_items import Holding
from anhuan.testing.core_world import CoreWorld, codes

__all__ = ["world"]


def test_more_time_is_later_and_a_wish_about_a_duty_names_it(world: CoreWorld) -> None:
    reported(world)
    early = {
        **form_of(world.kinds["finding"].moves["extension"].form, "", "", world.now),
        "until": (world.now + timedelta(hours=1)).isoformat(),
    }
    command = c.AskMove(by=PersonId("owner"), move="extension", duty=owed(world, "rectify").no, form=early)
    assert codes(world.carry_out(CASE, command)) == ("only_later",)
    assert codes(world.carry_out(CASE, replace(command, duty=None))) == ("duty_needed",)


def test_who_has_taken_a_duty_on_keeps_it_until_they_are_away(world: CoreWorld) -> None:
    second = Holding(id="second", post=PostId("area_owner"), person=PersonId("worker"), area=AreaId("a1"))
    changed(world, second)
    reported(world, "judge1")
    duty = owed(world, "rectify")

    def claim(by: str) -> tuple[str, ...]:
        return codes(world.carry_out(CASE, c.Claim(by=PersonId(by), duty=duty.no)))

    assert (claim("owner"), claim("worker"), claim("owner")) == ((), ("claimed_by_other",), ())
    assert case_of(world).duties[duty.no].claimed_by == "owner"
    changed(world, second, drop=("area_owner-owner",))
    assert claim("worker") == ()


def test_nobody_hands_over_to_themselves(world: CoreWorld) -> None:
    reported(world)
    assert wish(world, "owner", "hand_over", owed(world, "rectify"), to="owner") == ("already_theirs",)


def test_what_is_put_where_the_report_has_no_place_is_refused(world: CoreWorld) -> None:
    spec = world.kinds["finding"].duty("rectify", "rectify")
    assert spec is not None
    stray = (replace(proofs_of(spec, world.now)[0], slot="photos"),)
    assert codes(world.open("finding", PersonId("worker"), REPORT, proofs=stray)) == ("slot_unknown",)
