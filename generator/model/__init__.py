"""The three networks: arithmetic only. No files, no devices, no environment, no printing."""
