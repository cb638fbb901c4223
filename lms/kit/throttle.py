"""How often a door may be knocked at, per account and address."""

import functools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar, cast

from flask import Flask, abort, current_app, request
from limits import parse
from limits.storage import RedisStorage
from limits.strategies import FixedWindowRateLimiter

from lms.kit.shared_counts import SharedCounts

View = TypeVar("View", bound=Callable[..., object])
_KEY = "throttle"


def init(app: Flask) -> None:
    """Count in the memory of this server's processes, or in Redis when several hosts serve."""
    url = app.config["REDIS_URL"]
    app.extensions[_KEY] = FixedWindowRateLimiter(RedisStorage(url) if url else SharedCounts())


@contextmanager
def counting(app: Flask, on: bool = True) -> Iterator[None]:
    """Throttle, or do not, whatever was set; what was counted meanwhile is forgotten afterwards."""
    before, app.config["THROTTLE"] = app.config["THROTTLE"], on
    try:
        yield
    finally:
        app.config["THROTTLE"] = before
        app.extensions[_KEY].storage.reset()


def posts(limit: str, *, field: str = "") -> Callable[[View], View]:
    """At most `limit` (such as "10 per minute") POSTs from one address, or from one address for one value of `field`."""

    def key() -> str:
        return request.form.get(field, "").strip().lower() if field else ""

    return _limited(limit, key, frozenset({"POST"}))


def reads(limit: str) -> Callable[[View], View]:
    """At most `limit` requests of any kind from one address."""
    return _limited(limit, lambda: "", frozenset({"GET", "HEAD", "POST"}))


def within(limit: str, *what: str) -> bool:
    """Count one more try at `what` (a person, a thing) and say whether it is within `limit`.

    For doors behind which a whole room shares one address: there people are told apart by who they are.
    """
    if not current_app.config["THROTTLE"]:
        return True
    rate: FixedWindowRateLimiter = current_app.extensions[_KEY]
    return rate.hit(parse(limit), *what)


def _limited(limit: str, key: Callable[[], str], methods: frozenset[str]) -> Callable[[View], View]:
    item = parse(limit)

    def decorate(view: View) -> View:
        @functools.wraps(view)
        def limited(*args: Any, **kwargs: Any) -> object:
            if current_app.config["THROTTLE"] and request.method in methods:
                rate: FixedWindowRateLimiter = current_app.extensions[_KEY]
                if not rate.hit(item, request.endpoint or "", request.remote_addr or "", key()):
                    abort(429)
            return view(*args, **kwargs)

        return cast(View, limited)

    return decorate
