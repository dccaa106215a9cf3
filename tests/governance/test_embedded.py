"""The addresses of the embedded servers, and what DATABASE_URL and REDIS_URL are turned into."""

import pytest

from governance import embedded


def test_the_default_address_is_a_socket_without_a_password():
    parsed = embedded.parse_database_url(embedded.database_url("demo"))
    assert parsed["HOST"] == str(embedded.socket_folder("demo") / "pg")
    assert (parsed["NAME"], parsed["USER"], parsed["PASSWORD"], parsed["PORT"]) == ("governance", "postgres", "", "")


def test_a_socket_path_fits_into_the_107_bytes_a_socket_may_have():
    assert len(f"{embedded.socket_folder('a' * 31)}/pg/.s.PGSQL.5432.lock") < 107


def test_profiles_do_not_share_anything():
    for place in [embedded.socket_folder, embedded.cluster_folder, embedded.log_folder, embedded.redis_url]:
        assert place("demo") != place("test")


@pytest.mark.parametrize("profile", ["", "../etc", "Demo", "a b", "-x", "a" * 32])
def test_a_profile_that_is_no_folder_name_is_refused(profile):
    with pytest.raises(ValueError, match="GOV_PROFILE"):
        embedded.cluster_folder(profile)


def test_every_part_of_a_database_address_is_read():
    parsed = embedded.parse_database_url("postgres://grid:p%40ss%2Fword@db.example:6543/town?sslmode=verify-full")
    assert parsed["NAME"] == "town"
    assert parsed["USER"] == "grid"
    assert parsed["PASSWORD"] == "p@ss/word"
    assert parsed["HOST"] == "db.example"
    assert parsed["PORT"] == "6543"
    assert parsed["OPTIONS"] == {"connect_timeout": "3", "sslmode": "verify-full"}


@pytest.mark.parametrize("url", ["mysql://a@b/c", "postgresql://host", "postgresql://host/", "nonsense"])
def test_another_kind_of_address_is_refused(url):
    with pytest.raises(ValueError, match="DATABASE_URL"):
        embedded.parse_database_url(url)


@pytest.mark.parametrize(
    ("url", "broker"),
    [
        ("unix:///run/redis.sock?db=3", "redis+socket:///run/redis.sock?virtual_host=3"),
        ("unix:///run/redis.sock", "redis+socket:///run/redis.sock?virtual_host=0"),
        ("redis://:secret@cache:6379/1", "redis://:secret@cache:6379/1"),
        ("rediss://cache/0", "rediss://cache/0"),
    ],
)
def test_celery_finds_the_same_redis(url, broker):
    assert embedded.broker_url(url) == broker
