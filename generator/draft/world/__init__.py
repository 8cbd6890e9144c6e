"""A procedural world: scenes of simple things and letters, their pictures and their captions."""
