"""Dates in every style that registers use, and the ones that nobody can read."""

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anhuan.connectors.excel.dates import DateFault, DateRead, read_date, with_year
from anhuan.ports.registers import Cell

OCTOBER_3 = date(2025, 10, 3)


@pytest.mark.parametrize(
    "text",
    [
        *(
            "2025-10-03",
            "2025-10-3",
            "2025/10/3",
            "2025/10/03",
            "2025.10.03",
            "2025.10.3",
            "2025年10月3日",
            "2025年10月3号",
        ),
        *(
            "２０２５．１０．０３",
            "25.10.3",
            "25年10月3日",
            "20251003",
            "45933",
            " 2025-10-03 ",
            "2025—10—03",
            "2025年10月3",
        ),
        *("3-Oct-2025", "Oct 3, 2025", "3 October 2025"),
    ],
)
def test_texts_without_time(text: str) -> None:
    assert read_date(text) == DateRead(OCTOBER_3)


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("2025-10-03 14:05", time(14, 5)),
        ("2025/10/3 14:05:09", time(14, 5, 9)),
        ("2025-10-03T14:05:09", time(14, 5, 9)),
        ("2025-10-03 14:05:09.684000", time(14, 5, 9)),
        ("2025年10月3日14时05分", time(14, 5)),
        ("2025年10月3日 14时", time(14)),
        ("2025年10月3日14点5分", time(14, 5)),
        ("2025.10.3 下午2:05", time(14, 5)),
        ("2025.10.3 上午 8：30", time(8, 30)),
    ],
)
def test_texts_with_time(text: str, at: time) -> None:
    assert read_date(text) == DateRead(OCTOBER_3, at)


@pytest.mark.parametrize("cell", [OCTOBER_3, datetime.combine(OCTOBER_3, time()), 45933, 45933.0, 20251003, 20251003.0])
def test_cells_without_time(cell: Cell) -> None:
    assert read_date(cell) == DateRead(OCTOBER_3)


def test_what_excel_loses_of_a_second_is_made_up_for() -> None:
    assert read_date(datetime.combine(OCTOBER_3, time(8, 20, 59, 999_600))) == DateRead(OCTOBER_3, time(8, 21))
    assert read_date(45933 + 8.5 / 24) == DateRead(OCTOBER_3, time(8, 30))


@pytest.mark.parametrize(
    "cell",
    [
        *(
            "整改中",
            "2025-13-01",
            "2025-02-30",
            "2025年10月",
            "10月",
            "2025",
            "明天",
            "2025-10-03 25:00",
            "1.10.3.4",
            "0",
        ),
        *("10.1-10.3", "三月三日", "2025-10-03 随后", 10.3, 10, 3.0e9, True, time(8), timedelta(days=3)),
    ],
)
def test_what_is_no_date(cell: Cell) -> None:
    assert read_date(cell) == DateFault("date_unreadable")


def test_day_and_month_are_never_guessed() -> None:
    assert read_date("03/10/2025") == DateFault("date_ambiguous")
    assert read_date("13/10/2025") == read_date("10/13/2025") == DateRead(date(2025, 10, 13))
    assert read_date("10/10/2025") == DateRead(date(2025, 10, 10))


@pytest.mark.parametrize("text", ["10月3日", "10/3", "10.3", "10-03", "10月3号"])
def test_without_a_year_the_nearest_to_the_reference(text: str) -> None:
    found = read_date(text)
    assert isinstance(found, DateRead)
    assert not found.year_written
    assert with_year(found, None, 2025).on == OCTOBER_3
    assert with_year(found, date(2025, 9, 30), 1999).on == OCTOBER_3


def test_the_turn_of_the_year() -> None:
    january = read_date("1月4日")
    december = read_date("12月30日")
    assert isinstance(january, DateRead)
    assert isinstance(december, DateRead)
    assert with_year(january, date(2025, 12, 30), 2025).on == date(2026, 1, 4)
    assert with_year(december, date(2026, 1, 4), 2026).on == date(2025, 12, 30)


def test_29_february_goes_into_a_leap_year() -> None:
    leap = read_date("2月29日")
    assert isinstance(leap, DateRead)
    assert with_year(leap, date(2024, 2, 1), 2024).on == date(2024, 2, 29)
    assert with_year(leap, date(2025, 1, 1), 2025).on == date(2024, 2, 29)


STYLES = ("%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y年%m月%d日", "%Y%m%d", "%d-%b-%Y")


@given(st.dates(date(2000, 1, 1), date(2099, 12, 31)), st.sampled_from(STYLES))
def test_every_day_in_every_style(day: date, style: str) -> None:
    assert read_date(day.strftime(style)) == DateRead(day)


@given(st.dates(date(2000, 1, 1), date(2099, 12, 30)))
def test_every_serial(day: date) -> None:
    serial = (day - date(1899, 12, 30)).days
    assert read_date(float(serial)) == read_date(str(serial)) == DateRead(day)


@given(st.text(max_size=12))
def test_no_text_breaks_it(text: str) -> None:
    assert isinstance(read_date(text), (DateRead, DateFault))
