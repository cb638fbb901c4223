"""How often a door may be knocked at, per account and address."""

from collections.abc import Callable
from typing import TypeVar, cast

from flask import Flask, request
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address

View = TypeVar("View", bound=Callable[..., object])
limiter = Limiter(get_remote_address, default_limits=[], headers_enabled=False)


def init(app: Flask) -> None:
    """Count in this process, or in Redis when several processes serve."""
    app.config["RATELIMIT_ENABLED"] = app.config["THROTTLE"]
    app.config["RATELIMIT_STORAGE_URI"] = app.config["REDIS_URL"] or "memory://"
    limiter.init_app(app)


def posts(limit: str, *, field: str = "") -> Callable[[View], View]:
    """At most `limit` (such as "10 per minute") POSTs from one address, or from one address for one value of `field`."""

    def key() -> str:
        named = request.form.get(field, "").strip().lower() if field else ""
        return f"{get_remote_address()}|{named}"

    return cast(Callable[[View], View], limiter.limit(limit, key_func=key, methods=["POST"]))


def reads(limit: str) -> Callable[[View], View]:
    """At most `limit` requests of any kind from one address."""
    return cast(Callable[[View], View], limiter.limit(limit))
