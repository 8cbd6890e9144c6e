"""Where engines for this model disagree, as one named setting.

``recommended`` is what a new picture should be made with. ``official`` and ``diffsynth``
reproduce the latents and pixels of the official ideogram4 engine and of DiffSynth-Studio from the
same noise; they change numerics only, not which parameters are understood. Guidance is written
``g c + (1 - g) u`` in all modes; DiffSynth's ``u + g (c - u)`` differs by fp32 rounding.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch

from generator.errors import RequestError
from generator.sampling import T_MAX

TORCH_DEFAULT_SEED = 67280421310721
"""What a fresh ``torch.Generator`` starts from."""


@dataclass(frozen=True)
class Numerics:
    """One engine's choices."""

    rope_in_compute_dtype: bool = False
    """Round the rotary frequencies to the compute dtype, as ``model.to(bfloat16)`` does to a
    buffer. At image positions above 65536 this changes text-to-image phases altogether."""
    end_time: float = T_MAX
    """Where the last step ends."""
    quantile_dtype: torch.dtype = torch.float32
    """Precision of the equally spaced quantiles of the schedule."""
    noise_in_compute_dtype: bool = False
    """Round the starting noise to the compute dtype."""
    one_draw_for_batch: bool = False
    """Draw the noise of a batch from one generator, so that only its first item is repeatable."""
    seed_when_none: int | None = None
    """The seed of a call without one; None draws a new one."""
    bf16_latents: bool = False
    """Round latents to bfloat16 on their way into the decoder and out of the encoder."""
    pixels_in_compute_dtype: bool = False
    """Scale pixels from and to 0..255 in the compute dtype, and cut off fractions on the way out
    instead of rounding in fp32."""


PARITY: dict[str, Numerics] = {
    "recommended": Numerics(),
    "official": Numerics(
        rope_in_compute_dtype=True, one_draw_for_batch=True, seed_when_none=TORCH_DEFAULT_SEED
    ),
    "diffsynth": Numerics(
        end_time=1.0,
        quantile_dtype=torch.float64,
        noise_in_compute_dtype=True,
        bf16_latents=True,
        pixels_in_compute_dtype=True,
    ),
}


def numerics(parity: str) -> Numerics:
    """The choices behind a name; RequestError for a name that does not exist."""
    if parity not in PARITY:
        raise RequestError(f"parity is {parity!r}, expected one of {', '.join(PARITY)}")
    return PARITY[parity]
