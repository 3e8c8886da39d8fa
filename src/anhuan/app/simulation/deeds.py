"""What people hand in: forms filled with what the data say that people write, photos that are only a name, a signature.

No picture is drawn: whether one was used before, and whether it shows a mended thing, is known to the simulation and
seen by those who check with the chances that are assumed of them.
"""

import hashlib
from collections.abc import Mapping
from datetime import datetime

from msgspec.structs import replace

from anhuan.app.simulation.world import Waiting
from anhuan.core.case import commands as c
from anhuan.core.case.events import Proof
from anhuan.core.case.papers import SIGNATURE
from anhuan.core.case.state import Case, Duty, context_of
from anhuan.core.policy import DutySpec, Kind, Part
from anhuan.core.signature import Drawing, Point, SignedMatter, sign
from anhuan.domain.evidence import Evidence, Sha256
from anhuan.domain.ids import PersonId

DRAWN = Drawing(width=320, height=140, strokes=((Point(20, 90), Point(90, 30, 80), Point(160, 100, 160)),))
STATEMENT = "本人确认以上内容属实。"
PHOTO_BYTES = 400_000
Writes = Mapping[str, object]
_TRIES = 4
"""What one answer makes necessary may make another so."""


def discharge(
    kind: Kind, case: Case, duty: Duty, by: PersonId, outcome: str, writes: Writes, at: datetime
) -> c.Discharge:
    """A duty done as its pack asks for: form, proofs, signature."""
    spec = kind.duty(duty.stage, duty.key)
    assert spec is not None
    name = spec.assist_form if duty.part is Part.ASSIST and spec.assist_form else spec.form
    form = _filled(kind, name, {}, writes, outcome, case, at)
    proofs = _proofs(spec.prove, case, duty.no, at) if duty.part is Part.LEAD else ()
    command = c.Discharge(by=by, duty=duty.no, outcome=outcome, form=form, proofs=proofs)
    return _signed(command, case, spec, duty.part, at)


def ask(
    kind: Kind, case: Case, duty: Duty, by: PersonId, wait: Waiting, until: datetime, writes: Writes, at: datetime
) -> c.AskMove:
    """An approved wait asked for, with what its pack asks for."""
    wanted = kind.moves[wait.move]
    form: dict[str, object] = {wait.until: until.isoformat()}
    filled = _filled(kind, wanted.form, form, writes, "", case, at)
    proofs = _proofs(wanted.prove, case, duty.no, at)
    return c.AskMove(by=by, move=wait.move, duty=duty.no, form=filled, proofs=proofs)


def _filled(
    kind: Kind,
    name: str | None,
    form: dict[str, object],
    writes: Writes,
    outcome: str,
    case: Case,
    at: datetime,
) -> dict[str, object]:
    """The form with what people write wherever it lacks something, `form/field` counting before `field`."""
    if name is None:
        return form
    check = kind.forms[name]
    written = {**writes, **{key.removeprefix(f"{name}/"): writes[key] for key in writes if key.startswith(f"{name}/")}}
    about = context_of(case)
    for _ in range(_TRIES):
        problems = check({**form, "outcome": outcome, "case": about}, at=at)
        lacking = {problem.field.strip("/") for problem in problems}
        more = {field: written[field] for field in sorted(lacking) if field in written and field not in form}
        if not more:
            break
        form = {**form, **more}
    return form


def _proofs(slots: tuple[str, ...], case: Case, number: int, at: datetime) -> tuple[Proof, ...]:
    return tuple(
        Proof(
            slot=slot,
            evidence=Evidence(
                sha256=Sha256(hashlib.sha256(f"{case.id}/{number}/{case.version}/{slot}".encode()).hexdigest()),
                kind="photo",
                media_type="image/jpeg",
                size_bytes=PHOTO_BYTES,
                received_at=at,
                captured_at=at,
            ),
        )
        for slot in slots
        if slot != SIGNATURE
    )


def _signed(command: c.Discharge, case: Case, spec: DutySpec, part: Part, at: datetime) -> c.Discharge:
    if SIGNATURE not in spec.prove or part is not Part.LEAD or command.by is None:
        return command
    evidence = tuple(piece.evidence.sha256 for piece in command.proofs)
    matter = SignedMatter(case=case.id, duty=command.duty, form=command.form, evidence=evidence, statement=STATEMENT)
    return replace(command, signature=sign(matter, DRAWN, signer=command.by, signed_at=at))
