"""What search finds in the directory: suppliers, and the services and products they offer.

Where a supplier can be found (the facet `place`): in the municipality of its address, and wherever it serves. Serving a
region or a country means serving each municipality in it, so the document carries those codes too: whoever narrows by
Viborg sees who serves all of Central Denmark, and every count is what selecting the value gives.
"""

from directory.search.offers import OFFERS, Offers
from directory.search.suppliers import SUPPLIERS, Suppliers

__all__ = ["OFFERS", "SUPPLIERS", "Offers", "Suppliers"]
