"""Whether everything that people see has its word in every language, and the word is one."""

import re
from collections.abc import Iterator

from anhuan.packs.checks.beginnings import outcomes_of
from anhuan.packs.checks.papers import paper_word_keys
from anhuan.packs.checks.reading import duties
from anhuan.packs.checks.registers import register_word_keys
from anhuan.packs.checks.reviews import review_word_keys
from anhuan.packs.compile import LANGUAGES, Pack
from anhuan.packs.problems import PackProblem

_CHINESE = re.compile(r"[\u4e00-\u9fff]")
_ENGLISH = re.compile(r"[A-Za-z]{4}")
_PLACEHOLDER = re.compile(r"{(\w+)}")


def word_keys(pack: Pack) -> tuple[str, ...]:
    """Every word that the pack needs to be shown, in a stable order."""
    keys: dict[str, None] = {}
    for kind in pack.kinds.values():
        keys |= dict.fromkeys((f"kind.{kind.key}", f"kind.{kind.key}.description"))
        keys |= {f"stage.{kind.key}.{stage}": None for stage in kind.stages}
        keys |= {f"duty.{kind.key}.{owed.spec.key}": None for owed in duties(kind)}
        keys |= {f"move.{kind.key}.{move}": None for move in kind.moves}
        keys |= {f"opens.{kind.key}.{rule}": None for rule in kind.opens_on_closing}
        keys |= {f"outcome.{outcome}": None for owed in duties(kind) for outcome in owed.spec.outcomes}
        keys |= {f"outcome.{outcome}": None for outcome in sorted(outcomes_of(kind))}
        keys |= dict.fromkeys(register_word_keys(kind, pack.texts[kind.key].registers))
        keys |= dict.fromkeys(paper_word_keys(kind, pack.texts[kind.key].papers))
        keys |= dict.fromkeys(review_word_keys(kind))
    keys |= {f"rung.{rung.key}": None for ladder in pack.ladders.values() for rung in ladder.rungs}
    for form in pack.forms.values():
        keys |= dict.fromkeys(form.word_keys)
    for table in pack.tables.values():
        keys |= dict.fromkeys(table.word_keys)
    return tuple(keys)


def _of_another_language(language: str, text: str) -> bool:
    """An English text with a Chinese character, a Chinese one with an English word and no Chinese character."""
    chinese = _CHINESE.search(text) is not None
    return chinese if language == "en" else not chinese and _ENGLISH.search(text) is not None


def check_words(pack: Pack) -> Iterator[PackProblem]:
    """Every word in every language."""
    wanted = dict.fromkeys((*word_keys(pack), *(key for words in pack.words.values() for key in words)))
    for key in wanted:
        texts = {language: pack.words[language].get(key) for language in LANGUAGES}
        for language, text in texts.items():
            where = f"words/{language}.yaml/{key}"
            if text is None:
                yield PackProblem("word_missing", where, {"key": key})
            elif not text.strip():
                yield PackProblem("word_empty", where, {"key": key})
            elif _of_another_language(language, text):
                yield PackProblem("word_untranslated", where, {"key": key, "text": text})
        placeholders = {frozenset(_PLACEHOLDER.findall(text)) for text in texts.values() if text is not None}
        if len(placeholders) > 1:
            params = {"key": key, "placeholders": sorted(set().union(*placeholders))}
            yield PackProblem("word_placeholders_differ", f"words/en.yaml/{key}", params)
