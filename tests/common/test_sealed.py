"""Sealed fields: what stands in the row, who can open it, and how it is found again."""

import base64

import pytest
from django.db import connection

from accounts import audit
from accounts.models import AuditEntry, User
from common import masking, sealed

pytestmark = pytest.mark.django_db
NUMBER = "19900001234"


def stored(user):
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_jsonb(u)::text FROM accounts_user u WHERE id = %s", [user.pk])
        return cursor.fetchone()[0]


@pytest.fixture
def zhang(db):
    return User.objects.create_user("zhang", "张三丰", phone=NUMBER)


def test_the_row_does_not_hold_the_number(zhang):
    assert NUMBER not in stored(zhang)
    assert "demo." in stored(zhang)


def test_it_opens_in_its_own_row_and_nowhere_else(zhang):
    loaded = User.objects.get(pk=zhang.pk)
    other = User.objects.create_user("li", "李四")
    User.objects.filter(pk=other.pk).update(phone=str(loaded.phone))

    assert sealed.opened(loaded, "phone") == NUMBER
    with pytest.raises(sealed.SealBroken):
        sealed.opened(User.objects.get(pk=other.pk), "phone")


def test_a_changed_token_does_not_open(zhang):
    loaded = User.objects.get(pk=zhang.pk)
    name, _, body = loaded.phone.partition(".")
    raw = bytearray(base64.urlsafe_b64decode(body))
    raw[-1] ^= 1

    with pytest.raises(sealed.SealBroken):
        sealed.unseal(f"{name}.{base64.urlsafe_b64encode(bytes(raw)).decode()}", place=sealed._place(loaded, "phone"))


def test_saving_again_keeps_the_token_and_a_new_number_makes_a_new_one(zhang):
    loaded = User.objects.get(pk=zhang.pk)
    before = stored(zhang)
    loaded.save()
    assert stored(zhang) == before

    loaded.phone = "19900004321"
    loaded.save()
    assert sealed.opened(User.objects.get(pk=zhang.pk), "phone") == "19900004321"
    assert signin_finds("19900004321") == zhang
    assert signin_finds(NUMBER) is None


def signin_finds(number):
    return User.objects.filter(phone_index=sealed.blind(number, purpose="phone")).first()


def test_the_last_four_digits_find_it(zhang):
    assert User.objects.get(phone_tail=sealed.blind_tail("1234", purpose="phone")) == zhang


def test_two_equal_numbers_have_different_tokens(zhang):
    place = "x"
    assert sealed.seal(NUMBER, place=place) != sealed.seal(NUMBER, place=place)


def test_bulk_writing_seals_as_well(db):
    User.objects.bulk_create([User(username=f"p{n}", name="王五", phone=f"1990000{n:04d}") for n in range(3)])

    assert [sealed.opened(user, "phone") for user in User.objects.order_by("username")] == [
        "19900000000", "19900000001", "19900000002",
    ]  # fmt: skip


def test_an_old_key_still_opens_and_the_first_one_seals(zhang, settings):
    old = settings.SEALING_KEYS
    settings.SEALING_KEYS = "new:" + base64.b64encode(b"n" * 32).decode() + "," + old

    assert sealed.opened(User.objects.get(pk=zhang.pk), "phone") == NUMBER
    assert sealed.seal(NUMBER, place="x").startswith("new.")


def test_opening_for_a_person_is_recorded_with_the_reason(zhang):
    clerk = User.objects.create_user("clerk", "赵六")

    assert audit.reveal(clerk, User.objects.get(pk=zhang.pk), "phone", reason="电话回访") == NUMBER

    entry = AuditEntry.objects.get()
    assert (entry.user, entry.act, entry.row, entry.reason) == (clerk, "reveal_phone", str(zhang.pk), "电话回访")


def test_every_change_is_kept_by_trigger_also_in_bulk(zhang):
    from accounts.models import UserEvent

    User.objects.filter(pk=zhang.pk).update(name="张丰")
    User.objects.bulk_update([User(pk=zhang.pk, name="张三")], ["name"])

    assert list(UserEvent.objects.order_by("pgh_id").values_list("pgh_label", "name")) == [
        ("insert", "张三丰"), ("update", "张丰"), ("update", "张三"),
    ]  # fmt: skip
    assert NUMBER not in str(list(UserEvent.objects.values()))


@pytest.mark.parametrize(
    ("full", "shown"), [("张三丰", "张**"), ("张三", "张*"), ("欧阳修", "欧阳*"), ("欧阳", "欧*"), ("", "")]
)
def test_names_are_masked_but_for_the_family_name(full, shown):
    assert masking.name(full) == shown


def test_numbers_are_masked():
    assert masking.phone(NUMBER) == "199****1234"
    assert masking.phone("12345") == "*****"
    assert masking.id_number("99000019751111006X") == "9" + "*" * 16 + "X"
