"""pyHanko's coroutines, from code that does not wait for any.

Whoever calls may stand in a loop of events already (a browser's test, an asynchronous server), and no second
loop starts in such a thread. So each coroutine gets a thread of its own.
"""

import asyncio
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

Outcome = TypeVar("Outcome")


def outcome(coroutine: Coroutine[Any, Any, Outcome]) -> Outcome:
    """What the coroutine returns; what it raises is raised here."""
    with ThreadPoolExecutor(1) as apart:
        return apart.submit(asyncio.run, coroutine).result()
