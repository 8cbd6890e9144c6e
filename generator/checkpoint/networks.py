"""The four networks of a checkpoint, their sizes, and how they are built without storage."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import torch
from torch import nn
from torch.overrides import TorchFunctionMode

from generator.checkpoint.names import Part
from generator.config import AutoencoderConfig, TextEncoderConfig, TransformerConfig
from generator.model.autoencoder import Autoencoder
from generator.model.text_encoder import TextEncoder
from generator.model.transformer import Transformer
from generator.ops import REFERENCE, Ops
from generator.ops.picture import PLAIN, PictureOps


@dataclass(frozen=True)
class Networks:
    """The four networks of a checkpoint; the unconditional transformer may be absent."""

    transformer: Transformer
    unconditional: Transformer | None
    text_encoder: TextEncoder
    autoencoder: Autoencoder

    def by_part(self) -> Iterator[tuple[Part, nn.Module]]:
        """The networks that there are, by part."""
        yield Part.TRANSFORMER, self.transformer
        if self.unconditional is not None:
            yield Part.UNCONDITIONAL, self.unconditional
        yield Part.TEXT_ENCODER, self.text_encoder
        yield Part.AUTOENCODER, self.autoencoder


@dataclass(frozen=True)
class Sizes:
    """The sizes that a checkpoint's configuration files state."""

    transformer: TransformerConfig
    text_encoder: TextEncoderConfig
    autoencoder: AutoencoderConfig
    unconditional: TransformerConfig | None = None
    """None where it is of the sizes of ``transformer``, as published."""


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


def blank_networks(
    sizes: Sizes,
    ops: Ops = REFERENCE,
    picture_ops: PictureOps = PLAIN,
    *,
    unconditional: bool = True,
) -> Networks:
    """The networks of these sizes, which compute with these primitives."""
    negative = sizes.unconditional or sizes.transformer
    with without_storage():
        return Networks(
            Transformer(sizes.transformer, ops=ops),
            Transformer(negative, text=False, ops=ops) if unconditional else None,
            TextEncoder(sizes.text_encoder, ops=ops),
            Autoencoder(sizes.autoencoder, ops=picture_ops),
        )
