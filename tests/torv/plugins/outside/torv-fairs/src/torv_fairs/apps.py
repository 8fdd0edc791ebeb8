"""What the entry point leads to. Imports the contract and nothing else."""

from torv.plugins import PluginConfig


class FairsConfig(PluginConfig):
    """The app."""

    name = "torv_fairs"
    label = "fairs"
    verbose_name = "Fairs"
