"""The networks to measure: random weights made on the device, and one set of weights in all tiers.

Random weights stand for the real ones in time and memory, which do not depend on values.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import torch
from torch import Tensor, nn

from generator.checkpoint import Networks
from generator.checkpoint.networks import Sizes, blank_networks
from generator.checkpoint.write import quantise_rows
from generator.config import AutoencoderConfig, TextEncoderConfig, TransformerConfig
from generator.model.layers import Linear
from generator.model.transformer import Transformer
from generator.ops import REFERENCE, Ops
from generator.ops.kinds import E4M3
from generator.ops.picture import PictureOps

PUBLISHED = Sizes(TransformerConfig(), TextEncoderConfig(), AutoencoderConfig())

Network = TypeVar("Network", bound=nn.Module)


def random_networks(sizes: Sizes, device: torch.device, dtype: torch.dtype) -> Networks:
    """All four networks with e4m3 matrices and everything else in ``dtype``."""
    networks = blank_networks(sizes)
    generator = torch.Generator(device).manual_seed(0)
    for _, network in networks.by_part():
        for module in network.modules():
            for name, parameter in module.named_parameters(recurse=False):
                value = _random(parameter, name, generator, dtype)
                if isinstance(module, Linear) and name == "weight":
                    value, module.weight_scale = quantise_rows(value)
                setattr(module, name, nn.Parameter(value, requires_grad=False))
        network.eval()
    return networks


def in_tier(networks: Networks, sizes: Sizes, ops: Ops, picture: PictureOps) -> Networks:
    """The same weights, not copied, in networks that compute with other primitives."""
    others = blank_networks(sizes, ops, picture, unconditional=networks.unconditional is not None)
    for (_, source), (_, target) in zip(networks.by_part(), others.by_part(), strict=True):
        _share(source, target, lambda tensor: tensor)
    others.autoencoder.to(memory_format=picture.memory_format)  # type: ignore[call-overload]
    return others


def in_fp32(network: Transformer) -> Transformer:
    """The same weights in plain fp32 arithmetic: e4m3 ones stay so, and are decoded exactly."""
    text = hasattr(network, "llm_cond_proj")
    with torch.device("meta"):
        exact = Transformer(network.config, text=text, ops=REFERENCE)

    def widened(tensor: Tensor) -> Tensor:
        return tensor if tensor.dtype == E4M3 else tensor.float()

    return _share(network, exact, widened)


def _share(source: nn.Module, target: Network, change: Callable[[Tensor], Tensor]) -> Network:
    """Put the tensors of ``source`` into ``target``, which has the same modules."""
    places: dict[str, Any] = dict(target.named_modules())
    for path, module in source.named_modules():
        for name, parameter in module.named_parameters(recurse=False):
            kept = nn.Parameter(change(parameter.data), requires_grad=False)
            setattr(places[path], name, kept)
        for name, buffer in module.named_buffers(recurse=False):
            setattr(places[path], name, change(buffer))
    return target.eval()


def _random(like: Tensor, name: str, generator: torch.Generator, dtype: torch.dtype) -> Tensor:
    """Normal numbers: matrices that keep the size of what they multiply, norms around one."""
    value = torch.randn(like.shape, generator=generator, device=generator.device, dtype=dtype)
    if like.dim() > 1:
        return value.mul_(like[0].numel() ** -0.5)
    return value.mul_(0.02).add_(1.0 if name == "weight" else 0.0)
