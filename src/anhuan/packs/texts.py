"""What people type, judged before any schema sees it: characters that no database keeps, and words that say nothing."""

import math
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from anhuan.core.policy import Problem

DEPTH_MAX = 8
"""Levels of nesting; no form has more than four."""
INTEGER_MAX = 2**53
"""Beyond it a browser no longer tells neighbouring whole numbers apart."""

_UNKEEPABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
"""Control characters but tab and line ends, and halves of surrogate pairs."""

EMPTY_PHRASES = (
    *("待完善", "待补充", "待填写", "待定", "待确认", "暂无", "无", "没有", "未知", "不详", "不清楚", "其他", "其它"),
    *("有问题", "有隐患", "存在问题", "存在隐患", "问题", "隐患", "不合格", "不符合", "不规范", "需整改", "需要整改"),
    *("已整改", "整改完成", "已完成", "已处理", "处理完成", "正常", "同上", "如图", "见图", "见照片", "见附件", "测试"),
    *("to be improved", "to be completed", "to be filled in", "to be defined", "tbd", "tba", "tbc", "todo", "n/a"),
    *("none", "nothing", "unknown", "problem", "issue", "hazard", "bad", "broken", "done", "fixed", "ok", "okay"),
    *("finished", "completed", "see photo", "see picture", "see attachment", "same as above", "test", "x", "xx", "xxx"),
)
"""Texts that say nothing in any trade; a form adds its own under `x-vague`."""


def unkeepable(value: object, field: str = "", depth: int = 0) -> Iterator[Problem]:
    """Values that cannot be stored or compared: NUL and other control characters, half characters, NaN, deep nests."""
    if depth > DEPTH_MAX:
        yield Problem("too_deep", field, {"limit": DEPTH_MAX})
    elif isinstance(value, str):
        yield from _bad_characters(value, field)
    elif isinstance(value, Mapping):
        for name, part in value.items():
            if any(_bad_characters(str(name), field)):
                yield Problem("control_character", field, {"character": "U+0000"})
            else:
                yield from unkeepable(part, f"{field}/{escaped(str(name))}", depth + 1)
    elif isinstance(value, list | tuple):
        for place, part in enumerate(value):
            yield from unkeepable(part, f"{field}/{place}", depth + 1)
    elif isinstance(value, float) and not math.isfinite(value):
        yield Problem("wrong_type", field, {"types": ["number"]})
    elif isinstance(value, int) and abs(value) > INTEGER_MAX:
        yield Problem("too_large", field, {"limit": INTEGER_MAX})
    elif value is not None and not isinstance(value, bool | int | float):
        yield Problem("wrong_type", field, {"types": ["string", "number", "boolean", "array", "object"]})


def _bad_characters(text: str, field: str) -> Iterator[Problem]:
    if found := _UNKEEPABLE.search(text):
        yield Problem("control_character", field, {"character": f"U+{ord(found.group()):04X}"})


def tidy(value: Any) -> Any:
    """The same without blanks around texts and without what was left empty (null, "", [], {})."""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, Mapping):
        tidied = {name: tidy(part) for name, part in value.items()}
        return {name: part for name, part in tidied.items() if not _is_empty(part)}
    if isinstance(value, list | tuple):
        return [part for part in map(tidy, value) if not _is_empty(part)]
    return value


def _is_empty(value: object) -> bool:
    return value is None or (isinstance(value, str | list | dict) and not value)


def bare(text: str) -> str:
    """A text reduced to its letters and digits, full-width and capitals made equal."""
    return "".join(c for c in unicodedata.normalize("NFKC", text).casefold() if c.isalnum())


def bare_phrases(phrases: Iterable[str]) -> frozenset[str]:
    """Empty phrases made ready for `is_vague`."""
    return frozenset(bare(phrase) for phrase in phrases) - {""}


def is_vague(text: str, phrases: frozenset[str]) -> bool:
    """The text says nothing: only signs or digits, one character over and over, or empty phrases one after another."""
    letters = bare(text)
    if len(set(letters)) <= 1 or letters.isdigit():
        return True
    reached, waiting = {0}, [0]
    while waiting:
        start = waiting.pop()
        ends = {start + len(phrase) for phrase in phrases if letters.startswith(phrase, start)} - reached
        reached |= ends
        waiting.extend(ends)
    return len(letters) in reached


def escaped(name: str) -> str:
    """A name as it stands in a JSON pointer (RFC 6901)."""
    return name.replace("~", "~0").replace("/", "~1")
