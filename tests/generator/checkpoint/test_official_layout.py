"""What is written has the names, shapes and bytes of the published files."""

from __future__ import annotations

import math

import pytest
import torch

from generator.checkpoint.names import Part
from generator.checkpoint.write import official_tensors, quantise_rows
from generator.config import AutoencoderConfig, TextEncoderConfig, TransformerConfig
from generator.model.autoencoder import Autoencoder
from generator.model.text_encoder import TextEncoder
from generator.model.transformer import Transformer


@pytest.fixture(scope="module")
def transformer() -> dict[str, torch.Tensor]:
    with torch.device("meta"):
        network = Transformer(TransformerConfig())
        return dict(official_tensors(Part.TRANSFORMER, network))


def test_transformer_tensors(transformer: dict[str, torch.Tensor]) -> None:
    kinds = [tensor.dtype for tensor in transformer.values()]
    assert len(transformer) == 669
    assert kinds.count(torch.float8_e4m3fn) == 211
    assert kinds.count(torch.float32) == 211
    assert kinds.count(torch.bfloat16) == 247
    assert sum(t.numel() * t.element_size() for t in transformer.values()) == 9_289_722_624


@pytest.mark.parametrize(
    ("name", "shape"),
    [
        ("input_proj.weight", (4608, 128)),
        ("llm_cond_norm.weight", (53248,)),
        ("llm_cond_proj.weight", (4608, 53248)),
        ("llm_cond_proj.weight_scale", (4608,)),
        ("t_embedding.mlp_out.bias", (4608,)),
        ("adaln_proj.weight", (512, 4608)),
        ("embed_image_indicator.weight", (2, 4608)),
        ("layers.33.attention.qkv.weight", (13824, 4608)),
        ("layers.0.attention.qkv.weight_scale", (13824,)),
        ("layers.0.attention.norm_q.weight", (256,)),
        ("layers.0.feed_forward.w1.weight", (12288, 4608)),
        ("layers.0.feed_forward.w3.weight_scale", (12288,)),
        ("layers.0.feed_forward.w2.weight", (4608, 12288)),
        ("layers.0.ffn_norm2.weight", (4608,)),
        ("layers.0.adaln_modulation.weight", (18432, 512)),
        ("final_layer.linear.weight", (128, 4608)),
    ],
)
def test_transformer_shapes(
    transformer: dict[str, torch.Tensor], name: str, shape: tuple[int, ...]
) -> None:
    assert tuple(transformer[name].shape) == shape


def test_text_encoder_tensors() -> None:
    with torch.device("meta"):
        tensors = dict(official_tensors(Part.TEXT_ENCODER, TextEncoder(TextEncoderConfig())))
    assert sum(name.endswith("weight_scale") for name in tensors) == 252
    layer = "language_model.layers.35."
    assert tuple(tensors[f"{layer}self_attn.k_proj.weight"].shape) == (1024, 4096)
    assert tuple(tensors[f"{layer}mlp.up_proj.weight"].shape) == (12288, 4096)
    assert tensors["language_model.embed_tokens.weight"].dtype == torch.bfloat16


def test_autoencoder_tensors() -> None:
    with torch.device("meta"):
        tensors = dict(official_tensors(Part.AUTOENCODER, Autoencoder(AutoencoderConfig())))
    assert sum(math.prod(tensor.shape) for tensor in tensors.values()) + 256 == 84_046_371
    assert tuple(tensors["encoder.conv_out.weight"].shape) == (64, 512, 3, 3)
    assert tuple(tensors["encoder.mid_block.attentions.0.to_out.0.weight"].shape) == (512, 512)
    assert "decoder.up_blocks.2.upsamplers.0.conv.weight" in tensors
    assert "decoder.up_blocks.3.resnets.2.conv2.bias" in tensors


def test_quantisation_fills_the_range_of_each_row() -> None:
    weight = torch.randn(5, 40) * torch.tensor([[1e-3], [1.0], [50.0], [0.0], [7.0]])
    quantised, scale = quantise_rows(weight)
    assert quantised.dtype == torch.float8_e4m3fn
    largest = quantised.float().abs().amax(1)
    assert largest.tolist() == [448.0, 448.0, 448.0, 0.0, 448.0]
    restored = quantised.float() * scale[:, None]
    # Three mantissa bits: half a step is 1/16 of the power of two below.
    assert ((restored - weight).abs() <= weight.abs() / 16 + scale[:, None] * 2**-10).all()
