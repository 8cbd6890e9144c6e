from __future__ import annotations

from generator.packing import image_positions, pack, text_positions


def test_text_comes_first_and_counts_up_on_all_axes() -> None:
    packed = pack([5, 6, 7], (2, 2))
    assert packed.token_ids_T.tolist() == [5, 6, 7]
    assert packed.num_text_tokens == 3
    assert packed.positions_L3[:3].tolist() == [[0, 0, 0], [1, 1, 1], [2, 2, 2]]
    assert text_positions(2).tolist() == [[0, 0, 0], [1, 1, 1]]


def test_image_positions_are_row_major_beyond_the_offset() -> None:
    assert image_positions((2, 3)).tolist() == [
        [65536, 65536 + row, 65536 + column] for row in range(2) for column in range(3)
    ]


def test_the_image_part_is_the_same_without_text() -> None:
    packed = pack(list(range(9)), (3, 4))
    assert packed.positions_L3[packed.num_text_tokens :].equal(image_positions((3, 4)))
    assert packed.grid == (3, 4)
