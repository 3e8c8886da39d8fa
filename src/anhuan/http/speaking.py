"""The caller as somebody who looks at cases, and reasons in the words of the pack that they come from."""

from collections.abc import Iterator
from contextlib import contextmanager

from starlette.requests import Request

from anhuan.app.handle import CaseUnknown, CommandRefused, VersionMismatch
from anhuan.app.identity import Caller
from anhuan.app.permission import Permission
from anhuan.app.view.lens import Say
from anhuan.app.viewing import Viewer
from anhuan.core.case.outcome import Reason
from anhuan.http.exchange import stale
from anhuan.http.problems import Problem, not_found, refused
from anhuan.http.scope import language_of
from anhuan.http.words import FlatWords, reason_text
from anhuan.packs.compile import Pack
from anhuan.packs.problem_words import problem_words
from anhuan.ports.cases import KeyConflict, Stale
from anhuan.ports.identity import Language


def words_of(pack: Pack) -> FlatWords:
    """The pack's words, and those of the language that every pack is written in."""
    return FlatWords({language: {**problem_words(language), **pack.words[language]} for language in ("zh", "en")})


def _say(language: Language) -> Say:
    words: dict[int, FlatWords] = {}

    def say(reason: Reason, pack: Pack) -> str:
        if (known := words.get(id(pack))) is None:
            known = words[id(pack)] = words_of(pack)
        return reason_text(reason, language, known)

    return say


def viewer_of(request: Request, caller: Caller, language: Language | None = None) -> Viewer:
    """The caller as somebody who looks, in this language or their own."""
    language = language or language_of(request)
    return Viewer(
        tenant=caller.tenant_id,
        person=caller.person,
        sees_all=Permission.CASES_SEE_ALL in caller.permissions,
        language=language,
        say=_say(language),
    )


@contextmanager
def speaking(pack: Pack | None = None) -> Iterator[None]:
    """What a use case refuses becomes a problem, in the words of the pack where there is one."""
    try:
        yield
    except CommandRefused as refusal:
        raise refused(refusal.reasons, words_of(pack) if pack else None) from refusal
    except CaseUnknown as unknown:
        raise not_found() from unknown
    except VersionMismatch as mismatch:
        raise stale(mismatch.version) from mismatch
    except KeyConflict as conflict:
        reason = Reason("idempotency_conflict", params={"case": conflict.case})
        raise Problem(409, reason, extra={"case": conflict.case}) from conflict
    except Stale as again:
        raise Problem(503, Reason("changed_meanwhile"), headers={"Retry-After": "1"}) from again
