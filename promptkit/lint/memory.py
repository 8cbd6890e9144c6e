"""Keep what was found out about things that may come again, but not without bound."""

from __future__ import annotations

from collections.abc import Hashable
from threading import Lock
from typing import TypeVar

_Key = TypeVar("_Key", bound=Hashable)
_Value = TypeVar("_Value")


class Memory(dict[_Key, _Value]):
    """A dictionary of at most ``most`` entries; it forgets what it has held for longest.

    Threads may share it.
    """

    def __init__(self, most: int) -> None:
        super().__init__()
        self._most = most
        self._lock = Lock()

    def __setitem__(self, key: _Key, value: _Value) -> None:
        with self._lock:
            if len(self) >= self._most and key not in self:
                del self[next(iter(self))]
            super().__setitem__(key, value)
