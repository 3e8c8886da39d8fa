"""Plates to print: well-formed, and saying whose they are."""

import io
from xml.etree import ElementTree

import pytest
from PIL import Image

from anhuan.app.equipment_labels import equipment_label_svg, qr_png, qr_svg
from anhuan.domain.ids import EquipmentId, TenantId

SVG = "{http://www.w3.org/2000/svg}"
TEXT = "anhuan:eq:demo:eq-P1-300T"


def plate(name: str) -> ElementTree.Element:
    return ElementTree.fromstring(
        equipment_label_svg(TenantId("demo"), EquipmentId("eq-P1-300T"), number="P1-300T", name=name)
    )


def test_a_plate_shows_number_and_name() -> None:
    lines = plate("300 吨液压机").findall(f".//{SVG}text")
    assert [line.text for line in lines] == ["P1-300T", "300 吨液压机"]
    assert all(line.get("textLength") is None for line in lines)


@pytest.mark.parametrize("name", ["<script>alert(1)</script>", 'a" onload="x', "A & B"])
def test_a_name_is_never_markup(name: str) -> None:
    found = plate(name)
    assert found.findall(f".//{SVG}text")[1].text == name
    assert found.find(f".//{SVG}script") is None


def test_a_long_name_is_squeezed_into_the_plate() -> None:
    assert plate("伺服上料机械手" * 5).findall(f".//{SVG}text")[1].get("textLength") == "56"


def test_another_text_is_another_code() -> None:
    assert qr_svg(TEXT) == qr_svg(TEXT) != qr_svg(TEXT + "2")


def test_the_code_has_its_quiet_zone_and_no_other_size_than_asked() -> None:
    code = Image.open(io.BytesIO(qr_png(TEXT, module_px=4))).convert("L")
    assert code.size == ((29 + 2 * 4) * 4, (29 + 2 * 4) * 4), "version 3 has 29 modules a side"
    assert {code.getpixel((x, y)) for x in range(code.width) for y in range(16)} == {255}
    assert code.getpixel((4 * 4, 4 * 4)) == 0, "the finder's corner"
