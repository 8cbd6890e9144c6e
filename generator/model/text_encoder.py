"""The Qwen3-VL text stack, read out at several depths.

Shape legend: B batch, T text tokens, D hidden, H heads, G key/value heads, K head channels,
M MLP channels, N taps.

Only text is ever encoded, so the three rotary axes of Qwen3-VL hold the same positions and reduce
to one. Layers above the last tap and the final norm have no say in the features and do not exist.
"""

from __future__ import annotations

from typing import cast

import torch
from torch import Tensor, nn

from generator.config import TextEncoderConfig
from generator.model.layers import Linear, RMSNorm
from generator.model.rope import Rope, inverse_frequencies, rope
from generator.ops import REFERENCE, Activation, Norm, Ops, Product, reference


class TextEncoder(nn.Module):
    """Token ids to text features."""

    def __init__(self, config: TextEncoderConfig, *, ops: Ops = REFERENCE) -> None:
        super().__init__()
        self.config = config
        self.ops = ops = ops.text or ops
        self.embed_tokens = nn.Embedding(config.vocab_size, config.hidden_size)
        self.layers = nn.ModuleList(
            DecoderLayer(config, ops) for _ in range(max(config.tap_layers) + 1)
        )

    def forward(self, token_ids_BT: Tensor) -> Tensor:
        """Features ``[B, T, D * N]``, hidden-major: channel ``d * N + n`` is tap n of hidden d.

        Every item uses all T tokens: encode texts of different length one by one.
        """
        h_BTD: Tensor = self.embed_tokens(token_ids_BT)
        # Computed where they are needed: a recording cannot hold a copy from main memory.
        inv_freq = inverse_frequencies(self.config.head_dim, self.config.rope_theta, h_BTD.device)
        tables = rope(token_ids_BT.shape[1], inv_freq, h_BTD.dtype)
        pre_norms = [cast("DecoderLayer", layer).input_layernorm.norm for layer in self.layers]
        x: Activation | None = self.ops.norm_modulate(h_BTD, pre_norms[0], None)
        taps: dict[int, Tensor] = {}
        for index, (layer, following) in enumerate(
            zip(self.layers, [*pre_norms[1:], None], strict=True)
        ):
            h_BTD, x = layer(h_BTD, x, tables, following)
            if index in self.config.tap_layers:
                taps[index] = h_BTD
        taps_NBTD = torch.stack([taps[i] for i in self.config.tap_layers])
        return taps_NBTD.permute(1, 2, 3, 0).flatten(2)


class DecoderLayer(nn.Module):
    """Pre-norm causal attention and pre-norm SwiGLU MLP."""

    def __init__(self, config: TextEncoderConfig, ops: Ops) -> None:
        super().__init__()
        D, eps = config.hidden_size, config.rms_norm_eps
        self.ops = ops
        self.input_layernorm = RMSNorm(D, eps)
        self.self_attn = CausalAttention(config, ops)
        self.post_attention_layernorm = RMSNorm(D, eps)
        self.mlp = MLP(config, ops)

    def forward(
        self, h_BTD: Tensor, x: Activation, tables: Rope, following: Norm | None
    ) -> tuple[Tensor, Activation | None]:
        """The residual stream, and what the layer above reads of it: its pre-norm, ``following``.

        ``x`` is what the layer below left for this one.
        """
        ops, pre = self.ops, self.post_attention_layernorm.norm
        h_BTD, x = ops.residual_norm(h_BTD, self.self_attn(x, tables), None, None, pre, None)
        branch_BTD: Product = self.mlp(x)
        if following is None:
            return h_BTD + reference.finished(branch_BTD), None
        return ops.residual_norm(h_BTD, branch_BTD, None, None, following, None)


class CausalAttention(nn.Module):
    """Grouped-query attention with normalised queries and keys, no biases."""

    def __init__(self, config: TextEncoderConfig, ops: Ops) -> None:
        super().__init__()
        self.ops = ops
        self.heads, self.kv_heads = config.num_attention_heads, config.num_key_value_heads
        self.head_dim = K = config.head_dim
        D = config.hidden_size
        q, kv = self.heads * K, self.kv_heads * K
        # Attention reads the values as they come out of the product.
        self.qkv_proj = Linear(D, q, kv, kv, ops=ops, direct=kv)
        self.q_norm = RMSNorm(K, config.rms_norm_eps)
        self.k_norm = RMSNorm(K, config.rms_norm_eps)
        self.o_proj = Linear(q, D, ops=ops)

    def forward(self, x: Activation, tables: Rope) -> Product:
        heads_BTXK = self.qkv_proj(x).unflatten(-1, (-1, self.head_dim))
        q, k, v = self.ops.norm_rotate(
            heads_BTXK,
            self.heads,
            self.kv_heads,
            self.q_norm.norm,
            self.k_norm.norm,
            tables.cos,
            tables.sin,
        )
        out_BTD: Product = self.o_proj(self.ops.attention(q, k, v, causal=True))
        return out_BTD


class MLP(nn.Module):
    """SwiGLU; gate and up projection in one matrix."""

    def __init__(self, config: TextEncoderConfig, ops: Ops) -> None:
        super().__init__()
        D, M = config.hidden_size, config.intermediate_size
        self.gate_up_proj = Linear(D, M, M, ops=ops)
        self.down_proj = Linear(M, D, ops=ops)

    def forward(self, x: Activation) -> Product:
        out_BTD: Product = self.down_proj(self.gate_up_proj.gated(x))
        return out_BTD
