from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from promptkit.errors import UnreadableInputError, UsageError
from promptkit.tokens import is_exact, load_tokenizer, loading
from promptkit.tokens.loading import read_ranks


@pytest.fixture
def nothing_installed(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    caches = (loading.load_tokenizer, loading._vocabulary_file)
    monkeypatch.setattr(loading, "find_spec", lambda _: None)
    monkeypatch.setitem(sys.modules, "tokenizers", None)
    for cached in caches:
        cached.cache_clear()
    yield
    for cached in caches:
        cached.cache_clear()


@pytest.mark.usefixtures("nothing_installed")
def test_without_the_extra_there_is_no_tokenizer() -> None:
    assert load_tokenizer() is None
    assert not is_exact()
    assert is_exact(Path("tokenizer.json"))


@pytest.mark.usefixtures("nothing_installed")
def test_a_checkpoint_without_the_package_that_reads_it_names_the_mend(tmp_path: Path) -> None:
    (tmp_path / "tokenizer.json").write_text("{}")
    with pytest.raises(UsageError, match="pip install tokenizers"):
        load_tokenizer(tmp_path)


def test_a_damaged_vocabulary_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "qwen.tiktoken"
    file.write_bytes(b"IQ== 0\nIg== 1\n")
    with pytest.raises(UnreadableInputError, match="holds 2 byte pairs instead of 151643"):
        read_ranks(file)
    file.write_bytes(b"!\n")
    with pytest.raises(UnreadableInputError, match="vocabulary"):
        read_ranks(file)


def test_a_checkpoint_without_a_tokenizer_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableInputError, match=r"no tokenizer\.json there"):
        load_tokenizer(tmp_path)


def test_a_file_that_is_no_tokenizer_is_refused(tmp_path: Path) -> None:
    pytest.importorskip("tokenizers")
    file = tmp_path / "tokenizer.json"
    file.write_text(json.dumps({"model": 1}))
    with pytest.raises(UnreadableInputError, match=r"is not a tokenizer\.json"):
        load_tokenizer(file)
