"""Writes contract/openapi.json from the routes: what clients rely on, and what the web client's types are made of."""

from pathlib import Path

from anhuan.http.app import routed_app
from anhuan.http.document import rendered

CONTRACT = Path(__file__).parents[1] / "contract" / "openapi.json"

if __name__ == "__main__":
    CONTRACT.parent.mkdir(exist_ok=True)
    CONTRACT.write_bytes(rendered(routed_app()))
