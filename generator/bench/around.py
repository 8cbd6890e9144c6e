"""What a picture takes besides its steps: encoding, decoding, loading, and all of it together."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from statistics import median

import torch
from PIL import Image

from generator.bench.measure import Clock, peak_bytes
from generator.checkpoint import Loading, Networks
from generator.encoding import prompt_encoder
from generator.images import to_image
from generator.latents import denormalise, unpatchify
from generator.memory import DECODE_LIMIT


def measure_encode(clock: Clock, networks: Networks, text_tokens: int) -> dict[str, float]:
    """Milliseconds from token ids to the text tokens of the transformer.

    As the pipeline does it, and kernel by kernel: in ``encode_ms`` a GPU has the prompt recorded.
    """
    encoder, transformer = networks.text_encoder, networks.transformer
    vocabulary = encoder.config.vocab_size
    ids_T = torch.randint(0, vocabulary, (text_tokens,), device=clock.device)
    features = encoder(ids_T[None])
    encode = prompt_encoder(encoder, transformer, Loading({}), clock.device, records=True)
    for _ in range(2):  # The second call records.
        encode(ids_T)
    return {
        "encoder_ms": clock.median(lambda: encoder(ids_T[None])),
        "projection_ms": clock.median(lambda: transformer.project_text(features)),
        "launched_ms": clock.median(lambda: transformer.project_text(encoder(ids_T[None]))),
        "encode_ms": clock.median(lambda: encode(ids_T)),
    }


def measure_decode(clock: Clock, networks: Networks, size: int) -> dict[str, float | None]:
    """Milliseconds from latents to pixels on the device and to a picture; gigabytes at the peak.

    Once with the whole picture at a time, once in the strips of the memory plans. The first time
    includes the compilation of kernels that no cache holds yet.
    """
    autoencoder = networks.autoencoder
    config = autoencoder.config
    grid = (size // config.pixels_per_token,) * 2
    tokens_BIC = torch.randn((1, grid[0] * grid[1], config.token_channels), device=clock.device)

    def pixels(limit: int | None = None) -> torch.Tensor:
        tokens = denormalise(tokens_BIC, config.latents_shift, config.latents_scale)
        return autoencoder.decode(unpatchify(tokens, grid), limit)

    def strips() -> torch.Tensor:
        return pixels(DECODE_LIMIT)

    first = clock.once(pixels)
    held = torch.cuda.memory_allocated(clock.device) if clock.device.type == "cuda" else 0
    whole, striped = (peak_bytes(clock.device, work) for work in (pixels, strips))
    return {
        "first_ms": first,
        "decode_ms": clock.median(pixels),
        "picture_ms": clock.median(lambda: to_image(pixels())),
        "strips_ms": clock.median(strips),
        "above_weights_gb": None if whole is None else (whole - held) / 1e9,
        "strips_above_weights_gb": None if striped is None else (striped - held) / 1e9,
    }


def measure_image(
    clock: Clock, make: Callable[[int], Image.Image], encode: Callable[[Image.Image], bytes]
) -> dict[str, float]:
    """Milliseconds of everything outside the loop of a warm picture, and of the PNG beside it.

    ``make`` takes a number of steps. What stays when the steps are taken away, by the difference
    between pictures of two and of four, is the rest.
    """
    image = make(2)
    two, four = (
        median(clock.wall(partial(make, count)) for _ in range(clock.repeats)) for count in (2, 4)
    )
    png = median(clock.wall(lambda: encode(image)) for _ in range(clock.repeats))
    return {"outside_ms": 2 * two - four, "step_ms": (four - two) / 2, "png_ms": png}
