from __future__ import annotations

import pytest

from promptkit.dispatch.sse import data_of


@pytest.mark.parametrize(
    ("stream", "data"),
    [
        ("event: step\ndata: {}\n\n", ["{}"]),
        ("data:{}\n\ndata: 2\n\n", ["{}", "2"]),
        (": still here\n\ndata: 1\n\n", ["1"]),
        ("data: a\ndata: b\n\n", ["a\nb"]),
        ("id: 3\nretry: 10\ndata: x: y\n\n", ["x: y"]),
        ("data: broken off", []),
        ("data: broken off\n", []),
        ("\n\n\n", []),
    ],
)
def test_each_event_gives_its_data(stream: str, data: list[str]) -> None:
    assert list(data_of(stream.split("\n")[:-1])) == data
