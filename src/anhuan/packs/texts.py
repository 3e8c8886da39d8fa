"""What people type, judged before any schema sees it: characters that no database keeps, and words that say nothing."""

import math
import re
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Any

from anhuan.core.policy import Problem

DEPTH_MAX = 8
"""Levels of nesting; no form has more than four."""
INTEGER_MAX = 2**53
"""Beyond it a browser no longer tells neighbouring whole numbers apart."""

_UNKEEPABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
"""Control characters but tab and line ends, and halves of surrogate pairs."""

_PLAIN = frozenset((bool, int, float, type(None)))
_ZEROS = (0,)
"""Falsy, and yet something was said: 0, 0.0 and False."""
_LISTS = (list, tuple)
_NOT_BARE = re.compile(r"[\W_]+")

EMPTY_PHRASES = (
    *("待完善", "待补充", "待填写", "待定", "待确认", "暂无", "无", "没有", "未知", "不详", "不清楚", "其他", "其它"),
    *("有问题", "有隐患", "存在问题", "存在隐患", "问题", "隐患", "不合格", "不符合", "不规范", "需整改", "需要整改"),
    *("已整改", "整改完成", "已完成", "已处理", "处理完成", "正常", "同上", "如图", "见图", "见照片", "见附件", "测试"),
    *("to be improved", "to be completed", "to be filled in", "to be defined", "tbd", "tba", "tbc", "todo", "n/a"),
    *("none", "nothing", "unknown", "problem", "issue", "hazard", "bad", "broken", "done", "fixed", "ok", "okay"),
    *("finished", "completed", "see photo", "see picture", "see attachment", "same as above", "test", "x", "xx", "xxx"),
)
"""Texts that say nothing in any trade; a form adds its own under `x-vague`."""


def unkeepable(values: Mapping[str, object]) -> tuple[Problem, ...]:
    """Values that cannot be stored or compared: NUL and other control characters, half characters, NaN, deep nests."""
    found: list[Problem] = []
    for name, value in values.items():
        if type(value) is str and not _UNKEEPABLE.search(value) and not _UNKEEPABLE.search(name):
            continue  # what most of a form is
        _look_into({name: value}, (), found)
    return tuple(found)


def _look_into(value: object, path: tuple[str, ...], found: list[Problem]) -> None:
    """Adds what is wrong with a value and its parts; `path` is where it stands."""
    if len(path) > DEPTH_MAX:
        found.append(Problem("too_deep", _pointer(path), {"limit": DEPTH_MAX}))
    elif type(value) in _PLAIN:
        _look_at_number(value, path, found)
    elif isinstance(value, str):
        _look_at_text(value, path, found)
    elif isinstance(value, Mapping):
        for name, part in value.items():
            if _UNKEEPABLE.search(str(name)):
                found.append(Problem("control_character", _pointer(path), {"character": "U+0000"}))
            else:
                _look_into(part, (*path, str(name)), found)
    elif isinstance(value, _LISTS):
        for place, part in enumerate(value):
            _look_into(part, (*path, str(place)), found)
    else:
        types = ["string", "number", "boolean", "array", "object"]
        found.append(Problem("wrong_type", _pointer(path), {"types": types}))


def _look_at_text(text: str, path: tuple[str, ...], found: list[Problem]) -> None:
    if bad := _UNKEEPABLE.search(text):
        found.append(Problem("control_character", _pointer(path), {"character": f"U+{ord(bad.group()):04X}"}))


def _look_at_number(value: object, path: tuple[str, ...], found: list[Problem]) -> None:
    if isinstance(value, float) and not math.isfinite(value):
        found.append(Problem("wrong_type", _pointer(path), {"types": ["number"]}))
    elif isinstance(value, int) and abs(value) > INTEGER_MAX:
        found.append(Problem("too_large", _pointer(path), {"limit": INTEGER_MAX}))


def _pointer(path: tuple[str, ...]) -> str:
    return "".join(f"/{escaped(name)}" for name in path)


def tidy(value: Any) -> Any:
    """The same without blanks around texts and without what was left empty (null, "", [], {})."""
    if type(value) in _PLAIN:
        return value
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, Mapping):
        return {name: kept for name, part in value.items() if (kept := tidy(part)) or kept in _ZEROS}
    if isinstance(value, _LISTS):
        return [kept for part in value if (kept := tidy(part)) or kept in _ZEROS]
    return value


def bare(text: str) -> str:
    """A text reduced to its letters and digits, full-width and capitals made equal."""
    return _NOT_BARE.sub("", unicodedata.normalize("NFKC", text).casefold())


Phrases = Mapping[str, tuple[str, ...]]
"""Empty phrases by their first letter."""


def bare_phrases(phrases: Iterable[str]) -> Phrases:
    """Empty phrases made ready for `is_vague`."""
    by_letter: dict[str, list[str]] = {}
    for phrase in sorted({bare(phrase) for phrase in phrases} - {""}):
        by_letter.setdefault(phrase[0], []).append(phrase)
    return {letter: tuple(found) for letter, found in by_letter.items()}


def is_vague(text: str, phrases: Phrases) -> bool:
    """The text says nothing: only signs or digits, one character over and over, or empty phrases one after another."""
    letters = bare(text)
    if len(set(letters)) <= 1 or letters.isdigit():
        return True
    reached, waiting = {0}, [0]
    while waiting:
        start = waiting.pop()
        begun = phrases.get(letters[start : start + 1], ())
        ends = {start + len(phrase) for phrase in begun if letters.startswith(phrase, start)} - reached
        reached |= ends
        waiting.extend(ends)
    return len(letters) in reached


def escaped(name: str) -> str:
    """A name as it stands in a JSON pointer (RFC 6901)."""
    return name.replace("~", "~0").replace("/", "~1")
