"""What a run has learned: pictures of held-out captions, to be looked at and scored elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import torch
from tokenizers import Tokenizer
from torch import Tensor

from generator.draft.draw import Sampling, draw
from generator.draft.scoring.lab import Floats
from generator.draft.scoring.report import held_out, to_picture
from generator.draft.scoring.sheet import save_sheet
from generator.draft.tokens import encode
from generator.draft.training.sizes import Networks


def draw_sheets(
    networks: Networks,
    shift: Tensor,
    scale: Tensor,
    tokenizer: Tokenizer,
    count: int,
    out: Path,
    scales: Sequence[float] = (1.0, 3.0, 7.0),
) -> None:
    """Draw the first held-out requests at several guidance scales, one sheet for each."""
    prompts = encode(tokenizer, [request.caption for request in held_out(count)])
    for guidance in scales:
        pictures: list[Floats] = []
        for first in range(0, count, 64):
            part = prompts[first : first + 64]
            sampling = Sampling(guidance=guidance)
            drawn = draw(networks, shift, scale, part, sampling, seed=first)
            pictures += [to_picture(image) for image in drawn]
        unfinished = out / f"unfinished-{guidance:g}.png"
        save_sheet(unfinished, pictures)
        unfinished.replace(out / f"sheet-{guidance:g}.png")


def load_average(networks: Networks, weights: dict[str, Tensor]) -> None:
    """Put the averaged weights into the networks, which stay in their own precision."""
    with torch.no_grad():
        for name, network in networks.named().items():
            for key, parameter in network.named_parameters():
                parameter.copy_(weights[f"{name}.{key}"])
