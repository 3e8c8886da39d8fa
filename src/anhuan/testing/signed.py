"""Duties done under a signature that somebody drew."""

from datetime import datetime

from msgspec.structs import replace

from anhuan.core.case.commands import Discharge
from anhuan.core.case.papers import SIGNATURE
from anhuan.core.policy import DutySpec, Part
from anhuan.core.signature import Drawing, Point, SignedMatter, sign
from anhuan.domain.ids import CaseId

DRAWN = Drawing(width=320, height=140, strokes=((Point(20, 90), Point(90, 30, 80), Point(160, 100, 160)),))


def signed(command: Discharge, case: CaseId, spec: DutySpec, part: Part, at: datetime) -> Discharge:
    """The command with a signature bound to it, where the duty asks its leading party for one."""
    if SIGNATURE not in spec.prove or part is not Part.LEAD or command.by is None:
        return command
    matter = SignedMatter(
        case=case,
        duty=command.duty,
        form=command.form,
        evidence=tuple(piece.evidence.sha256 for piece in command.proofs),
        statement="本人确认以上内容属实。",
    )
    signature = sign(matter, DRAWN, signer=command.by, signed_at=at, on_behalf_of=command.on_behalf_of)
    return replace(command, signature=signature)
