"""The pack checker finds each planted fault, says where it is, and finds nothing in what is shipped."""

import re
from collections.abc import Callable
from copy import deepcopy
from datetime import UTC, datetime, time
from pathlib import Path
from typing import Any

import pytest
from small_pack import Edit, Parts, faults, files, good, worded

from anhuan.connectors.pack_files import read_pack, shipped_packs
from anhuan.connectors.plant_files import read_folder
from anhuan.domain.ids import AreaId, PersonId, PostId
from anhuan.domain.plant import Plant
from anhuan.domain.plant_items import Area, Competence, Holding, Person, Post, Roster, Shift, Site, Team
from anhuan.packs.check import check_against_plant, check_pack
from anhuan.packs.check_problem_words import CHECK_WORDS
from anhuan.packs.compile import Pack, compile_pack
from anhuan.packs.problem_words import problem_text, problem_words
from anhuan.packs.problems import PackInvalid

ROOT = Path(__file__).parents[2]
AT = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
K = "kinds/leak"


def put(path: str, value: Any) -> Edit:
    """Write a value at `file:key/key`; a number is a place in a list."""

    def edit(parts: Parts) -> None:
        file, _, rest = path.partition(":")
        *way, last = [int(step) if step.isdigit() else step for step in rest.split("/")]
        found = parts[file]
        for step in way:
            found = found[step]
        found[last] = value

    return edit


def kind(path: str, value: Any) -> Edit:
    return put(f"kinds/leak.yaml:{path}", value)


def duty(stage: str, key: str, **keys: Any) -> Edit:
    return lambda parts: parts["kinds/leak.yaml"]["stages"][stage]["duties"][key].update(keys)


def move(key: str, **keys: Any) -> Edit:
    return lambda parts: parts["kinds/leak.yaml"]["moves"][key].update(keys)


def approval(key: str, **keys: Any) -> Edit:
    return lambda parts: parts["kinds/leak.yaml"]["moves"][key].update(
        approve={**parts["kinds/leak.yaml"]["moves"][key]["approve"], **keys}
    )


def stage(key: str, duties: dict[str, Any], then: dict[str, str]) -> Edit:
    return kind(f"stages/{key}", {"duties": duties, "then": then})


def both(*edits: Edit) -> Edit:
    return lambda parts: [edit(parts) for edit in edits]


PLAIN = {"deed": "acknowledge", "who": "post:clerk", "within": "P1D", "otherwise": "up"}
REVIEWS = {"kind": "leak", "month": "what", "remarks": ["what"], "prepared_by": "mend"}
RUNGS = "ladders.yaml:ladders/up/rungs"

PLANTED: list[tuple[str, str, Edit]] = [
    # ways on which a case gets lost
    ("stage_unknown", f"{K}/intake/2/enter", kind("intake/1/enter", "paint")),
    ("stage_unknown", f"{K}/stages/mend/then/done", kind("stages/mend/then/done", "paint")),
    ("stage_unknown", f"{K}/moves/defer/effect", move("defer", effect={"enter": "paint"})),
    ("stage_unknown", f"{K}/recurrence/1/enter", kind("recurrence/0/enter", "paint")),
    ("stage_unreachable", f"{K}/stages/paint", stage("paint", {"a": PLAIN}, {"done": "close"})),
    ("stage_never_closes", f"{K}/stages/check", kind("stages/check/then/pass", "mend")),
    (
        "stages_in_circle",
        f"{K}/stages/one",
        both(
            stage("one", {"a": {**PLAIN, "when": {"field": "urgent", "is": True}}}, {"done": "two"}),
            stage("two", {}, {"done": "one"}),
        ),
    ),
    ("outcome_leads_nowhere", f"{K}/stages/check/site/outcomes", kind("stages/check/then", {"pass": "close"})),
    ("stage_without_done", f"{K}/stages/check/then", kind("stages/check/then", {"fail": "mend"})),
    (
        "then_ambiguous",
        f"{K}/stages/check/then",
        kind("stages/check/then", {"pass": "close:mended", "done": "close", "fail": "mend"}),
    ),
    ("then_idle", f"{K}/stages/mend/then/burnt", kind("stages/mend/then/burnt", "close")),
    ("stage_waits_for_nothing", f"{K}/stages/sort", duty("sort", "sort", gates=False)),
    ("intake_without_end", f"{K}/intake", kind("intake/1/when", {"field": "urgent", "is": True})),
    ("intake_without_end", f"{K}/intake", kind("intake/1/once", True)),
    ("intake_rule_hidden", f"{K}/intake/1", kind("intake/0/when", None)),
    ("intake_leads_back", f"{K}/intake/2", kind("stages/mend/then/done", "intake")),
    # ladders
    ("ladder_unknown", f"{K}/stages/mend/mend/otherwise", duty("mend", "mend", otherwise="down")),
    ("ladder_unknown", f"{K}/moves/defer/approve/otherwise", approval("defer", otherwise="down")),
    ("ladder_empty", "ladders/up", put(RUNGS, [])),
    ("ladder_out_of_order", "ladders/up/late", put(f"{RUNGS}/1/at", "40%")),
    ("rung_repeated", "ladders/up/remind", put(f"{RUNGS}/1/key", "remind")),
    (
        "ladder_ends_early",
        "ladders/up/remind",
        put(RUNGS, [{"key": "remind", "at": "50%", "to": ["post:head@plant"]}]),
    ),
    ("ladder_ends_at_nobody", "ladders/up/head/to", put(f"{RUNGS}/2/to", ["finder", "leader"])),
    # who
    ("who_needs_a_duty", f"{K}/stages/sort/sort/who", duty("sort", "sort", who=["post:clerk", "leader"])),
    ("who_may_be_nobody", f"{K}/stages/sort/sort/who", duty("sort", "sort", who=["finder"])),
    (
        "who_may_be_nobody",
        f"{K}/stages/check/site/who",
        duty("check", "site", who={"first_of": ["finder", "reporter"]}),
    ),
    (
        "who_may_be_nobody",
        f"{K}/stages/mend/accept/who",
        both(
            put("tables/receivers.json:nodes/1/content/rules/0/parties", "['finder']"),
            put("tables/receivers.json:nodes/1/content/rules/1/parties", "['finder', 'post:officer']"),
        ),
    ),
    ("verifies_own_work", f"{K}/stages/check/site/who", duty("check", "site", who=["team:fitters"])),
    ("verifies_own_work", f"{K}/stages/check/site/who", duty("check", "site", who=["performer", "team:fitters"])),
    (
        "verifies_own_work",
        f"{K}/stages/check/site/who",
        duty("check", "site", who={"first_of": ["performer", "team:fitters", "holders"]}),
    ),
    (
        "verifies_own_work",
        f"{K}/stages/check/desk/who",
        duty("check", "desk", who={"draw": {"competent_for": "leak", "fallback": "team:fitters"}}),
    ),
    (
        "verifies_own_work",
        f"{K}/stages/check/site/who",
        both(
            duty("mend", "mend", who=["post:clerk", "post:officer"]), duty("check", "site", who={"table": "receivers"})
        ),
    ),
    ("draw_without_never_actors", f"{K}/stages/check/desk/never", duty("check", "desk", never=["same_team"])),
    ("blind_not_drawn", f"{K}/stages/check/site/who", duty("check", "site", blind=True)),
    ("quorum_too_large", f"{K}/stages/mend/mend/quorum", duty("mend", "mend", quorum=2)),
    # what, when, and how it ends
    ("verify_without_verdict", f"{K}/stages/check/site/outcomes", duty("check", "site", outcomes=["pass"])),
    ("approval_without_both", f"{K}/moves/defer/approve/outcomes", approval("defer", outcomes=["approve"])),
    (
        "duty_never_done",
        f"{K}/stages/check/look/outcomes",
        kind("stages/check/duties/look", {**PLAIN, "outcomes": ["fail"]}),
    ),
    (
        "decline_without_another",
        f"{K}/stages/sort/sort/outcomes",
        duty("sort", "sort", outcomes=["done", "decline"]),
    ),
    ("after_unknown", f"{K}/stages/mend/mend/after", duty("mend", "mend", after=["paint"])),
    ("after_circle", f"{K}/stages/mend/accept/after", duty("mend", "accept", after=["mend"])),
    ("after_not_gating", f"{K}/stages/mend/mend/after", duty("mend", "accept", gates=False)),
    ("repeating_gate", f"{K}/stages/wait/look/every", duty("wait", "look", gates=True)),
    ("form_missing", f"{K}/stages/mend/mend/form", duty("mend", "mend", form="paint")),
    ("form_missing", f"{K}/moves/defer/form", move("defer", form="paint")),
    ("proof_slot_unknown", f"{K}/stages/mend/mend/prove", duty("mend", "mend", prove=["signature"])),
    ("compare_not_photos", f"{K}/stages/mend/mend/compare", duty("mend", "mend", compare=["before", "how"])),
    (
        "readings_of_unknown",
        f"{K}/stages/mend/mend/form",
        both(
            put("forms/mend.json:properties/found/x-widget", "readings"),
            put("forms/mend.json:properties/found/x-of", "what"),
        ),
    ),
    # what is asked
    ("table_unknown", f"{K}/stages/mend/accept/who", duty("mend", "accept", who={"table": "paint"})),
    ("table_unknown", f"{K}/stages/mend/mend/within", duty("mend", "mend", within={"table": "paint"})),
    ("table_column_missing", f"{K}/stages/mend/accept/who", duty("mend", "accept", who={"table": "deadlines"})),
    (
        "table_column_missing",
        f"{K}/stages/check/desk/when",
        duty("check", "desk", when={"table": "receivers", "says": "looked_at"}),
    ),
    (
        "column_misfit",
        f"{K}/stages/check/desk/when",
        duty("check", "desk", when={"table": "deadlines", "says": "within"}),
    ),
    (
        "column_misfit",
        f"{K}/stages/mend/mend/within",
        put("tables/deadlines.json:x-outputs/within", {"type": "string", "strictest": "unordered"}),
    ),
    (
        "input_unknown",
        "tables/deadlines/x-inputs/urgent",
        lambda parts: parts["forms/report.json"]["properties"].pop("urgent"),
    ),
    ("field_unknown", f"{K}/title", kind("title", "name")),
    ("field_unknown", f"{K}/subject/area", kind("subject/area", "where")),
    ("field_unknown", f"{K}/columns", kind("columns", ["where"])),
    ("subject_word_unknown", f"{K}/subject/colour", kind("subject/colour", "what")),
    ("field_unknown", f"{K}/stages/sort/sort/when", duty("sort", "sort", when={"field": "colour", "is": True})),
    (
        "condition_never_holds",
        f"{K}/stages/sort/sort/when",
        duty("sort", "sort", when={"field": "urgent", "is": "yes"}),
    ),
    ("until_field_unknown", f"{K}/stages/wait/resume/within", duty("wait", "resume", within={"until": "why"})),
    ("until_field_optional", f"{K}/stages/wait/resume/within", put("forms/delay.json:required", ["why"])),
    ("until_field_unknown", f"{K}/stages/wait/resume/within", kind("stages/sort/then/done", "wait")),
    (
        "until_field_unknown",
        f"{K}/stages/wait/resume/within",
        duty("wait", "resume", within={"earliest": [{"until": "why"}, "P3D"]}),
    ),
    (
        "deadline_maybe_unknown",
        f"{K}/stages/wait/resume/within",
        duty("wait", "resume", within={"first_of": [{"until": "until"}]}),
    ),
    # moves
    ("move_nobody_may_ask", f"{K}/moves/reopen/asked_by", move("reopen", asked_by=[])),
    ("move_duty_unknown", f"{K}/moves/hand_over/duties", move("hand_over", duties=["paint"])),
    ("move_touches_blind", f"{K}/moves/hand_over/duties", move("hand_over", duties=["mend", "desk"])),
    ("move_slot_unknown", f"{K}/moves/hand_over/prove", move("hand_over", prove=["after"])),
    ("move_slot_unknown", f"{K}/moves/reopen/prove", move("reopen", prove=["after"])),
    (
        "move_signature",
        f"{K}/moves/defer/form",
        put("forms/delay.json:x-proofs", {"name": {"x-widget": "signature", "maxItems": 1, "x-order": 9}}),
    ),
    ("move_needs_duties", f"{K}/moves/hand_over/duties", move("hand_over", duties=[])),
    ("move_field_unknown", f"{K}/moves/hand_over/effect", move("hand_over", effect={"reassign": "whom"})),
    ("move_field_unknown", f"{K}/moves/more_time/effect", move("more_time", effect={"reschedule": "why"})),
    ("move_revises_nothing", f"{K}/moves/more_time/effect", move("more_time", effect={"revise": []})),
    ("field_unknown", f"{K}/moves/more_time/effect", move("more_time", effect={"revise": ["until"]})),
    ("move_on_closed_misfit", f"{K}/moves/reopen/on_closed", move("reopen", effect={"close": "mended"})),
    ("earlier_only_misfit", f"{K}/moves/hand_over/earlier_only", move("hand_over", earlier_only=True)),
    ("approval_misfit", f"{K}/moves/defer/approve/deed", approval("defer", deed="acknowledge")),
    (
        "approval_drawn",
        f"{K}/moves/defer/approve/who",
        approval("defer", never=["actors"], who={"draw": {"competent_for": "leak", "fallback": "post:head@plant"}}),
    ),
    ("approval_key_ignored", f"{K}/moves/defer/approve/quorum", approval("defer", quorum="any")),
    ("approves_own_wish", f"{K}/moves/defer/approve/who", move("defer", asked_by=["holders", "post:officer@plant"])),
    ("approves_own_wish", f"{K}/moves/defer/approve/who", approval("defer", who=["team:fitters"])),
    ("approves_own_wish", f"{K}/moves/more_time/arbiter", move("more_time", arbiter="team:fitters")),
    ("arbiter_without_approval", f"{K}/moves/hand_over/arbiter", move("hand_over", arbiter="post:head@plant")),
    ("arbiter_from_missing", f"{K}/moves/more_time/arbiter_from", move("more_time", arbiter_from=0)),
    # beginnings
    ("raised_by_nothing", f"{K}/raised_by", kind("raised_by", [])),
    ("raised_by_unknown", f"{K}/raised_by", kind("raised_by", ["rumour"])),
    ("raised_by_unknown", f"{K}/raised_by", kind("raised_by", ["signal:full_moon"])),
    ("raised_by_field_missing", f"{K}/raised_by", kind("raised_by", ["schedule"])),
    ("raised_by_field_missing", f"{K}/raised_by", kind("raised_by", ["signal:post_vacant"])),
    ("import_missing", f"{K}/raised_by", kind("raised_by", ["report", "import"])),
    ("pack_needed_missing", "pack.yaml/needs", put("pack.yaml:needs", ["valves"])),
    ("opens_duty_unknown", f"{K}/opens/paint", kind("opens/paint", {"kind": "leak", "each": "found", "form": {}})),
    ("opens_kind_unknown", f"{K}/opens/mend/kind", kind("opens/mend/kind", "fire")),
    ("opens_each_misfit", f"{K}/opens/mend/each", kind("opens/mend/each", "how")),
    ("field_unknown", f"{K}/opens/mend/form/colour", kind("opens/mend/form/colour", "red")),
    ("field_unknown", f"{K}/opens/mend/form/area", kind("opens/mend/form/area", "$case.where")),
    ("field_unknown", f"{K}/opens/mend/form/area", kind("opens/mend/form/area", "$where")),
    ("reviews_kind_unknown", f"{K}/reviews/kind", kind("reviews", {**REVIEWS, "kind": "fire"})),
    ("field_unknown", f"{K}/reviews/month", kind("reviews", {**REVIEWS, "month": "year"})),
    ("field_unknown", f"{K}/reviews/remarks", kind("reviews", {**REVIEWS, "remarks": ["moon"]})),
    ("opens_duty_unknown", f"{K}/reviews/prepared_by", kind("reviews", {**REVIEWS, "prepared_by": "paint"})),
    ("recurrence_of_everything", f"{K}/recurrence/1/same", kind("recurrence/0/same", [])),
    ("subject_word_unknown", f"{K}/recurrence/1/same", kind("recurrence/0/same", ["finder"])),
    ("outcome_never_closes", f"{K}/recurrence/1/closed_as", kind("recurrence/0/closed_as", ["painted"])),
]


def test_the_small_pack_is_good() -> None:
    assert faults(lambda parts: None) == ()


@pytest.mark.parametrize(("code", "where", "edit"), PLANTED, ids=[f"{n}-{p[0]}" for n, p in enumerate(PLANTED)])
def test_a_planted_fault_is_found_where_it_is(code: str, where: str, edit: Edit) -> None:
    found = faults(edit)
    assert (code, where) in {(problem.code, problem.where) for problem in found}
    for problem in found:
        for language in ("zh", "en"):
            assert "{" not in problem_text(problem, language).replace("{table: …}", "")


def test_an_approval_that_has_somebody_else_to_fall_back_on_is_none_of_ones_own() -> None:
    edit = both(
        move("defer", asked_by=["holders", "post:officer@plant"]),
        approval("defer", who={"first_of": ["post:officer@plant", "post:head@plant"]}),
    )
    assert faults(edit) == ()


# --- other packs


def other(**spec: Any) -> Pack:
    parts = good()
    parts["pack.yaml"].update(name="valves", **spec)
    return worded(parts)


def test_kinds_and_prefixes_are_taken_once_over_all_packs() -> None:
    pack = worded(good())
    assert {problem.code for problem in check_pack(pack, {"valves": other()})} == {"kind_taken", "number_prefix_taken"}
    assert check_pack(pack, {"leaks": pack}) == ()


def test_a_kind_of_another_pack_is_opened_only_when_that_pack_is_needed() -> None:
    parts = deepcopy(good())
    parts["kinds/drip.yaml"] = {**parts.pop("kinds/leak.yaml"), "number": {"prefix": "DR"}}
    parts["pack.yaml"].update(name="drips", kinds=["drip"])
    beside = {"leaks": worded(good())}
    assert {p.code for p in check_pack(worded(parts), beside)} == {"needs_incomplete"}
    parts["pack.yaml"]["needs"] = ["leaks"]
    assert check_pack(worded(parts), beside) == ()
    assert {p.code for p in check_pack(worded(parts))} == {"pack_needed_missing", "opens_kind_unknown"}


# --- words


def reworded(change: Callable[[dict[str, dict[str, str]]], object]) -> list[tuple[str, str]]:
    parts = good()
    keys = worded(parts).words["zh"]
    words = {"zh": dict.fromkeys(keys, "漏"), "en": dict.fromkeys(keys, "Leak")}
    change(words)
    return [(problem.code, problem.where) for problem in check_pack(compile_pack(files(parts, words)))]


@pytest.mark.parametrize(
    "key",
    [
        *("kind.leak", "kind.leak.description", "stage.leak.mend", "duty.leak.desk", "duty.leak.defer_approval"),
        *("move.leak.reopen", "outcome.decline", "outcome.mended", "outcome.refuse", "rung.head"),
        *("form.report", "field.area", "field.before", "table.deadlines", "column.within", "row.receivers.r2"),
    ],
)
def test_a_word_that_is_missing_is_found(key: str) -> None:
    assert reworded(lambda words: words["en"].pop(key)) == [("word_missing", f"words/en.yaml/{key}")]


def test_words_that_are_no_words_are_found() -> None:
    where = "words/{}.yaml/kind.leak"
    assert reworded(lambda w: w["zh"].update({"kind.leak": " "})) == [("word_empty", where.format("zh"))]
    assert reworded(lambda w: w["zh"].update({"kind.leak": "Leak"})) == [("word_untranslated", where.format("zh"))]
    assert reworded(lambda w: w["en"].update({"kind.leak": "漏"})) == [("word_untranslated", where.format("en"))]
    assert reworded(lambda w: w["en"].update({"kind.leak": "{x}"})) == [
        ("word_placeholders_differ", where.format("en"))
    ]
    assert reworded(lambda w: [w[language].update({"kind.leak": "R ≥ 20"}) for language in w]) == []


# --- what cannot even be read


@pytest.mark.parametrize(
    ("code", "edit"),
    [
        ("file_missing", lambda parts: parts.pop("ladders.yaml")),
        ("not_of_the_language", kind("colour", "red")),
        ("language_unknown", put("pack.yaml:language", 2)),
        ("form_missing", kind("form", "paint")),
        ("deed_unknown", duty("mend", "mend", deed="paint")),
        ("never_unknown", duty("check", "desk", never=["everybody"])),
        ("compare_needs_two", duty("mend", "mend", compare=["before"])),
        ("effect_needs_one", move("defer", effect={})),
        ("rung_needs_at_or_after", put(f"{RUNGS}/0/after", "P1D")),
        ("rung_needs_at_or_after", put(f"{RUNGS}/0/before", "P1D")),
        ("who_misspelt", duty("mend", "mend", who={"everybody": True})),
        ("draw_misspelt", duty("check", "desk", who={"draw": {"competent_for": "x", "cap": 0, "fallback": "finder"}})),
        ("party_word_unknown", duty("mend", "mend", who="somebody")),
        ("within_misspelt", duty("mend", "mend", within={"soon": True})),
        ("within_misspelt", duty("mend", "mend", within={"earliest": [{"until": "u", "met_by": "mend"}, "P3D"]})),
        ("condition_misspelt", duty("mend", "mend", when="sometimes")),
        ("share_misspelt", put(f"{RUNGS}/0/at", "half")),
        ("quorum_misspelt", duty("mend", "mend", quorum="most")),
        ("duration_in_months", duty("mend", "mend", within="P1M")),
        ("duration_not_positive", put("ladders.yaml:ladders/up/repeat", "PT0H")),
        ("duration_unreadable", duty("mend", "mend", within="soon")),
    ],
)
def test_what_is_misspelt_is_said_in_both_languages(code: str, edit: Edit) -> None:
    with pytest.raises(PackInvalid) as invalid:
        faults(edit)
    assert code in {problem.code for problem in invalid.value.problems}
    assert all(problem_text(problem, language) for problem in invalid.value.problems for language in ("zh", "en"))


def test_every_code_has_its_words_and_no_words_are_idle() -> None:
    paths = [path for path in (ROOT / "src/anhuan/packs").rglob("*.py") if not path.name.endswith("_words.py")]
    text = "\n".join(path.read_text() for path in paths)
    told = set(re.findall(r'PackProblem\(\s*"(\w+)"', text)) | set(re.findall(r'fault\(\s*[^,]+?,\s*"(\w+)"', text))
    told |= set(re.findall(r'Misspelt\("(\w+)"', text)) | {"post_unheld", "post_off_shift"}
    told |= {"duration_in_months", "duration_not_positive", "duration_unreadable"}
    assert {f"problem.{code}" for code in told} <= problem_words("zh").keys()
    assert CHECK_WORDS.keys() <= told
    for code, (zh, en) in CHECK_WORDS.items():
        assert set(re.findall(r"(?<!{){(\w+)}", zh)) == set(re.findall(r"(?<!{){(\w+)}", en)), code


# --- shipped packs


def shipped() -> dict[str, Pack]:
    return {folder.name: compile_pack(read_pack(folder)) for folder in shipped_packs(ROOT / "packs")}


def demo_plant() -> Plant:
    return Plant(read_folder(ROOT / "examples/plant", ROOT / "examples/calendars/cn.yaml").items, 1)


def test_nothing_is_wrong_with_what_is_shipped() -> None:
    packs = shipped()
    assert len(packs) >= 3
    for pack in packs.values():
        assert check_pack(pack, packs) == ()


def test_the_demo_plant_has_everybody_that_the_shipped_packs_ask_for() -> None:
    plant = demo_plant()
    assert [warning for pack in shipped().values() for warning in check_against_plant(pack, plant, AT)] == []


def test_packs_come_after_those_that_they_need() -> None:
    order = [folder.name for folder in shipped_packs(ROOT / "packs")]
    for pack in shipped().values():
        assert all(order.index(needed) < order.index(pack.name) for needed in pack.needs)


# --- against a plant


def small_plant(*more: Any, without: tuple[str, ...] = ()) -> Plant:
    """Two areas and everybody that the small pack asks for; the officer's post is held per area."""
    items: list[Any] = [
        Site(id="s", name="Works"),
        *(Area(id=AreaId(key), name=key, site="s") for key in ("hall", "yard")),
        *(Competence(id=key, name=key) for key in ("leak",)),
        *(Person(id=PersonId(key), name=key, competences=("leak",)) for key in ("ann", "bob")),
        Team(id="fitters", name="Fitters", leader=PersonId("ann")),  # type: ignore[arg-type]
        Post(id=PostId("clerk"), name="Clerk"),
        Post(id=PostId("head"), name="Head"),
        Post(id=PostId("officer"), name="Officer", per_area=True),
        *(Holding(id=f"h-{post}", post=PostId(post), person=PersonId("ann")) for post in ("clerk", "head", "officer")),
    ]
    return Plant([item for item in items if item.id not in without] + list(more), 1)


def warned(plant: Plant) -> set[tuple[str, object]]:
    warnings = check_against_plant(worded(good()), plant, AT)
    assert all(problem_text(warning, "zh") and problem_text(warning, "en") for warning in warnings)
    return {(w.code, w.params.get("area") or w.params.get("post") or w.params.get("team")) for w in warnings}


def test_a_plant_with_everybody_gives_no_warning() -> None:
    assert warned(small_plant()) == set()


def test_what_a_plant_lacks_is_a_warning() -> None:
    assert ("post_unknown", "clerk") in warned(small_plant(without=("clerk",)))
    assert ("post_unheld", "Clerk") in warned(small_plant(without=("h-clerk",)))
    assert ("team_unknown", "fitters") in warned(small_plant(without=("fitters",)))
    assert {code for code, _ in warned(small_plant(without=("bob",)))} == {"pool_too_small"}


def test_a_post_per_area_is_looked_for_in_every_area() -> None:
    held_in_the_hall = Holding(id="h", post=PostId("officer"), person=PersonId("bob"), area=AreaId("hall"))
    found = warned(small_plant(held_in_the_hall, without=("h-officer",)))
    assert {("post_unheld", "yard"), ("post_unheld", "Officer")} == found


def test_a_post_held_by_nobody_at_work_on_some_shift_is_a_warning() -> None:
    day = Shift(id="day", name="Day", starts=time(8), ends=time(20))
    night = Shift(id="night", name="Night", starts=time(20), ends=time(8))
    crew = Roster(id="r", team="fitters", from_on=AT.date(), cycle=("day",))  # type: ignore[arg-type]
    working = [Person(id=PersonId("cat"), name="cat", team="fitters", competences=("leak",))]  # type: ignore[arg-type]
    held = Holding(id="h-clerk", post=PostId("clerk"), person=PersonId("cat"))
    plant = small_plant(day, night, crew, *working, held, without=("h-clerk",))
    (warning,) = [w for w in check_against_plant(worded(good()), plant, AT) if w.code == "post_off_shift"]
    assert warning.params["post"] == "Clerk"
    assert warning.params["shifts"] == 14 and warning.params["of"] == 28
