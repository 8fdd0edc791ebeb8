"""What gunicorn serves: `gunicorn torv.wsgi`."""

import os

from django.core.wsgi import get_wsgi_application

from torv import serving

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "torv.settings.production")
serving.in_server = True
application = get_wsgi_application()
serving.start()  # the apps are ready now
