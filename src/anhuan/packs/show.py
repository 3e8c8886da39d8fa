"""A kind shown to people: in words here, as a picture in `picture`. And the one transition table as a diagram."""

from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum
from typing import TypeVar

from anhuan.core.case import transitions
from anhuan.core.case.events import Event
from anhuan.core.policy import (
    Close,
    DutySpec,
    Enter,
    Kind,
    Merge,
    Move,
    OpensOnClosing,
    Paper,
    Reassign,
    Reschedule,
    Revise,
    Stage,
)
from anhuan.domain.plant import Plant
from anhuan.packs.compile import Pack
from anhuan.packs.picture import picture
from anhuan.packs.wording import Language, Wording

Status = TypeVar("Status", bound=StrEnum)

__all__ = ["diagram_of_transitions", "show_svg", "show_words"]


def show_svg(pack: Pack, kind: str, language: Language = "zh", plant: Plant | None = None) -> str:
    """The stages of a kind as an SVG image, 1000 wide. Raises KeyError for a kind that the pack does not have."""
    return picture(pack.kinds[kind], Wording(pack, language, plant))


def show_words(pack: Pack, kind: str, language: Language = "zh", plant: Plant | None = None) -> str:
    """How a kind runs, as plain text. Raises KeyError for a kind that the pack does not have."""
    return "\n".join(_lines(pack.kinds[kind], Wording(pack, language, plant))) + "\n"


def _lines(kind: Kind, say: Wording) -> Iterator[str]:
    yield f"{say.word(f'kind.{kind.key}')} ({kind.pack} {kind.version})"
    yield say.word(f"kind.{kind.key}.description")
    yield ""
    yield say.choose("受理", "Intake")
    for rule in kind.intake:
        condition = say.when(rule.when) or say.choose("其余", "everything else")
        yield f"  {condition} → {say.word(f'stage.{kind.key}.{rule.enter}')}"
    for stage in kind.stages.values():
        yield ""
        yield from _stage(kind, stage, say)
    if kind.moves:
        yield ""
        yield say.choose("可以提出", "What may be asked for")
        for move in kind.moves.values():
            yield from _move(kind, move, say)
    if kind.opens_on_closing:
        yield ""
        yield say.choose("关闭时开出", "What closing opens")
        for name, opens in kind.opens_on_closing.items():
            yield from _closing(kind, name, opens, say)
    if kind.papers:
        yield ""
        yield say.choose("文书", "Papers")
        for paper in kind.papers.values():
            yield from _paper(kind, paper, say)
    yield ""
    yield say.choose("逾期升级", "What happens otherwise")
    for ladder in {spec.ladder: kind.ladders[spec.ladder] for spec in _specs(kind)}.values():
        yield f"  {ladder.key}"
        for rung in ladder.rungs:
            yield f"    {say.rung(rung)}: {say.word(f'rung.{rung.key}')} → {say.parties(rung.to)}"
        yield f"    {say.choose('此后每', 'then every')} {say.time(ladder.repeat)}"


def _specs(kind: Kind) -> Iterator[DutySpec]:
    for stage in kind.stages.values():
        yield from stage.duties
    for move in kind.moves.values():
        if move.approve is not None:
            yield move.approve


def _stage(kind: Kind, stage: Stage, say: Wording) -> Iterator[str]:
    yield say.word(f"stage.{kind.key}.{stage.key}")
    for spec in stage.duties:
        yield f"  · {say.word(f'duty.{kind.key}.{spec.key}')}"
        facts = [
            (say.choose("谁", "who"), say.who(spec.who)),
            (say.choose("期限", "within"), say.within(spec.within)),
            (say.choose("条件", "when"), say.when(spec.when)),
            (say.choose("证据", "proof"), _slots(spec.prove, say)),
            (say.choose("逾期", "otherwise"), spec.ladder),
        ]
        for name, text in facts:
            if text:
                yield f"      {name}: {text}"
    for outcome, target in stage.then.items():
        yield f"  {say.word(f'outcome.{outcome}')} → {_target_name(kind, outcome, target, say)}"


def _slots(slots: Iterable[str], say: Wording) -> str:
    return say.choose("、", ", ").join(say.word(f"field.{slot}") for slot in slots)


def _target_name(kind: Kind, outcome: str, target: str, say: Wording) -> str:
    """Where an outcome leads, in words."""
    if target in kind.stages:
        return say.word(f"stage.{kind.key}.{target}")
    if target == "intake":
        return say.choose("受理", "Intake")
    closing = say.word(f"outcome.{target.partition(':')[2] or outcome}")
    return say.choose(f"关闭：{closing}", f"closed: {closing}")


def _move(kind: Kind, move: Move, say: Wording) -> Iterator[str]:
    yield f"  · {say.word(f'move.{kind.key}.{move.key}')}: {_effect(kind, move, say)}"
    yield f"      {say.choose('谁可提出', 'asked by')}: {say.parties(move.asked_by)}"
    if move.prove:
        yield f"      {say.choose('证据', 'proof')}: {_slots(move.prove, say)}"
    if move.approve is not None:
        yield f"      {say.choose('谁审批', 'decided by')}: {say.who(move.approve.who)}"
    if move.arbiter is not None:
        count = say.choose(f"第 {move.arbiter_from} 次起", f"from time {move.arbiter_from} on")
        yield f"      {count}: {say.who(move.arbiter)}"


def _closing(kind: Kind, name: str, rule: OpensOnClosing, say: Wording) -> Iterator[str]:
    outcomes = (say.word(f"outcome.{outcome}") for outcome in rule.closed_as)
    yield f"  · {say.word(f'opens.{kind.key}.{name}')}"
    yield f"      {say.choose('结果', 'closed as')}: {say.choose('、', ', ').join(outcomes)}"
    if condition := say.when(rule.when):
        yield f"      {say.choose('条件', 'when')}: {condition}"
    if rule.at_most is not None:
        yield f"      {say.choose('最多', 'at most')}: {rule.at_most}"


def _paper(kind: Kind, paper: Paper, say: Wording) -> Iterator[str]:
    yield f"  · {say.word(f'paper.{kind.key}.{paper.key}')} ({paper.number_prefix})"
    yield f"      {say.choose('谁可签发', 'issued by')}: {say.parties(paper.issued_by)}"
    if paper.stages:
        stages = (say.word(f"stage.{kind.key}.{stage}") for stage in paper.stages)
        yield f"      {say.choose('阶段', 'stages')}: {say.choose('、', ', ').join(stages)}"
    if paper.after:
        duties = (say.word(f"duty.{kind.key}.{duty}") for duty in paper.after)
        yield f"      {say.choose('须先完成', 'after')}: {say.choose('、', ', ').join(duties)}"


def _effect(kind: Kind, move: Move, say: Wording) -> str:
    match move.effect:
        case Reschedule():
            return say.choose("改期限", "new deadline")
        case Reassign():
            return say.choose("换责任方", "somebody else owes it")
        case Enter(stage):
            return f"→ {say.word(f'stage.{kind.key}.{stage}')}"
        case Close(outcome):
            return say.choose("关闭：", "closes: ") + say.word(f"outcome.{outcome}")
        case Merge():
            return say.choose("并入另一案件", "merges into another case")
        case Revise(fields):
            named = say.choose("、", ", ").join(say.word(f"field.{name}") for name in fields)
            return say.choose(f"修改：{named}", f"changes: {named}")


def diagram_of_transitions() -> str:
    """The one transition table as two Mermaid state diagrams, of a case and of a duty."""
    return "\n".join((*_diagram("Case", transitions.CASE), "", *_diagram("Duty", transitions.DUTY))) + "\n"


def _diagram(title: str, table: Mapping[Status, Mapping[type[Event], Status]]) -> Iterator[str]:
    yield f"**{title}**"
    yield ""
    yield "```mermaid"
    yield "stateDiagram-v2"
    yield "    direction LR"
    for status, events in table.items():
        grouped: dict[Status, list[str]] = {}
        for event, target in events.items():
            grouped.setdefault(target, []).append(event.__name__)
        for target, names in grouped.items():
            source = "[*]" if status == "absent" else str(status)
            yield f"    {source} --> {target}: {'<br/>'.join(names)}"
    yield "```"
