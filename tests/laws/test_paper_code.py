"""The text in a paper's code comes back as what was put in, and no other text is taken for one."""

from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anhuan.domain.ids import CaseId, TenantId
from anhuan.domain.paper_code import PaperCode, paper_code, read_paper_code

IDS = st.text("0123456789abcdef-", min_size=1, max_size=40)
TEXTS = st.text(min_size=1, max_size=40).filter(lambda text: text.strip() == text and text.isprintable())


@given(IDS, TEXTS, TEXTS, st.sampled_from(["https://anhuan.example.com", "http://127.0.0.1:8000"]))
def test_what_is_printed_is_what_is_read(case: str, number: str, tenant: str, address: str) -> None:
    code = PaperCode(tenant=TenantId(tenant), case=CaseId(case), number=number)
    text = paper_code(address, code)
    assert text.isascii() and text.startswith(f"{address}/cases/{case}?")
    assert read_paper_code(text) == code
    assert read_paper_code(text.replace(address, "https://moved.example.org")) == code


@pytest.mark.parametrize(
    "text",
    [
        "",
        "https://example.com/menu?table=4",
        "https://example.com/cases/1",
        "https://example.com/cases/1?paper=Z-1",
        "https://example.com/cases/1?of=t",
        "https://example.com/cases/1?paper=&of=t",
        "https://example.com/cases/1?paper=Z-1&paper=Z-2&of=t",
        "https://example.com/cases/1/2?paper=Z-1&of=t",
        "https://example.com/cases/%2e%2e?paper=Z-1&of=t",
        "https://example.com/cases/1?" + "&".join(f"a{n}=1" for n in range(20)),
        "anhuan:eq:demo:eq-1",
        "http://[::1/cases/1?paper=Z-1&of=t",
    ],
)
def test_other_texts_are_none_of_ours(text: str) -> None:
    assert read_paper_code(text) is None


def test_the_whole_case_carries_no_number_and_so_comes_back_nowhere() -> None:
    text = paper_code("https://x", PaperCode(tenant=TenantId("t"), case=CaseId("1"), number=""))
    assert urlsplit(text).query == "of=t"
    assert read_paper_code(text) is None
