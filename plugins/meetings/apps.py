from torv.plugins import PluginConfig


class MeetingsConfig(PluginConfig):
    name = "plugins.meetings"
    label = "meetings"

    def ready(self) -> None:
        from plugins.meetings import mails, signals

        signals.connect()
        mails.connect()
