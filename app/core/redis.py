"""The Redis connection; it only ever holds what can be lost."""

from flask import Flask, current_app
from redis import Redis
from redis.exceptions import RedisError


def install(app: Flask, url: str, prefix: str) -> None:
    """Give the application its Redis client and key prefix; connects when first used."""
    client: Redis = Redis.from_url(url, decode_responses=True, socket_timeout=2, socket_connect_timeout=2)
    app.extensions["parvis_redis"] = (client, prefix)


def client() -> Redis:
    """Return the deployment's Redis client."""
    found: Redis = current_app.extensions["parvis_redis"][0]
    return found


def key(name: str) -> str:
    """Return the full key for `name` in this deployment."""
    prefix: str = current_app.extensions["parvis_redis"][1]
    return prefix + name


__all__ = ["RedisError", "client", "install", "key"]
