from __future__ import annotations

import math

import pytest
import torch

from generator.config import TransformerConfig
from generator.model.rope import axis_of_frequency, inverse_frequencies, mrope, rope


def test_frequencies() -> None:
    expected = [5e6 ** (-2 * k / 256) for k in range(128)]
    assert inverse_frequencies(256, 5e6).tolist() == pytest.approx(expected, rel=1e-5)


def test_axes_of_the_published_sections() -> None:
    axis = axis_of_frequency(TransformerConfig().mrope_section, 128).tolist()
    assert [axis.count(n) for n in range(3)] == [88, 20, 20]
    assert axis[:7] == [0, 1, 2, 0, 1, 2, 0]
    assert axis[57:] == [0, 1, 2] + [0] * 68


def test_tables_are_angles_of_each_axis() -> None:
    positions = [(3, 3, 3), (65536, 65540, 65537)]
    inv_freq = inverse_frequencies(16, 100.0)
    tables = mrope(torch.tensor([positions]), inv_freq, (2, 1, 2), torch.float32)
    axes = [0, 1, 2, 0, 0, 2, 0, 0]
    for row, position in enumerate(positions):
        for k, axis in enumerate(axes):
            angle = torch.tensor(position[axis] * inv_freq[k].item(), dtype=torch.float32).item()
            assert tables.cos[0, row, k].item() == pytest.approx(math.cos(angle), abs=5e-3)
            assert tables.sin[0, row, k].item() == pytest.approx(math.sin(angle), abs=5e-3)


def test_neighbours_stay_apart_at_the_image_offset_in_bf16() -> None:
    inv_freq = inverse_frequencies(256, 5e6)
    pair = torch.tensor([[[65536, 65536, 65536], [65536, 65537, 65536]]])
    tables = mrope(pair, inv_freq, (24, 20, 20), torch.bfloat16)
    assert (tables.cos[0, 0] - tables.cos[0, 1]).abs().max() > 0.1


def test_plain_rope_is_mrope_of_equal_axes() -> None:
    inv_freq = inverse_frequencies(12, 5e6)
    positions = torch.arange(9)[None, :, None].expand(1, 9, 3)
    plain = rope(9, inv_freq, torch.float32)
    interleaved = mrope(positions, inv_freq, (2, 2, 2), torch.float32)
    torch.testing.assert_close(plain.cos, interleaved.cos)
    torch.testing.assert_close(plain.sin, interleaved.sin)
