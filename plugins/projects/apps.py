from torv.plugins import PluginConfig


class ProjectsConfig(PluginConfig):
    name = "plugins.projects"
    label = "projects"
