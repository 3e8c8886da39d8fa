"""The pack checker: what must hold before a pack may be published, and what a plant lacks for it.

`compile` has seen to it that every file can be read; here the pieces are looked at together. Each check answers with
every fault that it finds, never only the first, and a fault says where it stands, why it is one, and how to mend it
(its words are in `check_problem_words`).
"""

from collections.abc import Mapping
from datetime import datetime

from anhuan.domain.plant import Plant
from anhuan.packs.checks.asked import check_asked
from anhuan.packs.checks.beginnings import check_beginnings
from anhuan.packs.checks.closings import check_closings
from anhuan.packs.checks.flow import check_flow
from anhuan.packs.checks.ladders import check_ladders
from anhuan.packs.checks.owed import check_owed
from anhuan.packs.checks.papers import check_papers
from anhuan.packs.checks.plant import check_plant
from anhuan.packs.checks.registers import check_registers
from anhuan.packs.checks.reviews import check_reviews
from anhuan.packs.checks.wishes import check_wishes
from anhuan.packs.checks.words import check_words
from anhuan.packs.compile import Pack
from anhuan.packs.problems import PackProblem

NO_OTHERS: Mapping[str, Pack] = {}


def check_pack(pack: Pack, others: Mapping[str, Pack] = NO_OTHERS) -> tuple[PackProblem, ...]:
    """Every fault for which the pack cannot be published; none: it can.

    `others`: the packs that are published beside it, by name; an earlier version of the pack itself is left aside.
    """
    beside = {name: other for name, other in others.items() if name != pack.name}
    found = [*check_beginnings(pack, beside), *check_closings(pack, beside), *check_ladders(pack.ladders)]
    for kind in pack.kinds.values():
        found += check_flow(kind)
        found += check_owed(kind, pack.forms, pack.tables, frozenset(pack.ladders))
        found += check_asked(kind, pack.forms, pack.tables)
        found += check_wishes(kind, pack.forms, pack.tables)
    found += check_papers(pack, beside)
    found += check_registers(pack)
    found += check_reviews(pack, beside)
    found += check_words(pack)
    return tuple(found)


def check_against_plant(pack: Pack, plant: Plant, at: datetime) -> tuple[PackProblem, ...]:
    """Warnings: posts, teams and people that the pack asks for and the plant lacks on a shift of the coming fortnight.

    Never a reason to refuse: a task of an unheld post goes to the next rung at once and is a standing case of its own.
    """
    return tuple(check_plant(pack, plant, at))
