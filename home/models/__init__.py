"""The base page, the page types of every site, and what editors and readers say about them."""

from home.models.base import KeyedChild, Page
from home.models.feedback import PageFeedback
from home.models.footer import Footer
from home.models.pages import HomePage, StandardPage

__all__ = ["Footer", "HomePage", "KeyedChild", "Page", "PageFeedback", "StandardPage"]
