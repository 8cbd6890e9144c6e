"""Tensor names: the dialects of published files, and how they fill the networks' parameters.

The official names are the common form. Other publications of the same weights differ by a prefix
(ComfyUI), by separate query, key and value matrices (diffusers), by other module names (the
original FLUX.2 autoencoder), and by tensors that are of no use here.
"""

from __future__ import annotations

import re
from enum import Enum


class Part(Enum):
    """The four networks of a checkpoint, by the name of their folder."""

    TRANSFORMER = "transformer"
    UNCONDITIONAL = "unconditional_transformer"
    TEXT_ENCODER = "text_encoder"
    AUTOENCODER = "vae"


TRANSFORMER_PREFIX = re.compile(r"^(model\.)?diffusion_model\.")
TEXT_PREFIX = "language_model."
UNUSED_TEXT = re.compile(r"^(visual\.|lm_head\.|language_model\.norm\.)")

BFL_TO_DIFFUSERS = (
    (re.compile(r"\bencoder\.down\.(\d+)\.block\.(\d+)\."), r"encoder.down_blocks.\1.resnets.\2."),
    (
        re.compile(r"\bencoder\.down\.(\d+)\.downsample\."),
        r"encoder.down_blocks.\1.downsamplers.0.",
    ),
    (re.compile(r"\bmid\.block_1\."), "mid_block.resnets.0."),
    (re.compile(r"\bmid\.block_2\."), "mid_block.resnets.1."),
    (re.compile(r"\bmid\.attn_1\.norm\."), "mid_block.attentions.0.group_norm."),
    (re.compile(r"\bmid\.attn_1\.([qkv])\."), r"mid_block.attentions.0.to_\1."),
    (re.compile(r"\bmid\.attn_1\.proj_out\."), "mid_block.attentions.0.to_out.0."),
    (re.compile(r"\.nin_shortcut\."), ".conv_shortcut."),
    (re.compile(r"coder\.norm_out\."), "coder.conv_norm_out."),
    (re.compile(r"^encoder\.quant_conv\."), "quant_conv."),
    (re.compile(r"^decoder\.post_quant_conv\."), "post_quant_conv."),
)
BFL_UP = re.compile(r"^decoder\.up\.(\d+)\.(block\.(\d+)|upsample)\.")

PACKED = {
    "attention.qkv": (
        ("attention.qkv",),
        ("attention.to_q", "attention.to_k", "attention.to_v"),
    ),
    "feed_forward.w13": (("feed_forward.w1", "feed_forward.w3"),),
    "self_attn.qkv_proj": (("self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj"),),
    "mlp.gate_up_proj": (("mlp.gate_proj", "mlp.up_proj"),),
}


def official_name(part: Part, name: str, *, resolutions: int = 4) -> str | None:
    """The official name of a file's tensor, or None for one that the engine never reads.

    ``resolutions`` is the autoencoder's number of them: the original FLUX.2 file counts its
    decoder levels from the other end.
    """
    if name.endswith((".comfy_quant", ".input_scale")):
        return None
    if part is Part.TEXT_ENCODER:
        name = name.removeprefix("model.")
        return None if UNUSED_TEXT.match(name) else name
    if part is Part.AUTOENCODER:
        return _autoencoder_name(name, resolutions)
    name = TRANSFORMER_PREFIX.sub("", name).replace(".attention.to_out.0.", ".attention.o.")
    if part is Part.UNCONDITIONAL and name.startswith("llm_cond_"):
        return None
    return name


def _autoencoder_name(name: str, resolutions: int) -> str | None:
    if name.startswith("bn."):
        return None
    if match := BFL_UP.match(name):
        level = f"decoder.up_blocks.{resolutions - 1 - int(match[1])}"
        rest = f"resnets.{match[3]}" if match[3] else "upsamplers.0"
        name = f"{level}.{rest}.{name[match.end() :]}"
    for pattern, replacement in BFL_TO_DIFFUSERS:
        name = pattern.sub(replacement, name)
    return name


def sources(part: Part, parameter: str) -> tuple[tuple[str, ...], ...]:
    """The ways in which a file may hold a parameter, the official way first.

    Each way is a tuple of official names whose tensors, stacked by rows, are the parameter.
    """
    prefix = TEXT_PREFIX if part is Part.TEXT_ENCODER else ""
    for packed, ways in PACKED.items():
        if f".{packed}." in parameter:
            return tuple(
                tuple(prefix + parameter.replace(packed, name) for name in way) for way in ways
            )
    return ((prefix + parameter,),)
