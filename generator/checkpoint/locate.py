"""Find the files of a checkpoint in a folder, in the official layout or in ComfyUI's."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from generator.checkpoint.header import WeightFile, read_header
from generator.checkpoint.names import Part
from generator.errors import CheckpointError

STEMS = ("diffusion_pytorch_model", "model")


@dataclass(frozen=True)
class Located:
    """The files of one network: its weights, headers checked, and its sizes."""

    config: Path | None
    """None where there is no such file: then the published sizes hold."""
    files: tuple[WeightFile, ...]


def locate(folder: Path, part: Part) -> Located | None:
    """The files of one network, or None where there are none at all."""
    directory = folder / part.value
    files = [read_header(path) for path in _weights(directory)] or _comfy_files(folder, part)
    config = directory / "config.json"
    return Located(config if config.is_file() else None, tuple(files)) if files else None


def locate_tokenizer(folder: Path) -> Path:
    """``tokenizer/tokenizer.json``."""
    path = folder / "tokenizer" / "tokenizer.json"
    if not path.is_file():
        raise CheckpointError(
            f"{path}: missing; copy tokenizer.json of ideogram-ai/ideogram-4-fp8 or of "
            "Qwen/Qwen3-VL-8B-Instruct there"
        )
    return path


def _weights(directory: Path) -> list[Path]:
    """An index and its shards if there is one, else the single file."""
    for stem in STEMS:
        index = directory / f"{stem}.safetensors.index.json"
        if index.is_file():
            return _shards(index)
    for stem in STEMS:
        single = directory / f"{stem}.safetensors"
        if single.is_file():
            return [single]
    others = sorted(directory.glob("*.safetensors"))
    if len(others) > 1:
        raise CheckpointError(
            f"{directory}: holds {len(others)} safetensors files and no index; keep the one to use"
        )
    return others


def _shards(index: Path) -> list[Path]:
    try:
        weight_map = json.loads(index.read_text(encoding="utf-8"))["weight_map"]
        names = sorted(set(weight_map.values()))
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise CheckpointError(f"{index}: is not an index of shards ({error})") from error
    shards = [index.parent / name for name in names]
    for shard in shards:
        if not shard.is_file():
            raise CheckpointError(f"{shard}: missing, but named in {index.name}; download it")
    return shards


def _comfy_files(folder: Path, part: Part) -> list[WeightFile]:
    """ComfyUI keeps single files by kind, and tells the two transformers apart by name.

    Its folder of autoencoders has the official name, and is found as the official one is.
    """
    if part is Part.AUTOENCODER:
        return []
    kind = "text_encoders" if part is Part.TEXT_ENCODER else "diffusion_models"
    files = [read_header(path) for path in sorted((folder / kind).glob("*.safetensors"))]
    if part is not Part.TEXT_ENCODER:
        files = [file for file in files if _is_unconditional(file) is (part is Part.UNCONDITIONAL)]
    if len(files) > 1:
        names = ", ".join(file.path.name for file in files)
        raise CheckpointError(
            f"{folder / kind}: several files could be the {part.value}: {names}; keep one"
        )
    return files


def _is_unconditional(file: WeightFile) -> bool:
    model_type = file.metadata.get("model_type", "")
    return "uncond" in (model_type or file.path.name)
