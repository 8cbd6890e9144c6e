"""The fused primitives beside the plain ones: one line of JSON, ``{case: largest difference}``.

Run as a module, so that Triton can be told to interpret before it is imported::

    TRITON_INTERPRET=1 python -m tests.generator.picture.cases cpu
    python -m tests.generator.picture.cases cuda
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable

import torch
from torch import Tensor

from generator.model.autoencoder import Autoencoder
from generator.ops.picture import PLAIN, GroupNorm, PictureOps, fused, reference
from generator.testing import SMALL, random_networks

FUSED = PictureOps(
    name="fused",
    reason="under test",
    norm_affine=fused.norm_affine,
    apply=fused.apply,
    add_branch=fused.add_branch,
    double=fused.double,
    attention=fused.attention,
    memory_format=torch.channels_last,
)


def picture(*shape: int) -> Tensor:
    return torch.randn(shape).contiguous(memory_format=torch.channels_last)


def norm(channels: int, groups: int) -> GroupNorm:
    return GroupNorm(torch.rand(channels) + 0.5, torch.randn(channels), groups, 1e-6)


def affine(x: Tensor, offset: Tensor | None, groups: int) -> float:
    parameters = norm(x.shape[1], groups)
    ours = fused.norm_affine(x, offset, parameters)
    plain = reference.norm_affine(x, offset, parameters)
    return max(apart(ours.scale_BC, plain.scale_BC), apart(ours.shift_BC, plain.shift_BC))


def statistics() -> float:
    return affine(picture(2, 12, 7, 5), None, 3)


def statistics_with_offset() -> float:
    return affine(picture(1, 8, 9, 6), torch.randn(8), 2)


def statistics_of_many_pixels() -> float:
    return affine(picture(1, 4, 130, 130) * 0.5 + 1, None, 4)


def statistics_around_a_large_mean() -> float:
    return affine(picture(1, 4, 90, 60) + 1000.0, None, 2)


def activation() -> float:
    x = picture(2, 6, 5, 7)
    k = reference.norm_affine(x, None, norm(6, 3))
    return apart(fused.apply(x, k), reference.apply(x, k))


def norm_without_activation() -> float:
    x = picture(1, 8, 4, 4)
    k = reference.norm_affine(x, None, norm(8, 4))
    return apart(fused.apply(x, k, silu=False), reference.apply(x, k, silu=False))


def activation_of_some_rows() -> float:
    x = picture(2, 8, 9, 4)
    k = reference.norm_affine(x, None, norm(8, 4))
    return apart(fused.apply(x[:, :, 2:5], k), reference.apply(x[:, :, 2:5], k))


def residual() -> float:
    x, branch, offset = picture(2, 12, 5, 3), picture(2, 12, 5, 3), torch.randn(12)
    plain = reference.add_branch(x, branch, offset)
    return apart(fused.add_branch(x, branch, offset), plain)


def doubling() -> float:
    x, weight, bias = picture(2, 6, 3, 5), torch.randn(10, 6, 3, 3), torch.randn(10)
    return apart(fused.double(x, weight, bias), reference.double(x, weight, bias))


def attention() -> float:
    q, k, v = torch.randn(3, 2, 33, 8)
    return apart(fused.attention(q, k, v), reference.attention(q, k, v))


def decoding() -> float:
    return _decoding(None)


def decoding_in_strips() -> float:
    return _decoding(300)


@torch.inference_mode()
def _decoding(limit: int | None) -> float:
    plain = random_networks(SMALL).autoencoder.to(torch.get_default_device())
    ours = Autoencoder(SMALL.autoencoder, ops=FUSED)
    ours.load_state_dict(plain.state_dict())
    latents = torch.randn(1, SMALL.autoencoder.latent_channels, 5, 4)
    if plain.ops is not PLAIN:
        raise RuntimeError("the plain primitives are not the default")
    return apart(ours.decode(latents, limit), plain.decode(latents))


def apart(ours: Tensor, plain: Tensor) -> float:
    """Largest difference, over the spread of what is expected."""
    return ((ours - plain).abs().max() / plain.std()).item()


CASES: dict[str, Callable[[], float]] = {
    case.__name__: case
    for case in (
        statistics,
        statistics_with_offset,
        statistics_of_many_pixels,
        statistics_around_a_large_mean,
        activation,
        norm_without_activation,
        activation_of_some_rows,
        residual,
        doubling,
        attention,
        decoding,
        decoding_in_strips,
    )
}


def main(device: str) -> None:
    torch.set_default_device(device)
    torch.backends.cudnn.allow_tf32 = False
    differences = {}
    for name, case in CASES.items():
        torch.manual_seed(0)
        differences[name] = case()
    sys.stdout.write(json.dumps(differences) + "\n")


if __name__ == "__main__":
    main(sys.argv[1])
