"""A kind as a picture: its stages as boxes from top to bottom, each with its duties; arrows carry outcomes.

What leads to the stage below is drawn straight down, all else in lanes on the left; what closes the case, and moves and
recurrences that enter a stage (dashed), stand beside the box on the right. An SVG of presentation attributes alone: no
script, no style sheet, nothing fetched, so that it shows under any content security policy.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape

from anhuan.core.policy import Deed, DutySpec, Enter, Kind, Stage
from anhuan.packs.wording import Wording

WIDTH = 1000
LEFT, RIGHT = 250, 680
"""Left and right edge of the boxes."""
LANE_FIRST, LANE_STEP = 214, 20
"""The lane next to the boxes, and how far the next one lies to its left."""
GAP = 46
"""Between boxes."""
HEAD, LINE, DUTY_GAP, FOOT = 34, 18, 8, 12
CHIP_X, CHIP_HEIGHT, CHIP_STEP = 760, 26, 34
FONT = (
    "system-ui, 'PingFang SC', 'Microsoft YaHei', 'Noto Sans SC', 'Noto Sans CJK SC', 'WenQuanYi Micro Hei', sans-serif"
)

INK, SOFT, LINE_COLOUR, PAPER, CARD, HEAD_FILL = "#1b2733", "#5b6b7b", "#8a9aab", "#f7f9fb", "#ffffff", "#e8eef5"
GOOD, BAD, WISH = "#1f7a4d", "#b3402a", "#6a5acd"
DEED_COLOURS = {Deed.ACKNOWLEDGE: "#5b6b7b", Deed.PERFORM: "#1f5fa8", Deed.VERIFY: "#1f7a4d", Deed.APPROVE: "#8a5a00"}
SETBACKS = frozenset({"fail", "refuse", "lapsed"})


@dataclass(frozen=True)
class Text:
    """A line of text in a box."""

    text: str
    size: int
    fill: str
    weight: int = 400
    dot: str | None = None


@dataclass(frozen=True)
class Box:
    """A stage (or intake, without a key) where it is drawn."""

    key: str
    title: str
    lines: tuple[tuple[Text, ...], ...]
    top: int
    height: int

    @property
    def bottom(self) -> int:
        return self.top + self.height


@dataclass(frozen=True)
class Arrow:
    """From one box to another, by place in the column."""

    source: int
    target: int
    label: str
    colour: str


@dataclass(frozen=True)
class Chip:
    """Something beside a box: a closure that it leads to, or a wish that leads to it."""

    text: str
    label: str
    inward: bool
    colour: str


def picture(kind: Kind, say: Wording) -> str:
    """The SVG text."""
    boxes = _boxes(kind, say)
    places = {box.key: number for number, box in enumerate(boxes)}
    arrows = list(_arrows(kind, places, say))
    chips = {box.key: list(_chips(kind, kind.stages[box.key], say)) for box in boxes if box.key}
    boxes = _spread(boxes, chips)
    height = boxes[-1].bottom + 30
    title = escape(say.word(f"kind.{kind.key}"))
    size = f'viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}"'
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img" aria-label="{title}" font-family="{FONT}">',
        f"<title>{title}</title>",
        f'<rect width="{WIDTH}" height="{height}" rx="12" fill="{PAPER}"/>',
        *_arrow_heads(),
        *_drawn_arrows(boxes, arrows),
    ]
    for box in boxes:
        parts += _drawn_box(box)
        parts += _drawn_chips(box, chips.get(box.key, []))
    return "\n".join((*parts, "</svg>", ""))


# --- what is drawn


def _boxes(kind: Kind, say: Wording) -> list[Box]:
    rules = []
    for number, rule in enumerate(kind.intake, 1):
        condition = say.when(rule.when) or say.choose("其余", "everything else")
        goes = say.word(f"stage.{kind.key}.{rule.enter}")
        rules.append((Text(f"{number}. {condition} → {goes}", 12, SOFT),))
    boxes = [_box("", say.choose("受理", "Intake"), tuple(rules))]
    for stage in _ordered(kind):
        duties = tuple(_duty(kind, spec, say) for spec in stage.duties)
        boxes.append(_box(stage.key, say.word(f"stage.{kind.key}.{stage.key}"), duties))
    return boxes


def _ordered(kind: Kind) -> list[Stage]:
    """Stages so that the usual way runs down: as written, each followed by where it goes when all is well."""
    order: list[str] = []
    for name in kind.stages:
        while name in kind.stages and name not in order:
            order.append(name)
            then = kind.stages[name].then
            name = then.get("done") or then.get("pass") or ""  # noqa: PLW2901  follows the way on
    return [kind.stages[name] for name in order]


def _box(key: str, title: str, lines: tuple[tuple[Text, ...], ...]) -> Box:
    height = HEAD + sum(len(group) * LINE + DUTY_GAP for group in lines) + FOOT
    return Box(key, title, lines, 0, height)


def _duty(kind: Kind, spec: DutySpec, say: Wording) -> tuple[Text, ...]:
    marks = [say.word(f"duty.{kind.key}.{spec.key}")]
    marks += [say.choose("盲审", "blind")] if spec.blind else []
    marks += [say.choose(f"每 {say.time(spec.every)}", f"every {say.time(spec.every)}")] if spec.every else []
    lines = [Text(" · ".join(marks), 13, INK, 600, DEED_COLOURS[spec.deed])]
    if condition := say.when(spec.when):
        lines += _wrapped(say.choose("当：", "when: ") + condition)
    lines += _wrapped(f"{say.who(spec.who)} · {say.within(spec.within)}")
    return tuple(lines)


def _wrapped(text: str, room: float = 62) -> list[Text]:
    """Lines of at most `room` half widths (a Chinese character takes two); English breaks between words."""
    lines, line, used = [], "", 0.0
    for piece in _pieces(text):
        size = sum(2.0 if ord(character) > 0x2E80 else 1.05 for character in piece)
        if used + size > room and line:
            lines.append(line.strip())
            line, used = "", 0.0
        line, used = line + piece, used + size
    return [Text(part, 12, SOFT) for part in (*lines, line.strip()) if part]


def _pieces(text: str) -> Iterator[str]:
    """What may not be broken: words with the blank after them, Chinese characters with the punctuation after them."""
    piece = ""
    for character in text:
        wide = ord(character) > 0x2E80
        if piece and (piece[-1] == " " or (wide and character not in "，。；：、）”》")):
            yield piece
            piece = ""
        piece += character
    yield piece


def _arrows(kind: Kind, places: dict[str, int], say: Wording) -> Iterator[Arrow]:
    for number, rule in enumerate(kind.intake, 1):
        yield Arrow(0, places[rule.enter], str(number), LINE_COLOUR)
    for stage in kind.stages.values():
        for outcome, target in stage.then.items():
            place = 0 if target == "intake" else places.get(target)
            if place is not None:
                colour = BAD if outcome in SETBACKS else LINE_COLOUR
                yield Arrow(places[stage.key], place, say.word(f"outcome.{outcome}"), colour)


def _chips(kind: Kind, stage: Stage, say: Wording) -> Iterator[Chip]:
    for outcome, target in stage.then.items():
        if target == "close" or target.startswith("close:"):
            closing = say.word(f"outcome.{target.partition(':')[2] or outcome}")
            colour = BAD if outcome in SETBACKS else GOOD
            yield Chip(closing, say.word(f"outcome.{outcome}"), False, colour)
    for move in kind.moves.values():
        if isinstance(move.effect, Enter) and move.effect.stage == stage.key:
            yield Chip(say.word(f"move.{kind.key}.{move.key}"), "", True, WISH)
    if any(rule.enter == stage.key for rule in kind.recurrence):
        yield Chip(say.choose("同样的问题再次出现", "The same comes back"), "", True, WISH)


def _spread(boxes: Sequence[Box], chips: dict[str, list[Chip]]) -> list[Box]:
    """The boxes one below another, each at least as high as what stands beside it."""
    spread, top = [], 24
    for box in boxes:
        height = max(box.height, len(chips.get(box.key, [])) * CHIP_STEP + FOOT)
        spread.append(Box(box.key, box.title, box.lines, top, height))
        top += height + GAP
    return spread


# --- how it is drawn


def _arrow_heads() -> Iterator[str]:
    yield "<defs>"
    for colour in (LINE_COLOUR, GOOD, BAD, WISH):
        yield (
            f'<marker id="head-{colour[1:]}" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" '
            f'orient="auto"><path d="M0 0 L8 4 L0 8 z" fill="{colour}"/></marker>'
        )
    yield "</defs>"


def _drawn_arrows(boxes: Sequence[Box], arrows: Sequence[Arrow]) -> Iterator[str]:
    """Straight down to the next box; the others in lanes, the shortest nearest to the boxes."""
    sideways = [arrow for arrow in arrows if arrow.target != arrow.source + 1]
    down: dict[int, list[Arrow]] = {}
    for arrow in arrows:
        if arrow.target == arrow.source + 1:
            down.setdefault(arrow.source, []).append(arrow)
    for source, together in down.items():
        yield from _straight(boxes, source, together)
    ports = _ports(boxes, sideways)
    taken: list[list[tuple[int, int]]] = []
    for number in sorted(range(len(sideways)), key=lambda n: abs(sideways[n].target - sideways[n].source)):
        start, end = ports[number]
        low, high = sorted((start, end))
        lane = next((n for n, used in enumerate(taken) if all(high < a or b < low for a, b in used)), len(taken))
        if lane == len(taken):
            taken.append([])
        taken[lane].append((low - 6, high + 6))
        yield from _laned(sideways[number], start, end, LANE_FIRST - lane * LANE_STEP)


def _straight(boxes: Sequence[Box], source: int, together: Sequence[Arrow]) -> Iterator[str]:
    middle = (LEFT + RIGHT) // 2
    top, bottom = boxes[source].bottom, boxes[source + 1].top
    colour = together[0].colour
    yield f'<path d="M{middle} {top} V{bottom - 1}" {_stroke(colour)}/>'
    label = " / ".join(dict.fromkeys(arrow.label for arrow in together))
    yield _text(middle + 10, (top + bottom) // 2 + 4, label, 12, _dark(colour))


def _ports(boxes: Sequence[Box], arrows: Sequence[Arrow]) -> list[tuple[int, int]]:
    """Heights at which each arrow leaves and arrives: those of one box evenly down its left edge."""
    ends: dict[int, list[tuple[int, bool]]] = {}
    for number, arrow in enumerate(arrows):
        ends.setdefault(arrow.source, []).append((number, True))
        ends.setdefault(arrow.target, []).append((number, False))
    heights: dict[tuple[int, bool], int] = {}
    for place, these in ends.items():
        box = boxes[place]
        # Towards what lies above from the upper part of the edge, so that lanes cross less.
        these.sort(key=lambda end: (arrows[end[0]].target if end[1] else arrows[end[0]].source, end[1]))
        for n, end in enumerate(these, 1):
            heights[end] = box.top + round(box.height * n / (len(these) + 1))
    return [(heights[number, True], heights[number, False]) for number in range(len(arrows))]


def _laned(arrow: Arrow, start: int, end: int, x: int) -> Iterator[str]:
    turn = 8 if end > start else -8
    yield (
        f'<path d="M{LEFT} {start} H{x + 8} Q{x} {start} {x} {start + turn} V{end - turn} '
        f'Q{x} {end} {x + 8} {end} H{LEFT - 1}" {_stroke(arrow.colour)}/>'
    )
    yield _text(LEFT - 6, start - 4, arrow.label, 11, _dark(arrow.colour), anchor="end", halo=True)


def _drawn_box(box: Box) -> Iterator[str]:
    width = RIGHT - LEFT
    fill = CARD if box.key else PAPER
    yield (
        f'<rect x="{LEFT}" y="{box.top}" width="{width}" height="{box.height}" rx="10" fill="{fill}" '
        f'stroke="#c9d4df" stroke-width="1"/>'
    )
    yield (
        f'<path d="M{LEFT} {box.top + HEAD - 6} V{box.top + 10} q0 -10 10 -10 H{RIGHT - 10} q10 0 10 10 '
        f'V{box.top + HEAD - 6} z" fill="{HEAD_FILL}"/>'
    )
    yield _text(LEFT + 16, box.top + 19, box.title, 14, INK, weight=600)
    y = box.top + HEAD + 12
    for group in box.lines:
        for line in group:
            if line.dot:
                yield f'<circle cx="{LEFT + 19}" cy="{y - 4}" r="4" fill="{line.dot}"/>'
            yield _text(LEFT + 32 if box.key else LEFT + 16, y, line.text, line.size, line.fill, weight=line.weight)
            y += LINE
        y += DUTY_GAP


def _drawn_chips(box: Box, chips: Sequence[Chip]) -> Iterator[str]:
    top = box.top + (box.height - len(chips) * CHIP_STEP) // 2
    for number, chip in enumerate(chips):
        middle = top + number * CHIP_STEP + CHIP_STEP // 2
        way = f"M{CHIP_X} {middle} H{RIGHT + 1}" if chip.inward else f"M{RIGHT} {middle} H{CHIP_X - 1}"
        yield f'<path d="{way}" {_stroke(chip.colour, dashed=chip.inward)}/>'
        fill, ink, dash = (CARD, chip.colour, ' stroke-dasharray="4 3"') if chip.inward else (chip.colour, "#fff", "")
        yield (
            f'<rect x="{CHIP_X}" y="{middle - CHIP_HEIGHT // 2}" width="{WIDTH - CHIP_X - 20}" height="{CHIP_HEIGHT}" '
            f'rx="13" fill="{fill}" stroke="{chip.colour}"{dash}/>'
        )
        yield _text((CHIP_X + WIDTH - 20) // 2, middle + 4, chip.text, 12, ink, anchor="middle")
        if chip.label:
            yield _text((RIGHT + CHIP_X) // 2 - 4, middle - 5, chip.label, 11, chip.colour, anchor="middle")


def _stroke(colour: str, *, dashed: bool = False) -> str:
    dash = ' stroke-dasharray="5 4"' if dashed else ""
    return f'fill="none" stroke="{colour}" stroke-width="1.6" marker-end="url(#head-{colour[1:]})"{dash}'


def _dark(colour: str) -> str:
    return SOFT if colour == LINE_COLOUR else colour


def _text(
    x: int, y: int, text: str, size: int, fill: str, *, weight: int = 400, anchor: str = "start", halo: bool = False
) -> str:
    bold = f' font-weight="{weight}"' if weight != 400 else ""
    side = f' text-anchor="{anchor}"' if anchor != "start" else ""
    around = f' stroke="{PAPER}" stroke-width="4" paint-order="stroke" stroke-linejoin="round"' if halo else ""
    return f'<text x="{x}" y="{y}" font-size="{size}" fill="{fill}"{bold}{side}{around}>{escape(text)}</text>'
