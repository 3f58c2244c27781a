"""The built-in modalities: one module each, loaded through the entry points a stranger's plugin uses."""
