"""Whether a kind that looks back on others' figures names what is there: kind, month, remarks, duties."""

from collections.abc import Iterator, Mapping

from anhuan.core.policy import Kind
from anhuan.packs.checks.asked import field_known
from anhuan.packs.checks.reading import form_of, place, stage_duties
from anhuan.packs.compile import Pack
from anhuan.packs.problems import PackProblem


def check_reviews(pack: Pack, others: Mapping[str, Pack]) -> Iterator[PackProblem]:
    """Every kind with `reviews`."""
    owners = {key: other.name for other in (*others.values(), pack) for key in other.kinds}
    for kind in pack.kinds.values():
        if kind.reviews is None:
            continue
        where = f"{place(kind)}/reviews"
        owner = owners.get(kind.reviews.kind)
        if owner is None:
            params = {"kind": kind.reviews.kind, "known": sorted(owners)}
            yield PackProblem("reviews_kind_unknown", f"{where}/kind", params)
        elif owner not in (pack.name, *pack.needs):
            yield PackProblem("needs_incomplete", "pack.yaml/needs", {"pack": owner, "kind": kind.reviews.kind})
        for key, field in (("month", kind.reviews.month), *(("remarks", name) for name in kind.reviews.remarks)):
            yield from field_known(f"{where}/{key}", form_of(kind), field)
        known = sorted(owed.spec.key for owed in stage_duties(kind))
        for key, duty in (("prepared_by", kind.reviews.prepared_by), ("minuted_by", kind.reviews.minuted_by)):
            if duty is not None and duty not in known:
                yield PackProblem("opens_duty_unknown", f"{where}/{key}", {"duty": duty, "known": known})


def review_word_keys(kind: Kind) -> Iterator[str]:
    """Words that stand on what is made of the figures: who signs."""
    if kind.reviews is not None:
        yield from (f"blank.{who}" for who, _ in kind.reviews.sign)
