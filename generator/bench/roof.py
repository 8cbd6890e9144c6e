"""The roof: what a step would take if it were nothing but its products, at rates measured here.

Shape legend: M tokens, K input channels, N output channels; L tokens of a pass.

R = sum over the matrix products of FLOPs / sustained rate of that shape + attention FLOPs / rate.
Everything runs on random data: zeros draw less power and run faster.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import torch
from torch import Tensor

from generator.bench.measure import Clock, Work
from generator.config import TransformerConfig
from generator.ops import reference
from generator.ops.attention import cudnn, has_flash3
from generator.ops.kinds import E4M3, E4M3_MAX
from generator.ops.support import obstacle
from generator.ops.tiers import FLASH3_ON, FP8_SINCE

COPIED = 1 << 30
"""Bytes of the copy whose rate is the bandwidth."""


@dataclass(frozen=True)
class Roof:
    """Rates in TFLOP/s by shape and by kind, for passes of ``tokens`` tokens."""

    tokens: int
    products: dict[str, dict[str, float]]
    """``bf16``, ``bare`` (the same of weights decoded ahead) and, where the device has it,
    ``e4m3``: rate by matrix."""
    attention: dict[str, float]
    """Rate by implementation."""


def copy_bandwidth(clock: Clock, nbytes: int = COPIED) -> float:
    """TB/s of a copy on the device, bytes read and written."""
    source = torch.randint(0, 255, (nbytes,), dtype=torch.uint8, device=clock.device)
    target = torch.empty_like(source)
    return 2 * nbytes / clock.sustained(lambda: target.copy_(source)) / 1e9


def matrices(config: TransformerConfig) -> dict[str, tuple[int, int]]:
    """(K, N) of a block's four matrices; w1 and w3 are one, as they are multiplied."""
    D, M = config.hidden_size, config.intermediate_size
    return {"qkv": (D, 3 * D), "o": (D, D), "w13": (D, 2 * M), "w2": (M, D)}


def measure_roof(clock: Clock, config: TransformerConfig, tokens: int, dtype: torch.dtype) -> Roof:
    """The rates at one length of sequence."""
    kinds: dict[str, Callable[[torch.device, int, int, int], Work]] = {
        "bf16": partial(plain_product, dtype=dtype),
        "bare": partial(plain_product, dtype=dtype, bare=True),
    }
    if has_e4m3(clock.device):
        kinds["e4m3"] = e4m3_product
    products: dict[str, dict[str, float]] = {
        kind: {
            name: _rate(2 * tokens * K * N, clock, make(clock.device, tokens, K, N))
            for name, (K, N) in matrices(config).items()
        }
        for kind, make in kinds.items()
    }
    flops = attention_flops(config, tokens) / config.num_layers
    works = attentions(clock.device, config, tokens, dtype)
    return Roof(tokens, products, {name: _rate(flops, clock, work) for name, work in works.items()})


def roof_ms(roof: Roof, config: TransformerConfig, tier: str, *, batch: int = 1) -> float | None:
    """R of a pass over ``batch`` items; None for a tier whose arithmetic is not here."""
    rates = roof.products.get("bf16" if tier == "faithful" else "e4m3")
    kinds = [k for k in roof.attention if k.endswith("e4m3") == (tier == "max")]
    if rates is None or not kinds:
        return None
    products = sum(
        2 * roof.tokens * K * N / rates[name] for name, (K, N) in matrices(config).items()
    )
    attention = attention_flops(config, roof.tokens) / max(roof.attention[k] for k in kinds)
    return batch * (products * config.num_layers + attention) / 1e9


def attention_flops(config: TransformerConfig, tokens: int) -> int:
    """Of a pass: scores and sums, each two per multiplication."""
    return 4 * tokens * tokens * config.hidden_size * config.num_layers


def has_e4m3(device: torch.device) -> bool:
    """Whether the engine multiplies e4m3 on the device."""
    return obstacle(device) is None and torch.cuda.get_device_capability(device) >= FP8_SINCE


def plain_product(
    device: torch.device, M: int, K: int, N: int, *, dtype: torch.dtype, bare: bool = False
) -> Work:
    """``[M, K] @ [K, N]`` of plain numbers; ``bare`` weights have no more bits than e4m3 ones."""
    x, weight = (torch.randn(n, K, device=device, dtype=dtype) for n in (M, N))
    if bare:
        weight = as_e4m3(weight).to(dtype)
    return lambda: x @ weight.t()


def as_e4m3(normal: Tensor) -> Tensor:
    """Normal numbers over the range of e4m3, in place, and rounded to it."""
    return normal.mul_(100).clamp_(-E4M3_MAX, E4M3_MAX).to(E4M3)


def e4m3_product(device: torch.device, M: int, K: int, N: int) -> Work:
    """``[M, K] @ [K, N]`` of e4m3 numbers with one scale per token and per row of the weight."""
    x, weight = (as_e4m3(torch.randn(n, K, device=device, dtype=torch.bfloat16)) for n in (M, N))
    scale_M, scale_N = torch.rand(M, 1, device=device), torch.rand(1, N, device=device)

    def product() -> Tensor:
        return torch._scaled_mm(  # noqa: SLF001 - as in ops.scaled
            x,
            weight.t(),
            scale_a=scale_M,
            scale_b=scale_N,
            out_dtype=torch.bfloat16,
            use_fast_accum=True,
        )

    return product


def attentions(
    device: torch.device, config: TransformerConfig, L: int, dtype: torch.dtype
) -> dict[str, Work]:
    """The implementations of full attention that are here."""
    shape = (3, 1, L, config.num_attention_heads, config.attention_head_dim)
    q, k, v = torch.randn(shape, device=device, dtype=dtype).unbind()
    if device.type != "cuda":
        return {"torch": lambda: reference.attention(q, k, v)}
    works: dict[str, Work] = {"cudnn": lambda: cudnn(q, k, v)}
    if torch.cuda.get_device_capability(device)[0] == FLASH3_ON and has_flash3():
        flash = importlib.import_module("fa3_fwd_interface").flash_attn_func
        works["fa3"] = lambda: flash(q, k, v)
        q8, k8, v8 = (x.to(E4M3) for x in (q, k, v))
        works["fa3-e4m3"] = lambda: flash(q8, k8, v8)
    return works


def _rate(flops: float, clock: Clock, work: Work) -> float:
    """TFLOP/s."""
    return flops / clock.sustained(work) / 1e9
