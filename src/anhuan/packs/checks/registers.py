"""Whether a kind's registers can be filled: every column comes from somewhere and has its head."""

import re
from collections.abc import Iterator, Mapping

from anhuan.core.policy import Kind
from anhuan.packs.checks.case_cells import check_cells
from anhuan.packs.checks.reading import place
from anhuan.packs.compile import Pack
from anhuan.packs.language import RegisterText
from anhuan.packs.problems import PackProblem

_KEY = re.compile(r"[a-z][a-z0-9_]*")


def check_registers(pack: Pack) -> Iterator[PackProblem]:
    """Every register of every kind."""
    for kind in pack.kinds.values():
        for name, register in pack.texts[kind.key].registers.items():
            where = f"{place(kind)}/registers/{name}"
            for key in (name, *register.columns):
                if not _KEY.fullmatch(key):
                    yield PackProblem("register_key_malformed", where, {"key": key})
            if not register.columns:
                yield PackProblem("register_empty", where)
            yield from check_cells(f"{where}/columns", register.columns, kind)


def register_word_keys(kind: Kind, registers: Mapping[str, RegisterText]) -> Iterator[str]:
    """Words that a kind's registers need."""
    for name, register in registers.items():
        yield f"register.{kind.key}.{name}"
        yield from (f"head.{column}" for column in register.columns)
