"""From an empty database to somebody who can set up towns."""

import io

import pytest
from django.core.management import CommandError, call_command

from accounts.models import User
from grids import access
from grids.models import Area, Division, Post

pytestmark = pytest.mark.django_db
PASSWORD = "Three-quiet-rivers-7"


@pytest.fixture
def first_admin(monkeypatch):
    def run(username="qin", county="371603000000", password=PASSWORD, **options):
        monkeypatch.setattr("sys.stdin", io.StringIO(password + "\n"))
        said = io.StringIO()
        call_command("first_admin", username, "秦峰", county=county, stdout=said, **options)
        return said.getvalue()

    return run


def test_the_first_administrator_stands_over_a_county_that_is_opened_with_him(first_admin):
    assert "/setup/" in first_admin()

    county = Area.objects.get()
    assert (county.kind, county.name, county.official_name) == ("county", "沾化区", "沾化区")
    user = User.objects.get(username="qin")
    assert user.check_password(PASSWORD)
    assert access.may(user, "area.change", county.path)
    assert Division.objects.filter(parent_code="371603000000").exists()


def test_a_second_time_changes_nothing_and_a_second_county_asks_for_a_second_person(first_admin):
    first_admin()
    assert "nothing was changed" in first_admin()
    with pytest.raises(CommandError):
        first_admin(county="140828000000")

    assert (Post.objects.count(), Area.objects.count()) == (1, 1)
    assert "system administrator of 夏县" in first_admin("lu", county="140828000000")


def test_the_three_administrators_are_three_people(first_admin):
    first_admin()
    assert "appoint" in first_admin("wu", role="security")
    with pytest.raises(CommandError):
        first_admin("wu", role="audit")

    county = Area.objects.get()
    assert access.may(User.objects.get(username="wu"), "post.change_administrator", county.path)
    assert Post.objects.count() == 2


def test_an_unknown_county_or_a_weak_password_changes_nothing(first_admin):
    with pytest.raises(CommandError, match="load_divisions"):
        first_admin(county="990101000000")
    with pytest.raises(CommandError):
        first_admin(password="short")

    assert not User.objects.exists()
