"""A cache that may be missing: while Redis does not answer, every look-up is a miss and nothing fails or waits long."""

import functools
import logging
import time

from django.core.cache.backends.redis import RedisCache, RedisCacheClient
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

log = logging.getLogger(__name__)

ANSWER_WITHIN = 0.5  # seconds; a page may look up a handful of keys
LEAVE_ALONE_FOR = 5.0  # seconds after a failure in which Redis is not asked again


def forgiving(missing):
    """Make a client method answer `missing()` when Redis does not answer."""

    def wrap(method):
        @functools.wraps(method)
        def ask(self, *args, **kwargs):
            if time.monotonic() < self.asleep_until:
                return missing(*args)
            try:
                return method(self, *args, **kwargs)
            except (RedisError, OSError) as problem:
                log.warning("cache: Redis does not answer (%s); going on without it", problem)
                self.asleep_until = time.monotonic() + LEAVE_ALONE_FOR
                return missing(*args)

        return ask

    return wrap


def no_such_key(key, *_rest):
    raise ValueError(f"Key '{key}' not found.")  # what Django's caches say of a missing key in incr()


class ForgivingClient(RedisCacheClient):
    """Django's own client with short time-outs, no retries, and a miss in place of every connection error."""

    asleep_until = 0.0

    def __init__(self, servers, **options):
        limits = {"socket_timeout": ANSWER_WITHIN, "socket_connect_timeout": ANSWER_WITHIN}
        super().__init__(servers, **(limits | {"retry": Retry(NoBackoff(), 0)} | options))

    add = forgiving(lambda *_: False)(RedisCacheClient.add)
    get = forgiving(lambda key, default: default)(RedisCacheClient.get)
    set = forgiving(lambda *_: None)(RedisCacheClient.set)
    touch = forgiving(lambda *_: False)(RedisCacheClient.touch)
    delete = forgiving(lambda *_: False)(RedisCacheClient.delete)
    get_many = forgiving(lambda *_: {})(RedisCacheClient.get_many)
    has_key = forgiving(lambda *_: False)(RedisCacheClient.has_key)
    incr = forgiving(no_such_key)(RedisCacheClient.incr)
    set_many = forgiving(lambda *_: None)(RedisCacheClient.set_many)
    delete_many = forgiving(lambda *_: None)(RedisCacheClient.delete_many)
    clear = forgiving(lambda *_: False)(RedisCacheClient.clear)


class ForgivingRedisCache(RedisCache):
    """CACHES backend; everything kept here must be computable again."""

    def __init__(self, server, params):
        super().__init__(server, params)
        self._class = ForgivingClient
