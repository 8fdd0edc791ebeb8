"""The topics of news in the editors' interface."""

from django.utils.translation import gettext_lazy as _
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet

from plugins.news.models import NewsTopic


class NewsTopicViewSet(SnippetViewSet):
    model = NewsTopic
    icon = "tag"
    menu_label = _("News topics")
    list_display = ["name", "code"]
    search_fields = ["code", "name"]
    search_backend_name = None


register_snippet(NewsTopicViewSet)
