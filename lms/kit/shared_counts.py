"""Counts that end by themselves, in memory that the processes forked from one parent share.

A fixed table of places, found by the key's hash: nothing is allocated, so a flood of new keys takes no memory. Where
the table is full the key whose count ends first gives way.
"""

import fcntl
import mmap
import struct
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import blake2b

from limits.storage import Storage

PLACE = struct.Struct("=QdI")  # hash of the key, when its count ends (seconds since 1970), the count
PLACES = 1 << 16
NEAR = 16  # places looked at for one key


class SharedCounts(Storage):
    """A storage of `limits` for several processes of one host."""

    STORAGE_SCHEME = ["shared"]

    def __init__(self, uri: str | None = None, wrap_exceptions: bool = False, **options: float | str | bool) -> None:
        super().__init__(uri, wrap_exceptions, **options)
        self.table = mmap.mmap(-1, PLACE.size * PLACES)
        self.threads = threading.Lock()
        # Held for a moment; the system lets it go if its holder is killed.
        self.file = tempfile.TemporaryFile()  # noqa: SIM115  (as long as the counts themselves)

    @property
    def base_exceptions(self) -> type[Exception]:
        return OSError

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        with self._held():
            place, hashed, ends, count = self._find(key)
            ends = ends if count else time.time() + expiry
            PLACE.pack_into(self.table, place, hashed, ends, count + amount)
            return count + amount

    def get(self, key: str) -> int:
        with self._held():
            return self._find(key)[3]

    def get_expiry(self, key: str) -> float:
        with self._held():
            return self._find(key)[2] or time.time()

    def check(self) -> bool:
        return not self.table.closed

    def reset(self) -> int | None:
        with self._held():
            self.table[:] = bytes(len(self.table))
        return None

    def clear(self, key: str) -> None:
        with self._held():
            PLACE.pack_into(self.table, self._find(key)[0], 0, 0.0, 0)

    @contextmanager
    def _held(self) -> Iterator[None]:
        with self.threads:
            fcntl.lockf(self.file, fcntl.LOCK_EX)
            try:
                yield
            finally:
                fcntl.lockf(self.file, fcntl.LOCK_UN)

    def _find(self, key: str) -> tuple[int, int, float, int]:
        """The place of a key, with its hash, when its count ends, and the count (0 when it has none that still runs)."""
        hashed = int.from_bytes(blake2b(key.encode(), digest_size=8).digest(), "big") or 1
        now = time.time()
        places = [(hashed + step) % PLACES * PLACE.size for step in range(NEAR)]
        found = {place: PLACE.unpack_from(self.table, place) for place in places}
        for place, (whose, ends, count) in found.items():
            if whose == hashed and ends > now:
                return place, hashed, ends, count
        free = min(places, key=lambda place: found[place][1])
        return free, hashed, 0.0, 0
