import gc
import os

from django.core.wsgi import get_wsgi_application
from django.urls import reverse

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "beeldkluis.web.settings")
application = get_wsgi_application()
reverse("web:start")  # imports every page: here once for all workers, and not while the first visitor of each waits
gc.freeze()
