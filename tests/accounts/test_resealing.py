"""A new sealing key while people read and write: nothing unreadable, nothing lost, the old key can be taken out."""

import base64
import os
import threading

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from accounts import resealing, second_factor
from accounts.models import Authenticator, User
from common import sealed

OLD = "demo:" + base64.b64encode(b"demo" * 8).decode()
NEW = "k2:" + base64.b64encode(os.urandom(32)).decode()


def number(n, turn=0):
    return f"0001{turn:02d}{n:05d}"


@pytest.fixture
def people(db):
    User.objects.bulk_create(User(username=f"p{n}", name="王五", phone=number(n)) for n in range(60))
    return list(User.objects.order_by("pk"))


def tokens():
    with connection.cursor() as cursor:
        cursor.execute("SELECT phone FROM accounts_user UNION ALL SELECT phone FROM accounts_userevent")
        return [row[0] for row in cursor.fetchall() if row[0]]


def test_everything_is_sealed_anew_history_included_and_the_old_key_can_go(people, settings, capsys):
    people[0].phone = number(0, 1)
    people[0].save()
    settings.SEALING_KEYS = f"{NEW},{OLD}"
    history = User.pgh_event_model.objects.count()
    call_command("reseal", "--report")
    assert "accounts.User.phone: 60 under another key" in capsys.readouterr().out

    call_command("reseal", "--batch", "7")

    assert "Nothing rests" in capsys.readouterr().out
    assert {token.split(".")[0] for token in tokens()} == {"k2"}
    assert User.pgh_event_model.objects.count() == history  # sealing anew is no change of a person
    settings.SEALING_KEYS = NEW
    assert sealed.opened(User.objects.get(pk=people[0].pk), "phone") == number(0, 1)
    assert User.objects.get(phone_index=sealed.blind(number(5), purpose="phone")) == people[5]
    event = User.pgh_event_model.objects.filter(pgh_obj=people[0].pk).order_by("pk").first()
    place = f"accounts.user.phone:{event.sealing_id}"
    assert sealed.unseal(str(event.phone), place=place) == number(0)


def test_broken_off_it_goes_on_where_it_stopped(people, settings):
    settings.SEALING_KEYS = f"{NEW},{OLD}"

    class Stopped(Exception):
        pass

    def stop(name, done):
        if done >= 20:
            raise Stopped

    with pytest.raises(Stopped):
        resealing.reseal(say=stop, batch=10)
    assert sum(resealing.rest().values()) == 40 + 60  # rows, and their history
    assert resealing.reseal() == 100
    assert not any(resealing.rest().values())


def test_a_token_that_no_key_opens_is_named_without_its_content(people, settings):
    settings.SEALING_KEYS = NEW
    with pytest.raises(CommandError, match=r"accounts\.user\.phone\.$"):
        call_command("reseal")


def test_the_second_factor_goes_along(people, settings):
    secret, user = "JBSWY3DPEHPK3PXP", people[0]
    token = sealed.seal(secret, place=second_factor.place_of(user))
    Authenticator.objects.create(user=user, name="app", secret=token)
    settings.SEALING_KEYS = f"{NEW},{OLD}"
    resealing.reseal()
    settings.SEALING_KEYS = NEW
    assert sealed.unseal(Authenticator.objects.get().secret, place=second_factor.place_of(user)) == secret


@pytest.mark.django_db(transaction=True)
def test_people_read_and_write_meanwhile(settings):
    User.objects.bulk_create(User(username=f"p{n}", name="王五", phone=number(n)) for n in range(200))
    ids = list(User.objects.order_by("pk").values_list("pk", flat=True))
    settings.SEALING_KEYS = f"{NEW},{OLD}"
    written, read, wrong, done = {}, [0], [], threading.Event()

    def write():
        for turn in range(1, 40):
            n = (turn * 37) % len(ids)
            row = User.objects.get(pk=ids[n])
            row.phone = number(n, turn)
            row.save(update_fields=["phone", "phone_index", "phone_tail"])
            written[n] = number(n, turn)
        connection.close()

    def look():
        while not done.is_set():
            for n, row in enumerate(User.objects.order_by("pk")):
                try:
                    if sealed.opened(row, "phone")[-5:] != f"{n:05d}":
                        wrong.append(n)
                except sealed.SealBroken:
                    wrong.append(n)
                read[0] += 1
        connection.close()

    threads = [threading.Thread(target=write), threading.Thread(target=look)]
    for thread in threads:
        thread.start()
    resealing.reseal(batch=5)
    threads[0].join()
    done.set()
    threads[1].join()
    resealing.reseal()

    settings.SEALING_KEYS = NEW
    assert wrong == []
    assert read[0] >= len(ids)
    assert len(written) == 39
    now = [sealed.opened(row, "phone") for row in User.objects.order_by("pk")]
    assert now == [written.get(n, number(n)) for n in range(len(ids))]
