"""First weights that make the lessons easier; the architecture stays as it is."""

from __future__ import annotations

import math
from collections.abc import Mapping

import torch
from torch import nn

from generator.draft.training.sizes import Networks
from generator.draft.training.unpack import fits, unpack_thumbnails
from generator.model.transformer import Block, Transformer


def initialise(networks: Networks, values: Mapping[int, float]) -> None:
    """Set the first weights in place; `values` are the numbers that tokens stand for."""
    with torch.no_grad():
        for transformer in (networks.transformer, networks.unconditional):
            _open_gates(transformer)
        nn.init.normal_(networks.text_encoder.embed_tokens.weight, std=0.7)
        _spread_numbers(networks.text_encoder.embed_tokens.weight, values)
        for module in networks.autoencoder.modules():
            if isinstance(module, nn.Conv2d | nn.Linear):
                nn.init.kaiming_normal_(module.weight, nonlinearity="linear")
                nn.init.zeros_(_bias(module))
        if fits(networks.autoencoder):
            unpack_thumbnails(networks.autoencoder)


def _bias(module: nn.Conv2d | nn.Linear) -> torch.Tensor:
    if module.bias is None:
        raise ValueError("every convolution of the autoencoder has a bias")
    return module.bias


def _open_gates(transformer: Transformer) -> None:
    """Every branch starts at a third of its strength, and the prediction at zero."""
    nn.init.normal_(transformer.embed_image_indicator.weight, std=0.5)
    for block in transformer.layers:
        if not isinstance(block, Block):
            raise TypeError("the layers of a transformer are blocks")
        linear = block.adaln_modulation
        linear.weight.mul_(0.1)
        if linear.bias is None:
            raise ValueError("the modulation of a block has a bias")
        _, attention, _, mlp = linear.bias.chunk(4)
        attention.fill_(math.atanh(1 / 3))
        mlp.fill_(math.atanh(1 / 3))
    transformer.final_layer.linear.weight.zero_()
    transformer.final_layer.adaln_modulation.weight.mul_(0.1)


def _spread_numbers(embedding: torch.Tensor, values: Mapping[int, float]) -> None:
    """Sinusoids of the value at octaves, so that near numbers look alike from the first step.

    Learning the order of a thousand unrelated coordinate tokens would take most of the run.
    """
    ids = torch.tensor(list(values))
    value = torch.tensor(list(values.values()))[:, None]
    half = embedding.shape[1] // 4
    octave = torch.pi * 2.0 ** torch.linspace(-1, 7, half)
    waves = torch.cat(((value * octave).sin(), (value * octave).cos()), dim=1)
    embedding[ids, : 2 * half] = waves
    embedding[ids, 2 * half :] *= 0.5
