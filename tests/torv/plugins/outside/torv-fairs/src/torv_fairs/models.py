"""Fairs and their stands."""

from django.db import models

from home.models import Page


class FairPage(Page):
    """One fair, where it is and when it starts."""

    place = models.CharField(max_length=200, blank=True)
    starts = models.DateTimeField(null=True, blank=True)

    translated_panels = ["place"]
    shared_panels = ["starts"]
    template = "torv_fairs/fair_page.html"


class Stand(models.Model):
    """A numbered place at a fair."""

    fair = models.ForeignKey(FairPage, on_delete=models.CASCADE, related_name="stands")
    number = models.CharField(max_length=10)
    exhibitor = models.ForeignKey(
        "directory.EnterprisePage", on_delete=models.CASCADE, related_name="fair_stands", null=True, blank=True
    )

    def __str__(self) -> str:
        return self.number
