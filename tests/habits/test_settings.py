"""Every setting is documented, with its default, and a wrong one is named."""

import re
from dataclasses import fields
from pathlib import Path

import pytest

from anhuan.settings import NOT_OURS, VARIABLES, Settings, SettingWrong, read

ROOT = Path(__file__).parents[2]
ROW = re.compile(r"^\| `(?P<name>[A-Z_]+)` \| (?P<default>[^|]+) \| (?P<meaning>[^|]+) \|$", re.MULTILINE)
PAGE = (ROOT / "docs/reference/settings.md").read_text(encoding="utf-8")


def test_every_setting_is_documented_and_nothing_else() -> None:
    assert {row["name"] for row in ROW.finditer(PAGE)} == set(VARIABLES)


def test_documented_defaults_are_the_defaults() -> None:
    defaults = {VARIABLES[row["name"]]: row["default"].strip() for row in ROW.finditer(PAGE)}
    for item in fields(Settings):
        if item.default is not None:
            assert defaults[item.name] == f"`{item.default}`"


def test_every_variable_that_the_code_names_is_a_setting() -> None:
    named = re.compile(r"""["'](ANHUAN_[A-Z_]+|HOST|PORT|DATABASE_URL)["']""")
    sources = (ROOT / "src").rglob("*.py")
    used = {name for path in sources for name in named.findall(path.read_text(encoding="utf-8"))}
    assert used <= set(VARIABLES) | NOT_OURS


def test_empty_and_unset_are_the_same() -> None:
    assert read({"PORT": "", "HOME": "/x"}) == read({}) == Settings()


def test_what_is_set_is_read() -> None:
    settings = read({"PORT": "9000", "ANHUAN_PUBLIC_URL": "https://a.example/", "ANHUAN_DATA": "/srv/x"})
    assert (settings.port, settings.public_url, settings.data) == (9000, "https://a.example", Path("/srv/x"))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "http"),
        ("PORT", "65536"),
        ("PORT", "-1"),
        ("ANHUAN_POOL_SIZE", "1"),
        ("DATABASE_URL", "mysql://x"),
        ("ANHUAN_PUBLIC_URL", "anhuan.example.com"),
        ("ANHUAN_PUBLIC_URL", "https://a.example/path"),
        ("ANHUAN_LOG_LEVEL", "loud"),
        ("ANHUAN_PROT", "1"),
    ],
)
def test_a_wrong_setting_is_named(name: str, value: str) -> None:
    with pytest.raises(SettingWrong, match=name):
        read({name: value})
