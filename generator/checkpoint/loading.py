"""Networks that become ready one after the other, while those that are can be used."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Final

from generator.checkpoint.names import Part

ORDER: Final = (Part.TEXT_ENCODER, Part.TRANSFORMER, Part.UNCONDITIONAL, Part.AUTOENCODER)
"""As a picture needs them: its text can be encoded while the rest is read."""


class Loading:
    """Fills networks in a thread of its own, in the order in which a picture needs them."""

    def __init__(self, fills: Mapping[Part, Callable[[], None]]) -> None:
        pool = ThreadPoolExecutor(1, thread_name_prefix="loading")
        self._filled: dict[Part, Future[None]] = {
            part: pool.submit(fills[part]) for part in ORDER if part in fills
        }
        pool.shutdown(wait=False)

    def wait(self, *parts: Part) -> None:
        """Return when these networks are ready, all of them where none is named.

        Raises what kept one from it: CheckpointError, DeviceError, torch.OutOfMemoryError.
        """
        for part, filled in self._filled.items():
            if not parts or part in parts:
                filled.result()

    def cancel(self) -> None:
        """Leave out what has not been begun."""
        for filled in self._filled.values():
            filled.cancel()
