"""Second stage: text encoder, conditional and unconditional transformer, by flow matching.

Shape legend: B batch, T text tokens, I image tokens, C token channels.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import cast

import torch
from torch import Tensor, nn

from generator.config import TextEncoderConfig, TransformerConfig
from generator.draft.training.lessons import Lessons, answers, by_token, spoken_of
from generator.draft.training.pool import Batch
from generator.draft.training.sizes import Networks
from generator.model.rope import Rope, inverse_frequencies, mrope, rope
from generator.model.text_encoder import DecoderLayer, TextEncoder
from generator.model.transformer import IMAGE_TOKEN, Modulation, Transformer
from generator.ops import Activation
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
    """Times in (0, 1): half logit-normal like the schedule's, half crowded towards pure noise.

    What stands where in which colour has to come from the caption alone. A little of the picture
    already gives the colours away, averaged over its many tokens; a network that learns from such
    pictures never reads them, and goes by its own first guess when it draws.
    """
    usual = torch.sigmoid(1.5 * torch.randn(count, device=device) - 0.3)
    early = 0.3 * torch.rand(count, device=device) ** 3
    times = torch.where(torch.rand(count, device=device) < 0.5, early, usual)
    return times.clamp(T_MIN, T_MAX)


@dataclass(frozen=True)
class Losses:
    """What one pass is taught by, each a mean over its batch."""

    conditional: Tensor
    """Squared velocity error, weighted towards things and letters."""
    unconditional: Tensor
    """The same without text, unweighted."""
    picture: Tensor
    """The lessons of the image tokens."""
    text: Tensor
    """The lessons of the text tokens."""

    def stacked(self) -> Tensor:
        """All four, [4]."""
        return torch.stack((self.conditional, self.unconditional, self.picture, self.text))


def losses(networks: Networks, lessons: Lessons, batch: Batch, grid: tuple[int, int]) -> Losses:
    """Velocity errors with and without text on the same pictures, and the lessons.

    An error counts by `1 - t`: close to the picture the velocity magnifies what nobody sees.
    Weights by place do not move the optimum of a caption that gives its boxes: they depend on the
    caption alone then. Without text they would, so that the unconditional network has none.
    """
    clean = batch.latents_BIC.float()
    device = clean.device
    noise, t = torch.randn_like(clean), draw_times(len(clean), device)
    x = t[:, None, None] * clean + (1 - t)[:, None, None] * noise
    target = clean - noise
    text = networks.transformer.project_text(text_features(networks.text_encoder, batch.ids_BT))
    conditional = _pass(networks.transformer, x, text, t, grid)
    quarter = max(1, len(clean) // 4)  # the easier task gets the smaller share
    unconditional = _pass(networks.unconditional, x[:quarter], None, t[:quarter], grid)
    asked = answers(batch.scenes, grid)
    weight = by_token(asked.weight).mean(-1, keepdim=True)
    noisiness = 2 * (1 - t)[:, None, None]  # about one in the mean
    error = (conditional.velocity - target).square() * noisiness * (weight / weight.mean())
    easier = (unconditional.velocity - target[:quarter]).square() * noisiness[:quarter]
    spoken = spoken_of(batch.scenes, batch.slots_BT, batch.cells_BT)
    heard = lessons.text_loss(0, text, spoken) + lessons.text_loss(1, conditional.text, spoken)
    return Losses(
        error.mean(), easier.mean(), lessons.picture_loss(conditional.image, asked), heard
    )


@dataclass(frozen=True)
class Pass:
    """What a pass gives, on its way too."""

    velocity: Tensor
    """[B, I, C] in fp32."""
    text: Tensor
    """[B, T, D], the text tokens after three eighths of the layers."""
    image: Tensor
    """[B, I, D], the image tokens after five eighths."""


def _pass(
    network: Transformer, x_BIC: Tensor, text: Tensor | None, t: Tensor, grid: tuple[int, int]
) -> Pass:
    length = 0 if text is None else text.shape[1]
    tables = _tables(length, grid, network.config, network.dtype, x_BIC.device)
    return observed(network, x_BIC, text, network.modulation(t), tables)


def observed(
    network: Transformer, x_BIC: Tensor, text_BTD: Tensor | None, modulation: Modulation, rope: Rope
) -> Pass:
    """`Transformer.forward`, with what its tokens are on the way."""
    h_BLD: Tensor = network.input_proj(x_BIC.to(network.dtype))
    h_BLD = h_BLD + network.embed_image_indicator.weight[IMAGE_TOKEN]
    if text_BTD is not None:
        h_BLD = torch.cat((text_BTD, h_BLD), dim=1)
    image, depth = slice(-x_BIC.shape[1], None), len(network.layers)
    on_the_way = [h_BLD]
    first, *others = network.pre_norms(modulation.blocks)
    x: Activation = network.ops.norm_modulate(h_BLD, *first)
    # The last block is like all others, text tokens and a pre-norm behind it that nobody reads: a
    # kind of block more takes longer to compile. Not the first one's, whose scale has offset 0.
    unread = others[-1] if others else first
    for block, rows, following in zip(
        network.layers, modulation.blocks, [*others, unread], strict=True
    ):
        h_BLD, x = block(h_BLD, x, rows, rope, None, following)
        on_the_way.append(h_BLD)
    velocity: Tensor = network.final_layer(h_BLD[:, image], modulation.final_scale)
    texts = on_the_way[depth * 3 // 8][:, : -x_BIC.shape[1]]
    return Pass(velocity.float(), texts, on_the_way[depth * 5 // 8][:, image])


def text_features(encoder: TextEncoder, ids_BT: Tensor) -> Tensor:
    """`TextEncoder.forward` with the rotary tables kept; see `_tables`."""
    h_BTD: Tensor = encoder.embed_tokens(ids_BT)
    tables = _text_tables(ids_BT.shape[1], encoder.config, h_BTD.dtype, h_BTD.device)
    layers = [cast("DecoderLayer", layer) for layer in encoder.layers]
    norms = [layer.input_layernorm.norm for layer in layers]
    x: Activation = encoder.ops.norm_modulate(h_BTD, norms[0], None)
    taps = {}
    # A pre-norm behind the last layer that nobody reads: see `observed`.
    for index, (layer, following) in enumerate(zip(layers, [*norms[1:], norms[0]], strict=True)):
        h_BTD, x = layer(h_BTD, x, tables, following)
        taps[index] = h_BTD
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
