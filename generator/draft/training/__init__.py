"""How the draft checkpoint is made: `python -m generator.draft.training --help`."""
