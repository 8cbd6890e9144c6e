"""Two guided steps against figures of the official engine's transformer and scheduler.

Weights, text features and noise are sines of their index, so that they are the same everywhere.
The figures were made by loading these weights into the official ideogram4 code (fp32, CPU).
"""

from __future__ import annotations

import pytest
import torch
from torch import Tensor, nn

from generator.denoise import Branch, denoise
from generator.model.rope import inverse_frequencies, mrope
from generator.model.transformer import Transformer
from generator.packing import image_positions, pack
from generator.request import Course
from generator.sampling import schedule
from generator.testing import SMALL

GRID = (3, 4)
TEXT_TOKENS = 5
GUIDANCE = (7.0, 3.0)
CONFIG = SMALL.transformer


def sines(*shape: int, phase: float) -> Tensor:
    index = torch.arange(torch.Size(shape).numel(), dtype=torch.float64)
    return torch.sin(0.7 * index + phase).float().view(shape)


def patterned(network: nn.Module, phase: float) -> None:
    """Matrices of the usual size, vectors of weights around 1, biases around 0."""
    for index, (name, parameter) in enumerate(network.named_parameters()):
        value = sines(*parameter.shape, phase=phase + index)
        if parameter.dim() > 1:
            value = value * parameter.shape[-1] ** -0.5
        elif name.endswith("weight"):
            value = 1 + 0.3 * value
        parameter.data = value


def branch(phase: float, text: Tensor | None, positions: Tensor, times: Tensor) -> Branch:
    network = Transformer(CONFIG)
    patterned(network, phase)
    inv_freq = inverse_frequencies(CONFIG.attention_head_dim, CONFIG.rope_theta)
    rope = mrope(positions[None], inv_freq, CONFIG.mrope_section, torch.float32)
    tokens = None if text is None else network.project_text(text)
    return Branch(network, tokens, rope, network.modulation(times))


@torch.no_grad()
def test_two_guided_steps_are_those_of_the_official_engine() -> None:
    times = schedule(2, 48, 64)
    starts = torch.tensor(times[:2])
    text = sines(1, TEXT_TOKENS, CONFIG.llm_features_dim, phase=0.5)
    positions = pack(range(TEXT_TOKENS), GRID).positions_L3
    conditional = branch(1.0, text, positions, starts)
    negative = branch(2.0, None, image_positions(GRID), starts)
    seen: list[Tensor] = []
    noise = 1.5 * sines(1, 12, CONFIG.in_channels, phase=0.25)
    z = denoise(
        noise,
        Course(times, GUIDANCE),
        conditional,
        negative,
        lambda state: seen.append(state.estimate_BIC),
    )
    assert z[0, 0, :4].tolist() == pytest.approx(FIRST_TOKEN, abs=2e-4)
    assert z[0, 11, -4:].tolist() == pytest.approx(LAST_TOKEN, abs=2e-4)
    assert z.square().mean().sqrt().item() == pytest.approx(RMS, rel=1e-4)
    assert len(seen) == 2


FIRST_TOKEN = [36.98827, -27.6794, 35.32132, -25.03778]
LAST_TOKEN = [18.03503, -13.35446, -7.98609, 13.28744]
RMS = 23.81547
