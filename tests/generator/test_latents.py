from __future__ import annotations

import pytest
import torch

from generator import latents


def test_tokens_are_patch_major_and_row_major() -> None:
    B, C, H, W = 2, 3, 4, 6
    picture = torch.randn(B, C, H, W)
    tokens = latents.patchify(picture)
    assert tokens.shape == (B, 6, 12)
    for row in range(H):
        for column in range(W):
            for channel in range(C):
                token = (row // 2) * (W // 2) + column // 2
                place = ((row % 2) * 2 + column % 2) * C + channel
                assert torch.equal(tokens[:, token, place], picture[:, channel, row, column])


def test_unpatchify_undoes_patchify() -> None:
    picture = torch.randn(1, 5, 6, 10)
    assert torch.equal(latents.unpatchify(latents.patchify(picture), (3, 5)), picture)


def test_normalisation_is_shift_then_scale() -> None:
    shift, scale = (1.0, -2.0), (2.0, 4.0)
    tokens = torch.tensor([[[3.0, 2.0]]])
    normalised = latents.normalise(tokens, shift, scale)
    assert normalised.tolist() == [[[1.0, 1.0]]]
    assert torch.equal(latents.denormalise(normalised, shift, scale), tokens)


def test_normalisation_is_done_in_fp32() -> None:
    tokens = torch.zeros(1, 1, 1, dtype=torch.bfloat16)
    assert latents.normalise(tokens, (0.1,), (1.0,)).dtype == torch.float32


def test_official_constants() -> None:
    shift = torch.tensor(latents.OFFICIAL_SHIFT, dtype=torch.float64)
    scale = torch.tensor(latents.OFFICIAL_SCALE, dtype=torch.float64)
    assert len(shift) == len(scale) == 128
    assert shift.sum().item() == pytest.approx(-0.929705, abs=1e-6)
    assert shift.square().sum().item() == pytest.approx(4.488222, abs=1e-6)
    assert scale.sum().item() == pytest.approx(213.544646, abs=1e-6)
    assert scale.square().sum().item() == pytest.approx(357.210068, abs=1e-6)
    # Order matters as much as the values: the four patch positions of a channel are alike.
    assert (shift.view(4, 32) - shift.view(4, 32).mean(0)).abs().max() < 0.05
