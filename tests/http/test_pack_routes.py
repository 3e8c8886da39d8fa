"""Packs through the API: listed, read, checked, published, and by administrators at a desk only."""

import io
import zipfile

import httpx
import pytest
from plant_web import PlantWeb

from anhuan import resources
from anhuan.connectors.pack_archive import BYTES_MAX
from anhuan.connectors.pack_files import read_pack
from anhuan.testing.plants import TestHouse

PACKS = "/api/v1/packs"
NAME = "finding"


@pytest.fixture
async def administrator(plant_web: PlantWeb) -> httpx.AsyncClient:
    return await plant_web.of("p-017", "administrator")


def files(**changed: str) -> dict[str, str]:
    return {**read_pack(resources.path("packs") / NAME), **changed}


def next_version(version: str = "9.0") -> dict[str, str]:
    found = files()
    return {**found, "pack.yaml": found["pack.yaml"].replace('version: "1.2"', f'version: "{version}"')}


def zipped(parts: dict[str, str], folder: str = "") -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, text in parts.items():
            archive.writestr(folder + path, text)
    return written.getvalue()


async def test_packs_are_listed_and_read(administrator: httpx.AsyncClient) -> None:
    items = (await administrator.get(PACKS)).json()["items"]
    pack = next(item for item in items if item["name"] == NAME)
    assert pack["current"]
    assert pack["kinds"] == [NAME]
    assert pack["title"] == "隐患"
    read = (await administrator.get(f"{PACKS}/{NAME}/{pack['version']}/files")).json()
    assert read["files"] == files()
    assert (await administrator.get(f"{PACKS}/{NAME}/0.0/files")).status_code == 404


@pytest.mark.parametrize("folder", ["", "finding-9.0/"])
async def test_a_pack_is_checked_and_published(administrator: httpx.AsyncClient, house: TestHouse, folder: str) -> None:
    archive = zipped(next_version(), folder)
    checked = (await administrator.post(f"{PACKS}/check", content=archive)).json()
    assert (checked["name"], checked["version"], checked["problems"]) == (NAME, "9.0", [])
    assert len((await administrator.get(PACKS)).json()["items"]) == len(
        await house.superuser("SELECT 1 FROM pack_version WHERE tenant_id = %s", (house.tenant,))
    )
    made = await administrator.post(PACKS, content=archive)
    assert made.status_code == 201, made.text
    assert made.json()["published_by"]["id"] == "p-017"
    current = {(p["name"], p["version"]) for p in (await administrator.get(PACKS)).json()["items"] if p["current"]}
    assert (NAME, "9.0") in current
    assert (NAME, "1.2") not in current
    assert (await administrator.post(PACKS, content=archive)).status_code == 201


async def test_a_published_version_never_changes(administrator: httpx.AsyncClient) -> None:
    parts = files()
    parts["words/zh.yaml"] = parts["words/zh.yaml"].replace("隐患上报", "上报隐患")
    answer = await administrator.post(PACKS, content=zipped(parts))
    assert (answer.status_code, answer.json()["code"]) == (409, "pack_version_taken")


@pytest.mark.parametrize(("language", "told"), [("zh", ("期限", "2 小时", "3 小时")), ("en", ("Within", "2 h", "3 h"))])
async def test_the_check_tells_what_publishing_would_change(
    plant_web: PlantWeb, language: str, told: tuple[str, str, str]
) -> None:
    administrator = await plant_web.of("p-017", "administrator", language=language)
    kind = f"kinds/{NAME}.yaml"
    parts = next_version()
    parts[kind] = parts[kind].replace("within: PT2H", "within: PT3H")
    changes = (await administrator.post(f"{PACKS}/check", content=zipped(parts))).json()["changes"]
    assert changes["against"] == "1.2"
    (change,) = changes["items"]
    assert (change["what"], change["change"]) == ("duty", "changed")
    assert [(fact["name"], fact["before"], fact["after"]) for fact in change["facts"]] == [told]
    assert [(one["path"], one["change"]) for one in changes["files"]] == [(kind, "changed"), ("pack.yaml", "changed")]
    assert (await administrator.post(PACKS, content=zipped(parts))).status_code == 201
    again = (await administrator.post(f"{PACKS}/check", content=zipped(parts))).json()
    assert (again["problems"], again["changes"]) == ([], {"against": "9.0", "items": [], "files": []})


async def test_the_check_says_that_a_version_is_taken_and_that_a_pack_is_new(administrator: httpx.AsyncClient) -> None:
    parts = files()
    parts["words/zh.yaml"] = parts["words/zh.yaml"].replace("隐患上报", "上报隐患")
    checked = (await administrator.post(f"{PACKS}/check", content=zipped(parts))).json()
    assert [(problem["code"], bool(problem["text"])) for problem in checked["problems"]] == [
        ("pack_version_taken", True)
    ]
    assert [change["what"] for change in checked["changes"]["items"]] == ["words"]
    parts["pack.yaml"] = parts["pack.yaml"].replace(f"name: {NAME}", "name: another")
    changes = (await administrator.post(f"{PACKS}/check", content=zipped(parts))).json()["changes"]
    assert changes["against"] is None
    assert {change["change"] for change in (*changes["items"], *changes["files"])} == {"added"}


async def test_open_cases_keep_the_version_that_they_began_with(plant_web: PlantWeb) -> None:
    case = await plant_web.report()
    administrator = await plant_web.of("p-017", "administrator")
    kind = f"kinds/{NAME}.yaml"
    parts = next_version()
    parts[kind] = parts[kind].replace("within: PT2H", "within: PT3H")
    assert (await administrator.post(PACKS, content=zipped(parts))).status_code == 201
    later = await plant_web.report(equipment="eq-P-1602")
    found = await plant_web.house.superuser("SELECT id, pack_version FROM case_row")
    assert {str(case_id): version for case_id, version in found} == {case["id"]: "1.2", later["id"]: "9.0"}


async def test_a_bad_pack_is_refused_with_every_fault(plant_web: PlantWeb) -> None:
    administrator = await plant_web.of("p-017", "administrator", language="en")
    parts = next_version()
    del parts["forms/report.json"]
    parts["ladders.yaml"] = "ladders: ["
    checked = (await administrator.post(f"{PACKS}/check", content=zipped(parts))).json()
    assert len(checked["problems"]) > 1
    assert all(problem["text"] for problem in checked["problems"])
    refused = await administrator.post(PACKS, content=zipped(parts))
    assert refused.status_code == 422
    assert refused.json()["reasons"] == checked["problems"]


async def test_what_a_register_is_imported_by_fits_the_form(administrator: httpx.AsyncClient) -> None:
    parts = next_version()
    parts["import.yaml"] = parts["import.yaml"].replace("whole_row: register_row", "whole_row: nowhere")
    checked = (await administrator.post(f"{PACKS}/check", content=zipped(parts))).json()
    assert [(p["code"], p["field"]) for p in checked["problems"]] == [
        ("import_form_field_unknown", "/import.yaml/whole_row")
    ]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "archive_unreadable"),
        (b"PK\x03\x04", "archive_unreadable"),
        (zipped({"kinds/x.yaml": "a: 1"}), "archive_without_pack"),
        (zipped({"pack.yaml": "x" * 1_000_001}), "archive_too_large"),
        (zipped({f"f{n}.md": "x" * 900_000 for n in range(BYTES_MAX // 900_000 + 1)}), "archive_too_large"),
        (zipped({f"f{n}.md": "x" for n in range(501)}), "archive_too_large"),
    ],
)
async def test_what_is_no_pack_is_refused_in_words(administrator: httpx.AsyncClient, data: bytes, code: str) -> None:
    answer = await administrator.post(f"{PACKS}/check", content=data)
    assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert answer.json()["reasons"][0]["text"]


async def test_only_an_administrator_publishes_and_only_for_the_own_tenant(
    plant_web: PlantWeb, administrator: httpx.AsyncClient, house: TestHouse
) -> None:
    worker, officer = await plant_web.of("p-001"), await plant_web.of("p-017", "safety_officer")
    assert (await worker.get(PACKS)).status_code == 403
    assert (await officer.get(PACKS)).status_code == 200
    assert (await officer.post(PACKS, content=b"")).status_code == 403
    other = await house.another_tenant()
    await administrator.post(PACKS, content=zipped(next_version()))
    stranger = await plant_web.of("p-017", "administrator", tenant=other)
    assert "9.0" not in {pack["version"] for pack in (await stranger.get(PACKS)).json()["items"]}
    assert (await stranger.get(f"{PACKS}/{NAME}/9.0/files")).status_code == 404
