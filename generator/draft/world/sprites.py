"""All kinds of things, and which way each can face."""

from __future__ import annotations

from generator.draft.world.figures import FIGURES
from generator.draft.world.objects import OBJECTS
from generator.draft.world.sprite import Sprite

SPRITES: dict[str, Sprite] = FIGURES | OBJECTS
FACINGS = ("right", "left", "up", "down")


def facings(kind: str) -> tuple[str, ...]:
    """The directions in which a kind is drawn; the first is what no wording means."""
    if kind == "arrow":
        return FACINGS
    return FACINGS[:2] if SPRITES[kind].faces else FACINGS[:1]
