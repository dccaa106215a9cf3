"""The cache that may be missing: with Redis it keeps, without it every look-up is a miss and none waits."""

import time

import pytest

from common.cache import ForgivingRedisCache

NOWHERE = "unix:///nowhere/redis.sock?db=0"


@pytest.fixture
def missing():
    return ForgivingRedisCache(NOWHERE, {})


def test_it_keeps_while_redis_answers(settings):
    cache = ForgivingRedisCache(settings.REDIS_URL, {"KEY_PREFIX": "test-cache"})
    cache.set("grid", {"name": "东良"}, 30)
    assert cache.get("grid") == {"name": "东良"}
    cache.set("count", 1, 30)
    assert cache.incr("count") == 2
    assert cache.delete("grid") is True
    assert cache.get("grid") is None


def test_every_act_is_a_miss_without_redis(missing):
    missing.set("a", 1)
    missing.set_many({"a": 1, "b": 2})
    missing.delete_many(["a"])
    assert missing.get("a", "default") == "default"
    assert missing.get_many(["a", "b"]) == {}
    assert missing.add("a", 1) is False
    assert missing.touch("a") is False
    assert missing.delete("a") is False
    assert missing.clear() is False
    assert ("a" in missing) is False
    assert missing.get_or_set("a", lambda: 7) == 7
    with pytest.raises(ValueError, match="not found"):
        missing.incr("a")


def test_a_page_with_many_look_ups_does_not_wait_for_each(missing):
    began = time.monotonic()
    for number in range(1000):
        missing.get(f"key-{number}")
    assert time.monotonic() - began < 1


def test_it_asks_again_after_a_while(settings):
    cache = ForgivingRedisCache(settings.REDIS_URL, {"KEY_PREFIX": "test-cache"})
    cache._cache.asleep_until = time.monotonic() + 60
    cache.set("again", 1, 30)
    assert cache.get("again") is None
    cache._cache.asleep_until = 0
    cache.set("again", 1, 30)
    assert cache.get("again") == 1
