"""Values that come to life only when they are looked at.

Most of what a knowledge base says is never shown for a given run. Restored from the cache, such a value stays bytes until somebody asks for it.
"""

from __future__ import annotations

import pickle
from typing import Generic, TypeVar, cast

T = TypeVar("T")
_UNREAD = object()


class Stored(Generic[T]):
    """One value, pickled on its own."""

    __slots__ = ("_bytes", "_value")

    def __init__(self, value: T) -> None:
        self._value: object = value
        self._bytes = b""

    @property
    def value(self) -> T:
        """The value itself."""
        if self._value is _UNREAD:
            self._value = pickle.loads(self._bytes)  # noqa: S301 - part of a cache that was found to be ours
        return cast(T, self._value)

    def __getstate__(self) -> bytes:
        """Its bytes, as they are when it was never looked at."""
        return self._bytes if self._value is _UNREAD else pickle.dumps(self._value, protocol=5)

    def __setstate__(self, stored: bytes) -> None:
        """Take the bytes, and leave them closed."""
        self._bytes = stored
        self._value = _UNREAD
