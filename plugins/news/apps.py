from torv.plugins import PluginConfig


class NewsConfig(PluginConfig):
    name = "plugins.news"
    label = "news"
