"""What a run has learned: pictures of held-out captions, to be looked at and scored elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from tokenizers import Tokenizer
from torch import Tensor

from generator.draft.draw import Sampling, draw
from generator.draft.scoring.lab import Floats
from generator.draft.scoring.report import held_out, to_picture
from generator.draft.tokens import encode
from generator.draft.training.sizes import Networks

COLUMNS = 8


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
        save_sheet(out / f"sheet-{guidance:g}.png", pictures)


def save_sheet(path: Path, pictures: Sequence[Floats], columns: int = COLUMNS) -> None:
    """A contact sheet of pictures [H, W, 3] in [0, 1], row-major; full rows only."""
    full = len(pictures) // columns * columns
    rows = [np.concatenate(pictures[k : k + columns], 1) for k in range(0, full, columns)]
    sheet = (np.concatenate(rows, 0) * 255).round().astype(np.uint8)
    Image.fromarray(sheet).save(path)


def load_sheet(path: Path, side: int = 256) -> list[Floats]:
    """The pictures of a sheet."""
    sheet = np.asarray(Image.open(path).convert("RGB"), np.float32) / 255
    rows, columns = sheet.shape[0] // side, sheet.shape[1] // side
    return [
        sheet[r * side : (r + 1) * side, c * side : (c + 1) * side]
        for r in range(rows)
        for c in range(columns)
    ]


def load_average(networks: Networks, weights: dict[str, Tensor]) -> None:
    """Put the averaged weights into the networks, which stay in their own precision."""
    with torch.no_grad():
        for name, network in networks.named().items():
            for key, parameter in network.named_parameters():
                parameter.copy_(weights[f"{name}.{key}"])
