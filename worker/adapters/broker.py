"""Ask the broker about itself. It may refuse: the user that works need not be one who looks."""

from typing import Any

from redis import Redis
from redis.exceptions import NoPermissionError, RedisError

from worker.core.doctor import Away, Broker

_PATIENCE_SECONDS = 3.0
_PREFIX = "copydesk:"


def examine(url: str, queue: str) -> Broker | Away:
    """What can be seen of it over a connection of its own; *url* as Celery writes it."""
    address = url.replace("redis+socket://", "unix://")
    client = Redis.from_url(
        address, socket_timeout=_PATIENCE_SECONDS, socket_connect_timeout=_PATIENCE_SECONDS
    )
    try:
        with client:
            rings = int(client.llen(f"{_PREFIX}{queue}"))
            return _broker(_info(client), rings)
    except (RedisError, OSError) as error:
        return Away(f"does not answer: {error}")


def _info(client: Redis) -> dict[str, Any]:
    try:
        return dict(client.info())
    except NoPermissionError:
        return {}


def _broker(info: dict[str, Any], rings: int) -> Broker:
    valkey = info.get("valkey_version")
    redis = info.get("redis_version")
    version = f"Valkey {valkey}" if valkey else f"Redis {redis}" if redis else None
    most = info.get("maxmemory") or 0
    return Broker(
        version=version,
        policy=info.get("maxmemory_policy"),
        append_only=bool(info["aof_enabled"]) if "aof_enabled" in info else None,
        full_share=info["used_memory"] / most if most else None,
        rings=rings,
    )
