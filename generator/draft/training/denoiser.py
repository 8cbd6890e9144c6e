"""Second stage: text encoder, conditional and unconditional transformer, by flow matching.

Shape legend: B batch, T text tokens, I image tokens, C token channels.
"""

from __future__ import annotations

from functools import lru_cache

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from generator.config import TextEncoderConfig, TransformerConfig
from generator.draft.training.pool import Batch
from generator.draft.training.sizes import Networks
from generator.model.rope import Rope, inverse_frequencies, mrope, rope
from generator.model.text_encoder import TextEncoder
from generator.model.transformer import Transformer
from generator.packing import image_positions, text_positions
from generator.sampling import T_MAX, T_MIN


def compile_blocks(networks: Networks) -> None:
    """Compile each kind of block once, for any length."""
    blocks = (
        *networks.text_encoder.layers,
        *networks.transformer.layers,
        *networks.unconditional.layers,
    )
    for block in blocks:
        block.compile(dynamic=True)


def draw_times(count: int, device: torch.device) -> Tensor:
    """Times in (0, 1): logit-normal like the schedule's, and a share close to pure noise.

    What stands where is settled while hardly anything shows, hence the extra share.
    """
    usual = torch.sigmoid(1.6 * torch.randn(count, device=device) - 0.3)
    early = 0.06 * torch.rand(count, device=device)
    times = torch.where(torch.rand(count, device=device) < 0.15, early, usual)
    return times.clamp(T_MIN, T_MAX)


def losses(networks: Networks, batch: Batch, grid: tuple[int, int]) -> tuple[Tensor, Tensor]:
    """Mean squared velocity errors with and without text, on the same pictures."""
    clean = batch.latents_BIC.float()
    device = clean.device
    noise, t = torch.randn_like(clean), draw_times(len(clean), device)
    x = t[:, None, None] * clean + (1 - t)[:, None, None] * noise
    target = clean - noise
    text = networks.transformer.project_text(text_features(networks.text_encoder, batch.ids_BT))
    conditional = _velocity(networks.transformer, x, text, t, grid)
    half = len(clean) // 2  # the easier task gets the smaller share
    unconditional = _velocity(networks.unconditional, x[:half], None, t[:half], grid)
    return F.mse_loss(conditional, target), F.mse_loss(unconditional, target[:half])


def _velocity(
    network: Transformer, x_BIC: Tensor, text: Tensor | None, t: Tensor, grid: tuple[int, int]
) -> Tensor:
    length = 0 if text is None else text.shape[1]
    tables = _tables(length, grid, network.config, network.dtype, x_BIC.device)
    out: Tensor = network(x_BIC, text, network.modulation(t), tables)
    return out


def text_features(encoder: TextEncoder, ids_BT: Tensor) -> Tensor:
    """`TextEncoder.forward` with the rotary tables kept; see `_tables`."""
    h_BTD: Tensor = encoder.embed_tokens(ids_BT)
    tables = _text_tables(ids_BT.shape[1], encoder.config, h_BTD.dtype, h_BTD.device)
    taps = {}
    for index, layer in enumerate(encoder.layers):
        taps[index] = h_BTD = layer(h_BTD, tables)
    return torch.stack([taps[i] for i in encoder.config.tap_layers], dim=-1).flatten(2)


@lru_cache(maxsize=1024)
def _text_tables(
    length: int, config: TextEncoderConfig, dtype: torch.dtype, device: torch.device
) -> Rope:
    inv_freq = inverse_frequencies(config.head_dim, config.rope_theta).to(device)
    return rope(length, inv_freq, dtype)


@lru_cache(maxsize=2048)
def _tables(
    length: int,
    grid: tuple[int, int],
    config: TransformerConfig,
    dtype: torch.dtype,
    device: torch.device,
) -> Rope:
    """Rotary tables, kept: making them anew stalls the GPU for a copy in every pass."""
    positions = torch.cat((text_positions(length), image_positions(grid)))[None].to(device)
    inv_freq = inverse_frequencies(config.attention_head_dim, config.rope_theta).to(device)
    return mrope(positions, inv_freq, config.mrope_section, dtype)


def trained(networks: Networks) -> dict[str, nn.Module]:
    """The networks of this stage by folder name."""
    named = networks.named()
    return {name: named[name] for name in named if name != "vae"}
