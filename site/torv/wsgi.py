"""What gunicorn serves: `gunicorn torv.wsgi`."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "torv.settings.production")
application = get_wsgi_application()

from torv import serving  # noqa: E402  the apps are ready now

serving.start()
