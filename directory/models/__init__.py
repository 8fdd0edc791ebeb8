"""The directory: enterprises, what they offer, and the codes both are described with."""

from directory.models.categories import Category
from directory.models.codes import Certification, SocialObjective
from directory.models.cpv import CpvCode
from directory.models.details import Contact, Eligibility, EnterpriseCertification, Link, Picture
from directory.models.imports import ImportUpload
from directory.models.offers import Offer
from directory.models.pages import DirectoryPage, EnterprisePage
from directory.models.places import Place

__all__ = [
    "Category",
    "Certification",
    "Contact",
    "CpvCode",
    "DirectoryPage",
    "Eligibility",
    "EnterpriseCertification",
    "EnterprisePage",
    "ImportUpload",
    "Link",
    "Offer",
    "Picture",
    "Place",
    "SocialObjective",
]
