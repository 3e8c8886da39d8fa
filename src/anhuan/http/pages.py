"""The built console: its files, and its one page for every address that is not the API's.

Files below `/assets/` carry a hash in their name and may be kept for ever; everything else is asked for anew. Where the
page holds the word __CSP_NONCE__ it is replaced by a fresh nonce, and only style sheets with that nonce apply.
"""

import secrets
from pathlib import Path

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, Response

NONCE_WORD = "__CSP_NONCE__"
FOR_EVER = "public, max-age=31536000, immutable"
ASK_ANEW = "no-cache"


def page_policy(nonce: str | None) -> str:
    """The Content-Security-Policy of a page."""
    style = f"'self' 'nonce-{nonce}'" if nonce else "'self'"
    return "; ".join(
        (
            "default-src 'none'",
            "script-src 'self'",
            f"style-src {style}",
            "style-src-attr 'unsafe-inline'",
            "img-src 'self' data: blob:",
            "font-src 'self'",
            "connect-src 'self'",
            "media-src 'self' blob:",
            "worker-src 'self' blob:",
            "manifest-src 'self'",
            "form-action 'self'",
            "base-uri 'none'",
            "frame-ancestors 'none'",
        )
    )


class Pages:
    """The pages in a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder.resolve()
        self._files = {
            "/" + path.relative_to(self._folder).as_posix(): path for path in self._folder.rglob("*") if path.is_file()
        }
        self._page = (self._folder / "index.html").read_text(encoding="utf-8")

    def answer(self, request: Request) -> Response:
        """The file at the request's path, or the page. Raises HTTPException 404 for a file that is not there, 405."""
        path = request.url.path
        if request.method not in {"GET", "HEAD"}:
            raise HTTPException(405, headers={"Allow": "GET, HEAD"})
        file = self._files.get(path)
        if file is not None and path != "/index.html" and file.is_file():
            caching = FOR_EVER if path.startswith("/assets/") else ASK_ANEW
            headers = {"Cache-Control": caching, "Content-Security-Policy": page_policy(None)}
            return FileResponse(file, headers=headers)
        if path.startswith(("/api/", "/assets/")):
            raise HTTPException(404)
        return self._index()

    def _index(self) -> Response:
        nonce = secrets.token_urlsafe(16) if NONCE_WORD in self._page else None
        page = self._page.replace(NONCE_WORD, nonce) if nonce else self._page
        headers = {"Cache-Control": ASK_ANEW, "Content-Security-Policy": page_policy(nonce)}
        return Response(page, headers=headers, media_type="text/html")
