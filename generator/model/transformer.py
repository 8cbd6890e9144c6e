"""The diffusion transformer: predicts the velocity from noise towards the picture.

Shape legend: B batch, T text tokens, I image tokens, L = T + I, C token channels, D hidden,
A modulation channels, H heads, K head channels, M MLP channels, F text feature channels.

The sequence is ``[text][image]`` with full attention. The unconditional model is the same network
run on image tokens alone. What does not depend on the latents has a method of its own, so that
it is computed once: ``project_text`` once per prompt, ``modulation`` for all steps together.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple, cast

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from generator.config import TransformerConfig
from generator.model.layers import Linear, RMSNorm
from generator.model.rope import Rope
from generator.ops import REFERENCE, Activation, Norm, Ops, Product, last_queries

TEXT_TOKEN, IMAGE_TOKEN = 0, 1


@dataclass(frozen=True)
class BlockModulation:
    """What the time says to one block: two scales and two gates, each ``[B, 1, D]``."""

    attention_scale: Tensor
    attention_gate: Tensor
    mlp_scale: Tensor
    mlp_gate: Tensor


@dataclass(frozen=True)
class Modulation:
    """What the time says to the whole network, for B times.

    One tensor, so that a step's share can be copied at once: ``rows_BND`` holds the four rows of
    each block in order and the scale of the final layer.
    """

    rows_BND: Tensor

    def at(self, step: int) -> Modulation:
        """The modulation of one of the B times, with B = 1."""
        return Modulation(self.rows_BND[step : step + 1])

    @property
    def blocks(self) -> tuple[BlockModulation, ...]:
        """The rows of each block."""
        rows = torch.split(self.rows_BND[:, :-1], 1, dim=1)
        return tuple(BlockModulation(*rows[i : i + 4]) for i in range(0, len(rows), 4))

    @property
    def final_scale(self) -> Tensor:
        """The row of the final layer, ``[B, 1, D]``."""
        return self.rows_BND[:, -1:]


class PreNorm(NamedTuple):
    """How a block's attention reads the residual stream: a norm and the time's scale, [B, 1, D]."""

    norm: Norm
    scale_B1D: Tensor


class Transformer(nn.Module):
    """Velocity of image tokens given text tokens, a time and positions.

    ``text=False`` leaves out the text projection, which the unconditional model never uses.
    """

    def __init__(
        self, config: TransformerConfig, *, text: bool = True, ops: Ops = REFERENCE
    ) -> None:
        super().__init__()
        self.config = config
        self.ops = ops
        D, A = config.hidden_size, config.adaln_dim
        # The layers at both ends and those of the time are plain torch in every tier: they take
        # a hundredth of a step, and their rounding would reach all that follows.
        self.input_proj = Linear(config.in_channels, D, bias=True)
        if text:
            self.llm_cond_norm = RMSNorm(config.llm_features_dim, 1e-6)
            self.llm_cond_proj = Linear(config.llm_features_dim, D, bias=True)
        self.embed_image_indicator = nn.Embedding(2, D)
        self.t_embedding = TimeEmbedding(D)
        self.adaln_proj = Linear(D, A, bias=True)
        mlps = [ops.first_mlp or ops] + [ops] * (config.num_layers - 1)
        self.layers = nn.ModuleList(Block(config, ops, mlp) for mlp in mlps)
        self.final_layer = FinalLayer(config)

    @property
    def dtype(self) -> torch.dtype:
        """The compute dtype: that of the parameters that are never quantised."""
        return self.embed_image_indicator.weight.dtype

    def project_text(self, features_BTF: Tensor) -> Tensor:
        """Text features to text tokens ``[B, T, D]``; the same at every step."""
        text_BTD: Tensor = self.llm_cond_proj(self.llm_cond_norm(features_BTF.to(self.dtype)))
        return text_BTD + self.embed_image_indicator.weight[TEXT_TOKEN]

    def modulation(self, t_B: Tensor) -> Modulation:
        """Everything that depends on the time alone; ``t_B`` runs from 0 (noise) to 1 (data).

        The time is rounded to the compute dtype first: the model was trained so.
        """
        adaln_BA = F.silu(self.adaln_proj(self.t_embedding(t_B.to(self.dtype))))
        blocks = [cast("Block", block).modulation(adaln_BA) for block in self.layers]
        return Modulation(torch.cat((*blocks, self.final_layer.scale(adaln_BA)), dim=1))

    def forward(
        self,
        x_BIC: Tensor,
        text_BTD: Tensor | None,
        modulation: Modulation,
        rope: Rope,
        key_mask_BL: Tensor | None = None,
    ) -> Tensor:
        """Velocity ``data - noise`` of the image tokens, ``[B, I, C]`` in fp32.

        ``rope`` covers all L tokens. ``key_mask_BL`` is needed only where items of a batch have
        texts of different length: true at real tokens, false at padding.
        """
        h_BLD: Tensor = self.input_proj(x_BIC.to(self.dtype))
        h_BLD = h_BLD + self.embed_image_indicator.weight[IMAGE_TOKEN]
        if text_BTD is not None:
            h_BLD = torch.cat((text_BTD, h_BLD), dim=1)
        blocks = modulation.blocks
        pre_norms = self.pre_norms(blocks)
        x: Activation | None = self.ops.norm_modulate(h_BLD, *pre_norms[0])
        for block, rows, following in zip(self.layers, blocks, [*pre_norms[1:], None], strict=True):
            # Text tokens have had their say once the last attention has read them.
            last_tokens = x_BIC.shape[1] if following is None else None
            h_BLD, x = block(h_BLD, x, rows, rope, key_mask_BL, following, last_tokens)
        v_BIC: Tensor = self.final_layer(h_BLD, modulation.final_scale)
        return v_BIC.float()

    def pre_norms(self, blocks: Sequence[BlockModulation]) -> list[PreNorm]:
        """What each block's attention reads the residual stream through."""
        layers = [cast("Block", layer) for layer in self.layers]
        return [
            PreNorm(layer.attention_norm1.norm, rows.attention_scale)
            for layer, rows in zip(layers, blocks, strict=True)
        ]


class TimeEmbedding(nn.Module):
    """Sinusoids of ``1e4 * t`` (sines first), then a two-layer MLP."""

    def __init__(self, dim: int) -> None:
        super().__init__()
        self.dim = dim
        self.mlp_in = Linear(dim, dim, bias=True)
        self.mlp_out = Linear(dim, dim, bias=True)

    def forward(self, t_B: Tensor) -> Tensor:
        half = self.dim // 2
        index = torch.arange(half, dtype=torch.float32, device=t_B.device)
        frequencies = torch.exp(index * (-math.log(1e4) / (half - 1)))
        angles = (1e4 * t_B.float())[:, None] * frequencies
        sinusoids_BD = torch.cat((angles.sin(), angles.cos()), dim=-1).to(t_B.dtype)
        embedded_BD: Tensor = self.mlp_out(F.silu(self.mlp_in(sinusoids_BD)))
        return embedded_BD


class Block(nn.Module):
    """Attention and MLP, each with a norm before and after, a scale and a gate."""

    def __init__(self, config: TransformerConfig, ops: Ops, mlp: Ops) -> None:
        super().__init__()
        self.ops = ops
        D, eps = config.hidden_size, config.norm_eps
        self.adaln_modulation = Linear(config.adaln_dim, 4 * D, bias=True)
        self.attention_norm1 = RMSNorm(D, eps)
        self.attention = Attention(config, ops)
        self.attention_norm2 = RMSNorm(D, eps)
        self.ffn_norm1 = RMSNorm(D, eps)
        self.feed_forward = FeedForward(config, mlp)
        self.ffn_norm2 = RMSNorm(D, eps)

    def modulation(self, adaln_BA: Tensor) -> Tensor:
        """The rows of a ``BlockModulation``, ``[B, 4, D]``."""
        s1, g1, s2, g2 = self.adaln_modulation(adaln_BA).chunk(4, dim=-1)
        return torch.stack((1.0 + s1, g1.tanh(), 1.0 + s2, g2.tanh()), dim=1)

    def forward(
        self,
        h_BLD: Tensor,
        x: Activation,
        m: BlockModulation,
        rope: Rope,
        key_mask_BL: Tensor | None,
        following: PreNorm | None,
        last_tokens: int | None = None,
    ) -> tuple[Tensor, Activation | None]:
        """The residual stream behind the block; of ``last_tokens`` alone where that is given.

        ``x`` is this block's pre-norm of ``h_BLD``. With the result comes the next block's, which
        is ``following``: one pass over the stream computes both.
        """
        ops = self.ops
        branch_BLD = self.attention(x, rope, key_mask_BL, last_tokens)
        if last_tokens is not None:
            h_BLD = h_BLD[:, -last_tokens:]
        h_BLD, x = ops.residual_norm(
            h_BLD,
            branch_BLD,
            self.attention_norm2.norm,
            m.attention_gate,
            self.ffn_norm1.norm,
            m.mlp_scale,
        )
        branch_BLD, post = self.feed_forward(x), self.ffn_norm2.norm
        if following is None:
            return ops.gated_residual(h_BLD, branch_BLD, post, m.mlp_gate), None
        return ops.residual_norm(h_BLD, branch_BLD, post, m.mlp_gate, *following)


class Attention(nn.Module):
    """Full self-attention with normalised queries and keys and rotary positions."""

    def __init__(self, config: TransformerConfig, ops: Ops) -> None:
        super().__init__()
        self.ops = ops
        self.heads, self.head_dim = config.num_attention_heads, config.attention_head_dim
        D = config.hidden_size
        # Attention reads the values as they come out of the product.
        self.qkv = Linear(D, D, D, D, ops=ops, direct=D)
        # The file's norm_eps is for the block norms; these two are 1e-5 in the official code.
        self.norm_q = RMSNorm(self.head_dim, 1e-5)
        self.norm_k = RMSNorm(self.head_dim, 1e-5)
        self.o = Linear(D, D, ops=ops)

    def forward(
        self,
        x: Activation,
        rope: Rope,
        key_mask_BL: Tensor | None,
        last_tokens: int | None = None,
    ) -> Product:
        heads_BLXK = self.qkv(x).unflatten(-1, (-1, self.head_dim))
        q, k, v = self.ops.norm_rotate(
            heads_BLXK,
            self.heads,
            self.heads,
            self.norm_q.norm,
            self.norm_k.norm,
            rope.cos,
            rope.sin,
        )
        if last_tokens is not None:
            q = last_queries(q, last_tokens)
        out_BLD: Product = self.o(self.ops.attention(q, k, v, key_mask_BL))
        return out_BLD


class FeedForward(nn.Module):
    """SwiGLU MLP; ``w13`` is the gate ``w1`` and the up projection ``w3`` in one matrix."""

    def __init__(self, config: TransformerConfig, ops: Ops) -> None:
        super().__init__()
        D, M = config.hidden_size, config.intermediate_size
        self.w13 = Linear(D, M, M, ops=ops)
        self.w2 = Linear(M, D, ops=ops)

    def forward(self, x: Activation) -> Product:
        out_BLD: Product = self.w2(self.w13.gated(x))
        return out_BLD


class FinalLayer(nn.Module):
    """LayerNorm without weights, one adaptive scale, and the projection to token channels."""

    def __init__(self, config: TransformerConfig) -> None:
        super().__init__()
        D = config.hidden_size
        self.adaln_modulation = Linear(config.adaln_dim, D, bias=True)
        self.linear = Linear(D, config.in_channels, bias=True)

    def scale(self, adaln_BA: Tensor) -> Tensor:
        # SiLU a second time: the input has been through one already, and the weights expect both.
        scale_BD: Tensor = self.adaln_modulation(F.silu(adaln_BA))
        return 1.0 + scale_BD[:, None]

    def forward(self, h_BID: Tensor, scale_B1D: Tensor) -> Tensor:
        normed = F.layer_norm(h_BID, h_BID.shape[-1:], eps=1e-6)
        out_BIC: Tensor = self.linear(normed * scale_B1D)
        return out_BIC
