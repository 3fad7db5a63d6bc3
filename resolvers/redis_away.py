"""What tells that Redis is away, to those who reach it from an event loop."""

from limits.errors import StorageError
from redis.exceptions import RedisError

#: uvloop answers with RuntimeError when something is written to a connection that it has just seen end, and redis-py
#: passes that on as it is.
REDIS_AWAY = (RedisError, OSError, StorageError, RuntimeError)
