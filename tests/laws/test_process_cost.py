"""What a drawn process costs: by hand for a small one, and laws for any."""

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from anhuan.core.policy import Wait
from anhuan.core.process_cost import REPLACEABLE, WAITED_SHARE, process_cost
from anhuan.domain.plant_items import ProcessMap, ProcessStep
from anhuan.testing.plants import demo_plant

KINDS = ("work", "record", "hand_over", "signature", "check", "wait")
amounts = st.integers(0, 500).map(float)
steps = st.builds(
    ProcessStep,
    lane=st.just("安全员"),
    name=st.just("做"),
    kind=st.sampled_from(KINDS),
    minutes=amounts,
    wait_hours=amounts,
    per_month=st.none() | amounts,
)
maps = st.builds(
    ProcessMap,
    id=st.just("map"),
    name=st.just("map"),
    cases_per_month=st.integers(1, 400).map(float),
    steps=st.lists(steps, min_size=1, max_size=8).map(tuple),
)


def test_a_small_process_costs_what_it_costs_by_hand() -> None:
    drawn = ProcessMap(
        id="map",
        name="map",
        cases_per_month=40,
        steps=(
            ProcessStep(lane="班长", name="填单", kind="hand_over", minutes=15, wait_hours=6),
            ProcessStep(lane="主任", name="签字", kind="signature", minutes=3, wait_hours=20),
            ProcessStep(lane="整改人", name="整改", kind="work", minutes=60),
            ProcessStep(lane="整改人", name="等备件", kind="wait", wait_hours=40, per_month=10),
        ),
    )
    cost = process_cost(drawn)
    assert cost.work_hours == 10 + 2 + 40
    assert cost.waited_hours_per_case == 6 + 20 + 10
    assert [step.relief for step in cost.steps] == [10 + 24, 2 + 80, 0, 40]
    assert cost.replace_first == (2, 4, 1)
    assert cost.waited_by == {Wait.RECEIPT: 6.25, Wait.APPROVAL: 20.05, Wait.WORK: 1.0, Wait.DEFERRAL: 10.0}


@given(drawn=maps)
def test_only_what_a_system_takes_over_is_ranked_the_most_relief_first(drawn: ProcessMap) -> None:
    cost = process_cost(drawn)
    assert all(drawn.steps[place - 1].kind in REPLACEABLE for place in cost.replace_first)
    reliefs = [cost.steps[place - 1].relief for place in cost.replace_first]
    assert reliefs == sorted(reliefs, reverse=True) and all(reliefs)
    for step in cost.steps:
        assert abs(step.relief - step.work_hours - WAITED_SHARE * step.waited_hours) < 0.02 or step.relief == 0


@given(drawn=maps, place=st.integers(0, 7))
def test_a_step_taken_out_saves_what_it_cost_and_changes_no_other(drawn: ProcessMap, place: int) -> None:
    place %= len(drawn.steps)
    without = process_cost(replace(drawn, steps=drawn.steps[:place] + drawn.steps[place + 1 :]))
    whole = process_cost(drawn)
    assert abs(whole.work_hours - without.work_hours - whole.steps[place].work_hours) < 0.1
    assert [step.relief for step in without.steps] == [step.relief for step in whole.steps if step.place != place + 1]


def test_the_example_says_that_it_is_one_and_puts_the_paper_chase_first() -> None:
    (drawn,) = demo_plant().every(ProcessMap).values()
    assert drawn.is_example
    first = drawn.steps[process_cost(drawn).replace_first[0] - 1]
    assert first.kind in ("hand_over", "signature", "wait")
