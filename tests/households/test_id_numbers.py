"""The citizen ID number: vectors of the handbook (3.3), all with a place code that was never given out."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from households import id_numbers

DAY = dt.date(2026, 3, 10)


@pytest.mark.parametrize(
    ("number", "sex", "year"),
    [
        ("990000197001010018", "M", 1970),
        ("990000198802290026", "F", 1988),
        ("99000019751111006X", "F", 1975),
        ("99000019751111006x", "F", 1975),
        ("９９００００19751111006Ｘ", "F", 1975),
        (" 990000 19751111 006X ", "F", 1975),
        ("990000200103051130", "M", 2001),
        ("990000199912318880", "F", 1999),
        ("11010519491231002X", "F", 1949),
    ],
)
def test_a_right_number_tells_sex_and_year(number, sex, year):
    assert id_numbers.read(number, DAY) == id_numbers.Told(sex, year)


@pytest.mark.parametrize(
    ("number", "why"),
    [
        ("990000198502290016", "date"),  # the check character is right, the day does not exist
        ("990000197001010017", "check"),
        ("990000700101001", "old"),
        ("99000019700101001", "shape"),
        ("X90000197001010018", "shape"),
        ("", "shape"),
        ("990000187012310010", "date"),
        ("990000209901010010", "date"),
    ],
)
def test_a_wrong_number_is_refused_without_being_repeated(number, why):
    with pytest.raises(ValidationError) as wrong:
        id_numbers.read(number, DAY)
    assert wrong.value.code == why
    assert not number or number not in str(wrong.value)


@given(st.dates(dt.date(1900, 1, 1), DAY), st.integers(0, 999), st.data())
def test_every_wrong_digit_and_every_swap_of_neighbours_is_found(born, order, data):
    digits = f"990000{born:%Y%m%d}{order:03d}"
    number = digits + id_numbers.check_character(digits)
    assert id_numbers.read(number, DAY).birth_year == born.year

    place = data.draw(st.integers(0, 16))
    other = data.draw(st.sampled_from([d for d in "0123456789" if d != number[place]]))
    swapped = number[:place] + number[place + 1] + number[place] + number[place + 2 :]
    for wrong in {number[:place] + other + number[place + 1 :], swapped} - {number}:
        with pytest.raises(ValidationError):
            id_numbers.read(wrong, DAY)
