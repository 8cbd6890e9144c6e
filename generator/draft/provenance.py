"""Short names for the weights and for the world, so that the model card can say what made what."""

from __future__ import annotations

import hashlib
from pathlib import Path
from random import Random

from generator.draft.world.caption import write_caption
from generator.draft.world.layout import Recipe, draw_scene

DIGITS = 16


def weights_fingerprint(folder: Path) -> str:
    """Sixteen hex digits over every weight file, configuration and tokenizer of a checkpoint."""
    digest = hashlib.sha256()
    for path in sorted((*folder.rglob("*.safetensors"), *folder.rglob("*.json"))):
        digest.update(path.relative_to(folder).as_posix().encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:DIGITS]


def world_fingerprint(scenes: int = 200) -> str:
    """Sixteen hex digits over scenes and captions of both splits.

    It stays the same while the code is only tidied, and changes with anything that is drawn
    or said.
    """
    digest = hashlib.sha256()
    for held_out in (False, True):
        rng = Random(1)  # noqa: S311  (a reproducible lot, not a secret)
        for _ in range(scenes):
            scene = draw_scene(rng, Recipe(held_out=held_out))
            caption = write_caption(rng, scene, held_out=held_out)
            digest.update(f"{scene}{caption}".encode())
    return digest.hexdigest()[:DIGITS]
