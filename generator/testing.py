"""A complete small checkpoint with random weights, so that the whole engine runs in seconds.

It is in the official fp8 layout, tokenizer included, and loads like the real one. Its pictures are
noise. For tests of anything that needs a model, and for trying a machine out.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import torch
from tokenizers import (
    AddedToken,
    Regex,
    Tokenizer,
    decoders,
    models,
    normalizers,
    pre_tokenizers,
    trainers,
)

from generator.checkpoint.networks import Networks, Sizes
from generator.checkpoint.write import write_checkpoint
from generator.config import AutoencoderConfig, TextEncoderConfig, TransformerConfig
from generator.model.autoencoder import Autoencoder
from generator.model.text_encoder import TextEncoder
from generator.model.transformer import Transformer

SPECIAL_TOKENS = ("<|endoftext|>", "<|im_start|>", "<|im_end|>")

VOCABULARY = 320

SMALL = Sizes(
    TransformerConfig(
        in_channels=16,
        num_layers=2,
        num_attention_heads=2,
        attention_head_dim=16,
        intermediate_size=48,
        adaln_dim=8,
        llm_features_dim=72,
        mrope_section=(2, 2, 2),
    ),
    TextEncoderConfig(
        vocab_size=VOCABULARY,
        hidden_size=24,
        intermediate_size=48,
        num_hidden_layers=4,
        num_attention_heads=4,
        num_key_value_heads=2,
        head_dim=12,
        tap_layers=(0, 1, 3),
    ),
    AutoencoderConfig(
        block_out_channels=(4, 4, 8, 8),
        layers_per_block=1,
        latent_channels=4,
        norm_num_groups=2,
        latents_shift=tuple(0.02 * channel - 0.15 for channel in range(16)),
        latents_scale=tuple(1.5 + 0.03 * channel for channel in range(16)),
    ),
)
"""About 100 thousand parameters in four networks; 16 pixels a token, as in the published model."""

# The template of the published tokenizer, for the one kind of conversation there is here.
CHAT_TEMPLATE = (
    "{% for message in messages %}<|im_start|>{{ message.role }}\n"
    "{% for part in message.content %}{{ part.text }}{% endfor %}<|im_end|>\n{% endfor %}"
    "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)

SPLIT = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}"
    r"| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
)


def write_small_checkpoint(
    folder: Path,
    *,
    sizes: Sizes = SMALL,
    unconditional: bool = True,
    seed: int = 0,
    texts: Sequence[str] = (),
) -> Path:
    """Write a random checkpoint into ``folder`` and return it.

    The tokenizer is byte-level, so that any prompt can be encoded; letter pairs are merged as
    ``texts`` suggest, up to the vocabulary of ``sizes``.
    """
    with torch.random.fork_rng(devices=()):
        torch.manual_seed(seed)
        networks = random_networks(sizes, unconditional=unconditional)
    tokenizer_config = {
        "tokenizer_class": "PreTrainedTokenizerFast",
        "chat_template": CHAT_TEMPLATE,
        "eos_token": "<|im_end|>",
        "pad_token": "<|endoftext|>",
    }
    write_checkpoint(
        folder,
        networks,
        small_tokenizer(sizes.text_encoder.vocab_size, texts).to_str(),
        tokenizer_config=json.dumps(tokenizer_config),
    )
    return folder


def random_networks(sizes: Sizes, *, unconditional: bool = True) -> Networks:
    """Networks in fp32 on the CPU whose every parameter matters: no weight is one or zero."""
    networks = Networks(
        Transformer(sizes.transformer),
        Transformer(sizes.transformer) if unconditional else None,
        TextEncoder(sizes.text_encoder),
        Autoencoder(sizes.autoencoder),
    )
    for _, network in networks.by_part():
        for parameter in network.parameters():
            if parameter.dim() == 1:
                torch.nn.init.normal_(parameter, std=0.2)
        for module in network.modules():
            weight = getattr(module, "weight", None)
            if isinstance(weight, torch.nn.Parameter) and weight.dim() == 1:
                weight.data += 1.0
    return networks


def small_tokenizer(vocabulary: int = VOCABULARY, texts: Sequence[str] = ()) -> Tokenizer:
    """A byte-level tokenizer with the special tokens and the splitting rule of Qwen."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.normalizer = normalizers.NFC()
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(SPLIT), "isolated"),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
        ]
    )
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=vocabulary - len(SPECIAL_TOKENS),
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    tokenizer.train_from_iterator(texts or ["user assistant"], trainer)
    tokenizer.add_special_tokens([AddedToken(token, special=True) for token in SPECIAL_TOKENS])
    return tokenizer
