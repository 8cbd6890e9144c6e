"""What a model and a picture will cost in memory, before either is begun.

An estimate from sizes alone, a little above what is used: it answers "will it fit", and leaves the
exact figure to the engine, which reports its peak with every picture.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from generator.checkpoint import Checkpoint, Part
from generator.config import MAX_TEXT_TOKENS

RUNTIME_BYTES: Final = 700 << 20
"""Context, libraries and workspaces that a CUDA process has before the first tensor."""


@dataclass(frozen=True)
class Cost:
    """Bytes on the device."""

    weights: int
    """Stays while the model is loaded."""
    activations: int
    """Comes on top while a picture is made."""

    @property
    def total(self) -> int:
        """Peak of the process on its device."""
        return self.weights + self.activations + RUNTIME_BYTES


def cost(
    checkpoint: Checkpoint, width: int, height: int, *, unconditional: bool = True, item: int = 2
) -> Cost:
    """What a picture of this size takes; ``item`` is the bytes of a compute-dtype number."""
    parts = [part for part in Part if unconditional or part is not Part.UNCONDITIONAL]
    weights = sum(checkpoint.nbytes(part) for part in parts)
    denoising = _denoising(checkpoint, width, height) * item
    return Cost(weights, max(denoising, _decoding(checkpoint, width, height) * item))


def _denoising(checkpoint: Checkpoint, width: int, height: int) -> int:
    """Numbers alive at the widest place of a transformer block, for the longest prompt."""
    sizes = checkpoint.sizes
    side = sizes.autoencoder.pixels_per_token
    tokens = MAX_TEXT_TOKENS + (width // side) * (height // side)
    hidden, inner = sizes.transformer.hidden_size, sizes.transformer.intermediate_size
    # The residual stream and its normalised copy, and either q, k, v with their rotated copies
    # and the attention's result, or both halves of the gated unit and their product.
    block = tokens * (2 * hidden + max(6 * hidden, 3 * inner))
    # The taps of the text encoder are held in two forms while they are interleaved and projected.
    return block + 2 * MAX_TEXT_TOKENS * sizes.transformer.llm_features_dim


def _decoding(checkpoint: Checkpoint, width: int, height: int) -> int:
    """Numbers alive at the decoder's last resolution, where channels times pixels peak."""
    channels = checkpoint.sizes.autoencoder.block_out_channels
    wide = channels[min(1, len(channels) - 1)]
    # The wider input of the last level, its normalised and its activated copy and as much again for
    # the convolution, then the narrower result and its copy. On an H200 with the published sizes
    # the allocator's peak was 2.6 GB above the weights at 1024 x 1024 and 10.3 GB at 2048 x 2048;
    # this gives 2.7 and 10.7.
    return width * height * (4 * wide + 2 * channels[0])
