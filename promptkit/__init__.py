"""Compose, check and template structured captions for the Ideogram 4 image model."""

from __future__ import annotations
