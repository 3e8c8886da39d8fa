"""One running plant and one Chromium for all browser tests."""

import os
import shutil
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image, ImageDraw
from playwright.sync_api import Browser, sync_playwright
from running_plant import RunningPlant, running_plant


@pytest.fixture(scope="session")
def plant(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningPlant]:
    """The demo plant, running."""
    with running_plant(tmp_path_factory.mktemp("plant") / "data") as running:
        yield running


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium, or the one that ANHUAN_CHROMIUM names."""
    found = os.environ.get("ANHUAN_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    assert found, "No Chromium: run `make browser`, or name one in ANHUAN_CHROMIUM"
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=found, args=["--no-sandbox", "--disable-dev-shm-usage"])
        yield launched
        launched.close()


@pytest.fixture
def photos(tmp_path: Path) -> dict[str, Path]:
    """A photo before and one after, each unlike any other."""
    made = {}
    for name, colour in (("before", (160, 70, 40)), ("after", (40, 130, 80)), ("own", (60, 90, 150))):
        picture = Image.new("RGB", (1280, 960), colour)
        draw = ImageDraw.Draw(picture)
        for line in range(0, 960, 24):
            draw.line([(0, line), (1280, 960 - line)], fill=(255 - line // 5, line // 5, 128), width=3)
        draw.text((40, 40), f"{name} {tmp_path.name}", fill="white")
        written = BytesIO()
        picture.save(written, "JPEG", quality=88)
        made[name] = tmp_path / f"{name}.jpg"
        made[name].write_bytes(written.getvalue())
    return made
