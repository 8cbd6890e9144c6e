"""Networks without storage: shapes to check files against, and places to fill."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import torch
from torch.overrides import TorchFunctionMode


class _WithoutValues(TorchFunctionMode):
    """Leaves out the first values that modules draw: torch would import its compiler for them."""

    def __torch_function__(
        self,
        func: Callable[..., Any],
        types: Sequence[type],
        args: Sequence[Any] = (),
        kwargs: Mapping[str, Any] | None = None,
    ) -> Any:
        given = kwargs or {}
        if getattr(func, "__module__", "") == torch.nn.init.__name__:
            return args[0] if args else given["tensor"]
        return func(*args, **given)


@contextmanager
def without_storage() -> Iterator[None]:
    """Modules built within have parameters of their shape that hold nothing."""
    with torch.device("meta"), _WithoutValues():
        yield
