"""What can go wrong in the engine, as errors with a message for people."""

from __future__ import annotations

from promptkit.errors import ExitCode, GeneratorError, UsageError


class CheckpointError(GeneratorError):
    """Weights that are absent, incomplete or not what the engine can run."""


class DeviceError(GeneratorError):
    """A device, or main memory on its way to one, that cannot do what was chosen."""


class RequestError(UsageError):
    """A prompt or a parameter that the model cannot follow."""


class CancelledError(GeneratorError):
    """The caller asked for the picture not to be finished."""

    exit_code = ExitCode.INTERRUPTED
