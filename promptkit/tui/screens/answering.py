"""Screens that answer, each of them once."""

from __future__ import annotations

from typing import Generic, TypeVar

from textual.await_complete import AwaitComplete
from textual.screen import Screen

Answer = TypeVar("Answer")


class AnsweringScreen(Screen[Answer], Generic[Answer]):
    """A key that was under way when the screen went finds it gone, and takes no other with it."""

    def dismiss(self, result: Answer | None = None) -> AwaitComplete:
        """Answer and go; nothing where that has been done, or another screen lies above."""
        if not self.is_active:
            return AwaitComplete()
        return super().dismiss(result)
