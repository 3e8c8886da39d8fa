"""Whether silence always reaches somebody: ladders rise, go past the deadline, and end at a person."""

from collections.abc import Iterator, Mapping
from datetime import timedelta

from anhuan.core.policy import Ladder, Rung
from anhuan.packs.problems import PackProblem

AT_THE_DEADLINE = 1.0
LAST_TOLD = ("post:", "person:")
"""Words that mean a person of the plant, whatever the case."""


def check_ladders(ladders: Mapping[str, Ladder]) -> Iterator[PackProblem]:
    """Every ladder of a pack."""
    for ladder in ladders.values():
        yield from _ladder(f"ladders/{ladder.key}", ladder)


def _ladder(where: str, ladder: Ladder) -> Iterator[PackProblem]:
    if not ladder.rungs:
        yield PackProblem("ladder_empty", where)
        return
    if ladder.repeat <= timedelta():
        yield PackProblem("ladder_without_repeat", f"{where}/repeat")
    for earlier, later in zip(ladder.rungs, ladder.rungs[1:], strict=False):
        if _height(later) <= _height(earlier):
            yield PackProblem(
                "ladder_out_of_order", f"{where}/{later.key}", {"rung": later.key, "earlier": earlier.key}
            )
    keys = [rung.key for rung in ladder.rungs]
    for key in sorted({key for key in keys if keys.count(key) > 1}):
        yield PackProblem("rung_repeated", f"{where}/{key}", {"rung": key})
    last = ladder.rungs[-1]
    if last.after < timedelta() or (last.share is not None and last.share < AT_THE_DEADLINE):
        yield PackProblem("ladder_ends_early", f"{where}/{last.key}", {"rung": last.key})
    if not any(word.startswith(LAST_TOLD) for word in last.to):
        yield PackProblem("ladder_ends_at_nobody", f"{where}/{last.key}/to", {"rung": last.key, "to": list(last.to)})


def _height(rung: Rung) -> tuple[bool, float]:
    """Shares of the time given come before what is counted from the deadline; all of it is the deadline itself."""
    if rung.share == AT_THE_DEADLINE:
        return True, 0.0
    return (True, rung.after.total_seconds()) if rung.share is None else (False, rung.share)
