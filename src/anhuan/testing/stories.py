"""Stories that a safety officer can read, and that are played: who did what when, and what must then be so.

    故事：标题                         2026-11-24 10:00  胡斌 上报 甲
    类型：<kind>                           区域：冲压车间            (fields of the form)
                                           => 应做 receipt：属地主管（冲压车间），期限 2026-11-24 12:00

A line that begins with a time or with `+` (`+3h`, `+2d`) moves the clock with the worker awake, `停机到 TIME` with
nobody working, `时钟拨到 TIME` wherever it says. What people leave unsaid in a form is filled with a stock sentence.
docs/explanation/cases.md lists every word.
"""

import itertools
import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

STOCK = "已按要求处理完毕，现场确认"
"""What somebody is taken to have written where a story does not say."""

_HEAD = re.compile(r"^(故事|类型|说明)[：:]\s*(.*)$")
_TIME = re.compile(r"^(\d{4}-\d\d-\d\d \d\d:\d\d|\+\d+[mhd])\s*(.*)$")
_FIELD = re.compile(r"^([^：:=\s]+)[：:]\s*(.*)$")


@dataclass
class Step:
    """One thing that happens, with what is filled in and what must then be so."""

    line: int
    time: str
    """`2026-11-24 10:00`, `+3h`, or nothing: at the same moment."""
    words: list[str]
    fields: dict[str, str] = field(default_factory=dict)
    expected: list[tuple[int, str]] = field(default_factory=list)


@dataclass
class Story:
    """A story as written."""

    path: Path
    title: str = ""
    kind: str = ""
    steps: list[Step] = field(default_factory=list)
    shows: str = ""
    """What it shows; every story ends with it."""


class StoryUnreadable(ValueError):
    """A line that says nothing known; carries file and line."""


def read_story(path: Path) -> Story:
    """Read a story. Raises StoryUnreadable."""
    story = Story(path)
    for number, raw in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        line = raw.split("#", 1)[0].rstrip()
        if not line:
            continue
        if not raw[0].isspace():
            _top(story, number, line)
        elif not story.steps:
            raise StoryUnreadable(f"{path.name}:{number}: {line}")
        else:
            _under(story, number, line.strip())
    if not (story.title and story.kind and story.steps and story.shows):
        raise StoryUnreadable(f"{path.name}: needs 故事, 类型, at least one step, and 说明 at its end")
    return story


def _top(story: Story, number: int, line: str) -> None:
    if head := _HEAD.match(line):
        match head[1]:
            case "故事":
                story.title = head[2]
            case "类型":
                story.kind = head[2]
            case _:
                story.shows = head[2]
        return
    time = _TIME.match(line)
    words = (time[2] if time else line).split()
    story.steps.append(Step(number, time[1] if time else "", words))


def _under(story: Story, number: int, line: str) -> None:
    step = story.steps[-1]
    if line.startswith("=>"):
        step.expected.append((number, line.removeprefix("=>").strip()))
    elif filled := _FIELD.match(line):
        step.fields[filled[1]] = filled[2]
    else:
        raise StoryUnreadable(f"{story.path.name}:{number}: {line}")


def stories_in(*folders: Path) -> list[Path]:
    """Every story below the folders."""
    return sorted(itertools.chain.from_iterable(folder.rglob("*.case") for folder in folders))


def moment(text: str, now: datetime, zone: ZoneInfo) -> datetime:
    """The instant that a time in a story means: `2026-11-24 10:00` in the plant's zone, or `+3h` from now."""
    if text.startswith("+"):
        unit = {"m": "minutes", "h": "hours", "d": "days"}[text[-1]]
        return now + timedelta(**{unit: int(text[1:-1])})
    return datetime.fromisoformat(text).replace(tzinfo=zone)
