"""How many mutations a caller may ask for, in all processes together."""

import math
import time

import structlog
from limits import RateLimitItemPerMinute
from limits.aio.storage import RedisStorage
from limits.aio.strategies import MovingWindowRateLimiter
from redis.asyncio import ConnectionPool
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff

from resolvers.redis_away import REDIS_AWAY
from resolvers.transport import Caller, Code, Refusal

log = structlog.get_logger("phaseline.mutation_rate")


class MutationRate:
    """Counts in Redis, over a window that moves. A refused mutation is not counted.

    While Redis is away everything goes through: the limit protects workers from a script gone wild, and nobody is kept
    from deleting a service because a counter is missing.
    """

    def __init__(self, redis_url: str, namespace: str, per_minute: int) -> None:
        self._pool = ConnectionPool.from_url(  # pyright: ignore[reportUnknownMemberType]
            redis_url, socket_connect_timeout=0.5, socket_timeout=1.0, retry=Retry(NoBackoff(), 0)
        )
        self._storage = RedisStorage(
            "redis://",
            wrap_exceptions=True,
            implementation="redispy",
            key_prefix=f"{namespace}:limits",
            connection_pool=self._pool,  # pyright: ignore[reportArgumentType]
        )
        self._limiter = MovingWindowRateLimiter(self._storage)
        self._item = RateLimitItemPerMinute(per_minute)

    async def __call__(self, caller: Caller, mutations: int) -> None:
        """Raises a Refusal that says when to come back."""
        if caller.name is None:
            return
        try:
            if not await self._limiter.hit(self._item, caller.name, cost=mutations):
                log.warning("more mutations than allowed", caller=caller.name, mutations=mutations)
                raise self._refusal(await self._seconds_left(caller.name))
        except REDIS_AWAY as error:
            log.warning("redis is away: mutations are not counted", error=_name(error))

    async def refused(self, caller: Caller, mutations: int) -> range:
        """The numbers of so many refused ones among the caller's that were refused within a minute; the first is 1.

        None at all while Redis is away.
        """
        try:
            last = await self._storage.incr(f"refused/{caller.name}", self._item.get_expiry(), mutations)
        except REDIS_AWAY as error:
            log.warning("redis is away: refused mutations are not counted", error=_name(error))
            return range(0)
        return range(last - mutations + 1, last + 1)

    async def aclose(self) -> None:
        await self._pool.disconnect()

    async def _seconds_left(self, name: str) -> int:
        """Until the oldest of the counted ones is a minute old."""
        stats = await self._limiter.get_window_stats(self._item, name)
        return max(1, math.ceil(stats.reset_time - time.time()))

    def _refusal(self, seconds: int) -> Refusal:
        message = f"More than {self._item.amount} mutations a minute. Try again in {seconds} seconds."
        extensions = {"code": Code.RATE_LIMITED, "retryAfterSeconds": seconds}
        return Refusal(
            [{"message": message, "extensions": extensions}], status=429, headers={"retry-after": str(seconds)}
        )


def _name(error: Exception) -> str:
    """Of the client's error, where the library for limits has wrapped it."""
    return type(error.__cause__ or error).__name__
